/* The timeline of a trial: what is seen and selected, and what is done about it. The rooms beside:
 *
 *   timeline-model.js   rows of a history        timeline-axes.js    real time, causal order
 *   timeline-view.js    zoom and pan             timeline-keys.js    keys, pointer
 *   timeline-shapes.js  colours, marks           timeline-lanes.js   states of members
 *   timeline-locks.js   locks of servers
 *   timeline-marks.js   events, arrows, faults   timeline-broken.js  violations
 *   timeline-paint.js   a frame
 *   timeline-list.js    the list, the search     timeline-parts.js   elements, legend, help
 *   timeline-tell.js    what is said in words    timeline-bench.js   measuring; what is at the pointer
 *
 * For a benchmark, H.bench: frames(n): draws n frames while it pans, and gives the ms that it took
 * (with the drawing itself: a pixel of each frame is read back). run(n): the same, a frame each time
 * the screen asks for one; promises {frames, seconds, fps, script_ms}. zoom("fit", "half" or "near"): what
 * is seen meanwhile. performance has the mark "timeline:first-paint". */
(function () {
    "use strict";

    const H = window.H;
    const T = (H.timeline = H.timeline || {});

    const NARROW = 560; /* CSS pixels: below, names stand above lanes */
    const AS_IN_TABLES = 1000; /* ns: the times of tables are rounded to this */
    const PRINTED = 1100;
    const TALLEST_PRINT = 3700; /* with PRINTED, as many pixels as every browser can draw on */
    const BORDERS = 2; /* of the box that scrolls, above and below: without them it would scroll by so much */

    function start(element) {
        const deeds = {};
        const parts = T.makeParts(element, deeds);
        const c = parts.canvas.getContext("2d");
        const now = { model: null, order: null, axes: {}, found: null, cone: null, coneOf: -1, flags: [] };
        let look = T.readLook(element, 1);
        let asked = false;
        let painted = false;
        let ours = false; /* H.set() is called from here */
        let printing = false;
        const view = T.makeView(parts.canvas, ask);
        const tell = T.teller(parts, now);

        function set(patch) {
            ours = true;
            H.set(patch);
            ours = false;
        }

        /* --- drawing --- */

        const dense = () => (printing ? 2 : window.devicePixelRatio || 1);

        function draw() {
            asked = false;
            if (!now.model || view.width < 20) {
                return;
            }
            const state = H.get();
            view.scroll = printing ? 0 : parts.scroll.scrollTop;
            const ratio = dense();
            c.setTransform(ratio, 0, 0, ratio, 0, 0);
            T.paint({
                c, look, view, model: now.model, order: now.order, selected: state.event, ns: state.ns,
                chosen: now.model.rowOf(state.lane), found: now.found, flags: now.flags,
                cone: view.axis.name === "cause" ? now.cone : null,
            });
            if (!painted) {
                painted = true;
                performance.mark("timeline:first-paint");
            }
        }

        /* What surely came before and after the selected event; not while it plays on the other axis. */
        function findCone(state) {
            if (state.axis === "cause" && now.coneOf !== state.event) {
                now.coneOf = state.event;
                now.cone = T.cone(now.model.h, now.order, state.event);
            }
        }

        function ask() {
            if (!asked) {
                asked = true;
                requestAnimationFrame(draw);
            }
        }

        function axisOf(name) {
            if (!now.axes[name]) {
                now.axes[name] = T.axis(now.model.h, now.order, name);
            }
            return now.axes[name];
        }

        function resize() {
            if (!now.model) {
                return;
            }
            const width = printing ? PRINTED : parts.scroll.clientWidth;
            const above = width < NARROW;
            const gutter = above ? 0 : Math.min(150, Math.max(70, now.widest + 22));
            T.layout(now.model, above);
            const whole = T.HEADER + T.flagLines(now.model) * T.FLAGS + now.model.height;
            const room = Math.max(300, window.innerHeight * 0.7);
            const height = printing ? Math.min(whole, TALLEST_PRINT) : Math.min(whole, room);
            const ratio = dense();
            now.cut = height < whole && printing;
            if (look.ratio !== ratio) {
                look = T.readLook(element, ratio);
            }
            parts.tall.style.height = whole + "px";
            parts.scroll.style.height = height + BORDERS + "px";
            parts.canvas.style.height = height + "px";
            parts.canvas.width = Math.round(width * ratio);
            parts.canvas.height = Math.round(height * ratio);
            view.set(axisOf(H.get().axis === "cause" ? "cause" : "time"), width, height, gutter);
            draw();
        }

        function dress() {
            look = T.readLook(element, dense());
            T.fillLegend(parts.legend, look);
            ask();
        }

        function load(state) {
            const h = H.history(state.history);
            element.classList.toggle("tl-empty", !h);
            if (!h) {
                now.model = null;
                parts.now.textContent = "No history of this run is in the page, so there is nothing to draw.";
                parts.live.textContent = "";
                return;
            }
            Object.assign(now, { model: T.model(h), order: T.order(h), axes: {}, found: null, cone: null,
                coneOf: -1 });
            T.setFont(c, look, look.font);
            now.widest = Math.max(...now.model.rows.map((row) => T.textWidth(c, look, row.name)));
            parts.search.value = "";
            parts.found.textContent = "";
            view.axis = null;
            tell.label();
            resize();
        }

        /* --- what is done --- */

        function select(event, lane) {
            if (event >= 0) {
                set({ event, lane: lane === undefined ? now.model.rowOfEvent(event).lane : lane });
                view.reveal(view.axis.positions[event]);
            }
        }

        const row = () => now.model.rowOf(H.get().lane);

        function revealRow(wanted) {
            const top = wanted.top - parts.scroll.scrollTop;
            const room = view.height - T.HEADER - T.flagLines(now.model) * T.FLAGS;
            if (top < 0 || top + wanted.height > room) {
                parts.scroll.scrollTop += top < 0 ? top : top + wanted.height - room;
            }
        }

        deeds.ready = () => Boolean(now.model);

        deeds.step = function (by) {
            const events = row().events;
            const event = H.get().event;
            const at = H.lastUpTo(events, event);
            const next = at >= 0 && events[at] === event || by < 0 ? at + by : at + 1;
            const from = by < 0 && at >= 0 && events[at] !== event ? at : next;
            select(events.length ? events[Math.min(Math.max(from, 0), events.length - 1)] : -1, row().lane);
        };

        deeds.changeLane = function (by) {
            const rows = now.model.rows;
            const other = rows[Math.min(Math.max(row().index + by, 0), rows.length - 1)];
            const event = now.model.near(other, H.get().event);
            if (event >= 0) {
                select(event, other.lane);
            } else {
                set({ lane: other.lane });
                parts.live.textContent = other.name + ": nothing happened here.";
            }
            revealRow(other);
        };

        deeds.pair = function () {
            const event = H.get().event;
            select(event >= 0 ? now.model.h.pair[event] : -1);
        };

        /* The span of a violation in the middle. */
        function moveTo(violation) {
            const axis = view.axis;
            const from = axis.of(violation.from);
            const to = axis.of(violation.to);
            const least = axis.name === "time" ? 1e6 : axis.shortest * 2;
            const length = Math.max((to - from) * 3, least);
            view.show((from + to - length) / 2, (from + to + length) / 2);
        }

        /* The same, and its first event selected. */
        function showViolation(violation) {
            moveTo(violation);
            set({ ns: violation.from, event: violation.event,
                lane: now.model.rowOfEvent(violation.event).lane });
        }

        deeds.violation = function (by) {
            const list = now.model.violations;
            const ns = H.get().ns;
            const at = T.lastFrom(list, ns);
            const next = by > 0 ? at + 1 : list[at] && list[at].from < ns ? at : at - 1;
            if (list.length) {
                showViolation(list[(next + list.length) % list.length]);
            }
        };

        deeds.zoom = (by, x) => view.zoomBy(by, x === undefined && H.get().event >= 0 && by > 1
            ? Math.min(Math.max(view.timeX(H.get().ns), view.gutter), view.width) : x);
        deeds.pan = (share) => view.pan(share * (view.width - view.gutter));
        deeds.panBy = (pixels) => view.pan(pixels);
        deeds.fit = () => view.fit();
        deeds.near = function () {
            const event = H.get().event;
            if (event < 0) {
                return;
            }
            const n = now.model.h.n;
            const positions = view.axis.positions;
            const first = positions[Math.max(0, event - 12)];
            const last = positions[Math.min(n - 1, event + 12)];
            /* The nearer side tells how dense it is here: on the other one may be a long silence. */
            const sides = [positions[event] - first, last - positions[event]].filter((side) => side > 0);
            const half = Math.max(Math.min(...sides, view.axis.high - view.axis.low), view.axis.shortest / 2);
            view.show(positions[event] - half * 1.1, positions[event] + half * 1.1);
        };
        deeds.toggleAxis = () => set({ axis: H.get().axis === "cause" ? "time" : "cause" });
        deeds.help = () => parts.help.showModal();

        deeds.openSearch = function () {
            parts.search.focus();
            parts.search.select();
        };
        deeds.find = function (text) {
            now.found = text.trim() ? Uint32Array.from(T.search(now.model, text)) : null;
            parts.found.textContent = now.found ? now.found.length.toLocaleString("en") + " found" : "";
            if (now.found && parts.which.value === "all") {
                parts.which.value = "found";
            } else if (!now.found && parts.which.value === "found") {
                parts.which.value = "all";
            }
            tell.list(H.get());
            ask();
        };
        deeds.nextFound = function (by) {
            const list = now.found;
            if (!list || !list.length) {
                return;
            }
            const at = H.lastUpTo(list, H.get().event);
            const next = by > 0 ? at + 1 : list[at] === H.get().event ? at - 1 : at;
            select(list[(next + list.length) % list.length]);
            const place = H.lastUpTo(list, H.get().event) + 1;
            parts.found.textContent = place + " of " + list.length.toLocaleString("en");
        };

        /* --- the pointer --- */

        deeds.scrub = function (x) {
            const ns = view.axis.ns(view.position(Math.max(x, view.gutter)));
            set({ ns });
        };
        deeds.click = function (x, y) {
            const hit = T.hit(view, now.model, now.flags, x, y);
            if (hit.violation) {
                showViolation(hit.violation);
            } else if (hit.event >= 0) {
                set({ event: hit.event, lane: hit.row.lane });
            } else if (hit.row) {
                set(x < view.gutter ? { lane: hit.row.lane }
                    : { ns: view.axis.ns(view.position(x)), lane: hit.row.lane });
            }
        };
        deeds.hover = function (x, y) {
            const text = x < view.gutter || !now.model || y < T.HEADER ? ""
                : T.tip(view, now.model, T.hit(view, now.model, now.flags, x, y), x);
            parts.tip.hidden = !text;
            if (text) {
                parts.tip.textContent = text;
                const box = parts.scroll;
                parts.tip.style.left = Math.max(0, Math.min(x + 12, box.clientWidth - 280)) + "px";
                parts.tip.style.top = box.offsetTop + y + 18 + "px";
            }
        };

        /* --- others' changes --- */

        function follow(state, changed) {
            const position = view.axis.name === "cause" && state.event >= 0
                ? view.axis.positions[state.event] : view.axis.of(state.ns);
            if (state.playing) {
                view.reveal(position);
                return;
            }
            if (changed.event && !changed.lane && state.event >= 0) {
                H.set({ lane: now.model.rowOfEvent(state.event).lane });
            }
            const step = Math.abs(state.event - now.last) <= 1; /* by playback: nothing is jumped to */
            const violation = step ? null : now.model.violations.find(
                (v) => Math.abs(v.from - state.ns) < AS_IN_TABLES || (v.event === state.event && changed.event));
            if (violation) {
                moveTo(violation);
                /* Who gave a time only, means its first event. */
                if (state.event === now.model.h.eventAt(state.ns) && state.event !== violation.event) {
                    set({ event: violation.event, ns: state.ns });
                }
            } else {
                view.reveal(position);
            }
        }

        H.listen(function (state, changed) {
            const mine = ours;
            if (changed.history) {
                load(state);
            }
            if (!now.model) {
                return;
            }
            if (changed.axis) {
                view.set(axisOf(state.axis === "cause" ? "cause" : "time"), view.width, view.height, view.gutter);
            }
            if (!mine && (changed.ns || changed.event)) {
                follow(state, changed);
            }
            now.last = state.event;
            findCone(state);
            tell.event(state);
            tell.axis(state);
            if (!state.playing || changed.history) {
                tell.list(state);
            }
            if (changed.event && !changed.history && !state.playing && state.event >= 0) {
                revealRow(now.model.rowOfEvent(state.event));
            }
            ask();
        });

        now.list = T.makeList(parts.list, (event) => select(event));
        T.listenKeys(element, deeds);
        T.listenPointer(parts.canvas, deeds);
        parts.which.addEventListener("change", () => tell.list(H.get()));
        parts.scroll.addEventListener("scroll", ask, { passive: true });
        new ResizeObserver(() => printing || resize()).observe(parts.scroll);
        window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", dress);
        const print = function (on) {
            printing = on;
            dress();
            resize();
            if (now.model) {
                tell.axis(H.get());
            }
        };
        window.addEventListener("beforeprint", () => print(true));
        window.addEventListener("afterprint", () => print(false));
        window.matchMedia("print").addEventListener("change", (media) => print(media.matches));

        const state = H.get();
        load(state);
        dress();
        if (now.model) {
            findCone(state);
            tell.event(state);
            tell.axis(state);
            tell.list(state);
        }
        /* For tests: where an event is drawn, in CSS pixels of the canvas, and what is seen. */
        T.where = (event) => ({
            x: view.eventX(event),
            y: T.HEADER + T.flagLines(now.model) * T.FLAGS - parts.scroll.scrollTop +
                now.model.rowOfEvent(event).top + T.middle(now.model.rowOfEvent(event)),
        });
        T.seen = () => ({ axis: view.axis.name, from: view.from, to: view.to, flags: now.flags });
        H.bench = T.bench(view, c, draw, () => now.model);
    }

    H.panel("timeline", start);
})();
