/* What the timeline says in words: the selected event, the list, how to read the axis. */
(function () {
    "use strict";

    const H = window.H;
    const T = (H.timeline = H.timeline || {});

    /* `parts`: the panel's elements; `now`: what is shown, see timeline.js. */
    T.teller = function (parts, now) {
        const tell = {};

        /* The selected event: its sentence, what can be done with it; and aloud, but not while it plays. */
        tell.event = function (state) {
            const h = now.model.h;
            const event = state.event;
            const kind = event >= 0 ? h.kindName(event) : "";
            const row = now.model.rowOf(state.lane);
            parts.now.textContent = event < 0 ? "No event is selected."
                : T.sentence(now.model, event);
            parts.pair.hidden = event < 0 || h.pair[event] < 0;
            parts.pair.textContent = kind === "reply" ? "To its request" : "To its reply";
            parts.near.hidden = event < 0;
            parts.next.hidden = !now.model.violations.length;
            if (!state.playing) {
                const place = event < 0 ? 0 : H.lastUpTo(row.events, event) + 1;
                parts.live.textContent = event < 0 ? "" : T.sentence(now.model, event) + ". " +
                    (row.events[place - 1] === event ? "Event " + place + " of " + row.events.length +
                        " of " + row.name + "." : "");
            }
        };

        /* The list, and how long it is. */
        tell.list = function (state) {
            const which = parts.which.value;
            const events = which === "lane" ? now.model.rowOf(state.lane).events
                : which === "found" ? now.found || new Uint32Array(0) : null;
            const count = events ? events.length : now.model.h.n;
            parts.listTitle.textContent = "Events: " + count.toLocaleString("en");
            now.list.show(now.model, events, state.event);
        };

        function aboutCone(event) {
            const cone = now.cone;
            if (event < 0 || !cone) {
                return "";
            }
            const counts = [-1, 0, 0]; /* concurrent, without itself; before; after */
            for (let i = 0; i < cone.length; i++) {
                counts[cone[i]]++;
            }
            const [beside, before, after] = counts.map((count) => count.toLocaleString("en"));
            return before + " events surely came before the selected one (dots), " + after +
                " after it (diamonds), and " + beside + " are concurrent with it (rings).";
        }

        /* Which axis it is, and how to read it. */
        tell.axis = function (state) {
            const cause = state.axis === "cause";
            parts.time.setAttribute("aria-pressed", String(!cause));
            parts.cause.setAttribute("aria-pressed", String(cause));
            parts.note.textContent = (now.cut ? "There is room on paper for the first lanes only. " : "") +
                (cause ? "Each step is a column. Lanes and arrows say what surely came first, and so does a " +
                    "server: a reply comes after all that the server had answered when its request went out. " +
                    "All else is concurrent. " + aboutCone(state.event) : "");
        };

        /* What the canvas is called. */
        tell.label = function () {
            const h = now.model.h;
            const run = H.data.runs[h.run] || {};
            parts.canvas.setAttribute("aria-label", "Timeline of trial " + h.trial +
                (run.scenario ? " of " + run.scenario : "") + ": " + h.members.length + " members, " +
                h.n.toLocaleString("en") + " events, " + h.violations.length + " violations");
        };
        return tell;
    };
})();
