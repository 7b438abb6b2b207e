/* Where an election's time goes: bars of stages, one after the other. Of the trial that is shown
 * each election has a bar; of all trials each cause has one, of the means. */
(function () {
    "use strict";

    const H = window.H;
    const C = H.charts;
    const STAGES = [ /* name in the data, what it is, its hatching in a square of 8 */
        ["detect", "until somebody noticed", ""],
        ["lock", "waiting for the lock", "M-2,10L10,-2M-2,2L2,-2M6,10L10,6"],
        ["read", "reading the statuses", "M0,4h8"],
        ["decide", "deciding", "M4,0v8"],
        ["publish", "publishing", "M-2,-2L10,10M-2,6L2,10M6,-2L10,2"],
        ["spread", "until all followed", "M2,2h.01M6,6h.01"],
    ];
    const BAR = 20;
    const ROW = BAR + 30;
    const ROWS_MOST = 60;

    /* Bars of a trial's elections: {name, parts, total, note, due}. parts: ms, null where a stage did
     * not happen. due: ns. */
    function barsOfTrial(h) {
        return h.elections.map(function (election) {
            const parts = STAGES.map((stage) => C.scaled(election.stages[stage[0]], 1e-6));
            const has = election.stages.detect !== null;
            const cause = election.cause + (election.member >= 0 ? ` of ${H.who(election.member)}` : "");
            const told = has ? `${H.who(election.elected)} elected`
                : election.published !== null ? `${H.who(election.elected)} elected, nobody knows by whom`
                    : `nothing published, ${election.ended}`;
            return {
                name: `${election.nth}. ${cause}: ${told}`, parts, due: election.due, missing: !has,
                note: has && election.settled === null ? "not followed by all" : "",
                total: parts.reduce((a, b) => a + b, 0),
            };
        });
    }

    /* Bars of all trials: the means of those that settled, by cause. */
    function barsOfAll(run) {
        const groups = new Map();
        C.elections(run).forEach(function (row) {
            const group = groups.get(row.cause) || { n: 0, all: 0, sums: STAGES.map(() => null) };
            groups.set(row.cause, group);
            group.all++;
            if (!C.isEmpty(row.detect_ms) && !C.isEmpty(row.settled_ms)) {
                group.n++;
                STAGES.forEach(function (stage, i) {
                    const ms = C.number(row[stage[0] + "_ms"]);
                    group.sums[i] = Number.isNaN(ms) ? group.sums[i] : group.sums[i] + ms;
                });
            }
        });
        return Array.from(groups).filter((pair) => pair[1].n > 0).sort((a, b) => b[1].all - a[1].all)
            .map(function ([cause, group]) {
                const parts = group.sums.map((sum) => C.scaled(sum, 1 / group.n));
                return {
                    name: `${cause}: mean of ${H.plural(group.n, "election")} that settled, of ${H.count(group.all)}`,
                    parts, note: "", total: parts.reduce((a, b) => a + b, 0), missing: false, due: null,
                };
            });
    }

    /* --- drawing --- */

    function patterns(svg, id) {
        const defs = C.svg("defs", {}, svg);
        STAGES.forEach(function (stage) {
            const pattern = C.svg("pattern", { id: `${id}-${stage[0]}`, width: 8, height: 8, patternUnits: "userSpaceOnUse" }, defs);
            const ground = C.svg("rect", { width: 8, height: 8 }, pattern);
            ground.style.fill = `var(--stage-${stage[0]})`;
            const lines = C.svg("path", { d: stage[2], class: "hatching" }, pattern);
            lines.style.strokeLinecap = "round";
            lines.style.strokeWidth = stage[0] === "spread" ? "2.2" : "";
        });
    }

    function swatch(stage) {
        const svg = C.svg("svg", { width: 26, height: 14, "aria-hidden": "true" });
        patterns(svg, `swatch-${stage[0]}`);
        C.svg("rect", { width: 26, height: 14, fill: `url(#swatch-${stage[0]}-${stage[0]})` }, svg);
        return svg;
    }

    const ms = (x) => (x >= 100 ? H.count(Math.round(x)) : x >= 1 ? x.toFixed(1) : x.toFixed(3));

    function drawBar(svg, bar, at, scale, shares) {
        const g = C.svg("g", { class: bar.due === null ? "" : "bar", transform: `translate(0,${at})` }, svg);
        const name = C.svg("text", { y: 12 }, g);
        name.textContent = bar.missing ? bar.name : `${bar.name}, ${ms(bar.total)} ms${bar.note ? ", " + bar.note : ""}`;
        let x = scale(0);
        bar.parts.forEach(function (part, i) {
            const length = scale(shares ? part / (bar.total || 1) : part) - scale(0);
            if (part > 0) {
                const rect = C.svg("rect", { x, y: 17, width: Math.max(length, 1), height: BAR, fill: `url(#stages-${STAGES[i][0]})` }, g);
                C.svg("title", {}, rect).textContent = `${STAGES[i][0]}: ${ms(part)} ms`;
                const words = `${STAGES[i][0]} ${ms(part)}`;
                if (length > words.length * 7 + 8) {
                    const back = C.svg("rect", { x: x + 3, y: 20, width: words.length * 6.4 + 6, height: BAR - 6, rx: 2 }, g);
                    back.style.fill = `var(--stage-${STAGES[i][0]})`;
                    C.svg("text", { x: x + 6, y: 31, class: "segment-text" }, g).textContent = words;
                }
            }
            x += length;
        });
        if (bar.due !== null) {
            g.addEventListener("click", () => H.set({ ns: bar.due }));
        }
    }

    function draw(figure, bars, width, shares) {
        const old = figure.querySelector("svg");
        if (old) {
            old.remove();
        }
        const shown = bars.slice(0, ROWS_MOST);
        const height = shown.length * ROW + 44;
        const svg = C.svg("svg", { width, height, viewBox: `0 0 ${width} ${height}`, role: "img" }, figure);
        svg.setAttribute("aria-label", `Bars of stages of ${H.plural(shown.length, "election")}; the table below says the same in figures.`);
        patterns(svg, "stages");
        const most = shares ? 1 : Math.max(...shown.map((bar) => bar.total), 0.001);
        const scale = window.d3.scaleLinear().domain([0, most]).range([5, width - 16]);
        shown.forEach((bar, i) => drawBar(svg, bar, i * ROW, scale, shares));
        C.below(svg, scale, { x: 5, y: shown.length * ROW + 2, width: width - 21 },
            shares ? "share of the time from due until all followed" : "ms after the election became due", shares ? "%" : undefined);
    }

    function figures(parent, bars) {
        const cell = (bar, part) => (bar.missing || part === null ? "" : part.toFixed(3));
        C.figures(parent, "These figures as a table", "Stages, in ms",
            ["election", ...STAGES.map((stage) => stage[0]), "in all"],
            bars.slice(0, ROWS_MOST).map((bar) => [bar.name, ...bar.parts.map((part) => cell(bar, part)), cell(bar, bar.total)]));
    }

    H.panel("stages", function (element) {
        const state = { of: "trial", shares: false };
        const bar = H.el("div", { class: "charts-bar no-print" });
        const note = H.el("p", { class: "muted" });
        const legend = H.el("ul", { class: "charts-legend" }, ...STAGES.map((stage) =>
            H.el("li", {}, swatch(stage), `${stage[0]}: ${stage[1]}`)));
        const figure = H.el("figure", { class: "chart" });
        const table = H.el("div", { class: "charts-figures" });
        element.append(bar, note, legend, figure, table);
        const of = C.select(bar, "Elections of", [["trial", "the trial that is shown"], ["all", "all trials, mean by cause"]],
            function (choice) {
                state.of = choice;
                update();
            });
        C.check(bar, "as shares", function (checked) {
            state.shares = checked;
            update();
        });
        let bars = [];
        const sized = C.whenSized(figure, (width) => bars.length && draw(figure, bars, width, state.shares));

        function update() {
            const now = H.get();
            const h = H.data.histories[now.history];
            const here = Boolean(h) && h.run === now.run;
            const all = state.of === "all" || !here;
            of.select.value = all ? "all" : "trial";
            bars = all ? barsOfAll(now.run) : barsOfTrial(h);
            const what = `${C.runName(now.run)}${all ? "" : `, trial ${h.trial}`}`;
            const left = bars.length - ROWS_MOST;
            note.textContent = bars.length === 0 ? `${what}: no election ${all ? "settled" : "became due"}.`
                : `${what}. ${left > 0 ? `The first ${ROWS_MOST} of ${H.plural(bars.length, "election")}; all are in elections.csv.` : ""}`
                    + (all ? C.leftOut([now.run]) : "");
            [legend, figure, table].forEach((part) => void (part.hidden = bars.length === 0));
            if (bars.length) {
                sized.again();
                figures(table, bars);
            }
        }
        H.listen(function (now, changed) {
            if (changed.run || changed.history) {
                update();
            }
        });
        update();
    });
})();
