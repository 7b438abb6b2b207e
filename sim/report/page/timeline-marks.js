/* Draws what happens: events, requests and replies, faults. `p` as in timeline-lanes.js,
 * with `selected`, `cone` (which events surely came before or after it) and `found` besides. */
(function () {
    "use strict";

    const H = window.H;
    const T = (H.timeline = H.timeline || {});

    const APART = 8;        /* px from event to event for each to have a mark of its own */
    const FAULT_APART = 30; /* px a fault, on average, for all of a lane to have their marks */
    const ARROW_APART = 10; /* px a request, on average, for all to have their arrows … */
    const ARROW_WIDE = 6;   /* … and px from request to reply: narrower ones are but strokes */

    /* The height at which a row's events stand. */
    T.middle = function (row) {
        return row.type === "member" ? T.member(row).mid : row.body + (row.type === "run" ? 36 : 19);
    };

    function isOwn(h, row, event) {
        return row.type !== "server" || h.who[event] < 0;
    }

    /* Where several events are too close for marks: a bar, higher the more there are. */
    function drawDense(p, dense) {
        const { c, look, y, row } = p;
        const floor = y + row.height - 1;
        c.fillStyle = look.muted;
        let from = 0;
        let to = 0;
        let height = 0;
        for (let i = 0; i < dense.length; i += 2) {
            const own = Math.min(8, 2 + Math.round(Math.log2(dense[i + 1])));
            if (dense[i] !== to || own !== height) {
                c.fillRect(from, floor - height, to - from, height);
                from = dense[i];
                height = own;
            }
            to = dense[i] + 2;
        }
        c.fillRect(from, floor - height, to - from, height);
    }

    function drawMark(p, event, x) {
        const { c, look, model } = p;
        const y = p.y + T.middle(p.row);
        const kind = model.h.kindName(event);
        if (!p.cone) {
            T.stamp(c, look, kind, x, y);
            return;
        }
        /* In causal order: a dot came before the selected one, a diamond after it, a ring is
         * concurrent with it. */
        const sure = p.cone[event] || event === p.selected;
        c.beginPath();
        if (p.cone[event] === T.AFTER) {
            T.marks.claim.path(c, x, y);
        } else {
            c.arc(x, y, 4, 0, 2 * Math.PI);
        }
        c.fillStyle = !sure ? look.paper : p.cone[event] === T.BEFORE ? look.ink : look.accent;
        c.fill();
        c.lineWidth = 1.4;
        c.strokeStyle = sure ? look.paper : look.muted;
        c.stroke();
    }

    const dense = [];

    T.paintEvents = function (p) {
        const { view, row } = p;
        const h = p.model.h;
        const positions = view.axis.positions;
        const list = row.events;
        dense.length = 0;
        const single = [];
        let before = -Infinity;
        let i = T.firstFrom(list, positions, view.from);
        let x = i < list.length ? view.x(positions[list[i]]) : Infinity;
        while (i < list.length && x <= view.width) {
            const next = i + 1 < list.length ? view.x(positions[list[i + 1]]) : Infinity;
            if (x - before >= APART && next - x >= APART) {
                if (isOwn(h, row, list[i])) {
                    single.push(list[i], x);
                }
                before = x;
                i++;
                x = next;
                continue;
            }
            /* All that falls on these two pixels, found without looking at each. */
            const end = T.nextFrom(list, positions, view.position(Math.floor(x / 2) * 2 + 2), i);
            const stop = Math.max(end, i + 1);
            dense.push(Math.floor(x / 2) * 2, stop - i);
            before = view.x(positions[list[stop - 1]]);
            i = stop;
            x = i < list.length ? view.x(positions[list[i]]) : Infinity;
        }
        drawDense(p, dense);
        for (let k = 0; k < single.length; k += 2) {
            drawMark(p, single[k], single[k + 1]);
        }
    };

    /* --- requests and replies --- */

    /* A request goes from its member to the server, and its reply back. When the server did it, the
     * history does not say: the arrow touches the server halfway. */
    function addArrow(p, event, strokes, heads) {
        const { view, model } = p;
        const h = model.h;
        const isReply = h.kindName(event) === "reply";
        const request = isReply ? h.pair[event] : event;
        const reply = isReply ? event : h.pair[event];
        const member = p.place(model.rowOf(h.who[event]));
        const server = p.place(model.rowOf(h.members.length + h.server[event])) + 4;
        const from = request >= 0 ? view.eventX(request) : view.eventX(reply) - 12;
        const to = reply >= 0 ? view.eventX(reply) : from + 24;
        const middle = (from + to) / 2;
        if (to < view.gutter || from > view.width) {
            return;
        }
        if (request >= 0) {
            strokes.out.push(from, member, reply >= 0 ? middle : from + 8,
                reply >= 0 ? server : (member + server) / 2);
            if (reply >= 0 && to - from > 16) {
                heads.push(from, member, middle, server);
            }
        }
        if (reply >= 0) {
            strokes.back.push(middle, server, to, member);
            if (to - from > 16) {
                heads.push(middle, server, to, member);
            }
        } else {
            strokes.lost.push(from + 8, (member + server) / 2);
        }
    }

    function strokeLines(c, list) {
        c.beginPath();
        for (let i = 0; i < list.length; i += 4) {
            c.moveTo(list[i], list[i + 1]);
            c.lineTo(list[i + 2], list[i + 3]);
        }
        c.stroke();
    }

    function drawArrows(p, events, colour, width) {
        const { c } = p;
        const strokes = { out: [], back: [], lost: [] };
        const heads = [];
        events.forEach((event) => addArrow(p, event, strokes, heads));
        c.strokeStyle = colour;
        c.fillStyle = colour;
        c.lineWidth = width;
        strokeLines(c, strokes.out);
        c.setLineDash([4, 3]);
        strokeLines(c, strokes.back);
        c.setLineDash([]);
        c.beginPath();
        for (let i = 0; i < heads.length; i += 4) {
            T.arrowHead(c, heads[i], heads[i + 1], heads[i + 2], heads[i + 3]);
        }
        c.fill();
        T.setFont(c, p.look, p.look.bold);
        for (let i = 0; i < strokes.lost.length; i += 2) {
            T.textOn(c, p.look, "?", strokes.lost[i] - 3, strokes.lost[i + 1], colour, p.look.paper);
        }
    }

    /* Requests whose arrows are seen, in part at least; null: too many to draw all. */
    function requestsSeen(p) {
        const { view, model } = p;
        const h = model.h;
        const most = (view.width - view.gutter) / ARROW_APART;
        const positions = view.axis.positions;
        const first = Math.max(0, H.lastUpTo(positions, view.from) - 64);
        const last = Math.min(h.n - 1, H.lastUpTo(positions, view.to) + 1);
        if (view.axis.trip * view.factor < ARROW_WIDE || last - first > most * 8) {
            return null;
        }
        const list = [];
        for (let i = first; i <= last; i++) {
            const kind = h.kindName(i);
            if (h.server[i] < 0 || h.who[i] < 0) {
                continue;
            }
            if (kind === "request" || (kind === "reply" && h.pair[i] < first)) {
                list.push(i);
            }
        }
        return list.length <= most ? list : null;
    }

    T.paintArrows = function (p) {
        const h = p.model.h;
        const seen = requestsSeen(p);
        if (seen) {
            drawArrows(p, seen, p.look.muted, 1);
        }
        const event = p.selected;
        if (event >= 0 && h.who[event] >= 0 && h.server[event] >= 0) {
            const kind = h.kindName(event);
            if (kind === "request" || kind === "reply") {
                drawArrows(p, [event], p.look.accent, 2);
            }
        }
        return Boolean(seen);
    };

    /* Which request's value a reply tells: from the one who wrote to the one who read. */
    T.paintReads = function (p, all) {
        const { c, look, view, model, order } = p;
        const h = model.h;
        const positions = view.axis.positions;
        let first = Math.max(0, H.lastUpTo(positions, view.from));
        let last = Math.min(h.n - 1, H.lastUpTo(positions, view.to));
        if (!all) {
            first = last = p.selected;
        }
        c.strokeStyle = c.fillStyle = look.accent;
        c.lineWidth = 1.6;
        for (let i = first; i <= last && i >= 0; i++) {
            for (let k = order.reads.first[i]; k < order.reads.first[i + 1]; k++) {
                const source = order.reads.source[k];
                const x0 = view.eventX(source);
                const x1 = view.eventX(i);
                const y0 = p.place(model.rowOfEvent(source));
                const y1 = p.place(model.rowOfEvent(i));
                /* Along the writer's lane, dotted, and from there to the reader. */
                const bend = Math.min(60, (x1 - x0) / 2);
                const leave = Math.max(x0, x1 - 2 * bend);
                c.setLineDash([1.5, 4]);
                c.beginPath();
                c.moveTo(Math.max(x0, view.gutter), y0);
                c.lineTo(leave, y0);
                c.stroke();
                c.setLineDash([]);
                c.beginPath();
                c.moveTo(leave, y0);
                c.bezierCurveTo(leave + bend, y0, x1 - bend, y1, x1, y1);
                c.stroke();
                c.beginPath();
                T.arrowHead(c, x1 - bend, y1 + (y0 - y1) * 0.15, x1, y1);
                c.fill();
            }
        }
    };

    /* --- faults --- */

    /* In a member's or server's row: from when to when it was in force. In the run's row: all. */
    T.paintFaults = function (p) {
        const { c, look, view, row, y } = p;
        const run = row.type === "run";
        const bandY = run ? y + row.body + 44 : y + row.height - 5;
        const markY = run ? y + row.body + 36 : y + T.middle(row) - (row.type === "member" ? 0 : 8);
        const marks = [];
        let lastX = -Infinity;
        c.fillStyle = T.hatch(c, look, look.fault, 3);
        c.beginPath();
        row.faults.forEach(function (fault) {
            const x0 = view.eventX(fault.event);
            const x1 = fault.last >= 0 ? view.eventX(fault.last) : x0;
            if (x1 < view.gutter || x0 > view.width) {
                return;
            }
            const left = Math.max(x0, view.gutter - 10);
            if (!run && x1 > x0) {
                c.rect(left, bandY, Math.max(2, Math.min(x1, view.width + 10) - left), 4);
            }
            if (x0 - lastX >= 11 || fault.event === p.selected) {
                marks.push(fault, x0);
                lastX = x0;
            }
        });
        c.fill();
        T.setFont(c, look, look.font);
        if (!run && marks.length / 2 > (view.width - view.gutter) / FAULT_APART) {
            marks.length = 0; /* too many: the spans are there, and the marks in the run's row */
        }
        for (let i = 0; i < marks.length; i += 2) {
            const next = i + 3 < marks.length ? marks[i + 3] : view.width;
            if (marks[i + 1] > view.gutter - 8) {
                T.stamp(c, look, "fault", marks[i + 1], markY);
            }
            const text = run ? T.fitted(c, look, marks[i].text, next - marks[i + 1] - 14) : "";
            if (text) {
                T.textOn(c, look, text, marks[i + 1] + 7, markY + 4, look.fault, look.paper);
            }
        }
    };
})();
