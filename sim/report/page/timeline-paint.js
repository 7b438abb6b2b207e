/* Draws one frame of the timeline: the axis, the rows, and what lies over them. Only what is seen. */
(function () {
    "use strict";

    const H = window.H;
    const T = (H.timeline = H.timeline || {});

    /* How many lines the names of the violations take; the page says so: 3 at most, all have flags. */
    T.flagLines = (model) => Math.min(3, new Set(model.violations.map((v) => v.check)).size);

    /* Which part of the whole is seen, at the upper edge. */
    function paintWhere(p) {
        const { c, look, view } = p;
        const { low, high } = view.axis;
        if (!view.isWhole()) {
            const room = view.width - view.gutter;
            const width = Math.max(8, (room * (view.to - view.from)) / (high - low));
            const x = view.gutter + (room - width) * ((view.from - low) / (high - low - view.to + view.from));
            c.fillStyle = look.line;
            c.fillRect(view.gutter, 0, room, 3);
            c.fillStyle = look.accent;
            c.fillRect(x, 0, width, 3);
        }
    }

    function paintAxis(p) {
        const { c, look, view } = p;
        const ticks = view.ticks();
        const time = view.axis.name === "time";
        c.fillStyle = look.panel;
        c.fillRect(0, 0, view.width, T.HEADER);
        T.setFont(c, look, look.font);
        ticks.list.forEach(function (position) {
            const x = Math.round(view.x(position));
            if (x < view.gutter || (!time && (position < 0 || position % 1))) {
                return;
            }
            c.fillStyle = look.line;
            c.fillRect(x, T.HEADER - 6, 1, 6);
            const text = time ? T.tick(position, ticks.step) : "step " + (position + 1);
            const width = T.textWidth(c, look, text);
            c.fillStyle = look.muted;
            c.fillText(text, Math.max(view.gutter + 2, Math.min(x - width / 2, view.width - width - 2)), 15);
        });
        c.fillStyle = look.line;
        c.fillRect(0, T.HEADER - 1, view.width, 1);
        paintWhere(p);
    }

    function paintGrid(p, ticks, top, bottom) {
        const { c, look, view } = p;
        c.fillStyle = look.line;
        c.globalAlpha = 0.45;
        ticks.list.forEach(function (position) {
            const x = Math.round(view.x(position));
            if (x > view.gutter) {
                c.fillRect(x, top, 1, bottom - top);
            }
        });
        c.globalAlpha = 1;
    }

    /* Elections: a box while one was due, a line until everybody had taken it in. */
    function paintElections(p, top) {
        const { c, look, view, model } = p;
        const list = model.elections;
        let free = -Infinity; /* where the next words may begin */
        for (let i = 0; i < list.length; i++) {
            const x0 = view.timeX(list[i].from);
            const x1 = Math.max(x0 + 2, view.timeX(list[i].to));
            const end = list[i].settled === null ? x1 : view.timeX(list[i].settled);
            if (x0 > view.width) {
                break;
            }
            if (Math.max(x1, end) < view.gutter) {
                continue;
            }
            const left = Math.max(x0, view.gutter - 4);
            const y = top + (i % 2 ? 5 : 0);
            c.fillStyle = look.muted;
            c.fillRect(left, y, Math.min(x1, view.width) - left, 4);
            if (!list[i].published) { /* nothing came of it: hollow */
                c.fillStyle = look.paper;
                c.fillRect(left + 1, y + 1, Math.max(0, Math.min(x1, view.width) - left - 2), 2);
            }
            c.fillStyle = look.muted;
            c.fillRect(x1, y + 1.5, Math.max(0, Math.min(end, view.width) - x1), 1);
            const x = Math.max(left + 4, view.gutter + 4, free);
            const next = i + 1 < list.length ? view.timeX(list[i + 1].from) : view.width;
            const text = T.fitted(c, look, list[i].text, Math.min(next, view.width) - x - 6);
            if (text) {
                c.fillText(text, x, top + 20);
                free = x + T.textWidth(c, look, text) + 8;
            }
        }
    }

    /* The run's own row: elections, faults, phases. */
    function paintRun(p, row) {
        const { c, look, view, model, y } = p;
        const top = y + row.body;
        T.setFont(c, look, look.font);
        paintElections(p, top + 3);
        const phases = model.h.phases || [];
        phases.forEach(function (phase, i) {
            const x = view.timeX(phase[0]);
            const end = i + 1 < phases.length ? view.timeX(phases[i + 1][0]) : view.x(view.axis.end);
            const left = Math.max(x, view.gutter);
            c.fillStyle = look.muted;
            if (x >= view.gutter && x <= view.width) {
                c.fillRect(Math.round(x), top + row.height - row.body - 13, 1, 12);
            }
            const text = T.fitted(c, look, phase[1], Math.min(end, view.width) - left - 6);
            if (text && end > view.gutter && left < view.width) {
                c.fillText(text, left + 4, top + row.height - row.body - 12);
            }
        });
    }

    function paintRow(p, row) {
        const { c, look, view } = p;
        p.row = row;
        c.fillStyle = look.line;
        c.globalAlpha = 0.6;
        c.fillRect(0, p.y + row.height - 1, view.width, 1);
        c.globalAlpha = 1;
        if (row.type === "run") {
            paintRun(p, row);
        } else if (row.type === "server") {
            T.paintServer(p, row);
        } else {
            T.paintMember(p, row);
        }
    }

    function paintName(p, row) {
        const { c, look, view } = p;
        const chosen = row === p.chosen;
        T.setFont(c, look, chosen ? look.bold : look.font);
        if (!view.gutter) {
            c.fillStyle = look.panel;
            c.fillRect(0, p.y, view.width, row.body);
            c.fillStyle = chosen ? look.accent : look.ink;
            c.fillText(row.name, 4, p.y + 10);
            return;
        }
        c.fillStyle = chosen ? look.selected : look.paper;
        c.fillRect(0, p.y, view.gutter, row.height - 1);
        c.fillStyle = chosen ? look.accent : look.ink;
        if (chosen) {
            c.fillRect(0, p.y, 3, row.height - 1);
        }
        const text = T.fitted(c, look, row.name, view.gutter - 14);
        c.fillText(text, 9, p.y + row.body + (row.height - row.body) / 2 + 4);
    }

    function paintPlayhead(p, bottom) {
        const { c, look, view } = p;
        const x = Math.round(p.selected >= 0 && view.axis.name === "cause"
            ? view.eventX(p.selected) : view.timeX(p.ns));
        if (x < view.gutter - 1 || x > view.width) {
            return;
        }
        c.fillStyle = look.accent;
        c.fillRect(x, T.HEADER - 2, 1, bottom - T.HEADER);
        c.beginPath();
        c.moveTo(x - 5, T.HEADER - 9);
        c.lineTo(x + 6, T.HEADER - 9);
        c.lineTo(x + 0.5, T.HEADER);
        c.fill();
    }

    function paintSelected(p) {
        const { c, look, view, model } = p;
        if (p.selected < 0) {
            return;
        }
        const x = view.eventX(p.selected);
        if (x < view.gutter || x > view.width) {
            return;
        }
        const y = p.place(model.rowOfEvent(p.selected));
        T.mark(c, look, model.h.kindName(p.selected), x, y, true);
        c.lineWidth = 2;
        c.strokeStyle = look.accent;
        c.beginPath();
        c.arc(x, y, 9, 0, 2 * Math.PI);
        c.stroke();
    }

    /* Events that the search found: a flag at the axis. */
    function paintFound(p) {
        const { c, look, view } = p;
        if (!p.found || !p.found.length) {
            return;
        }
        const positions = view.axis.positions;
        c.fillStyle = look.accent;
        c.beginPath();
        let last = -9;
        for (let i = T.firstFrom(p.found, positions, view.from); i < p.found.length; i++) {
            const x = view.x(positions[p.found[i]]);
            if (x > view.width) {
                break;
            }
            if (x - last >= 2) {
                c.rect(x - 1, T.HEADER - 5, 2, 5);
                last = x;
            }
        }
        c.fill();
    }

    function seenRows(p, height) {
        const { view, model } = p;
        const rows = model.rows;
        return rows.filter((row) => row.top + row.height > view.scroll &&
            row.top < view.scroll + height);
    }

    /* One frame. `p`: {c, look, view, model, order, selected, ns, chosen (row), cone, found, flags}. */
    T.paint = function (p) {
        const { c, look, view, model } = p;
        const lines = T.flagLines(model);
        const top = T.HEADER + lines * T.FLAGS;
        const bottom = Math.min(view.height, top + model.height - view.scroll);
        const rows = seenRows(p, view.height - top);
        const topOf = (row) => top + row.top - view.scroll;
        p.place = (row) => topOf(row) + T.middle(row);
        const each = (paint) => rows.forEach(function (row) {
            p.y = topOf(row);
            p.row = row;
            paint(p, row);
        });
        c.fillStyle = look.paper;
        c.fillRect(0, 0, view.width, view.height);
        c.save();
        c.beginPath();
        c.rect(0, top, view.width, view.height - top);
        c.clip();
        const ticks = view.ticks();
        paintGrid(p, ticks, top, bottom);
        T.paintViolations(p, top, bottom);
        each(T.paintBroken);
        each(paintRow);
        const near = T.paintArrows(p);
        T.paintReads(p, near && view.axis.name === "cause");
        each((q) => T.paintEvents(q));
        each((q) => T.paintFaults(q));
        paintSelected(p);
        each(paintName);
        c.restore();
        paintAxis(p);
        T.paintFlags(p, T.HEADER, lines);
        paintFound(p);
        paintPlayhead(p, bottom);
    };
})();
