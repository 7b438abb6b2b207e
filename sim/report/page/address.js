/* The moment that is shown stands in the page's address, so that a link to the file leads to it:
 * report.html#run=0&trial=6&event=111. */
(function () {
    "use strict";

    const H = window.H;
    const LATER_MS = 300; /* not at each step of a moment that is dragged */
    let timer = 0;

    /* Says that an address leads to nothing, above all else; "": it leads somewhere. */
    const lost = H.el("p", { class: "lost", role: "status" });
    const say = (text) => (lost.textContent = text);

    /* The numbers behind the #; what is no such address gives {}. */
    function read() {
        const words = new URLSearchParams(window.location.hash.slice(1));
        const numbers = {};
        ["run", "trial", "event"].forEach(function (name) {
            const value = words.get(name);
            if (value !== null && /^[0-9]+$/.test(value)) {
                numbers[name] = Number(value);
            }
        });
        return numbers;
    }

    /* A map has names for its cells: #cell=leader-stalls@lease+token&event=111. */
    function goToCell(event) {
        const words = new URLSearchParams(window.location.hash.slice(1).replace(/\+/g, "%2B"));
        const name = words.get("cell");
        const cell = H.map.find(name);
        say(cell >= 0 || name === null ? ""
            : `The address names the cell ${name}, which is not in this page: another one is shown.`);
        if (cell >= 0) {
            H.set({ cell, playing: false });
            if (H.map.hasTrial(cell) && event !== undefined) {
                const { history } = H.get();
                H.set({ event: Math.min(event, H.history(history).n - 1) });
            }
        }
    }

    /* What of an address is not in a page of runs; "": all is there. */
    function lostWords(run, trial) {
        if (run !== undefined && !H.data.runs[run]) {
            return `The address names run ${run}, which is not in this page: another one is shown.`;
        }
        return run !== undefined && trial !== undefined && H.historyOf(run, trial) < 0
            ? `The address names trial ${trial}, whose history is not in this page: something else is shown.` : "";
    }

    /* Shows that moment, if there is one and its history is in the page. */
    function goToTrial(run, trial, event) {
        const history = H.historyOf(run, trial);
        const h = H.history(history);
        say(lostWords(run, trial));
        if (h) {
            H.set({ history, event: Math.min(event || 0, h.n - 1), playing: false });
        } else if (H.data.runs[run]) {
            H.set({ run, playing: false });
        }
    }

    /* Shows what the address names. */
    function go() {
        const { run, trial, event } = read();
        if (H.map) {
            goToCell(event);
        } else {
            goToTrial(run, trial, event);
        }
        window.clearTimeout(timer); /* what is shown, before or by this, takes back nothing that is said here */
    }

    function replace(address) {
        try {
            window.history.replaceState(null, "", address);
        } catch (error) {
            void error; /* a browser that forbids it for files: then it stays as it was */
        }
    }

    function write() {
        const state = H.get();
        say("");
        const h = H.data.histories[state.history];
        if (H.map && state.cell >= 0) {
            const name = encodeURIComponent(H.map.name(H.map.rows[state.cell]));
            replace(`#cell=${name}` + (H.map.hasTrial(state.cell) ? `&event=${Math.max(0, state.event)}` : ""));
            return;
        }
        const moment = h ? `&trial=${h.trial}&event=${Math.max(0, state.event)}` : "";
        replace(`#run=${state.run}${moment}`);
    }

    H.panel("top", function (element) {
        element.before(lost);
        go();
        window.addEventListener("hashchange", go);
        H.listen(function (state, changed) {
            if (!state.playing && (changed.event || changed.history || changed.run || changed.cell || changed.playing)) {
                window.clearTimeout(timer);
                timer = window.setTimeout(write, LATER_MS);
            }
        });
    });
})();
