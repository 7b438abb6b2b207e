/* The curve of a sweep of one key: the figures above its values. What it shows stands in the table
 * below it, too, which keyboards and screen readers use. */
(function () {
    "use strict";

    const H = window.H;
    const M = H.map;
    const d3 = window.d3;
    if (!M || M.isMatrix || M.keys.length !== 1 || M.rows.length < 2 || !M.rows.some((row) => row.leaderless_ms_p99 !== null)) {
        return;
    }

    const key = M.keys[0];
    /* As wide as the page, so that its letters are as large as the page's. */
    const W = Math.min(720, Math.max(320, document.documentElement.clientWidth - 32));
    const HIGH = 260;
    const EDGE = { left: 64, right: 16, top: 12, bottom: 44 };
    const rows = M.rows.map((row, cell) => ({ row, cell })).filter(({ row }) => row.leaderless_ms_p99 !== null);
    const values = rows.map(({ row }) => row[key]);
    const measured = values.every((value) => typeof value === "number");

    /* Values that grow by factors stand at equal distances; those that are no numbers, too. */
    function scaleX() {
        const range = [EDGE.left, W - EDGE.right];
        const [low, high] = [Math.min(...values), Math.max(...values)];
        return !measured ? d3.scalePoint(values, range).padding(0.3)
            : low > 0 && high / low >= 10 ? d3.scaleLog([low, high], range) : d3.scaleLinear([low, high], range);
    }

    /* Words too long to stand below an axis are called A, B, …, and told below the curve. */
    const letters = !measured && rows.length <= 26 && values.some((value) => M.valueText(key, value).length > 10);
    const letterOf = (value) => String.fromCharCode(65 + values.indexOf(value));
    const tickText = (value) => (letters ? letterOf(value) : M.valueText(key, value));

    /* Those of which none lies over the one before it: a letter is 7 px wide at most. */
    function apart(ticks, x) {
        let end = -Infinity;
        return ticks.filter(function (value) {
            const half = 3.5 * tickText(value).length + 3;
            const free = x(value) - half >= end;
            end = free ? x(value) + half : end;
            return free;
        });
    }

    /* All values, or else round numbers: 1, 2 and 5 of each power of ten, where they grow by factors. */
    function ticksOf(x) {
        const isRound = (value) => [1, 2, 5].includes(Number(value.toExponential()[0]));
        return apart(!measured ? values : rows.length <= 8 ? values.slice().sort((a, b) => a - b)
            : x.ticks(W < 500 ? 4 : 6).filter((value) => !x.base || isRound(value)), x);
    }

    /* What each letter stands for. */
    const letterList = () => H.el("ul", { class: "map-letters" },
        ...values.map((value) => H.el("li", null, `${letterOf(value)}: ${M.valueText(key, value)}`)));

    H.mapCurve = function () {
        const most = Math.max(...rows.map(({ row }) => row.leaderless_ms_p99)) || 1;
        const x = scaleX();
        const y = d3.scaleLinear([0, most], [HIGH - EDGE.bottom, EDGE.top]).nice();
        const svg = d3.create("svg").attr("viewBox", `0 0 ${W} ${HIGH}`).attr("aria-hidden", "true");
        const shown = ticksOf(x);
        svg.append("g").attr("class", "axis").attr("transform", `translate(0,${HIGH - EDGE.bottom})`)
            .call(d3.axisBottom(x).tickValues(shown).tickFormat(tickText));
        svg.append("g").attr("class", "axis").attr("transform", `translate(${EDGE.left},0)`)
            .call(d3.axisLeft(y).ticks(5).tickFormat((ms) => M.time(ms).replace(".0 ms", " ms")));
        svg.append("text").attr("class", "axis-name").attr("x", W - EDGE.right).attr("y", HIGH - 6)
            .attr("text-anchor", "end").text(`${M.keyName(key)} →`);
        const sorted = measured ? rows.slice().sort((a, b) => a.row[key] - b.row[key]) : rows;
        svg.append("path").attr("class", "curve map-line")
            .attr("d", d3.line().x(({ row }) => x(row[key])).y(({ row }) => y(row.leaderless_ms_p99))(sorted));
        const dots = svg.selectAll("path.map-dot").data(rows).join("path")
            .attr("transform", ({ row }) => `translate(${x(row[key])},${y(row.leaderless_ms_p99)})`)
            .attr("d", ({ row }) => d3.symbol().size(110)
                .type(row.split_brain_trials > 0 ? d3.symbolSquare : d3.symbolCircle)());
        dots.each(function ({ cell }) {
            this.addEventListener("click", () => H.set({ cell, playing: false }));
        });
        dots.append("title").text(({ row }) => `${M.heading(row)}: ${M.sentence(row)}`);
        const mark = (chosen) => dots.attr("class", ({ row, cell }) =>
            `map-dot ${row.split_brain_trials > 0 ? "is-split" : ""} ${M.isUnknown(row) ? "is-unknown" : ""} ${cell === chosen ? "is-now" : ""}`);
        mark(H.get().cell);
        H.listen((state, changed) => changed.cell && mark(state.cell));
        return H.el("figure", { class: "chart map-curve" },
            H.el("figcaption", null, "For how long nobody led in a trial, p99 of the trials; a red square: the brain was split in some trial" +
                (rows.some(({ row }) => M.isUnknown(row)) ? "; hollow: that is not known" : "")),
            svg.node(), letters ? letterList() : null);
    };
})();
