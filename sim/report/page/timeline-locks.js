/* Draws the lock of a server: a bar that runs out, with its holder's name; dashed where its time is
 * over and it has not ended. `p` as in timeline-lanes.js. */
(function () {
    "use strict";

    const H = window.H;
    const T = (H.timeline = H.timeline || {});
    const DASHES = [4, 3];
    const OVER = "its time was over";

    /* The end of a lock's time, or of itself if that comes first. */
    const runsTo = (lock) => (lock.planned === null ? lock.until : Math.max(lock.from, Math.min(lock.planned, lock.until)));

    /* The share of a lock's time that is left when it ends. */
    function shareLeft(lock) {
        const whole = lock.planned === null ? 0 : lock.planned - lock.from;
        return whole > 0 ? Math.min(1, Math.max(0, (lock.planned - lock.until) / whole)) : 1;
    }

    /* Whose the bars are, and how they ended: gathered while they are drawn, kept only where there is
     * room for words. */
    function lockWords(width) {
        const out = { names: [], ends: [] };
        let name = null;
        let end = null;
        return {
            out,
            put(lock, x0, x1) {
                if (name && name.holder === lock.holder && x0 - name.to < 2) {
                    name.to = x1;
                } else {
                    this.close();
                    name = { holder: lock.holder, from: x0, to: x1 };
                }
                if (end && x0 - end.x > 40) {
                    out.ends.push({ x: end.x, how: end.how, room: x0 - end.x });
                }
                end = lock.how ? { x: x1, how: lock.how } : null;
            },
            close() {
                if (name && name.to - name.from > 50) {
                    out.names.push(name);
                }
            },
            finish() {
                this.close();
                if (end && end.x < width) {
                    out.ends.push({ x: end.x, how: end.how, room: Infinity });
                }
                return out;
            },
        };
    }

    /* Draws the bars; gives back their words. */
    function paintLocks(p, row, y, height) {
        const { c, view } = p;
        const time = view.axis.name === "time";
        const words = lockWords(view.width);
        const strip = T.strip(c, p.look.lock, height, (own) => y + height - own);
        let pixel = -1; /* bars too thin for a slope: which pixel, and how much of it they cover */
        let covered = 0;
        const overdue = [];
        const flush = () => covered && strip.put(pixel, covered);
        const from = Math.max(0, T.lastFrom(row.locks, view.axis.ns(view.from)) - 1);
        c.beginPath();
        for (let i = from; i < row.locks.length; i++) {
            const lock = row.locks[i];
            const x0 = view.timeX(lock.from);
            if (x0 > view.width) {
                break;
            }
            const x1 = view.timeX(lock.until);
            if (x1 - x0 < 2) {
                if (Math.floor(x0) !== pixel) {
                    flush();
                    covered = 0;
                    pixel = Math.floor(x0);
                }
                covered += Math.max(x1 - x0, 1e-3);
            } else {
                const over = view.timeX(runsTo(lock));
                c.moveTo(x0, y + height);
                c.lineTo(x0, y);
                c.lineTo(over, y + (time ? height * (1 - shareLeft(lock)) : 0));
                c.lineTo(over, y + height);
                if (x1 - over >= 1) {
                    overdue.push(over, x1);
                }
            }
            words.put(lock, x0, x1);
        }
        c.fillStyle = p.look.lock;
        c.fill();
        flush();
        strip.flush();
        T.paintOverdue(c, p.look, overdue, y, height);
        return Object.assign(words.finish(), { overdue });
    }

    /* Where the time is over, and the lock is not: [from, to, from, to, …]. */
    T.paintOverdue = function (c, look, overdue, y, height) {
        c.strokeStyle = look.lock;
        c.lineWidth = 1.5;
        c.setLineDash(DASHES);
        c.beginPath();
        for (let i = 0; i < overdue.length; i += 2) {
            c.moveTo(overdue[i], y + 0.75);
            c.lineTo(overdue[i + 1], y + 0.75);
            c.lineTo(overdue[i + 1], y + height);
        }
        c.stroke();
        c.setLineDash([]);
    };

    function paintOver(p, overdue, y) {
        const { c, look, view } = p;
        const wide = T.textWidth(c, look, OVER) + 8;
        for (let i = 0; i < overdue.length; i += 2) {
            const x = Math.max(overdue[i], view.gutter) + 4;
            if (Math.min(overdue[i + 1], view.width) - x > wide) {
                c.fillText(OVER, x, y);
            }
        }
    }

    /* The holder's name under the bar, and how its time ended where there is room. */
    T.paintServer = function (p, row) {
        const { c, look, view, model, y } = p;
        const top = y + row.body + 3;
        const height = 16;
        const end = Math.min(view.width, view.x(view.axis.end));
        c.fillStyle = look.line;
        c.fillRect(view.gutter, top + height, end - view.gutter, 1);
        const drawn = paintLocks(p, row, top, height);
        T.setFont(c, look, look.font);
        c.fillStyle = look.ink;
        drawn.names.forEach(function (name) {
            const x = Math.max(name.from, view.gutter) + 3;
            const room = Math.min(name.to, view.width) - x - 2;
            const holder = model.h.members[name.holder].name;
            const text = room > 50 ? T.fitted(c, look, holder + " has the lock", room) : "";
            if (text) {
                c.fillText(text, x, top + height + 13);
            }
        });
        c.fillStyle = look.muted;
        paintOver(p, drawn.overdue, top + 12);
        drawn.ends.forEach(function (ended) {
            if (ended.room > T.textWidth(c, look, ended.how) + 12) {
                c.fillText(ended.how, ended.x + 6, top + 10);
            }
        });
    };
})();
