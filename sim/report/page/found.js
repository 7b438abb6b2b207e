/* What was found in the trials: elections, violations and the trials as tables, and the story of the
 * trial that is shown. Each is linked to its moment, if the history is in the page. */
(function () {
    "use strict";

    const H = window.H;
    const MS = 1e6; /* ns */

    /* Draws anew for another run, and marks what is about the moment that is shown. */
    function follow(element, make) {
        let table = null;
        function draw(state) {
            table = make(state.run);
            H.fill(element, table.element);
        }
        draw(H.get());
        H.listen(function (state, changed) {
            if (changed.run) {
                draw(state);
            } else if (changed.ns || changed.history) {
                table.mark(state);
            }
        });
    }

    /* A time of a trial, as a link if its history is in the page. */
    function linked(row, ms, what) {
        if (ms === null || ms === undefined) {
            return null;
        }
        const text = H.seconds(ms * MS);
        const history = row.history;
        return history < 0 ? text
            : H.moment(text, { history, ns: ms * MS }, `${text}: show ${what} of trial ${row.trial}`);
    }

    /* What is said of a table of which not all rows are here. */
    function noteOf(table, file) {
        const shown = table.rows.length;
        if (shown === table.total) {
            return null;
        }
        return `Of ${H.count(table.total)} rows the page has ${H.count(shown)}, ${H.whichRows(table)}; all are in ${file}.`;
    }

    /* --- elections --- */

    function causeOf(row) {
        return row.cause + (row.cause_node === null || row.cause_node === undefined ? "" : " of " + H.who(row.cause_node));
    }

    /* The rows of elections.csv; beside them, of histories in the page, those that were left out. */
    function electionRows(run) {
        const table = H.data.runs[run].elections;
        const rows = H.rowsOf(table);
        const known = new Set(rows.map((row) => row.trial + " " + row.nth));
        const ms = (ns) => (ns === null ? null : ns / MS);
        H.data.runs[run].histories.forEach(function (index) {
            const history = H.data.histories[index];
            history.elections.filter((one) => !known.has(history.trial + " " + one.nth)).forEach((one) => rows.push({
                trial: history.trial, nth: one.nth, cause: one.cause, cause_node: one.member < 0 ? null : one.member,
                due_ms: ms(one.due), published_ms: ms(one.published), elected: one.elected < 0 ? null : one.elected,
                elect_ms: one.published === null ? null : ms(one.published - one.due),
                settle_ms: one.settled === null ? null : ms(one.settled - one.due),
                reason: one.reason, verdict: one.verdict, outdated: one.outdated, ended: one.ended,
            }));
        });
        rows.forEach((row) => (row.history = H.historyOf(run, row.trial)));
        return rows.sort((a, b) => a.trial - b.trial || a.nth - b.nth);
    }

    /* What an election came to; needless ones say so, and those that were right when the statuses were read. */
    const endOf = (row) => (row.verdict === "none" && row.ended === "withdrawn" ? "withdrawn"
        : row.outdated === 1 ? "outdated" : row.verdict);

    H.panel("elections", (element) => follow(element, function (run) {
        const rows = electionRows(run);
        rows.forEach(function (row, i) {
            const next = rows[i + 1];
            row.until_ms = next && next.trial === row.trial ? next.due_ms : Infinity;
        });
        const time = (name) => ({
            number: true, value: (row) => row[name],
            cell: (row) => (row[name] === null || row[name] === undefined ? null : H.ms(row[name])),
        });
        return H.table({
            caption: "Elections", rows, empty: H.data.runs[run].elects ? "No election became due." : "Nobody is to be elected: the programs only lock.",
            note: noteOf(H.data.runs[run].elections, "elections.csv"),
            columns: [
                { label: "Trial", number: true, value: (row) => row.trial },
                { label: "#", number: true, value: (row) => row.nth },
                { label: "Due at", number: true, value: (row) => row.due_ms,
                    cell: (row) => linked(row, row.due_ms, `election ${row.nth}`) },
                { label: "Cause", value: causeOf },
                { label: "Elected", value: (row) => row.elected,
                    cell: (row) => (row.elected === null ? null : H.who(row.elected)) },
                { label: "By", value: (row) => row.reason },
                Object.assign({ label: "Elect ms" }, time("elect_ms")),
                Object.assign({ label: "Settle ms" }, time("settle_ms")),
                { label: "Verdict", value: endOf, cell: (row) => H.verdict(endOf(row)) },
                { label: "Ended", value: (row) => row.ended },
            ],
            isNow: (row, state) => row.history >= 0 && row.history === state.history &&
                row.due_ms * MS <= state.ns && state.ns < row.until_ms * MS,
        });
    }));

    /* --- violations --- */

    /* A trial that is there alone has no table, but its history. */
    function violationRows(run) {
        const { violations, histories } = H.data.runs[run];
        if (violations.columns.length) {
            return H.rowsOf(violations);
        }
        return histories.map((index) => H.data.histories[index]).flatMap((history) =>
            history.violations.map((one) => ({
                trial: history.trial, at_ms: one.from / MS, until_ms: one.to / MS, check: one.check,
                processes: one.members.map((place) => history.members[place].id).join(" "), explanation: one.text,
            })));
    }

    H.panel("violations", (element) => follow(element, function (run) {
        const table = H.data.runs[run].violations;
        const rows = violationRows(run);
        rows.forEach((row) => (row.history = H.historyOf(run, row.trial)));
        return H.table({
            caption: "Violations", rows, empty: "No violation was found.",
            note: noteOf(table, "violations.csv"),
            columns: [
                { label: "Trial", number: true, value: (row) => row.trial },
                { label: "Since", number: true, value: (row) => row.at_ms,
                    cell: (row) => linked(row, row.at_ms, row.check) },
                { label: "Lasted ms", number: true, value: (row) => row.until_ms - row.at_ms,
                    cell: (row) => H.ms(row.until_ms - row.at_ms) },
                { label: "Promise", value: (row) => row.check },
                { label: "Who", value: (row) => row.processes,
                    cell: (row) => String(row.processes || "").split(" ").filter(Boolean)
                        .map((id) => H.who(Number(id))).join(", ") },
                { label: "What happened", wide: true, value: (row) => row.explanation },
            ],
            isNow: (row, state) => row.history >= 0 && row.history === state.history &&
                row.at_ms * MS <= state.ns && state.ns <= row.until_ms * MS,
        });
    }));

    /* --- trials --- */

    /* A trial, as a link to its beginning. */
    function trialLink(row) {
        return row.history < 0 ? String(row.trial)
            : H.moment(String(row.trial), { history: row.history, event: 0 }, `${row.trial}: show this trial`);
    }

    H.panel("trials", (element) => follow(element, function (run) {
        const table = H.data.runs[run].trialRows;
        const rows = H.rowsOf(table);
        rows.forEach((row) => (row.history = H.historyOf(run, row.trial)));
        const time = (label, name) => ({
            label, number: true, value: (row) => row[name],
            cell: (row) => (row[name] === null ? null : H.ms(row[name])),
        });
        return H.table({
            caption: "Trials", rows, empty: "No trial was finished.",
            note: noteOf(table, "trials.csv"),
            columns: [
                { label: "Trial", number: true, value: (row) => row.trial, cell: trialLink },
                { label: "Verdict", value: (row) => row.verdict, cell: (row) => H.verdict(row.verdict) },
                { label: "Elections", number: true, value: (row) => row.elections },
                { label: "Violations", number: true, value: (row) => row.violations },
                { label: "Leader at the end", value: (row) => row.final_leader,
                    cell: (row) => (row.final_leader === null ? null : H.who(row.final_leader)) },
                time("Leaderless ms", "leaderless_ms"),
                time("Two leaders ms", "two_leaders_ms"),
                time("Two holders ms", "two_lock_holders_ms"),
                { label: "Requests", number: true, value: (row) => row.requests, cell: (row) => H.count(row.requests) },
            ],
            isNow: (row, state) => row.history >= 0 && row.history === state.history,
        });
    }));

    /* --- the story --- */

    function lineOf(history, line, index) {
        const broken = line.violation !== null && line.violation >= 0;
        return H.el("li", { class: broken ? "broken" : null },
            H.moment(H.seconds(line.at), { history: index, event: line.event }, null, true),
            H.el("span", null, broken ? H.el("span", { class: "form", "aria-hidden": "true" }, "✗ ") : null, line.text));
    }

    H.panel("story", function (element) {
        let lines = [];
        let list = null;
        let now = null;
        function draw(state) {
            const history = H.data.histories[state.history];
            lines = history ? history.story.map((line) => [line, lineOf(history, line, state.history)]) : [];
            now = null;
            if (!history) {
                H.fill(element, H.el("p", { class: "muted" }, "No history is in the page."));
                return;
            }
            const left = history.storyLeftOut;
            const replayed = H.data.runs[history.run].host === "model";
            H.fill(element,
                H.el("p", { class: "muted" }, `Trial ${history.trial}, seed ${history.seed}.`,
                    history.undecided ? ` It is undecided: ${history.undecided}.` : null),
                (list = H.el("ol", { class: "story", tabindex: "0", "aria-label": "The story of the trial" },
                    ...lines.map((pair) => pair[1]))),
                left ? H.el("p", { class: "muted" }, `${H.plural(left, "line")} ` +
                    `${left === 1 ? "is" : "are"} left out; the list of events below has everything.`) : null,
                history.command ? H.el("details", null,
                    H.el("summary", null, replayed ? "Repeat this trial" : "Run this trial again"),
                    replayed ? null : H.el("p", { class: "muted" },
                        "Another run, not a replay: real processes may do something else."),
                    H.el("div", { class: "command" }, H.el("code", { tabindex: "0" }, history.command),
                        H.copyButton(history.command))) : null);
            mark(state);
        }
        /* Within the list; the page stays where it is. */
        function show(line) {
            const top = line.offsetTop - list.offsetTop;
            if (top < list.scrollTop || top + line.offsetHeight > list.scrollTop + list.clientHeight) {
                list.scrollTop = top - list.clientHeight / 3;
            }
        }
        /* The last line that has happened. */
        function mark(state) {
            let last = null;
            for (const [line, row] of lines) {
                last = line.event <= state.event ? row : last;
            }
            if (last !== now) {
                if (now) {
                    now.removeAttribute("aria-current");
                }
                if (last) {
                    last.setAttribute("aria-current", "true");
                    show(last);
                }
                now = last;
            }
        }
        draw(H.get());
        H.listen(function (state, changed) {
            if (changed.history) {
                draw(state);
            } else if (changed.event) {
                mark(state);
            }
        });
    });
})();
