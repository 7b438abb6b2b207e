/* The top of the page: what was run, the verdict, the command that repeats it; what was expected;
 * which run and which trial are shown. */
(function () {
    "use strict";

    const H = window.H;
    const runs = H.data.runs;
    const WORDS = { passed: "Passed", failed: "Failed", undecided: "Undecided" };
    const FORMS = { passed: "✓", failed: "✗", undecided: "?" };

    /* --- what was run --- */

    function fact(name, ...value) {
        return value.length && value[0] !== "" && value[0] !== null
            ? H.el("div", null, H.el("dt", null, name), H.el("dd", null, ...value)) : null;
    }

    /* A button that copies a text; where the browser knows none, null. */
    H.copyButton = function (text) {
        const button = H.el("button", { type: "button", class: "no-print" }, "Copy");
        button.addEventListener("click", function () {
            navigator.clipboard.writeText(text).then(
                () => (button.textContent = "Copied"), () => (button.textContent = "Could not copy"));
        });
        return navigator.clipboard ? button : null;
    };

    function cutWords(run) {
        return run.cut > 0 ? `; ${H.count(run.cut)} not whole: ${run.cut === 1 ? "it ends" : "they end"} before the trial did` : "";
    }

    function historiesOf(run) {
        if (run.histories.length === run.trials) {
            return ["of every trial" + cutWords(run)];
        }
        const lost = (run.kept < run.trials ? `; the folder has ${H.count(run.kept)}` : "") + cutWords(run);
        return [`of ${H.count(run.histories.length)} of ${H.plural(run.trials, "trial")}${lost}`,
            run.histories.length < run.kept ? H.el("span", null, "; ", H.el("a", { href: "#foot" }, "why")) : null];
    }

    function trialsOf(run) {
        return run.trials < run.planned
            ? `${H.count(run.trials)} of ${H.count(run.planned)}: the run ended early` : H.count(run.trials);
    }

    function facts(run) {
        return H.el("dl", { class: "facts" },
            fact("Ran as", run.host === "model" ? "the model" : run.host + (run.redis ? ", " + run.redis : "")),
            fact(run.elects ? "Election" : "Programs", `${run.protocol}, lock ${run.lock}`),
            fact("Cluster", run.parameters),
            fact("Trials", trialsOf(run)),
            fact("Seed", H.el("span", { class: "mono" }, run.seed)),
            fact("Started", run.started.replace("T", " ").replace("Z", " UTC")),
            fact("Histories", ...historiesOf(run)),
            fact("Folder", H.el("span", { class: "mono" }, run.folder)));
    }

    function command(run) {
        return run.command
            ? H.el("div", { class: "command" },
                H.el("span", { class: "muted" }, run.host === "model" ? "Repeat it" : "Run it again"),
                H.el("code", { tabindex: "0" }, run.command), H.copyButton(run.command))
            : null;
    }

    function untested(run) {
        return run.notTested.length
            ? H.el("div", { class: "untested" }, ...run.notTested.map((text) => H.el("p", null, text))) : null;
    }

    function scenario(run) {
        return H.el("details", null, H.el("summary", null, "The scenario"),
            H.el("pre", { class: "yaml", tabindex: "0" }, run.yaml));
    }

    function verdictLine(run) {
        return H.el("p", { class: "sentence " + run.verdict },
            H.el("span", { class: "badge" }, H.el("span", { "aria-hidden": "true" }, FORMS[run.verdict] + " "),
                WORDS[run.verdict]),
            H.el("span", null, run.sentence));
    }

    /* All runs, one of which is shown. */
    function overview() {
        const count = (verdict) => runs.filter((run) => run.verdict === verdict).length;
        const told = ["passed", "failed", "undecided"].filter(count).map((verdict) => count(verdict) + " " + verdict);
        const rows = runs.map((run, index) => Object.assign({ index }, run));
        return H.table({
            caption: "Runs", empty: "", rows, note: told.join(", ") + ".",
            columns: [
                { label: "Scenario", value: (run) => run.scenario,
                    cell: (run) => H.el("button", { type: "button", class: "link",
                        onclick: () => H.set({ run: run.index, playing: false }) }, run.scenario), keep: true },
                { label: "Verdict", value: (run) => run.verdict, cell: (run) => H.verdict(run.verdict) },
                { label: "Trials", number: true, value: (run) => run.trials, cell: trialsOf },
                { label: "Ran as", value: (run) => run.host },
                { label: "In one sentence", wide: true, value: (run) => run.sentence },
                { label: "Folder", value: (run) => run.folder },
            ],
            isNow: (run, state) => run.index === state.run,
        });
    }

    /* Of a map: the trial of the cell that is chosen. */
    function trialOfCell(run) {
        const { trial } = H.data.histories[run.histories[0]];
        return [H.el("details", null, H.el("summary", null, `Trial ${H.count(trial)} of it: what was run, and how to repeat it`),
            H.el("dl", { class: "facts" },
                fact(run.elects ? "Election" : "Programs", `${run.protocol}, lock ${run.lock}`),
                fact("Cluster", run.parameters),
                fact("Seed", H.el("span", { class: "mono" }, run.seed))),
            command(run), untested(run), scenario(run))];
    }

    function mapPanel(element) {
        const shown = H.el("div", { class: "run" });
        const draw = (index) => runs[index] && H.fill(shown, ...trialOfCell(runs[index]));
        H.fill(element, H.mapHead(), shown);
        draw(H.get().run);
        H.listen((state, changed) => changed.run && draw(state.run));
    }

    H.panel("top", function (element) {
        if (H.map) {
            mapPanel(element);
            return;
        }
        const several = runs.length > 1 ? overview() : null;
        const shown = H.el("div", { class: "run" });
        function draw(index) {
            const run = runs[index];
            document.title = (several ? `${runs.length} runs` : `${run.scenario}: ${run.verdict}`) + " – hustings";
            H.fill(shown,
                H.el(several ? "h2" : "h1", null, run.scenario),
                run.about ? H.el("p", { class: "about" }, run.about) : null,
                verdictLine(run), facts(run), command(run), untested(run), scenario(run));
        }
        H.fill(element,
            several ? H.el("h1", null, H.plural(runs.length, "run")) : null,
            several ? several.element : null, shown);
        draw(H.get().run);
        H.listen(function (state, changed) {
            if (changed.run) {
                draw(state.run);
                if (several) {
                    several.mark(state);
                }
            }
        });
    });

    /* --- what was expected --- */

    /* Why it ended so, without its name, which stands beside it. */
    const whyOf = (row) => (row.why.startsWith(row.what + ": ") ? row.why.slice(row.what.length + 2) : row.why);

    const ORDER = ["broken", "undecided", "held", "untested"];

    /* What it means that a check is broken, of those that are expected or not. */
    function meanings(rows) {
        const names = new Set(rows.map((row) => row.what));
        const checks = H.data.checks.filter((check) => names.has(check.name));
        return checks.length
            ? H.el("details", { class: "meanings" }, H.el("summary", null, "What breaks them"),
                H.el("dl", null, ...checks.flatMap((check) =>
                    [H.el("dt", null, check.name), H.el("dd", null, check.broken)])))
            : null;
    }

    H.panel("expectations", function (element) {
        function draw(run) {
            const rows = runs[run].expectations.slice()
                .sort((a, b) => ORDER.indexOf(a.ends) - ORDER.indexOf(b.ends));
            const table = H.table({
                caption: "Expectations", rows, empty: "The scenario expects nothing.",
                columns: [
                    { label: "Ended", value: (row) => ORDER.indexOf(row.ends), cell: (row) => H.verdict(row.ends) },
                    { label: "What", value: (row) => row.what },
                    { label: "Expected", value: (row) => row.expected },
                    { label: "Seen", wide: true, value: (row) => row.got,
                        cell: (row) => H.el("span", null, row.got, row.got && row.why ? H.el("br") : null,
                            row.why ? H.el("span", { class: "why" }, whyOf(row)) : null) },
                ],
            });
            H.fill(element, table.element, meanings(rows));
        }
        draw(H.get().run);
        H.listen((state, changed) => changed.run && draw(state.run));
    });

    /* --- which run and trial are shown --- */

    function picker(label, options, chosen, pick) {
        const select = H.el("select", { onchange: () => pick(Number(select.value)) },
            ...options.map(([value, text]) => H.el("option", { value, selected: value === chosen }, text)));
        return H.el("label", null, label + " ", select);
    }

    function trialName(index) {
        const history = H.data.histories[index];
        const found = history.violations.length;
        const meant = history.verdict === "passed" ? (found > 1 ? ", all as expected or allowed" : ", as expected or allowed") : "";
        return `${FORMS[history.verdict]} ${history.trial}: ${history.verdict}` +
            (found ? `, ${H.plural(found, "violation")}${meant}` : "");
    }

    H.panel("shown", function (element) {
        const where = H.el("span", { class: "where mono" });
        const words = H.el("span", { class: "words" });
        function draw(state) {
            const run = runs[state.run];
            H.fill(element,
                runs.length > 1
                    ? picker(H.map ? "Cell" : "Scenario", runs.map((one, i) => [i, `${H.map ? H.map.formOfRun(i) : FORMS[one.verdict]} ${H.runName(i)}`]), state.run,
                        (value) => H.set({ run: value, playing: false })) : null,
                run.histories.length
                    ? picker("Trial", run.histories.map((i) => [i, trialName(i)]), state.history,
                        (value) => H.set({ history: value, playing: false }))
                    : H.el("span", { class: "muted" }, "No history of this scenario is in the page."),
                where, words);
        }
        function tell(state) {
            const h = H.history(state.history);
            where.textContent = h ? H.seconds(state.ns) : "";
            words.textContent = h && state.event >= 0 ? h.words(state.event) : "";
        }
        draw(H.get());
        tell(H.get());
        H.listen(function (state, changed) {
            if (changed.run || changed.history) {
                draw(state);
            }
            tell(state);
        });
    });

    H.panel("foot", function (element) {
        const left = H.data.leftOut;
        H.fill(element,
            left.scenarios.length ? H.el("p", null, `${H.plural(left.scenarios.length, "scenario")} that ran ` +
                `${left.scenarios.length === 1 ? "is" : "are"} not in this page, since the copy in the folder is missing: ` +
                `${left.scenarios.join(", ")}.`) : null,
            left.histories > 0 && H.map ? H.el("p", null, `Of ${H.plural(left.histories, "cell")} no trial is in this page: ` +
                `${left.why}.`) : null,
            left.histories > 0 && !H.map ? H.el("p", null, `${H.plural(left.histories, "history", "histories")} of the results ` +
                `folders ${left.histories === 1 ? "is" : "are"} not in this page: ${left.why}.`) : null,
            H.el("p", { class: "muted" }, `Made by hustings ${H.data.version}. Times are counted from when every ` +
                "process was up and connected. What a run shows is what it provoked; it proves nothing about the rest."));
    });
})();
