/* Playback: a trial event by event, forward and back, or in its time made slow. The moment itself
 * is the page's (store.js); this turns it on, and shows it: the ring, what each believes, and the
 * sentence of the step. */
(function () {
    "use strict";

    const H = window.H;
    const P = (H.playback = H.playback || {});
    const add = P.add;

    /* How fast, beside real time; and how each is told. */
    const SPEEDS = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10];
    const GAP_MS = 500; /* between two frames: the page stood still, and so does the playback */
    const WAIT_MS = 1200; /* with `hurry` on, the next event comes after no more than that */

    function speedWords(speed) {
        return speed === 1 ? "real time" : speed < 1 ? `1/${Math.round(1 / speed)} of real time` : `${speed} times as fast`;
    }

    function nearestSpeed(speed) {
        let best = 0;
        SPEEDS.forEach(function (one, i) {
            if (Math.abs(Math.log(one / speed)) < Math.abs(Math.log(SPEEDS[best] / speed))) {
                best = i;
            }
        });
        return best;
    }

    const calm = window.matchMedia("(prefers-reduced-motion: reduce)");

    /* --- moving --- */

    /* The event by which a step goes on: -1 back, 1 forward. */
    function step(by) {
        const now = H.get();
        const h = H.history(now.history);
        if (h) {
            const event = Math.min(Math.max(now.event + by, 0), h.n - 1);
            H.set({ playing: false, event });
        }
    }

    /* To the next line of the story, or the one before. */
    function tell(by) {
        const now = H.get();
        const h = H.history(now.history);
        if (!h) {
            return;
        }
        const events = h.story.map((line) => line.event).filter((event) => event >= 0).sort((a, b) => a - b);
        const next = by > 0 ? events.find((event) => event > now.event)
            : events.filter((event) => event < now.event).pop();
        H.set({ playing: false, event: next === undefined ? (by > 0 ? h.n - 1 : 0) : next });
    }

    function toggle() {
        const now = H.get();
        const h = H.history(now.history);
        if (!h) {
            return;
        }
        const ended = now.ns >= h.end_ns;
        H.set(now.playing ? { playing: false } : ended ? { playing: true, ns: h.from_ns } : { playing: true });
    }

    /* Plays while `playing` is set. The time between frames that is exact is kept here: in calm mode
     * only events are shown, and the time goes on in between. */
    function makePlayer(hurries) {
        let last = 0;
        let ns = 0;
        let shown = NaN;
        let asked = 0;

        /* How many ns of the trial go by in so many ms before the screen. */
        function advance(h, speed, ms) {
            const next = h.eventAt(ns) + 1;
            const plain = ms * 1e6 * speed;
            if (!hurries() || next >= h.n) {
                return plain;
            }
            const wait = h.t[next] - ns;
            const least = (h.t[next] - (next > 0 ? h.t[next - 1] : h.from_ns)) / WAIT_MS;
            return Math.min(Math.max(plain, ms * least), Math.max(wait, plain));
        }

        function frame(at) {
            asked = 0;
            const now = H.get();
            const h = H.history(now.history);
            if (!now.playing || !h) {
                return;
            }
            if (document.querySelector("dialog[open]")) {
                H.set({ playing: false });
                return;
            }
            if (now.ns !== shown) {
                ns = now.ns; /* somebody else moved it */
            }
            const ms = at - last;
            last = at;
            if (ms > 0 && ms <= GAP_MS) {
                ns = Math.min(ns + advance(h, now.speed, ms), h.end_ns);
                const ends = ns >= h.end_ns;
                if (!calm.matches || ends || h.eventAt(ns) !== now.event) {
                    const to = calm.matches && !ends ? h.t[h.eventAt(ns)] : ns;
                    shown = to;
                    const exact = ns;
                    H.set(ends ? { ns: to, playing: false } : { ns: to });
                    ns = exact;
                } else {
                    shown = now.ns;
                }
            }
            ask();
        }

        function ask() {
            if (!asked && H.get().playing && !document.hidden) {
                asked = window.requestAnimationFrame(frame);
            }
        }

        document.addEventListener("visibilitychange", ask);
        return {
            begin() {
                last = window.performance.now();
                shown = NaN;
                ask();
            },
        };
    }

    /* --- what is pressed --- */

    const ICONS = {
        play: "M5,3v14l12,-7z", pause: "M5,3h4v14h-4zM12,3h4v14h-4z",
        back: "M15,4v12l-9,-6zM4,4h2v12h-2z", on: "M5,4v12l9,-6zM14,4h2v12h-2z",
        tellBack: "M17,4v12l-7,-6zM10,4v12l-7,-6z", tellOn: "M3,4v12l7,-6zM10,4v12l7,-6z",
    };

    function button(parent, icon, label, keys, deed) {
        const element = add(parent, "button", "", "playback-button");
        element.type = "button";
        const picture = P.svg("svg", { viewBox: "0 0 20 20", "aria-hidden": "true" }, element);
        const path = P.svg("path", { d: ICONS[icon] }, picture);
        const name = (text, how) => {
            element.setAttribute("aria-label", text);
            element.title = `${text} (${how})`;
        };
        name(label, keys);
        element.setAttribute("aria-keyshortcuts", keys.replace("←", "ArrowLeft").replace("→", "ArrowRight").replace("Space bar", "Space"));
        element.addEventListener("click", deed);
        return { element, name, icon: (which) => path.setAttribute("d", ICONS[which]) };
    }

    function slider(parent, label, attributes) {
        const box = add(parent, "label", "", "playback-slider");
        add(box, "span", label);
        const input = add(box, "input");
        input.type = "range";
        Object.keys(attributes).forEach((key) => input.setAttribute(key, attributes[key]));
        const output = add(box, "span", "", "number");
        return { box, input, output };
    }

    const STEPS = 10000; /* of the scrub bar */

    function makeControls(parent) {
        const bar = add(parent, "div", "", "playback-bar no-print");
        bar.setAttribute("role", "toolbar");
        bar.setAttribute("aria-label", "Playback");
        const c = { bar };
        c.tellBack = button(bar, "tellBack", "Back to the story's line before", "Shift+←", () => tell(-1));
        c.back = button(bar, "back", "One event back", "←", () => step(-1));
        c.play = button(bar, "play", "Play", "Space bar", toggle);
        c.on = button(bar, "on", "One event forward", "→", () => step(1));
        c.tellOn = button(bar, "tellOn", "On to the story's next line", "Shift+→", () => tell(1));
        c.speed = slider(bar, "Speed", { min: 0, max: SPEEDS.length - 1, step: 1 });
        c.speed.input.addEventListener("input", () => H.set({ speed: SPEEDS[c.speed.input.value] }));
        const hurry = add(bar, "label", "", "playback-hurry");
        c.hurry = add(hurry, "input");
        c.hurry.type = "checkbox";
        c.hurry.checked = true;
        add(hurry, "span", "hurry through waits");
        c.scrub = slider(parent, "Time", { min: 0, max: STEPS, step: 1 });
        c.scrub.box.classList.add("playback-scrub", "no-print");
        c.scrub.input.addEventListener("pointerdown", () => H.set({ playing: false }));
        c.scrub.input.addEventListener("input", function () {
            const h = H.history(H.get().history);
            if (h) {
                H.set({ playing: false, ns: h.from_ns + ((h.end_ns - h.from_ns) * c.scrub.input.value) / STEPS });
            }
        });
        return c;
    }

    /* Space, and the arrows where nobody else has them: not on the timeline, nor on a slider. */
    function listenKeys(section) {
        document.addEventListener("keydown", function (event) {
            const target = event.target;
            if (event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented) {
                return;
            }
            const within = section.contains(target);
            const timeline = document.getElementById("timeline");
            const native = target.closest("input, select, textarea, dialog, summary, a")
                || (event.key === " " && target.closest("button"));
            const deeds = {
                " ": toggle,
                ArrowLeft: () => (event.shiftKey ? tell(-1) : step(-1)),
                ArrowRight: () => (event.shiftKey ? tell(1) : step(1)),
            };
            const beside = event.key === " " && timeline && timeline.contains(target);
            if (deeds[event.key] && !native && (within || beside)) {
                event.preventDefault();
                deeds[event.key]();
            }
        });
    }

    /* --- the panel --- */

    function sentence(h, event) {
        const words = h.words(event);
        const who = h.who[event] >= 0 ? h.members[h.who[event]].name : "";
        return who && words.indexOf(who) !== 0 ? `${who}: ${words}` : words;
    }

    function drawControls(c, now, h) {
        c.play.icon(now.playing ? "pause" : "play");
        c.play.name(now.playing ? "Pause" : "Play", "Space bar");
        c.speed.input.value = nearestSpeed(now.speed);
        P.set(c.speed.output, speedWords(now.speed));
        c.speed.input.setAttribute("aria-valuetext", speedWords(now.speed));
        const length = h.end_ns - h.from_ns;
        c.scrub.input.value = length > 0 ? Math.round(((now.ns - h.from_ns) / length) * STEPS) : 0;
        P.set(c.scrub.output, `${P.seconds(now.ns)} of ${(h.end_ns / 1e9).toFixed(3)} s`);
        c.scrub.input.setAttribute("aria-valuetext", P.seconds(now.ns));
        c.back.element.disabled = now.event <= 0;
        c.on.element.disabled = now.event >= h.n - 1;
    }

    function ringLabel(moment, grid) {
        const names = (test) => moment.states.map((s, place) => (test(s.bits) ? moment.h.members[place].name : ""))
            .filter(Boolean).slice(0, 6).join(", ") || "nobody";
        return `The cluster as a ${grid ? "grid" : "ring around the store"}: ${moment.states.length} members. `
            + `Believes that it leads: ${names(P.leads)}. Dead: ${names(P.isDead)}. What each believes is in the table.`;
    }

    function makePanel(element) {
        const none = add(element, "p", "No trial's history is in this page, so there is nothing to play.", "muted");
        const whole = add(element, "div", "", "playback");
        const controls = makeControls(whole);
        const text = add(whole, "p", "", "playback-step");
        const count = add(text, "span", "", "playback-count number");
        const words = add(text, "span", "");
        text.setAttribute("role", "status");
        const parts = add(whole, "div", "", "playback-parts");
        const figure = add(parts, "figure", "", "playback-ring");
        figure.tabIndex = 0;
        figure.setAttribute("aria-label", "The cluster. Space plays and pauses, the arrows step.");
        const caption = document.createElement("figcaption");
        const ring = H.ring(figure, calm.matches);
        figure.appendChild(caption);
        P.legend(figure);
        const table = P.table(add(parts, "div", "", "playback-beliefs"));
        return { none, whole, controls, text, count, words, ring, caption, table };
    }

    function draw(panel, now, h) {
        const moment = P.momentAt(h, now.ns, Math.max(now.event, 0));
        panel.ring.draw(moment, now.lane);
        panel.table.draw(moment, now.lane);
        drawControls(panel.controls, now, h);
        /* A voice that reads each step while it plays would never come to an end. */
        panel.text.setAttribute("aria-live", now.playing ? "off" : "polite");
        P.set(panel.count, `Event ${(now.event + 1).toLocaleString("en")} of ${h.n.toLocaleString("en")}, ${P.seconds(now.ns)}`);
        P.set(panel.words, sentence(h, now.event));
        const grid = panel.ring.isGrid();
        P.set(panel.caption, grid ? `${h.members.length.toLocaleString("en")} members: too many for a ring, so this is a grid, row by row from member ${h.members[0].id} on, without messages.`
            : "A message is drawn as if half of the time from request to answer went by before it arrived. "
                + "Here Space plays, ← and → step; with Shift, from line to line of the story.");
        if (!now.playing) {
            panel.ring.root.setAttribute("aria-label", ringLabel(moment, grid));
        }
    }

    H.panel("playback", function (element) {
        const panel = makePanel(element);
        const player = makePlayer(() => panel.controls.hurry.checked);
        listenKeys(element);
        function update(now, changed) {
            const h = H.history(now.history);
            panel.none.hidden = Boolean(h);
            panel.whole.hidden = !h;
            if (!h || document.hidden) {
                return;
            }
            draw(panel, now, h);
            if (changed.playing && now.playing) {
                player.begin();
            }
        }
        H.listen(update);
        document.addEventListener("visibilitychange", () => update(H.get(), {}));
        update(H.get(), {});
    });
})();
