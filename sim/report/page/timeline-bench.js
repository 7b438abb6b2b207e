/* What a benchmark calls, see timeline.js; and what stands beside the pointer. */
(function () {
    "use strict";

    const H = window.H;
    const T = (H.timeline = H.timeline || {});

    T.bench = function (view, c, draw, model) {
        let direction = 1;
        /* Pans by some pixels, and turns at the ends. */
        function step() {
            const before = view.from;
            view.pan(direction * 7);
            if (view.from === before) {
                direction = -direction;
                view.pan(direction * 7);
            }
            draw();
        }
        return {
            frames(n) {
                const start = performance.now();
                for (let i = 0; i < n; i++) {
                    step();
                    c.getImageData(0, 0, 1, 1);
                }
                return performance.now() - start;
            },
            run: (n) => new Promise(function (done) {
                const start = performance.now();
                let script = 0;
                let i = 0;
                function frame() {
                    const from = performance.now();
                    step();
                    script += performance.now() - from;
                    if (++i < n) {
                        requestAnimationFrame(frame);
                        return;
                    }
                    const seconds = (performance.now() - start) / 1000;
                    done({ frames: n, seconds, fps: n / seconds, script_ms: script });
                }
                requestAnimationFrame(frame);
            }),
            zoom(how) {
                const axis = view.axis;
                const middle = (axis.low + axis.high) / 2;
                const share = how === "near" ? 400 / model().h.n : how === "half" ? 0.5 : 1;
                const half = ((axis.high - axis.low) * share) / 2;
                view.show(middle - half, middle + half);
            },
        };
    };

    /* A server's lock at a time, in words. */
    function lockWords(model, row, ns) {
        const lock = row.locks[T.lastFrom(row.locks, ns)];
        if (!lock || lock.until <= ns) {
            return row.name + ": nobody has the lock";
        }
        if (H.isOverdue(lock, ns)) {
            return row.name + ": " + model.h.members[lock.holder].name + " has the lock; " +
                H.overdueWords(lock, (at) => T.moment(at, 1000));
        }
        const left = lock.planned === null ? "" : ", for another " + T.length(lock.planned - ns);
        return row.name + ": " + model.h.members[lock.holder].name + " has the lock" + left;
    }

    T.tip = function (view, model, hit, x) {
        if (hit.violation) {
            const v = hit.violation;
            return v.check + " for " + T.length(v.to - v.from) + ": " + v.text;
        }
        if (!hit.row) {
            return "";
        }
        if (hit.event >= 0 && Math.abs(view.eventX(hit.event) - x) < 7) {
            const more = hit.count > 1 ? " (" + hit.count.toLocaleString("en") + " events here)" : "";
            return T.sentence(model, hit.event) + more;
        }
        const ns = view.axis.ns(view.position(x));
        const when = T.moment(ns, 1 / view.factor) + ", ";
        if (hit.row.type === "server") {
            return when + lockWords(model, hit.row, ns);
        }
        if (hit.row.type === "run") {
            const one = model.elections.find((election) => election.from <= ns && ns <= election.to);
            return one ? when + "an election: " + one.text + ", within " + T.length(one.to - one.from) : "";
        }
        if (hit.row.type === "member") {
            const changes = model.h.inForceAt(model.h.eventAt(ns), new Int32Array(model.h.members.length));
            return when + hit.row.name + ": " + T.stateWords(model.h, changes[hit.row.place]);
        }
        return "";
    };
})();
