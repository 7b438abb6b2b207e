/* Draws the violations: their spans over the lanes, and their promises' names above. `p` as in
 * timeline-lanes.js. */
(function () {
    "use strict";

    const H = window.H;
    const T = (H.timeline = H.timeline || {});

    const EDGES_MOST = 60; /* violations: of more, the edges would cover all */

    /* A list of spans [from, to, from, to, …] as rectangles. */
    function fillSpans(p, spans, y, height) {
        const { c, view } = p;
        for (let i = 0; i < spans.length; i += 2) {
            const x0 = Math.max(view.timeX(spans[i]), view.gutter - 4);
            const x1 = Math.min(Math.max(view.timeX(spans[i + 1]), view.timeX(spans[i]) + 2), view.width + 4);
            if (x1 > x0) {
                c.fillRect(x0, y, x1 - x0, height);
            }
        }
    }

    /* The spans of all, over all lanes: deeper, with a hatched foot, in the lanes of those who broke
     * the promise. What several cover is not darker for it. */
    T.paintViolations = function (p, top, bottom) {
        const { c, look, view, model } = p;
        c.fillStyle = look.violation;
        c.globalAlpha = 0.1;
        fillSpans(p, model.broken.all, top, bottom - top);
        c.globalAlpha = 1;
        if (model.violations.length <= EDGES_MOST) {
            model.violations.forEach(function (violation) {
                [violation.from, violation.to].forEach(function (ns) {
                    const x = Math.round(view.timeX(ns));
                    if (x >= view.gutter && x <= view.width) {
                        c.fillRect(x, top, 1, bottom - top);
                    }
                });
            });
        }
    };

    T.paintBroken = function (p, row) {
        const { c, look, model, y } = p;
        const spans = row.type === "member" && model.broken.of[row.place];
        if (spans) {
            c.fillStyle = look.violation;
            c.globalAlpha = 0.12;
            fillSpans(p, spans, y, row.height);
            c.globalAlpha = 0.7;
            c.fillStyle = T.hatch(c, look, look.violation, 4);
            fillSpans(p, spans, y + row.height - 7, 6);
            c.globalAlpha = 1;
        }
    };

    /* Violations of one promise that touch on the screen have one flag: {x0, x1, count, violation:
     * the first}. */
    function flagsSeen(p) {
        const { view, model } = p;
        const open = new Map();
        const list = [];
        model.violations.forEach(function (violation) {
            const x0 = view.timeX(violation.from);
            const x1 = Math.max(x0 + 3, view.timeX(violation.to));
            if (x1 < view.gutter || x0 > view.width) {
                return;
            }
            const last = open.get(violation.check);
            if (last && x0 <= last.x1 + 2) {
                last.x1 = Math.max(last.x1, x1);
                last.count++;
            } else {
                const flag = { violation, x0: Math.max(x0, view.gutter), x1, count: 1 };
                open.set(violation.check, flag);
                list.push(flag);
            }
        });
        return list;
    }

    /* Their promises, above the lanes: names where there is room, a flag for each. */
    T.paintFlags = function (p, top, lines) {
        const { c, look, view } = p;
        const ends = new Array(lines).fill(-Infinity);
        T.setFont(c, look, look.bold);
        p.flags.length = 0;
        flagsSeen(p).forEach(function (flag) {
            let line = ends.findIndex((end) => end < flag.x0);
            const free = line >= 0;
            line = free ? line : lines - 1;
            const y = top + line * T.FLAGS;
            c.fillStyle = look.violation;
            c.fillRect(flag.x0, y + 1, Math.max(3, Math.min(flag.x1, view.width) - flag.x0), 3);
            const name = flag.violation.check + (flag.count > 1 ? " × " + flag.count : "");
            const text = free ? T.fitted(c, look, name, view.width - flag.x0 - 8) : "";
            if (text) {
                T.textOn(c, look, text, flag.x0 + 5, y + 14, look.violation, look.paper);
            }
            const end = text ? flag.x0 + T.textWidth(c, look, text) + 10 : 0;
            ends[line] = Math.max(ends[line], flag.x1, end);
            p.flags.push(Object.assign(flag, { x1: Math.max(flag.x1, end), y0: y, y1: y + T.FLAGS }));
        });
    };
})();
