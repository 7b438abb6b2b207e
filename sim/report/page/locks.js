/* Whose the lock of each server was, in pieces: a hold is cut where its time was extended, so that
 * each piece runs out evenly. A hold is over only when the history says so, be its time over or not:
 * one that was seen to outlive its time goes on in the same piece.
 * The timeline, the ring and the table of beliefs all show these. It draws nothing. */
(function () {
    "use strict";

    const H = window.H;

    /* `hold`: a piece that is whole; `lifetimes`: [from, planned], ascending, those before `next` are
     * of earlier holds. Returns the first that is of a later one. */
    function cut(hold, lifetimes, next, out) {
        let piece = hold;
        while (next < lifetimes.length && lifetimes[next][1] < hold.until) {
            const [, from, planned] = lifetimes[next++];
            if (from <= piece.from) {
                piece.planned = planned;
            } else if (planned !== null || piece.planned === null) {
                out.push(Object.assign({}, piece, { until: from, how: "" }));
                piece = Object.assign({}, hold, { from, planned });
            }
        }
        out.push(piece);
        return next;
    }

    function piecesOf(h, server) {
        const lifetimes = h.lifetimes.filter((row) => row[0] === server).sort((a, b) => a[1] - b[1]);
        const holds = h.locks.filter((row) => row[0] === server && row[1] >= 0).sort((a, b) => a[2] - b[2]);
        const out = [];
        let next = 0;
        holds.forEach(function ([, holder, from, planned, ended, how]) {
            next = cut({
                holder, from, planned, until: ended === null ? h.end_ns : ended,
                ended: ended === null ? Infinity : ended, how: ended === null ? "" : how, end: how,
            }, lifetimes, next, out);
        });
        return out;
    }

    const known = new WeakMap();

    /* Of each server, in order of time: {holder, from, planned, until, ended, how, end}. planned: when
     * its time is over; null: never, or nobody knows. until: the piece's end. ended: the hold's end;
     * Infinity: it has none. how: in words, how the hold ended, if it did so with this piece; end: the
     * same for each of its pieces. */
    H.locks = function (h) {
        if (!known.has(h)) {
            known.set(h, h.servers.map((name, server) => piecesOf(h, server)));
        }
        return known.get(h);
    };

    /* Whether a piece's time is over at a moment. The hold goes on. */
    H.isOverdue = (piece, ns) => piece.planned !== null && ns >= piece.planned;

    /* What is known of the end of a hold whose time is over: `say` puts a time in words. */
    H.overdueWords = function (piece, say) {
        const seen = piece.ended < Infinity && piece.end !== "was taken over";
        return `its time was over at ${say(piece.planned)}; ` +
            (seen ? `it ${piece.end} at ${say(piece.ended)}` : "nobody saw it end");
    };
})();
