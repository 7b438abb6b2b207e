/* What is the case at a moment, beside what the store of the page says of each member: whose the
 * lock is, which messages are under way, and what a member believes that is not so. It draws
 * nothing, and asks the page for nothing. */
(function () {
    "use strict";

    const H = window.H;
    const P = (H.playback = H.playback || {});
    const BACK = 32; /* so many requests of a member are looked at for those still unanswered */

    /* Times as people read them: seconds, and the microseconds apart; a short time before the start,
     * when connections are made, in its own unit. */
    P.seconds = function (ns) {
        if (ns < 0) {
            return `\u2212${P.span(-ns)}`;
        }
        const text = (ns / 1e9).toFixed(6);
        return text.slice(0, -3) + "\u202f" + text.slice(-3) + " s";
    };

    /* A stretch of time in the unit that fits it. */
    P.span = function (ns) {
        const abs = Math.abs(ns);
        return abs >= 1e9 ? (ns / 1e9).toFixed(2) + " s"
            : abs >= 1e6 ? (ns / 1e6).toFixed(abs >= 1e7 ? 0 : 1) + " ms"
                : (ns / 1e3).toFixed(0) + " µs";
    };

    P.isResource = (h, server) => /resource/.test(h.servers[server]);

    /* The requests of each member, ascending. */
    function requestsOf(h) {
        const lists = h.members.map(() => []);
        const request = h.kinds.indexOf("request");
        for (let i = 0; i < h.n; i++) {
            if (h.kind[i] === request && h.who[i] >= 0) {
                lists[h.who[i]].push(i);
            }
        }
        return lists;
    }

    const known = new WeakMap();

    function requestsBy(h) {
        if (!known.has(h)) {
            known.set(h, requestsOf(h));
        }
        return known.get(h);
    }

    /* The last hold of a server's lock that began by then: {holder, from, until, ended, how, held, over}.
     * until: when its time is over, as it was given last by then; ended; Infinity where there is none.
     * over: in words, if its time is over and it is still held. null: nobody ever had it. */
    P.holdAt = function (h, server, ns) {
        const pieces = H.locks(h)[server];
        const piece = pieces[H.timeline.lastFrom(pieces, ns)];
        if (!piece) {
            return null;
        }
        const held = ns < piece.ended;
        return {
            holder: piece.holder, from: piece.from, until: piece.planned === null ? Infinity : piece.planned,
            ended: piece.ended, how: piece.end, held,
            over: held && H.isOverdue(piece, ns) ? H.overdueWords(piece, P.seconds) : "",
        };
    };

    /* Where a message is: `along` is 0 at the member and 1 at the server; `back`: it is the answer.
     * Histories tell when a request went out and when its answer came in: it is drawn as if half of
     * the time went by before it was there. */
    function flight(h, i, ns, event) {
        const reply = h.pair[i];
        const from = h.t[i];
        const to = reply >= 0 ? h.t[reply] : Infinity;
        const done = to === Infinity ? Math.min((ns - from) / 2e6, 0.25)
            : to > from ? Math.min((ns - from) / (to - from), 1) : 1;
        const back = done > 0.5;
        return {
            event: i, reply, place: h.who[i], server: h.server[i], lost: reply < 0, back,
            along: back ? 2 - 2 * done : 2 * done, now: i === event || reply === event,
        };
    }

    /* The messages that are under way after the event; also the one that it sends or brings. */
    P.flightsAt = function (h, ns, event) {
        const out = [];
        requestsBy(h).forEach(function (list) {
            const last = H.lastUpTo(list, event);
            for (let k = last; k >= 0 && k > last - BACK; k--) {
                const i = list[k];
                const reply = h.pair[i];
                /* One that is never answered is shown until the next one. */
                if (reply < 0 ? k === last : reply > event || reply === event) {
                    out.push(flight(h, i, ns, event));
                }
            }
        });
        return out.filter((one) => one.server >= 0);
    };

    /* What a member believes of the lock, and what the server says: {holds, until, store, wrong}.
     * holds: by its own words it is inside, or leads until a time. store: in words. */
    function belief(h, place, state, holds, ns) {
        const inside = Boolean(state.bits & H.bits.section) && Boolean(state.bits & H.bits.alive);
        const mine = holds.filter((hold) => hold && hold.held && hold.holder === place).length;
        const others = holds.filter((hold) => hold && hold.held && hold.holder !== place);
        const known = holds.some((hold) => hold);
        const enough = mine * 2 > holds.length;
        let store = "";
        if (mine) {
            const hold = holds.find((one) => one && one.held && one.holder === place);
            store = (holds.length > 1 ? `it has it on ${mine} of ${holds.length} servers` : "in the Redis it has it")
                + (hold.over ? `; ${hold.over}` : hold.until < Infinity ? ` until ${P.seconds(hold.until)}`
                    : ", and its time has no known end");
        } else if (inside && others.length) {
            store = `in the Redis ${h.members[others[0].holder].name} has it`;
        } else if (inside && known) {
            const last = holds.filter((hold) => hold && hold.holder === place).pop();
            store = last && last.ended < Infinity ? `in the Redis it ${last.how} at ${P.seconds(last.ended)}`
                : "in the Redis nobody has it";
        }
        return { holds: inside, until: state.until, mine, store, wrong: inside && known && !enough, ns };
    }

    /* A claim runs out by its member's own clock, though it says nothing new. */
    function stateBy(state, ns) {
        const over = ns >= state.until && state.bits & (H.bits.leads | H.bits.section);
        return over ? Object.assign({}, state, { bits: state.bits & ~(H.bits.leads | H.bits.section) }) : state;
    }

    /* All that is drawn of a moment. */
    P.momentAt = function (h, ns, event) {
        const states = h.stateAt(event).map((state) => stateBy(state, ns));
        const holds = h.servers.map((name, server) => P.isResource(h, server) ? null : P.holdAt(h, server, ns));
        const locks = holds.filter((hold, server) => !P.isResource(h, server));
        return {
            h, ns, event, states, holds,
            beliefs: states.map((state, place) => belief(h, place, state, locks, ns)),
        };
    };

    /* What a member is, in one word or two; the form of its glyph says the same. */
    P.stateWords = function (bits) {
        const b = H.bits;
        if (!(bits & b.started)) {
            return bits & b.born && !(bits & b.alive) ? "dead" : "not started";
        }
        if (!(bits & b.alive)) {
            return "dead";
        }
        const words = [bits & b.leads ? "leads" : bits & b.submit ? "submit" : "prepare"];
        [["section", "has lock, by its words"], ["waits", "waits for the lock"], ["paused", "paused"],
            ["cut", "cut off"]].forEach(function (pair) {
            if (bits & b[pair[0]]) {
                words.push(pair[1]);
            }
        });
        return words.join(", ");
    };

    P.isDead = (bits) => Boolean(bits & H.bits.born) && !(bits & H.bits.alive);
    P.leads = (bits) => (bits & H.bits.leads) !== 0 && (bits & H.bits.alive) !== 0;
})();
