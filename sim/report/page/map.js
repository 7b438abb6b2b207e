/* The map of a matrix or a sweep, a table of colours at the top of the page, and what came of the
 * cell that is chosen. Arrow keys go from cell to cell, Enter and Space choose one. */
(function () {
    "use strict";

    const H = window.H;
    const M = H.map;
    if (!M) {
        return;
    }

    const WIDE = 16; /* of more columns the cells have their colour and form alone, so that all are seen */
    let figure = M.figures[0];

    /* All that is told of a cell, for those who hear it. */
    function spoken(cell) {
        const row = M.rows[cell];
        const under = figure.under(row);
        const shown = figure === M.figures[0] ? M.sentence(row) : `${figure.name}: ${figure.text(row)}; ${M.sentence(row)}`;
        return `${M.heading(row)}: ${shown}${under && !shown.endsWith(under) ? `; ${under}` : ""}`;
    }

    /* --- the table --- */

    function boxOf(cell) {
        const row = M.rows[cell];
        const under = figure.under(row);
        return [
            H.el("span", { class: "only-read" }, spoken(cell)),
            H.el("span", { class: "map-kind", "aria-hidden": "true" },
                figure.form(row), H.el("span", { class: "map-text" }, ` ${figure.text(row)}`)),
            under ? H.el("span", { class: "map-price", "aria-hidden": "true" }, under) : null,
        ];
    }

    function cellOf(cell) {
        return cell === undefined
            ? H.el("td", { role: "gridcell", class: "map-none" }, H.el("span", { class: "only-read" }, "not run"))
            : H.el("td", { role: "gridcell", tabindex: "-1", "data-cell": cell });
    }

    /* Long names may break behind their punctuation. */
    const broken = (text) => text.split(/(?<=[+:=,@]|\.(?=\D))/).flatMap((part) => [part, H.el("wbr")]);

    /* What stands in the first column, and in the first line. */
    function cornerOf() {
        const down = M.isMatrix ? "story" : M.down.map(M.keyName).join(", ");
        const across = M.isMatrix ? "combination" : M.across ? M.keyName(M.across) : "";
        return [...(down ? [...broken(down), " ↓ "] : []), ...(across ? [...broken(across), " →"] : [])];
    }

    function tableOf() {
        const head = H.el("tr", { role: "row" },
            H.el("td", { role: "columnheader", class: "map-corner" },
                ...cornerOf()),
            ...M.columns.map((name) => H.el("th", { scope: "col", role: "columnheader" },
                H.el("span", null, ...(name ? broken(name) : ["what came of it"])))));
        const lines = M.lines.map((name, line) => H.el("tr", { role: "row" },
            H.el("th", { scope: "row", role: "rowheader" },
                ...(name ? broken(name) : [H.el("span", { class: "only-read" }, "all")])),
            ...M.columns.map((_, column) => cellOf(M.places[line][column]))));
        return H.el("table", { role: "grid", class: M.columns.length > WIDE ? "map map-dense" : "map", "aria-label": M.title, "aria-describedby": "map-keys" },
            H.el("thead", { role: "rowgroup" }, head), H.el("tbody", { role: "rowgroup" }, ...lines));
    }

    /* Where the key leads from a cell, as [line, column], or null. */
    function step(key, ctrl, line, column) {
        const last = [M.lines.length - 1, M.columns.length - 1];
        switch (key) {
        case "ArrowUp": return [line - 1, column];
        case "ArrowDown": return [line + 1, column];
        case "ArrowLeft": return [line, column - 1];
        case "ArrowRight": return [line, column + 1];
        case "Home": return [ctrl ? 0 : line, 0];
        case "End": return [ctrl ? last[0] : line, last[1]];
        case "PageUp": return [0, column];
        case "PageDown": return [last[0], column];
        default: return null;
        }
    }

    /* Where a cell stands: [line, column]. */
    function placeOf(cell) {
        const line = M.places.findIndex((cells) => cells.includes(cell));
        return [line, M.places[line].indexOf(cell)];
    }

    /* The cell that the key leads to, over those that were not run; undefined: none. */
    function nextCell(event, cell) {
        let [line, column] = placeOf(cell);
        let next = step(event.key, event.ctrlKey, line, column);
        const [down, right] = next ? [Math.sign(next[0] - line), Math.sign(next[1] - column)] : [0, 0];
        while (next && M.places[next[0]] && next[1] >= 0 && next[1] < M.columns.length) {
            [line, column] = next;
            if (M.places[line][column] !== undefined || (!down && !right)) {
                return M.places[line][column];
            }
            const far = !event.key.startsWith("Arrow"); /* from the end back to the first that there is */
            next = far ? [line - down, column - right] : [line + down, column + right];
        }
        return undefined;
    }

    /* The line below the table: the cell under the pointer or the focus, or else the one that is
     * chosen, with the way to what came of it. */
    function makeLine() {
        const told = H.el("span", { "aria-hidden": "true" });
        const link = H.el("button", { type: "button", class: "no-print", onclick: toCell }, "What came of it");
        let chosen = -1;
        return {
            element: H.el("p", { class: "map-told" }, told, " ", link),
            tell(cell) {
                told.textContent = spoken(cell < 0 ? chosen : cell);
                link.style.visibility = cell < 0 || cell === chosen ? "visible" : "hidden";
            },
            choose(cell) {
                chosen = cell;
                this.tell(-1);
            },
        };
    }

    function makeTable() {
        const table = tableOf();
        const cells = new Map();
        const line = makeLine();
        table.querySelectorAll("[data-cell]").forEach((td) => cells.set(Number(td.dataset.cell), td));

        /* Only one cell is in the order of the tab key. */
        function reach(td) {
            table.querySelectorAll('[tabindex="0"]').forEach((one) => one.setAttribute("tabindex", "-1"));
            td.setAttribute("tabindex", "0");
        }

        function draw() {
            cells.forEach(function (td, cell) {
                td.className = `map-cell is-${figure.klass(M.rows[cell])}`;
                H.fill(td, ...boxOf(cell));
            });
        }

        function mark(cell) {
            cells.forEach((td, one) => td.setAttribute("aria-selected", String(one === cell)));
            reach(cells.get(cell));
            line.choose(cell);
        }

        /* Once more leads to what came of it. */
        function choose(cell) {
            if (cell === H.get().cell) {
                toCell();
            } else {
                H.set({ cell, playing: false });
            }
        }

        const under = (event) => {
            const td = event.target.closest("[data-cell]");
            return td ? Number(td.dataset.cell) : -1;
        };
        const at = (use) => (event) => under(event) >= 0 && use(under(event));
        table.addEventListener("click", at(choose));
        table.addEventListener("mouseover", (event) => line.tell(under(event)));
        table.addEventListener("mouseleave", () => line.tell(-1));
        table.addEventListener("focusin", at(function (cell) {
            reach(cells.get(cell));
            line.tell(cell);
        }));
        table.addEventListener("focusout", () => line.tell(-1));
        table.addEventListener("keydown", function (event) {
            const cell = under(event);
            const enters = event.key === "Enter" || event.key === " ";
            if (cell < 0 || event.altKey || event.metaKey || !(enters || step(event.key, false, 0, 0))) {
                return;
            }
            event.preventDefault();
            const next = enters ? undefined : nextCell(event, cell);
            if (enters) {
                choose(cell);
            } else if (next !== undefined) {
                cells.get(next).focus();
            }
        });
        draw();
        return { element: H.el("div", null,
            H.el("div", { class: "scroll map-scroll" }, table), line.element), draw, mark };
    }

    /* --- the cell that is chosen --- */

    function toCell() {
        const section = document.getElementById("map-cell");
        section.scrollIntoView({ block: "start" });
        section.focus({ preventScroll: true });
    }

    function toTrial() {
        const story = document.getElementById("story-section");
        story.scrollIntoView({ block: "start" });
        const first = story.querySelector("button");
        if (first) {
            first.focus({ preventScroll: true });
        }
    }

    function trialWords(cell) {
        if (!M.hasTrial(cell)) {
            return H.el("p", null, `No trial of it is in this page: ${H.data.leftOut.why}.`);
        }
        const history = H.data.histories[H.data.runs[M.of.runs[cell]].histories[0]];
        return H.el("p", null, H.el("button", { type: "button", onclick: toTrial },
            `Show what happened in trial ${H.count(history.trial)}`));
    }

    function commandOf(cell) {
        const [name, command] = M.command(M.rows[cell], cell);
        return H.el("div", { class: "command" }, H.el("span", { class: "muted" }, name),
            H.el("code", { tabindex: "0" }, command), H.copyButton(command));
    }

    function factsOf(row) {
        const facts = M.facts(row).filter(([, value]) => value !== null && value !== "" && value !== undefined);
        return H.el("dl", { class: "facts" }, ...facts.map(([name, value]) =>
            H.el("div", null, H.el("dt", null, name), H.el("dd", null, value))));
    }

    function drawCell(element, cell) {
        const row = M.rows[cell];
        const own = M.figures[0];
        const ran = row.trials > 0; /* null: its values make no scenario */
        H.fill(element,
            H.el("div", { "aria-live": "polite" },
                H.el("h2", null, M.heading(row)),
                H.el("p", { class: `sentence map-sentence is-${own.klass(row)}` },
                    H.el("span", { class: "badge" }, H.el("span", { "aria-hidden": "true" }, own.form(row) + " "), M.sentence(row))),
                M.why(row) ? H.el("p", { class: "map-why" }, M.why(row)) : null),
            ran ? trialWords(cell) : H.el("p", null, "It was not run."),
            ran ? factsOf(row) : null, ran ? commandOf(cell) : null);
    }

    /* --- all of it --- */

    function figureOf(table) {
        if (M.figures.length < 2) {
            return null;
        }
        const select = H.el("select", {
            onchange: function () {
                figure = M.figures[Number(select.value)];
                table.draw();
                table.mark(H.get().cell);
            },
        }, ...M.figures.map((one, i) => H.el("option", { value: i }, one.name)));
        return H.el("p", { class: "map-figure no-print" }, H.el("label", null, "Show ", select));
    }

    /* A line of the advice; a command can be copied. */
    function adviceLine(line, strong) {
        const again = /^(Again[^:]*): (.*)$/.exec(line);
        return again ? H.el("div", { class: "command" }, H.el("span", { class: "muted" }, again[1]),
            H.el("code", { tabindex: "0" }, again[2]), H.copyButton(again[2]))
            : H.el("p", null, strong ? H.el("strong", null, line) : line);
    }

    /* What is recommended stands first; what is said of each choice may be long. */
    function advice() {
        const lines = M.of.advice.split("\n").filter(Boolean);
        const head = lines.findIndex((line) => /^(In short|Recommended|Least without a leader|Of those that hold|Nothing is recommended)\b/.test(line));
        const each = lines.slice(0, Math.max(0, head));
        return lines.length ? H.el("div", { class: "map-advice" },
            ...lines.slice(each.length).map((line, i) => adviceLine(line, i === 0 && head >= 0)),
            each.length ? H.el("details", null, H.el("summary", null, "What each choice bears"),
                ...each.map((line) => adviceLine(line, false))) : null) : null;
    }

    function legend() {
        const kinds = M.isMatrix
            ? [["breaks", "✗", "a promise was broken; below it, how many unfenced writes there were (an older leader's, which got through) in all trials, or for how long there were two at once, at most in a trial, or which check was broken"],
                ...(M.rows.some((row) => M.figures[0].klass(row) === "ends")
                    ? [["ends", "✗", "a program ended by itself (program_ended); no promise of its lock was broken"]] : []),
                ["blocks", "‖", "nobody led when the trial ended, or somebody had waited for the lock, for longer than the story allows (settles_within, lock_within)"],
                ["holds", "✓", "nothing broke (*: in those trials that tested it, not in all of them); below it, for how long nobody led meanwhile, at most in a trial"],
                ["undecided", "?", "it cannot be known of all trials"], ["off", "–", "does not apply, or was not tested"]]
            : [["holds", "✓", "the brain was never split (*: in those trials that could have shown it, not in all); below it, for how long " +
                "nobody led in a trial, all such times together, p99 of the trials (under a lease also while its leader stands still)"],
                ["breaks", "✗", "it was split, in so many of the trials"],
                ["undecided", "?", "not known: some trials cannot be judged, or none could have shown a split brain"],
                ["off", "–", "not run: its values make no scenario"]];
        return H.el("ul", { class: "map-legend" }, ...kinds.map(([klass, form, words]) => H.el("li", null,
            H.el("span", { class: `map-swatch is-${klass}`, "aria-hidden": "true" }, form), M.isMatrix && klass !== "off" ? `${klass}: ${words}` : words)));
    }

    /* The head of the page; H.mapHead() is called once, by the panel of the top. */
    H.mapHead = function () {
        const of = M.of;
        const table = makeTable();
        const cell = H.el("section", { id: "map-cell", tabindex: "-1", "aria-label": "The cell that is chosen" });
        const element = H.el("div", null,
            H.el("h1", null, M.title),
            H.el("p", { class: "about" }, M.lead),
            advice(),
            H.mapCurve ? H.mapCurve() : null,
            of.differ > 0 ? H.el("p", { class: "map-differ" }, `${H.plural(of.differ, "trial")} of this page went another way than the ` +
                "table says: another version of hustings filled it. Run it again, into another folder.") : null,
            figureOf(table),
            of.total > M.rows.length ? H.el("p", { class: "muted" }, `The first ${H.count(M.rows.length)} of ${H.count(of.total)} ` +
                `cells; all are in ${of.kind}.csv.`) : null,
            table.element,
            H.el("p", { class: "only-read", id: "map-keys" }, "Arrow keys go from cell to cell; Enter shows what came of one."),
            legend(),
            H.el("details", { class: "map-made" }, H.el("summary", null, "How it was made"),
                H.el("dl", { class: "facts" },
                    H.el("div", null, H.el("dt", null, "Ran as"), H.el("dd", null, of.host === "model" ? "the model" : of.host)),
                    H.el("div", null, H.el("dt", null, "Folder"), H.el("dd", { class: "mono" }, of.folder))),
                H.el("div", { class: "command" }, H.el("code", { tabindex: "0" }, of.command), H.copyButton(of.command))),
            cell);
        function draw(state) {
            document.body.classList.toggle("no-trial", !M.hasTrial(state.cell));
            table.mark(state.cell);
            drawCell(cell, state.cell);
        }
        draw(H.get());
        H.listen((state, changed) => changed.cell && draw(state));
        document.title = `${M.title} – hustings`;
        return element;
    };
})();
