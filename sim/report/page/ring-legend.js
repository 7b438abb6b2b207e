/* What the forms of the ring mean: the same shapes, small, with words. */
(function () {
    "use strict";

    const H = window.H;
    const P = H.playback;

    /* kind of member (a class), further parts of it, words. */
    const FORMS = [
        ["is-prepare", [], "prepare: willing to be elected"],
        ["is-submit", [], "submit: has been elected, or was told to"],
        ["is-leads", ["crown"], "believes that it leads"],
        ["is-prepare", ["brackets"], "believes that it has the lock"],
        ["is-prepare", ["key"], "has the lock, by the store; the arc is the time that it has left"],
        ["is-prepare", ["ghost"], "believes that it has the lock, and has not"],
        ["is-prepare", ["waits"], "waits for the lock"],
        ["is-prepare", ["bars"], "paused"],
        ["is-dead", ["cross"], "dead"],
        ["is-new", [], "not started yet"],
        ["", ["cut"], "cut off from the store"],
        ["", ["arrow"], "the message of this event: a full dot asks, a hollow one answers"],
    ];
    const R = 9;
    const PARTS = {
        crown: ["ring-crown", { d: P.shapes.crown, transform: `translate(0,${-R - 6}) scale(0.7)` }],
        brackets: ["ring-brackets", { d: P.shapes.brackets(R, 2.5) }],
        key: ["ring-key", { d: P.shapes.key, transform: `translate(${R + 8},0) scale(0.8)` }],
        ghost: ["ring-key is-ghost", { d: P.shapes.key, transform: `translate(${R + 8},0) scale(0.8)` }],
        waits: ["ring-waits", { d: `M${-R - 8},-5h.01M${-R - 8},0h.01M${-R - 8},5h.01` }],
        bars: ["ring-bars", { d: "M-3,-4v8M3,-4v8", "stroke-width": 3 }],
        cross: ["ring-cross", { d: "M-5,-5L5,5M5,-5L-5,5" }],
        cut: ["ring-line is-cut", { d: "M-18,0h36" }],
        arrow: ["ring-arrow", { d: "M-16,0h32M9,-5L16,0L9,5" }],
    };

    function glyph(kind, parts) {
        const svg = P.svg("svg", { width: 56, height: 34, viewBox: "-23 -20 56 34", "aria-hidden": "true", class: "ring-glyph" });
        const g = P.svg("g", { class: `member ${kind}` }, svg);
        if (kind) {
            P.svg("circle", { r: R, class: "ring-disc" }, g);
        }
        parts.forEach((part) => P.svg("path", Object.assign({ class: PARTS[part][0] }, PARTS[part][1]), g));
        return svg;
    }

    P.legend = function (parent) {
        const list = H.el("ul", { class: "ring-legend" }, ...FORMS.map(([kind, parts, words]) =>
            H.el("li", {}, glyph(kind, parts), words)));
        parent.append(H.el("details", {}, H.el("summary", {}, "What the forms mean"), list));
    };
})();
