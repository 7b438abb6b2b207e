/* What the timeline's panel is made of: its elements, its legend, its help. */
(function () {
    "use strict";

    const H = window.H;
    const T = (H.timeline = H.timeline || {});

    T.make = function (tag, attributes, parent) {
        const element = document.createElement(tag);
        Object.keys(attributes || {}).forEach(function (name) {
            if (name === "text") {
                element.textContent = attributes[name];
            } else {
                element.setAttribute(name, attributes[name]);
            }
        });
        if (parent) {
            parent.appendChild(element);
        }
        return element;
    };

    function button(parent, text, title, act) {
        const element = T.make("button", { type: "button", text, title }, parent);
        if (text.length < 3) {
            element.setAttribute("aria-label", title);
        }
        element.addEventListener("click", act);
        return element;
    }

    function makeBar(element, deeds, parts) {
        const bar = T.make("div", { class: "tl-bar no-print", role: "group", "aria-label": "Timeline" }, element);
        const axes = T.make("div", { class: "tl-axes", role: "group", "aria-label": "Axis" }, bar);
        parts.time = button(axes, "Real time", "Show when events happened (C)", () => H.set({ axis: "time" }));
        parts.cause = button(axes, "Causal order", "Show what surely came before what (C)",
            () => H.set({ axis: "cause" }));
        const move = T.make("div", { class: "tl-move" }, bar);
        button(move, "‹", "Event before it in the lane (,)", () => deeds.step(-1));
        button(move, "›", "Next event in the lane (.)", () => deeds.step(1));
        button(move, "−", "Zoom out (S)", () => deeds.zoom(0.5));
        button(move, "+", "Zoom in (W)", () => deeds.zoom(2));
        button(move, "Fit", "Show all of it (F)", () => deeds.fit());
        const search = T.make("form", { class: "tl-search", role: "search" }, bar);
        parts.search = T.make("input", {
            type: "search", placeholder: "Search events (/)", "aria-label": "Search in the words of events",
        }, search);
        parts.found = T.make("span", { class: "muted", "aria-live": "polite" }, search);
        button(bar, "Keys", "Which keys there are (?)", () => deeds.help());
        search.addEventListener("submit", function (event) {
            event.preventDefault();
            deeds.nextFound(1);
        });
        parts.search.addEventListener("input", () => deeds.find(parts.search.value));
        parts.search.addEventListener("keydown", function (event) {
            if (event.key === "Enter" && event.shiftKey) {
                event.preventDefault();
                deeds.nextFound(-1);
            } else if (event.key === "Escape") {
                parts.search.value = "";
                deeds.find("");
                parts.canvas.focus();
            }
        });
    }

    function makeCanvas(element, parts) {
        parts.scroll = T.make("div", { class: "tl-scroll" }, element);
        parts.tall = T.make("div", { class: "tl-tall" }, parts.scroll);
        parts.canvas = T.make("canvas", {
            tabindex: "0", role: "application", "aria-roledescription": "timeline", id: "tl-canvas",
            "aria-describedby": "tl-about",
        }, parts.tall);
        parts.tip = T.make("div", { class: "tl-tip", "aria-hidden": "true", hidden: "" }, element);
        parts.about = T.make("p", { class: "only-read", id: "tl-about",
            text: "Arrow keys go from event to event and from lane to lane. The question mark shows all keys." },
        element);
    }

    function makeNow(element, deeds, parts) {
        const now = T.make("div", { class: "tl-now" }, element);
        parts.now = T.make("p", {}, now);
        const row = T.make("p", { class: "no-print" }, now);
        parts.pair = button(row, "To its reply", "From a request to its reply, and back (R)", () => deeds.pair());
        parts.near = button(row, "Zoom to it", "Zoom to the event (Enter)", () => deeds.near());
        parts.next = button(row, "Next violation", "Next violation (V)", () => deeds.violation(1));
        parts.live = T.make("p", { class: "only-read", "aria-live": "polite", id: "tl-live" }, element);
        parts.note = T.make("p", { class: "muted tl-note" }, element);
    }

    /* --- the legend: each form and colour, drawn by what draws the timeline --- */

    const B = H.bits;
    const UP = B.born | B.alive | B.started;
    const STATES = [
        [UP, "prepare"], [UP | B.submit, "submit"], [UP | B.leads, "leads"],
        [UP | B.leads | B.submit, "leads, submit"], [UP | B.section, "in the critical section"],
        [UP | B.waits, "waits for the lock"], [UP | B.paused, "paused"], [UP | B.cut, "cut off from a server"],
        [B.born | B.alive, "not started yet"], [B.born, "dead"],
    ];
    const MARKS = [
        ["request", "request"], ["reply", "reply"], ["claim", "says something new of itself"],
        ["decided", "decides"], ["fault", "fault"], ["healed", "fault is over"],
        ["expired", "a key ran out"], ["paused", "paused"], ["resumed", "goes on"], ["died", "dies"],
    ];

    function legendItem(list, text, look, paint) {
        const item = T.make("li", {}, list);
        const canvas = T.make("canvas", { "aria-hidden": "true" }, item);
        const ratio = window.devicePixelRatio || 1;
        canvas.width = 46 * ratio;
        canvas.height = 30 * ratio;
        const c = canvas.getContext("2d");
        c.scale(ratio, ratio);
        paint(c, look);
        T.make("span", { text }, item);
    }

    /* A row with one state from end to end. */
    function paintState(bits) {
        return function (c, look) {
            const s = { of: [[0]], event: [0], bits: [bits], follows: [-1], term: [0], until: [Infinity] };
            const view = { gutter: 0, width: 46, from: 0, x: (position) => position, axis: { positions: [1], end: 45 } };
            T.paintMember({ c, look, view, y: 0, model: { h: { states: s } } },
                { place: 0, body: 0, words: false, height: 28 });
        };
    }

    function paintLock(c, look) {
        c.fillStyle = look.lock;
        c.beginPath();
        c.moveTo(3, 7);
        c.lineTo(43, 23);
        c.lineTo(3, 23);
        c.fill();
    }

    function paintOverdue(c, look) {
        T.paintOverdue(c, look, [3, 43], 7, 16);
    }

    function paintElection(c, look) {
        c.fillStyle = look.muted;
        c.fillRect(2, 13, 26, 4);
        c.fillRect(28, 14.5, 16, 1);
    }

    /* A request that goes up to the server's lane, and its reply. */
    function paintExchange(c, look) {
        c.strokeStyle = c.fillStyle = look.muted;
        c.beginPath();
        c.moveTo(6, 26);
        c.lineTo(22, 5);
        c.stroke();
        c.setLineDash([4, 3]);
        c.beginPath();
        c.moveTo(22, 5);
        c.lineTo(38, 26);
        c.stroke();
        c.setLineDash([]);
        c.beginPath();
        T.arrowHead(c, 6, 26, 22, 5);
        T.arrowHead(c, 22, 5, 38, 26);
        c.fill();
    }

    function paintRead(c, look) {
        c.strokeStyle = c.fillStyle = look.accent;
        c.lineWidth = 1.6;
        c.beginPath();
        c.moveTo(4, 6);
        c.bezierCurveTo(22, 6, 22, 24, 40, 24);
        c.stroke();
        c.beginPath();
        T.arrowHead(c, 24, 22, 40, 24);
        c.fill();
    }

    function paintPromise(c, look) {
        c.fillStyle = look.violation;
        c.globalAlpha = 0.2;
        c.fillRect(6, 2, 34, 26);
        c.globalAlpha = 0.7;
        c.fillStyle = T.hatch(c, look, look.violation, 4);
        c.fillRect(6, 22, 34, 6);
        c.globalAlpha = 1;
        c.fillStyle = look.violation;
        c.fillRect(6, 2, 1, 26);
        c.fillRect(39, 2, 1, 26);
    }

    T.fillLegend = function (list, look) {
        list.replaceChildren();
        STATES.forEach((row) => legendItem(list, row[1], look, paintState(row[0])));
        legendItem(list, "the lock, which runs out", look, paintLock);
        legendItem(list, "its time is over, and nobody has seen it end yet", look, paintOverdue);
        legendItem(list, "a broken promise", look, paintPromise);
        legendItem(list, "an election: due, then known to all", look, paintElection);
        legendItem(list, "a request and its reply", look, paintExchange);
        legendItem(list, "the value that was read, from who wrote it", look, paintRead);
        MARKS.forEach((row) => legendItem(list, row[1], look, (c) => T.mark(c, look, row[0], 23, 15, false)));
    };

    function makeBelow(element, parts) {
        const legend = T.make("details", { class: "tl-legend" }, element);
        legend.open = window.innerWidth > 640;
        T.make("summary", { text: "What the forms mean" }, legend);
        parts.legend = T.make("ul", {}, legend);
        parts.hint = T.make("p", { class: "muted", text:
            "Events too close to be told apart are bars at the foot of a lane: the more events, the higher. " +
            "A lead, a section or a lock that is over within a pixel is as high as its share of the time. " +
            "Requests have arrows when there is room; the selected one always has. When the server did what " +
            "was asked is not recorded: arrows touch its lane halfway." }, legend);
        const events = T.make("details", { class: "tl-events no-print", open: "" }, element);
        parts.listTitle = T.make("summary", {}, events);
        parts.which = T.make("select", { "aria-label": "Which events are listed" }, events);
        [["all", "all events"], ["lane", "events of the lane"], ["found", "events that were found"]]
            .forEach((pair) => T.make("option", { value: pair[0], text: pair[1] }, parts.which));
        parts.list = T.make("div", { class: "tl-list", role: "listbox", tabindex: "0", "aria-label": "Events" }, events);
    }

    function makeHelp(element, parts) {
        parts.help = T.make("dialog", { class: "tl-help", "aria-labelledby": "tl-help-title" }, element);
        T.make("h3", { id: "tl-help-title", text: "Keys of the timeline" }, parts.help);
        T.fillHelp(T.make("table", {}, parts.help));
        const form = T.make("form", { method: "dialog" }, parts.help);
        T.make("button", { text: "Close" }, form);
        parts.help.addEventListener("close", () => parts.canvas.focus());
    }

    /* Fills the panel; gives back its parts. `deeds`: what is done for buttons, see timeline.js. */
    T.makeParts = function (element, deeds) {
        const parts = {};
        element.classList.add("tl");
        makeBar(element, deeds, parts);
        makeCanvas(element, parts);
        makeNow(element, deeds, parts);
        makeBelow(element, parts);
        makeHelp(element, parts);
        return parts;
    };
})();
