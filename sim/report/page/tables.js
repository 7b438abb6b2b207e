/* A table that is sorted by its headings, by mouse or keyboard, and of which each row may be linked
 * to a moment. Long ones show their first rows, and say so.
 *
 *     const table = H.table({
 *         caption: "…", empty: "There are none.",
 *         columns: [{ name: "trial", number: true, value: (row) => …, cell: (row) => node or text,
 *                     wide: true (sentences), keep: true (not broken into lines) }],
 *         rows: […],
 *         note: "…" or null,
 *         isNow: (row, state) => boolean      // whether the row is about the moment that is shown
 *     });
 *     element.append(table.element);
 *     table.mark(state)                       // after the moment has changed */
(function () {
    "use strict";

    const H = window.H;
    const FIRST = 200; /* rows that are shown at once */

    function compare(a, b) {
        const none = (value) => value === null || value === undefined || value === "";
        if (none(a) || none(b)) {
            return none(a) - none(b); /* what did not happen comes last, … */
        }
        if (typeof a === "number" && typeof b === "number") {
            return a - b;
        }
        return String(a).localeCompare(String(b), "en", { numeric: true });
    }

    /* The rows in the order of a column; those without a value stay last either way. */
    function sorted(rows, column, descending) {
        if (!column) {
            return rows;
        }
        const none = (row) => [null, undefined, ""].includes(column.value(row));
        const sign = descending ? -1 : 1;
        return rows.slice().sort((a, b) =>
            none(a) || none(b) ? none(a) - none(b) : sign * compare(column.value(a), column.value(b)));
    }

    function cellOf(column, row) {
        const shown = column.cell ? column.cell(row) : column.value(row);
        return H.el("td", { class: column.number ? "number" : column.wide ? "wide-cell" : column.keep ? "keep" : null },
            shown === null || shown === undefined || shown === "" ? H.el("span", { class: "muted" }, "–") : shown);
    }

    H.table = function (of) {
        const body = H.el("tbody");
        const more = H.el("p", { class: "more no-print" });
        let column = null;
        let descending = false;
        let all = false;
        let shown = []; /* [row, its element] */
        let marked = [];

        function heading(one) {
            const arrow = H.el("span", { class: "arrow", "aria-hidden": "true" });
            const th = H.el("th", { scope: "col", class: one.number ? "number" : null },
                H.el("button", { type: "button", onclick: () => sortBy(one) }, one.label, arrow));
            one.heading = th;
            one.arrow = arrow;
            return th;
        }

        function sortBy(one) {
            descending = column === one && !descending;
            column = one;
            of.columns.forEach(function (other) {
                other.heading.removeAttribute("aria-sort");
                other.arrow.textContent = "";
            });
            one.heading.setAttribute("aria-sort", descending ? "descending" : "ascending");
            one.arrow.textContent = descending ? " ▼" : " ▲";
            draw();
        }

        function draw() {
            const rows = sorted(of.rows, column, descending);
            const count = all ? rows.length : Math.min(FIRST, rows.length);
            shown = rows.slice(0, count).map((row) => [
                row, H.el("tr", null, ...of.columns.map((one) => cellOf(one, row))),
            ]);
            body.replaceChildren(...shown.map((pair) => pair[1]));
            marked = [];
            H.fill(more, count < rows.length ? `The first ${H.count(count)} of ${H.count(rows.length)} rows. ` : null,
                count < rows.length
                    ? H.el("button", { type: "button", onclick: () => ((all = true), draw()) }, "Show all of them")
                    : null);
            mark(H.get());
        }

        function mark(state) {
            const now = of.isNow ? shown.filter((pair) => of.isNow(pair[0], state)).map((pair) => pair[1]) : [];
            if (now.length === marked.length && now.every((row, i) => row === marked[i])) {
                return;
            }
            marked.forEach((row) => row.removeAttribute("aria-current"));
            now.forEach((row) => row.setAttribute("aria-current", "true"));
            marked = now;
        }

        const head = H.el("thead", null, H.el("tr", null, ...of.columns.map(heading)));
        const element = H.el("div", null,
            of.note ? H.el("p", { class: "muted" }, of.note) : null,
            of.rows.length
                ? H.el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": `${of.caption}: table` },
                    H.el("table", null, H.el("caption", { class: "only-read" }, of.caption), head, body))
                : H.el("p", { class: "muted" }, of.empty),
            more);
        draw();
        return { element, mark };
    };

    /* What is covered by the bar that stays at the top of the window. */
    function covered() {
        const bar = document.getElementById("shown").getBoundingClientRect();
        return bar.top <= 0 ? Math.max(0, bar.bottom) : bar.height;
    }

    /* Scrolls until the lanes of the timeline are seen: with its heading and buttons, if all of it
     * has room in the window. */
    function toTimeline() {
        const lanes = document.querySelector("#timeline .tl-scroll").getBoundingClientRect();
        const section = document.getElementById("timeline-section").getBoundingClientRect();
        const bar = covered();
        if (lanes.top >= bar && lanes.bottom <= window.innerHeight) {
            return;
        }
        const whole = lanes.bottom - section.top <= window.innerHeight - bar;
        window.scrollBy({ top: (whole ? section.top : lanes.top) - bar - 4, behavior: "instant" });
    }

    function toSteps() {
        const steps = document.getElementById("playback-section");
        const box = steps.getBoundingClientRect();
        if (box.top > window.innerHeight * 0.6 || box.bottom < window.innerHeight * 0.3) {
            steps.scrollIntoView({ block: "start" });
        }
    }

    /* A link to a moment, as a button: it sets what is shown, and goes there: to the timeline, or
     * with `steps` to the picture of the step, and its words. */
    H.moment = function (text, patch, label, steps) {
        return H.el("button", {
            type: "button", class: "link", "aria-label": label || null,
            onclick: function () {
                H.set(Object.assign({ playing: false }, patch));
                window.requestAnimationFrame(steps ? toSteps : toTimeline); /* another trial has other lanes */
            },
        }, text);
    };
})();
