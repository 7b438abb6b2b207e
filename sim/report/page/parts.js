/* What the panels of the page's frame are made of: elements, and the words of values. All text of
 * the data goes through H.el, which sets it as text: none of it is ever HTML. */
(function () {
    "use strict";

    const H = window.H;

    /* An element: H.el("a", { class: "x", onclick: f }, "text", child, null, …). */
    H.el = function (tag, attributes, ...children) {
        const element = document.createElement(tag);
        Object.entries(attributes || {}).forEach(function ([name, value]) {
            if (name.startsWith("on")) {
                element.addEventListener(name.slice(2), value);
            } else if (value !== null && value !== undefined && value !== false) {
                element.setAttribute(name, value === true ? "" : value);
            }
        });
        children.forEach(function (child) {
            if (child !== null && child !== undefined) {
                element.append(child);
            }
        });
        return element;
    };

    /* Replaces what is in an element. */
    H.fill = (element, ...children) =>
        element.replaceChildren(...children.filter((child) => child !== null && child !== undefined));

    const decimals = new Intl.NumberFormat("en-US", { minimumFractionDigits: 1, maximumFractionDigits: 1 });
    const wholes = new Intl.NumberFormat("en-US");

    /* As sim/history/text.h tells them: "1,504.0" ms, "3.012 s", "62,032". */
    H.ms = (ms) => decimals.format(ms);
    H.seconds = (ns) => (ns / 1e9).toFixed(3).replace(/^-(?=0\.000$)/, "") + " s";
    H.count = (count) => wholes.format(count);
    H.plural = (count, one, many) => H.count(count) + " " + (count === 1 ? one : many || one + "s");

    /* Which rows of a table are in the page, where not all are. */
    H.whichRows = (table) => (table.step === 1 ? "the first ones"
        : `${table.ended ? "the first of " : ""}those of one trial in ${H.count(table.step)}`);

    /* What may tell runs of one scenario apart, the shortest first. */
    const TELLS = [
        (r) => r.host,
        (r) => r.folder.split("/").pop(),
        (r) => `seed ${r.seed}`,
        (r) => r.folder.split("/").slice(-2).join("/"),
        (r) => `${H.data.runs.indexOf(r) + 1}`,
    ];

    /* How a run is called among all of them. */
    H.runName = function (run) {
        const r = H.data.runs[run];
        if (H.map) {
            return H.map.name(H.map.rows[H.map.cellOfRun(run)]);
        }
        const same = H.data.runs.filter((other) => other.scenario === r.scenario);
        const tell = same.length > 1 && TELLS.find((one) => new Set(same.map(one)).size === same.length);
        const told = tell ? tell(r) : "";
        return told.includes(r.scenario) ? told : told ? `${r.scenario}, ${told}` : r.scenario;
    };

    /* "node 3", "the master". */
    H.who = (id) => (id === 0 ? "the master" : "node " + id);

    /* Endings and verdicts: a form for each, so that colour alone says nothing. */
    const FORMS = {
        passed: ["✓", "pass"], held: ["✓", "pass"], ok: ["✓", "pass"],
        failed: ["✗", "fail"], broken: ["✗", "fail"], wrong: ["✗", "fail"], dead: ["✗", "fail"],
        undecided: ["?", "open"], outdated: ["!", "open"], untested: ["○", "off"],
        none: ["–", "off"], superseded: ["»", "off"], withdrawn: ["–", "off"],
    };
    H.verdict = function (word) {
        const form = FORMS[word] || ["", "off"];
        return H.el("span", { class: "verdict " + form[1] },
            H.el("span", { class: "form", "aria-hidden": "true" }, form[0]), word);
    };

    /* Rows of a table of the data as objects, by its columns. */
    H.rowsOf = (table) => table.rows.map((row) =>
        Object.fromEntries(table.columns.map((name, i) => [name, row[i]])));
})();
