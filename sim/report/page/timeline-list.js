/* The list of events below the timeline: only the rows that are seen are in the page, so that a
 * hundred thousand events cost no more than a hundred. And the search in their words. */
(function () {
    "use strict";

    const H = window.H;
    const T = (H.timeline = H.timeline || {});

    const ROW = 26;            /* CSS pixels; as in timeline.css */
    const TALLEST = 8000000;   /* browsers do not make a box much higher than this */
    const SPARE = 6;           /* rows above and below what is seen */

    /* The events whose words contain the text, ascending. */
    T.search = function (model, text) {
        const wanted = text.trim().toLowerCase();
        const out = [];
        if (!wanted) {
            return out;
        }
        const h = model.h;
        const fits = H.data.texts.map((words) => words.toLowerCase().includes(wanted));
        for (let i = 0; i < h.n; i++) {
            if (fits[h.text[i]]) {
                out.push(i);
            }
        }
        return out;
    };

    function option(model, event, index, count, selected) {
        const row = document.createElement("div");
        row.className = "tl-option";
        row.id = "tl-event-" + event;
        row.setAttribute("role", "option");
        row.setAttribute("aria-setsize", count);
        row.setAttribute("aria-posinset", index + 1);
        row.setAttribute("aria-selected", String(event === selected));
        row.dataset.event = event;
        [T.moment(model.h.t[event], 1e3), T.subject(model, event), T.deed(model, event)]
            .forEach(function (text) {
                const cell = document.createElement("span");
                cell.textContent = text;
                row.appendChild(cell);
            });
        return row;
    }

    /* `element`: a box that scrolls, with role listbox. `choose(event)` is called for a click or key. */
    T.makeList = function (element, choose) {
        const tall = document.createElement("div");
        tall.className = "tl-list-tall";
        tall.setAttribute("role", "presentation");
        element.appendChild(tall);
        const list = { model: null, events: null, selected: -1 };
        let drawn = "";

        const count = () => (list.events ? list.events.length : list.model ? list.model.h.n : 0);
        const eventOf = (index) => (list.events ? list.events[index] : index);
        const indexOf = (event) => (list.events ? H.lastUpTo(list.events, event) : event);
        const height = () => Math.min(count() * ROW, TALLEST);
        /* Rows a pixel of scrolling: less than usual once the box would be too tall. */
        const topOf = (index) => (height() / Math.max(1, count())) * index;

        function draw() {
            if (!list.model) {
                return;
            }
            const shown = Math.ceil(element.clientHeight / ROW);
            const first = Math.floor((element.scrollTop / Math.max(1, height())) * count());
            const from = Math.max(0, Math.min(first, count() - shown) - SPARE);
            const to = Math.min(count(), first + shown + SPARE);
            const key = [from, to, list.selected, list.model.h.index].join() +
                (list.events ? list.events.length : "");
            if (key === drawn) {
                return;
            }
            drawn = key;
            tall.style.height = height() + "px";
            const rows = document.createDocumentFragment();
            for (let i = from; i < to; i++) {
                const row = option(list.model, eventOf(i), i, count(), list.selected);
                row.style.top = topOf(first) + (i - first) * ROW + "px";
                rows.appendChild(row);
            }
            tall.replaceChildren(rows);
            const here = document.getElementById("tl-event-" + list.selected);
            if (here) {
                element.setAttribute("aria-activedescendant", here.id);
            } else {
                element.removeAttribute("aria-activedescendant");
            }
        }

        list.show = function (model, events, selected) {
            const other = model !== list.model || events !== list.events;
            Object.assign(list, { model, events, selected });
            if (other) {
                drawn = "";
                tall.style.height = height() + "px";
            }
            const index = indexOf(selected);
            const top = topOf(Math.max(0, index));
            if (index >= 0 && (other || top < element.scrollTop ||
                               top + ROW > element.scrollTop + element.clientHeight)) {
                element.scrollTop = Math.max(0, top - element.clientHeight / 2 + ROW);
            }
            draw();
        };

        function step(by) {
            const index = indexOf(list.selected) + by;
            if (count()) {
                choose(eventOf(Math.min(Math.max(index, 0), count() - 1)));
            }
        }
        element.addEventListener("scroll", draw, { passive: true });
        element.addEventListener("click", function (event) {
            const row = event.target.closest(".tl-option");
            if (row) {
                choose(Number(row.dataset.event));
            }
        });
        element.addEventListener("keydown", function (event) {
            const page = Math.max(1, Math.floor(element.clientHeight / ROW) - 1);
            const steps = {
                ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page,
                Home: -Infinity, End: Infinity,
            };
            if (event.key in steps && !event.ctrlKey && !event.altKey && !event.metaKey) {
                event.preventDefault();
                event.stopPropagation();
                step(Math.min(Math.max(steps[event.key], -count()), count()));
            }
        });
        return list;
    };
})();
