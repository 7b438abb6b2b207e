/* What each member believes, as a table beside the ring, and what the server says of the lock. Of
 * many members only those that differ from the rest have a row; the rest are counted. */
(function () {
    "use strict";

    const H = window.H;
    const P = (H.playback = H.playback || {});
    const ROWS_MOST = 12;

    function add(parent, name, text, className) {
        const element = document.createElement(name);
        if (text) {
            element.textContent = text;
        }
        if (className) {
            element.className = className;
        }
        parent.appendChild(element);
        return element;
    }
    P.add = add;

    function set(element, text) {
        if (element.textContent !== text) {
            element.textContent = text;
        }
    }
    P.set = set;

    function nameOf(h, id) {
        const place = h.placeOf(id);
        return place < 0 ? `node ${id}` : h.members[place].name;
    }

    function followsWords(h, state, place) {
        if (!(state.bits & H.bits.alive) || !(state.bits & H.bits.started)) {
            return "";
        }
        if (state.follows < 0) {
            return "nobody";
        }
        const whom = state.follows === h.members[place].id ? "itself" : nameOf(h, state.follows);
        return whom + (state.term ? `, term ${state.term}` : "");
    }

    /* What it believes of the lock. A claim without an end lasts until the member takes it back. */
    function lockWords(belief) {
        if (!belief.holds) {
            return belief.mine ? "does not believe that it has it" : "";
        }
        return "believes that it has it" + (belief.until < Infinity ? ` until ${P.seconds(belief.until)}` : "");
    }

    /* The members that have a row: all if they are few, else those that stand out. */
    function told(moment) {
        const places = moment.states.map((_, place) => place);
        if (places.length <= ROWS_MOST) {
            return places;
        }
        const b = H.bits;
        const notable = (bits) => !(bits & b.alive) || !(bits & b.started) || bits & (b.leads | b.section | b.paused | b.cut);
        const weight = (place) => (P.leads(moment.states[place].bits) ? 0 : moment.beliefs[place].holds ? 1 : 2);
        return places.filter((place) => notable(moment.states[place].bits))
            .sort((a, c) => weight(a) - weight(c) || a - c).slice(0, ROWS_MOST);
    }

    function makeRow(body) {
        const row = body.insertRow();
        const head = add(row, "th");
        head.scope = "row";
        const button = add(head, "button", "", "link");
        button.type = "button";
        const cells = [0, 1, 2].map(() => row.insertCell());
        const r = { row, button, cells, place: -1 };
        button.addEventListener("click", () => H.set({ lane: H.get().lane === r.place ? -1 : r.place }));
        return r;
    }

    function fillRow(r, moment, place, lane) {
        const h = moment.h;
        const state = moment.states[place];
        const belief = moment.beliefs[place];
        r.place = place;
        r.row.classList.toggle("selected", lane === place);
        set(r.button, h.members[place].name);
        set(r.cells[0], P.stateWords(state.bits).replace(", has lock, by its words", ""));
        set(r.cells[1], followsWords(h, state, place));
        const words = lockWords(belief);
        const store = belief.store ? (words ? "; " : "") + belief.store : "";
        set(r.cells[2], words + store);
        r.cells[2].classList.toggle("playback-wrong", belief.wrong);
        if (belief.wrong) {
            r.cells[2].textContent = "≠ " + r.cells[2].textContent;
        }
    }

    /* "3 others: 2 follow node 1, 1 follows nobody". */
    function restWords(moment, shown) {
        const counts = new Map();
        moment.states.forEach(function (state, place) {
            if (!shown.has(place)) {
                const words = state.follows < 0 || !(state.bits & H.bits.alive) ? P.stateWords(state.bits)
                    : `${P.stateWords(state.bits)}, following ${nameOf(moment.h, state.follows)}`;
                counts.set(words, (counts.get(words) || 0) + 1);
            }
        });
        const list = Array.from(counts).sort((a, b) => b[1] - a[1]);
        return list.slice(0, 3).map((pair) => `${pair[1].toLocaleString("en")} ${pair[0]}`).join("; ")
            + (list.length > 3 ? "; and others" : "");
    }

    /* Who leads, by their own words: two is the lesson. */
    function leadersWords(moment) {
        const elects = H.data.runs.some((run) => run.elects);
        const names = moment.states.map((state, place) => (P.leads(state.bits) ? moment.h.members[place].name : ""))
            .filter(Boolean);
        return names.length === 0 ? (elects ? "Nobody believes that it leads." : "")
            : names.length === 1 ? `${names[0]} believes that it leads.`
                : `${names.length} believe that they lead: ${names.slice(0, 6).join(" and ")}${names.length > 6 ? " and others" : ""}.`;
    }

    P.table = function (parent) {
        const leaders = add(parent, "p", "", "playback-leaders");
        const table = add(parent, "table");
        table.className = "playback-table";
        add(table, "caption", "What each believes", "only-read");
        const head = add(table.createTHead(), "tr");
        ["member", "is", "follows", "the lock"].forEach(function (text) {
            const cell = add(head, "th");
            cell.scope = "col";
            add(cell, "span", text);
        });
        const body = table.createTBody();
        const rest = add(parent, "p", "", "muted");
        const rows = [];
        return {
            draw(moment, lane) {
                const places = told(moment);
                while (rows.length < places.length) {
                    rows.push(makeRow(body));
                }
                rows.splice(places.length).forEach((r) => r.row.remove());
                rows.forEach((r, i) => fillRow(r, moment, places[i], lane));
                set(leaders, leadersWords(moment));
                leaders.classList.toggle("playback-wrong", moment.states.filter((s) => P.leads(s.bits)).length > 1);
                const left = moment.states.length - places.length;
                rest.hidden = left === 0;
                set(rest, left === 0 ? "" : `And ${left.toLocaleString("en")} more: ${restWords(moment, new Set(places))}.`);
            },
        };
    };
})();
