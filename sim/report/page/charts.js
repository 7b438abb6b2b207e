/* What both charts are made of: sizes, axes, legends, and the table that says the same in figures. */
(function () {
    "use strict";

    const H = window.H;
    const C = (H.charts = H.charts || {});

    C.RUNS_MOST = 12; /* so many runs are drawn in one chart */
    const COLOURS = 6;
    const DASHES = ["", "7 4", "2 3", "10 3 2 3", "14 5", "5 2"];

    C.svg = H.playback.svg;

    /* The colour and the dash of a run, by its place. */
    C.colour = (i) => `var(--run-${i % COLOURS})`;
    C.dash = (i) => DASHES[(i + Math.floor(i / COLOURS)) % DASHES.length];

    /* A select with its label: options are [value, words]. */
    C.select = function (parent, label, options, deed) {
        const select = H.el("select", { onchange: () => deed(select.value) },
            ...options.map((option) => H.el("option", { value: option[0] }, option[1])));
        const box = H.el("label", {}, label, select);
        parent.append(box);
        return { select, box };
    };

    C.check = function (parent, label, deed) {
        const input = H.el("input", { type: "checkbox", onchange: () => deed(input.checked) });
        parent.append(H.el("label", {}, input, label));
        return input;
    };

    /* Draws once it has a width, and again whenever that is another one. */
    C.whenSized = function (element, draw) {
        let width = 0;
        const look = function () {
            const now = Math.floor(element.clientWidth);
            if (now > 0 && now !== width) {
                width = now;
                draw(width);
            }
        };
        new window.ResizeObserver(look).observe(element);
        look();
        return { again: () => width > 0 && draw(width), width: () => width };
    };

    /* An axis below, with its name; about as many ticks as there is room for. */
    C.below = function (svg, scale, at, name, format) {
        const g = C.svg("g", { class: "axis", transform: `translate(0,${at.y})` }, svg);
        const axis = window.d3.axisBottom(scale).ticks(Math.max(2, Math.floor(at.width / 80)), format).tickSizeOuter(0);
        window.d3.select(g).call(axis);
        const text = C.svg("text", { class: "axis-name", x: at.x + at.width, y: at.y + 34, "text-anchor": "end" }, svg);
        text.textContent = name;
    };

    /* The figures of a chart, as a table that can be opened. rows: lists of text; the first cell of
     * each is its head. It is open on paper. */
    C.figures = function (parent, summary, caption, columns, rows) {
        const cells = (row) => row.map((text, i) => H.el(i === 0 ? "th" : "td",
            i === 0 ? { scope: "row" } : { class: "number" }, text));
        const table = H.el("table", {}, H.el("caption", {}, caption),
            H.el("thead", {}, H.el("tr", {}, ...columns.map((text, i) =>
                H.el("th", { scope: "col", class: i ? "number" : "" }, H.el("span", {}, text))))),
            H.el("tbody", {}, ...rows.map((row) => H.el("tr", {}, ...cells(row)))));
        const box = H.el("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": caption }, table);
        const old = parent.querySelector("details");
        const details = H.el("details", { open: Boolean(old && old.open) }, H.el("summary", {}, summary), box);
        H.fill(parent, details);
        return details;
    };

    window.addEventListener("beforeprint", function () {
        document.querySelectorAll(".charts-figures details").forEach(function (details) {
            details.dataset.was = details.open ? "open" : "";
            details.open = true;
        });
    });
    window.addEventListener("afterprint", function () {
        document.querySelectorAll(".charts-figures details").forEach(function (details) {
            details.open = details.dataset.was === "open";
        });
    });

    /* A cell in ms as a number; NaN: it is empty. */
    C.number = (cell) => (cell === "" || cell === null || cell === undefined ? NaN : Number(cell));
    C.scaled = (number, by) => (number === null ? null : number * by);
    C.isEmpty = (cell) => Number.isNaN(C.number(cell));

    /* What is said where a run has more elections than the page has. */
    C.leftOut = function (runs) {
        const list = runs.filter((run) => H.data.runs[run].elections.rows.length < H.data.runs[run].elections.total);
        return list.map(function (run) {
            const table = H.data.runs[run].elections;
            return `Of ${C.runName(run)} the page has ${H.count(table.rows.length)} of ${H.count(table.total)} elections: `
                + `${H.whichRows(table)}.`;
        }).join(" ");
    };

    /* The elections of a run as objects, made once. */
    const made = new Map();
    C.elections = function (run) {
        if (!made.has(run)) {
            made.set(run, H.rowsOf(H.data.runs[run].elections));
        }
        return made.get(run);
    };

    C.runName = H.runName;
})();
