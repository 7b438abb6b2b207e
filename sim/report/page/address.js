/* The moment that is shown stands in the page's address, so that a link to the file leads to it:
 * report.html#run=0&trial=6&event=111. */
(function () {
    "use strict";

    const H = window.H;
    const LATER_MS = 300; /* not at each step of a moment that is dragged */
    let timer = 0;

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

    /* Shows the moment of the address, if there is one and its history is in the page. */
    function go() {
        const { run, trial, event } = read();
        const history = H.historyOf(run, trial);
        const h = H.history(history);
        if (h) {
            H.set({ history, event: Math.min(event || 0, h.n - 1), playing: false });
        } else if (H.data.runs[run]) {
            H.set({ run, playing: false });
        }
    }

    function write() {
        const state = H.get();
        const h = H.data.histories[state.history];
        const moment = h ? `&trial=${h.trial}&event=${Math.max(0, state.event)}` : "";
        try {
            window.history.replaceState(null, "", `#run=${state.run}${moment}`);
        } catch (error) {
            void error; /* a browser that forbids it for files: then it stays as it was */
        }
    }

    H.panel("top", function () {
        go();
        window.addEventListener("hashchange", go);
        H.listen(function (state, changed) {
            if (!state.playing && (changed.event || changed.history || changed.run || changed.playing)) {
                window.clearTimeout(timer);
                timer = window.setTimeout(write, LATER_MS);
            }
        });
    });
})();
