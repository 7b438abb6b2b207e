/* Keys and pointers of the timeline: what one does with them, and what they say that they do. */
(function () {
    "use strict";

    const H = window.H;
    const T = (H.timeline = H.timeline || {});

    const REACH = 12; /* px from an event within which a click means it */

    /* Key, what it does in words, and the deed. One list: the help is made from it. */
    T.keys = [
        { keys: [".", "ArrowRight"], shown: ". or →", says: "next event of the lane", act: (t) => t.step(1) },
        { keys: [",", "ArrowLeft"], shown: ", or ←", says: "event before it", act: (t) => t.step(-1) },
        { keys: ["ArrowUp"], shown: "↑", says: "the lane above", act: (t) => t.changeLane(-1) },
        { keys: ["ArrowDown"], shown: "↓", says: "the lane below", act: (t) => t.changeLane(1) },
        { keys: ["Home"], shown: "Home", says: "first event of the lane", act: (t) => t.step(-Infinity) },
        { keys: ["End"], shown: "End", says: "last event of the lane", act: (t) => t.step(Infinity) },
        { keys: ["r"], shown: "R", says: "from a request to its reply, and back", act: (t) => t.pair() },
        { keys: ["v"], shown: "V", says: "next violation", act: (t) => t.violation(1) },
        { keys: ["V"], shown: "Shift+V", says: "violation before it", act: (t) => t.violation(-1) },
        { keys: ["w", "+", "="], shown: "W or +", says: "zoom in", act: (t) => t.zoom(1.5) },
        { keys: ["s", "-"], shown: "S or −", says: "zoom out", act: (t) => t.zoom(1 / 1.5) },
        { keys: ["a"], shown: "A", says: "move left", act: (t) => t.pan(-0.15) },
        { keys: ["d"], shown: "D", says: "move right", act: (t) => t.pan(0.15) },
        { keys: ["f", "F"], shown: "F", says: "fit: show all of it", act: (t) => t.fit() },
        { keys: ["Enter", "z"], shown: "Enter or Z", says: "zoom to the event", act: (t) => t.near() },
        { keys: ["c"], shown: "C", says: "real time or causal order", act: (t) => t.toggleAxis() },
        { keys: ["/"], shown: "/", says: "search in the words of events", act: (t) => t.openSearch() },
        { keys: ["n"], shown: "N", says: "next event that was found", act: (t) => t.nextFound(1) },
        { keys: ["N"], shown: "Shift+N", says: "found event before it", act: (t) => t.nextFound(-1) },
        { keys: ["?"], shown: "?", says: "these keys", act: (t) => t.help() },
    ];

    T.listenKeys = function (element, deeds) {
        element.addEventListener("keydown", function (event) {
            const typing = event.target.closest("input, select, textarea, dialog");
            if (typing || !deeds.ready() || event.ctrlKey || event.altKey || event.metaKey) {
                return;
            }
            const onButton = event.target.closest("button, summary, a");
            const row = T.keys.find((key) => key.keys.indexOf(event.key) >= 0 ||
                (key.keys.indexOf(event.key.toLowerCase()) >= 0 && !event.shiftKey));
            if (row && !(onButton && event.key === "Enter")) {
                event.preventDefault();
                event.stopPropagation();
                row.act(deeds);
            }
        });
    };

    T.fillHelp = function (table) {
        T.keys.forEach(function (key) {
            const row = table.insertRow();
            const head = document.createElement("th");
            head.scope = "row";
            head.textContent = key.shown;
            row.appendChild(head);
            row.insertCell().textContent = key.says;
        });
        [["wheel, pinch", "zoom about the pointer"], ["wheel over the names", "other lanes"], ["drag, Shift and wheel", "move"],
            ["drag on the scale", "go through time"], ["double click", "zoom in"]].forEach(function (pair) {
            const row = table.insertRow();
            const head = document.createElement("th");
            head.scope = "row";
            head.textContent = pair[0];
            row.appendChild(head);
            row.insertCell().textContent = pair[1];
        });
    };

    /* --- the pointer --- */

    /* The scale above is for going through time: no drag begins there. */
    T.scrubs = function (event) {
        const point = event.touches ? event.touches[0] : event;
        const canvas = event.target;
        return Boolean(point) && point.clientY - canvas.getBoundingClientRect().top < T.HEADER;
    };

    /* What is at a place of the canvas: a violation's flag, or a row, and perhaps an event of it. */
    T.hit = function (view, model, flags, x, y) {
        const flag = flags.find((f) => x >= f.x0 - 4 && x <= f.x1 + 4 && y >= f.y0 && y < f.y1);
        if (flag) {
            return { violation: flag.violation, row: null, event: -1, count: 0 };
        }
        const top = T.HEADER + T.flagLines(model) * T.FLAGS;
        const row = y < top ? null : model.rowAt(y - top + view.scroll);
        if (!row || x < view.gutter) {
            return { violation: null, row, event: -1, count: 0 };
        }
        const positions = view.axis.positions;
        const near = (reach) => [
            T.firstFrom(row.events, positions, view.position(x - reach)),
            T.firstFrom(row.events, positions, view.position(x + reach))];
        let [from, to] = near(REACH);
        let best = -1;
        for (let i = from; i < to && i < from + 400; i++) {
            const event = row.events[i];
            if (best < 0 || Math.abs(view.eventX(event) - x) < Math.abs(view.eventX(best) - x)) {
                best = event;
            }
        }
        [from, to] = near(2);
        return { violation: null, row, event: best, count: to - from };
    };

    T.listenPointer = function (canvas, deeds) {
        let scrubbing = false;
        const place = (event) => {
            const box = canvas.getBoundingClientRect();
            return [event.clientX - box.left, event.clientY - box.top];
        };
        canvas.addEventListener("pointerdown", function (event) {
            scrubbing = event.button === 0 && T.scrubs(event);
            if (scrubbing) {
                canvas.setPointerCapture(event.pointerId);
                deeds.scrub(place(event)[0]);
            }
        });
        canvas.addEventListener("pointermove", function (event) {
            const [x, y] = place(event);
            if (scrubbing) {
                deeds.scrub(x);
            } else if (event.pointerType === "mouse") {
                deeds.hover(event.buttons ? -1 : x, y);
            }
        });
        const end = () => (scrubbing = false);
        canvas.addEventListener("pointerup", end);
        canvas.addEventListener("pointercancel", end);
        canvas.addEventListener("pointerleave", () => deeds.hover(-1, -1));
        /* d3's zoom swallows the click that ends a drag, so what comes here is a click. */
        canvas.addEventListener("click", function (event) {
            const [x, y] = place(event);
            if (y >= T.HEADER) {
                deeds.click(x, y);
            }
            canvas.focus({ preventScroll: true });
        });
        canvas.addEventListener("dblclick", (event) => deeds.zoom(event.shiftKey ? 0.25 : 4, place(event)[0]));
        canvas.addEventListener("wheel", function (event) {
            const sideways = event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY);
            if (sideways && !event.ctrlKey) {
                event.preventDefault();
                deeds.panBy(event.shiftKey && !event.deltaX ? event.deltaY : event.deltaX);
            }
        }, { passive: false });
    };
})();
