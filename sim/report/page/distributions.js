/* How long elections took, over all trials and runs: empirical distribution functions, and below,
 * on the same axis, a strip for each cause. What never came to an end ranks last: a curve that does
 * not reach the top ends at the share that did. */
(function () {
    "use strict";

    const H = window.H;
    const C = H.charts;
    const TIMES = [
        ["elect", "Until the result was published"],
        ["settle", "Until everybody followed it"],
    ];
    const CURVE = 200; /* px: how high */
    const STRIP = 26;
    const DOTS_MOST = 300; /* of a strip of one run; more are drawn as bars, a bar a pixel */
    const LEFT = 44;

    /* --- figures --- */

    /* {values ascending, all, never, open} of a run's elections with this cause. all: how many. open:
     * published, but not settled when another came, or the trial ended. */
    function collect(run, time, cause) {
        const out = { values: [], all: 0, never: 0, open: 0 };
        C.elections(run).forEach(function (row) {
            if (cause !== "all" && row.cause !== cause) {
                return;
            }
            out.all++;
            const ms = C.number(row[time + "_ms"]);
            if (!Number.isNaN(ms)) {
                out.values.push(ms);
            } else if (row.ended === "never") {
                out.never++;
            } else if (row.ended === "published") {
                out.open++;
            }
        });
        out.values.sort((a, b) => a - b);
        return out;
    }

    /* Nearest rank, as in summary.csv; Infinity: it falls on those that never were. */
    function percentile(set, p) {
        const count = set.values.length + set.never;
        const place = Math.max(1, Math.ceil((p * count) / 100));
        return count === 0 ? NaN : place > set.values.length ? Infinity : set.values[place - 1];
    }

    const words = (ms) => (Number.isNaN(ms) ? "" : ms === Infinity ? "never" : H.ms(ms));

    function causes(runs) {
        const found = new Map();
        runs.forEach((run) => C.elections(run).forEach((row) => found.set(row.cause, (found.get(row.cause) || 0) + 1)));
        return Array.from(found).sort((a, b) => b[1] - a[1]).map((pair) => pair[0]);
    }

    /* --- drawing --- */

    /* The steps of a distribution function; of those in one pixel, the last. */
    function curve(set, x, y, right) {
        const count = set.values.length + set.never;
        let path = `M${LEFT},${y(0)}`;
        set.values.forEach(function (value, i) {
            const px = x(value);
            const isLast = i + 1 === set.values.length;
            if (isLast || Math.floor(x(set.values[i + 1]) * 2) !== Math.floor(px * 2)) {
                path += `H${px.toFixed(1)}V${y((i + 1) / count).toFixed(1)}`;
            }
        });
        return `${path}H${right}`;
    }

    /* A number that is the same for the same place, from 0 to 1: dots do not lie on each other. */
    const scatter = (i) => ((i * 0.61803398875) % 1);

    function drawStrip(svg, set, x, top, height, colour) {
        if (set.values.length <= DOTS_MOST) {
            set.values.forEach(function (value, i) {
                const dot = C.svg("circle", { cx: x(value).toFixed(1), cy: (top + 3 + scatter(i) * (height - 6)).toFixed(1), r: 2.4, "fill-opacity": 0.65 }, svg);
                dot.style.fill = colour;
            });
            return;
        }
        const bins = new Map();
        set.values.forEach((value) => bins.set(Math.round(x(value)), (bins.get(Math.round(x(value))) || 0) + 1));
        const most = Math.max(...bins.values());
        const path = Array.from(bins).map(([px, count]) => {
            const length = Math.max(1, ((height - 2) * Math.sqrt(count / most)));
            return `M${px},${(top + height - 1).toFixed(1)}v${(-length).toFixed(1)}`;
        }).join("");
        C.svg("path", { d: path, fill: "none" }, svg).style.stroke = colour;
    }

    function scaleOf(sets, width, log) {
        const values = [].concat(...sets.map((set) => (set.values.length ? [set.values[0], set.values[set.values.length - 1]] : [])));
        const high = Math.max(...values, 0.001);
        if (!log) {
            return window.d3.scaleLinear().domain([0, high]).range([LEFT, width - 14]).nice();
        }
        const low = Math.max(Math.min(...values), 0.001);
        return window.d3.scaleLog().domain([low, Math.max(high, low * 2)]).range([LEFT, width - 14]).nice().clamp(true);
    }

    /* One figure: curves above, strips below. */
    function draw(figure, view, width) {
        const old = figure.querySelector("svg");
        if (old) {
            old.remove();
        }
        const lines = view.runs.length;
        const each = Math.max(STRIP, lines * 12);
        const axisAt = CURVE + 22;
        const height = axisAt + 44 + view.causes.length * (each + 22);
        const svg = C.svg("svg", { width, height, viewBox: `0 0 ${width} ${height}`, role: "img" }, figure);
        svg.setAttribute("aria-label", `${view.title}: share of elections that were done after so many ms; the table below says the same in figures.`);
        const all = view.runs.map((run) => collect(run, view.time, view.cause));
        const x = scaleOf(view.runs.map((run) => collect(run, view.time, "all")), width, view.log);
        const y = window.d3.scaleLinear().domain([0, 1]).range([axisAt, 14]);
        const grid = C.svg("g", { class: "axis grid", transform: `translate(${LEFT},0)` }, svg);
        window.d3.select(grid).call(window.d3.axisLeft(y).ticks(4, "%").tickSize(-(width - 14 - LEFT)).tickPadding(6));
        C.below(svg, x, { x: LEFT, y: axisAt, width: width - 14 - LEFT }, "ms after it became due", view.log ? "~s" : undefined);
        all.forEach(function (set, i) {
            if (set.values.length) {
                const path = C.svg("path", { class: "curve", d: curve(set, x, y, width - 14), "stroke-dasharray": C.dash(i) }, svg);
                path.style.stroke = C.colour(i);
            }
        });
        let top = axisAt + 50;
        view.causes.forEach(function (cause) {
            const sets = view.runs.map((run) => collect(run, view.time, cause));
            const count = sets.reduce((sum, set) => sum + set.values.length, 0);
            const never = sets.reduce((sum, set) => sum + set.never, 0);
            const of = sets.reduce((sum, set) => sum + set.all, 0);
            C.svg("text", { x: 0, y: top + 10 }, svg).textContent = `${cause}: ${H.count(count)}`
                + (of > count ? ` of ${H.count(of)}` : "") + (never ? `, never: ${H.count(never)}` : "");
            C.svg("line", { x1: LEFT, x2: width - 14, y1: top + 15 + each, y2: top + 15 + each, class: "strip-line" }, svg);
            sets.forEach((set, i) => drawStrip(svg, set, x, top + 15 + (each * i) / lines, each / lines, C.colour(i)));
            top += each + 22;
        });
    }

    function legendItem(run, i, cause) {
        const svg = C.svg("svg", { width: 34, height: 12, "aria-hidden": "true" });
        const line = C.svg("path", { d: "M0,6h34", "stroke-width": 2.5, "stroke-dasharray": C.dash(i), fill: "none" }, svg);
        line.style.stroke = C.colour(i);
        const set = collect(run, "elect", cause);
        const never = set.never ? `, never: ${H.count(set.never)}` : "";
        return H.el("li", {}, svg, `${C.runName(run)}: ${H.plural(set.values.length, "election")} published${never}`);
    }

    function figuresOf(parent, runs, list, cause) {
        const rows = [];
        runs.forEach((run) => (cause === "all" ? ["all", ...list] : [cause]).forEach(function (one) {
            const elect = collect(run, "elect", one);
            const settle = collect(run, "settle", one);
            if (elect.values.length + elect.never + settle.open > 0) {
                const four = (set) => [50, 90, 99, 100].map((p) => words(percentile(set, p)));
                const name = `${C.runName(run)}, ${one === "all" ? "all causes" : one}`;
                rows.push([`${name}: published`, H.count(elect.values.length), H.count(elect.never), "", ...four(elect)],
                    [`${name}: settled`, H.count(settle.values.length), H.count(settle.never), H.count(settle.open), ...four(settle)]);
            }
        }));
        C.figures(parent, "These figures as a table", "How long elections took, in ms, by nearest rank. What never was published ranks last. Not yet: published, but not settled when another came or the trial ended; these have no rank.",
            ["run and cause", "elections", "never", "not yet", "p50", "p90", "p99", "longest"], rows);
    }

    H.panel("distributions", function (element) {
        const runs = H.data.runs.map((_, run) => run).slice(0, C.RUNS_MOST);
        const list = causes(runs);
        if (list.length === 0) {
            element.append(H.el("p", { class: "muted" }, H.data.runs.some((run) => run.elects) ? "No election became due."
                : "Nobody is to be elected: the programs only lock."));
            return;
        }
        const state = { cause: "all", log: false };
        const bar = H.el("div", { class: "charts-bar no-print" });
        const legend = H.el("ul", { class: "charts-legend" });
        const pair = H.el("div", { class: "charts-pair" });
        const table = H.el("div", { class: "charts-figures" });
        const left = H.data.runs.length - runs.length;
        const note = (left > 0 ? `The first ${C.RUNS_MOST} of ${H.data.runs.length} runs are drawn. ` : "") + C.leftOut(runs);
        element.append(bar, legend, pair, table, H.el("p", { class: "muted", hidden: !note }, note));
        const charts = TIMES.map(function ([time, title]) {
            const figure = H.el("figure", { class: "chart" }, H.el("figcaption", {}, title));
            pair.append(figure);
            return C.whenSized(figure, (width) => draw(figure, {
                time, title, runs, cause: state.cause, log: state.log,
                causes: state.cause === "all" ? list : [state.cause],
            }, width));
        });
        function update() {
            H.fill(legend, ...runs.map((run, i) => legendItem(run, i, state.cause)));
            charts.forEach((chart) => chart.again());
            figuresOf(table, runs, list, state.cause);
        }
        C.select(bar, "Cause", [["all", "all causes"], ...list.map((cause) => [cause, cause])], function (cause) {
            state.cause = cause;
            update();
        });
        C.check(bar, "logarithmic axis", function (checked) {
            state.log = checked;
            update();
        });
        update();
    });
})();
