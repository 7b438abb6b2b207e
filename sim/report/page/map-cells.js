/* The cells of a matrix or a sweep, as words and figures: H.map, null in a page of results folders.
 * A cell is its row in the table. It draws nothing. */
(function () {
    "use strict";

    const H = window.H;
    const of = H.data.map || null;
    H.map = null;
    if (!of) {
        return;
    }

    const rows = H.rowsOf(of);
    const isMatrix = of.kind === "matrix";
    const some = (value) => value !== null && value !== undefined;
    const runOf = (cell) => H.data.runs[of.runs[cell]];

    /* A word of a command line. */
    const word = (text) => (/^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replace(/'/g, "'\\''")}'`);

    /* "0.6 ms", "397 ms", "3.8 s", as in the pictures. */
    const time = (ms) => (ms < 99.95 ? `${H.ms(ms)} ms` : ms < 999.5 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`);

    /* "12 %", "below 1 %": a share is never told as none or all if it is not. */
    function share(count, all) {
        const percent = Math.round((100 * count) / all);
        return count === 0 ? "0 %" : count === all ? "100 %" : percent < 1 ? "below 1 %" : percent > 99 ? "over 99 %"
            : `${percent} %`;
    }

    /* --- where a cell stands --- */

    const keys = isMatrix ? ["combination"] : of.columns.slice(1, 1 + of.varied);
    const isTime = (key) => key.endsWith("_ms");
    const keyName = (key) => key.replace(/_ms$/, "");

    /* "3.07 s", "{duration: 3s}", "5". */
    function valueText(key, value) {
        if (!isTime(key)) {
            return String(value);
        }
        return value < 1000 ? `${Number(value.toPrecision(6))} ms` : `${Number((value / 1000).toPrecision(6))} s`;
    }

    const across = isMatrix ? "combination" : keys.length > 1 ? keys[keys.length - 1] : null;
    const down = isMatrix ? ["story"] : keys.length > 1 ? keys.slice(0, -1) : keys;
    const downText = (row) => down.map((key) => valueText(key, row[key])).join(", ");
    const acrossText = (row) => (across ? valueText(across, row[across]) : "");

    function distinct(texts) {
        const places = new Map();
        texts.forEach((text) => places.has(text) || places.set(text, places.size));
        return places;
    }

    /* Values are told in the order in which they come; of a sample, by size. */
    const order = isMatrix || !across ? rows : rows.slice().sort((a, b) =>
        (typeof a[across] === "number" && typeof b[across] === "number" ? a[across] - b[across] : 0));
    const columns = distinct(order.map(acrossText));
    const lines = distinct(rows.map(downText));

    /* By line and column: the cell, or undefined. */
    const places = Array.from({ length: lines.size }, () => []);
    rows.forEach((row, cell) => (places[lines.get(downText(row))][columns.get(acrossText(row))] = cell));

    /* --- a cell of a matrix --- */

    const KINDS = {
        breaks: ["breaks", "✗"], blocks: ["blocks", "‖"], holds: ["holds", "✓"], undecided: ["undecided", "?"],
        ends: ["ends", "✗"], "does not apply": ["off", "–"],
    };

    /* Of what breaks, apart: a program ended by itself, and no promise of its lock was broken. */
    const NO_PROMISES = ["program_ended", "no_leader", "starvation"];
    const kindOf = (row) => (row.cell === "breaks" && row.check === "program_ended" &&
        row.broken.split(" ").every((check) => NO_PROMISES.includes(check)) ? "ends" : row.cell);

    function matrixPrice(row) {
        if (row.cell === "breaks" && row.unfenced_writes > 0) {
            return `${H.count(row.unfenced_writes)} unfenced`;
        }
        if (row.cell === "breaks" && row.overlap_max_ms > 0) {
            return `two ${time(row.overlap_max_ms)}`;
        }
        if (row.cell === "breaks") {
            return row.check || "";
        }
        if (row.cell === "blocks") {
            return row.check === "starvation" ? "waits too long" : "nobody at end";
        }
        return row.cell === "holds" && some(row.leaderless_max_ms) ? `nobody ${time(row.leaderless_max_ms)}` : "";
    }

    /* Some trials only tested it, by chance. */
    const isPartly = (row) => row.cell === "holds" && row.untested > 0;

    function matrixSentence(row) {
        if (isPartly(row)) {
            return `holds in the ${H.count(row.held)} of ${H.plural(row.trials, "trial")} that tested it`;
        }
        const count = row.cell === "breaks" ? row.broke : row.cell === "blocks" ? row.blocked : row.trials;
        const often = row.trials === 0 ? "" : row.cell === "breaks" || row.cell === "blocks"
            ? ` in ${H.count(count)} of ${H.plural(row.trials, "trial")}` : ` (${H.plural(row.trials, "trial")})`;
        return `${kindOf(row)}${often}${row.check ? `: ${row.check}` : ""}`;
    }

    const ofMatrix = {
        title: `${H.plural(lines.size, "story", "stories")} against ${H.plural(columns.size, "combination")}`,
        lead: "Each row is a story of what goes wrong, each column a protocol and its lock. Choose a cell: below the " +
            "table is what came of it, and one of its trials.",
        figures: [{
            name: "", klass: (row) => KINDS[kindOf(row)][0], form: (row) => KINDS[kindOf(row)][1],
            text: (row) => {
                const count = row.cell === "breaks" ? row.broke : row.cell === "blocks" ? row.blocked : 0;
                return row.cell === "does not apply" ? "" : kindOf(row) + (isPartly(row) ? "*" : "") +
                    (count > 0 && count < row.trials ? ` ${share(count, row.trials)}` : "");
            },
            under: matrixPrice,
        }],
        name: (row) => `${row.story}@${row.combination}`,
        heading: (row) => `${row.story} against ${row.combination}`,
        sentence: matrixSentence,
        why: (row) => row.why || "",
        isBad: (row) => row.cell === "breaks" || row.cell === "blocks",
        /* One that is not what the story was told of says more. */
        isTelling: (row) => kindOf(row) === "breaks" && row.combination !== "own",
        facts: (row) => [
            ["Trials that held", H.count(row.held)], ["that broke", H.count(row.broke)],
            ["that blocked", H.count(row.blocked)],
            ["that cannot be judged, or tested nothing", H.count(row.unknown + row.untested)],
            ["Two at once, at most in a trial", row.overlap_max_ms > 0 ? time(row.overlap_max_ms) : "never"],
            ["Nobody led, at most in a trial", some(row.leaderless_max_ms) ? time(row.leaderless_max_ms) : null],
            ["Unfenced writes: stale ones that got through, in all trials", some(row.unfenced_writes) ? H.count(row.unfenced_writes) : null],
            ["Everything that broke", row.broken],
        ],
        command: (row) => ["All its trials", `${word(of.program)} run --on ${row.host}` +
            `${row.command.includes(" --allow-exec ") ? " --allow-exec" : ""} ${word(`${of.folder}/${row.file}`)}`],
    };

    /* --- a point of a sweep --- */

    const judged = (row) => (row.trials || 0) - (row.undecided || 0);

    /* A figure that is small where all is well: its shade is by its size among all. */
    function figure(name, key, text, each) {
        const value = (row) => (some(row[key]) ? (each ? row[key] / Math.max(1, judged(row)) : row[key]) : null);
        const most = Math.max(...rows.map((row) => value(row) || 0));
        return {
            name, klass: (row) => (value(row) === null ? "off" : `shade-${most > 0 ? Math.round((5 * value(row)) / most) : 0}`),
            form: (row) => ["✗", "?"].find((form) => form === POINT_LOOKS[pointState(row)][1]) || "", /* whatever is shown */
            text: (row) => (value(row) === null ? "–" : text(value(row))),
            under: () => "",
        };
    }

    const rate = (value) => String(Number(value.toPrecision(2)));
    /* What is known of a point: point_kind() of sim/sweep/point.h. */
    const tested = (row) => judged(row) - row.untested - row.split_brain_trials;
    const pointState = (row) => (!row.trials ? "off" : row.split_brain_trials > 0 ? "breaks"
        : row.undecided > 0 ? "undecided" : tested(row) === 0 ? "untested" : "holds");
    const POINT_LOOKS = {
        off: ["off", "–"], breaks: ["breaks", "✗"], undecided: ["undecided", "?"], untested: ["undecided", "?"], holds: ["holds", "✓"],
    };
    const splitFigure = {
        name: "split brain, and time without a leader",
        klass: (row) => POINT_LOOKS[pointState(row)][0], form: (row) => POINT_LOOKS[pointState(row)][1],
        text: (row) => ({
            off: "no scenario", holds: row.untested > 0 ? "never split*" : "never split", undecided: "undecided", untested: "not tested",
            breaks: `split ${share(row.split_brain_trials, judged(row))}`,
        })[pointState(row)],
        under: (row) => (some(row.leaderless_ms_p99) ? `nobody ${time(row.leaderless_ms_p99)}` : ""),
    };

    function pointSentence(row) {
        const trials = H.plural(row.trials, "trial");
        return {
            off: "it was not run, as its values make no scenario",
            breaks: `the brain was split in ${H.count(row.split_brain_trials)} of ${H.plural(judged(row), "trial")}`,
            holds: row.untested > 0 ? `the brain was not split in the ${H.count(tested(row))} of ${trials} that could have shown it`
                : `the brain was never split: 0 of ${trials}`,
            undecided: `no split brain was seen, but ${H.count(row.undecided)} of ${trials} cannot be judged`,
            untested: `no split brain was seen, but none of ${trials} could have shown one`,
        }[pointState(row)];
    }

    /* Columns whose names say too little. */
    const FACTS = {
        failed: "trials in which an expectation was not met", undecided: "trials that cannot be judged",
        untested: "trials that could not have shown a split brain", split_brain_trials: "trials with a split brain",
        first_split_trial: "the first of them", false_takeovers: "elected although the leader lived, in all trials",
        leader_crashes: "crashes of the leader, in all trials", unfenced_writes: "unfenced writes, in all trials",
        late_writes: "late writes, in all trials",
    };

    const pointName = (row) => [...down, ...(across ? [across] : [])]
        .map((key) => `${keyName(key)} ${valueText(key, row[key])}`).join(", ");

    const ofSweep = {
        title: `${of.name.split("/").pop().replace(/\.ya?ml$/, "")}: ${H.plural(of.total, "point")} of a sweep`,
        lead: (down.length ? `Each row is a value of ${down.map(keyName).join(", ")}` : "") +
            (across ? `, each column one of ${keyName(across)}. ` : down.length ? ". " : "") +
            "A brain is split where two led at once, or a stale write got through, in some trial. Choose a cell: below " +
            "the table are its figures, and one of its trials.",
        figures: [splitFigure,
            figure("nobody led: p99 of a trial", "leaderless_ms_p99", time),
            figure("nobody led: mean of a trial", "leaderless_ms_mean", time),
            figure("another was elected although the leader lived, times a trial", "false_takeovers", rate, true),
            figure("unfenced writes, a trial", "unfenced_writes", rate, true),
            figure("election: p99", "elect_ms_p99", time),
            figure("until all followed: p99", "settle_ms_p99", time),
            figure("two at once: at most in a trial", "overlap_ms_max", time),
            figure("requests a second", "requests_per_s", rate)],
        name: (row) => String(row.cell),
        heading: (row) => `Point ${row.cell}${keys.length ? `: ${pointName(row)}` : ""}`,
        sentence: pointSentence,
        why: (row) => row.why || "",
        isBad: (row) => row.split_brain_trials > 0,
        isTelling: (row) => row.split_brain_trials > 0,
        isUnknown: (row) => POINT_LOOKS[pointState(row)][0] === "undecided",
        facts: (row) => of.columns.slice(1 + of.varied).filter((name) => name !== "why").map((name) => [FACTS[name] || name.replace(/_/g, " "),
            some(row[name]) ? (typeof row[name] === "number" ? H.count(row[name]) : row[name]) : null]),
        /* That of its trial is that of all of them, but for their number and the seed, which may be what varies. */
        command: (row, cell) => (of.runs[cell] >= 0
            ? ["All its trials", runOf(cell).command.replace(/ --seed \d+ --trials 1 /, ` --seed ${row.seed ?? of.seed} --trials ${row.trials} `)]
            : ["The command of its trials is told by", `${of.command} --cell ${row.cell}`]),
    };

    const its = isMatrix ? ofMatrix : ofSweep;
    const telling = (test) => rows.findIndex((row, cell) => test(row) && (of.runs[cell] >= 0 || !H.data.runs.length));
    H.map = Object.assign({}, its, {
        of, rows, isMatrix, places, keyName, across, down, time,
        valueText, keys, isTime,
        lines: [...lines.keys()], columns: [...columns.keys()],
        hasTrial: (cell) => of.runs[cell] >= 0,
        formOfRun: (run) => its.figures[0].form(rows[of.runs.indexOf(run)]),
        cellOfRun: (run) => of.runs.indexOf(run),
        /* The cell of a name; -1: there is none. */
        find: (name) => rows.findIndex((row) => its.name(row) === name),
        first: () => [its.isTelling, its.isBad, () => true].map(telling).find((cell) => cell >= 0) ?? 0,
    });
})();
