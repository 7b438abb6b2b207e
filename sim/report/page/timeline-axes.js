/* The two axes of the timeline, and what is proven of the order of events.
 *
 * time   an event's position is its time, in ns.
 * cause  its position is a column. Columns go with time, and events in one column are all concurrent:
 *        an event opens a new column only when something in the present one came before it for sure.
 *
 * What came before what, for sure: events of one member in their order, and so a reply before the
 * requests that its member sent later; the request whose value a reply tells (history.reads: pairs
 * [reply, request]); and what a server served one after the other: a request that went out after
 * another's reply had come from there was served after that other's request, and so its own reply
 * comes after that request. All else is concurrent, whatever its time. */
(function () {
    "use strict";

    const H = window.H;
    const T = (H.timeline = H.timeline || {});

    const SHORTEST_NS = 2000; /* what the whole width shows at least */
    const FEWEST_COLUMNS = 6;

    /* The event before each in its own lane (-1: none). A request is its member's, not its server's. */
    function before(h) {
        const last = new Int32Array(h.lanes + 1).fill(-1);
        const out = new Int32Array(h.n);
        for (let i = 0; i < h.n; i++) {
            const lane = h.who[i] >= 0 ? h.who[i]
                : h.server[i] >= 0 ? h.members.length + h.server[i] : h.lanes;
            out[i] = last[lane];
            last[lane] = i;
        }
        return out;
    }

    /* history.reads by the event that reads: of event i, source[first[i]] … source[first[i + 1] - 1]. */
    function readsOf(h) {
        const pairs = h.reads || [];
        const first = new Uint32Array(h.n + 1);
        pairs.forEach((pair) => first[pair[0] + 1]++);
        for (let i = 0; i < h.n; i++) {
            first[i + 1] += first[i];
        }
        const fill = first.slice();
        const source = new Uint32Array(pairs.length);
        pairs.forEach(function (pair) {
            source[fill[pair[0]]++] = pair[1];
        });
        return { first, source };
    }

    /* What the servers had surely served. Of reply i: earlier[i], the reply before it of the same
     * server; heard[i], the last that had come from there when its request went out; -1: none. With
     * each reply its request is served, and so are those of the replies before. */
    function servedOf(h) {
        const reply = h.kinds.indexOf("reply");
        const unheard = new Set(h.unheard);
        const last = new Int32Array(h.servers.length).fill(-1);
        const then = new Int32Array(h.n).fill(-1); /* of a request: the last reply from its server */
        const earlier = new Int32Array(h.n).fill(-1);
        const heard = new Int32Array(h.n).fill(-1);
        for (let i = 0; i < h.n; i++) {
            const server = h.server[i];
            if (server >= 0 && h.pair[i] > i) {
                then[i] = last[server];
            } else if (server >= 0 && h.kind[i] === reply && h.pair[i] >= 0 && !unheard.has(i)) {
                heard[i] = then[h.pair[i]];
                earlier[i] = last[server];
                last[server] = i;
            }
        }
        return { earlier, heard };
    }

    function columns(h, order) {
        const { previous, reads, served } = order;
        const latestServed = new Float64Array(h.n); /* by reply: of what its server had served with it */
        const out = new Float64Array(h.n);
        let column = 0;
        for (let i = 0; i < h.n; i++) {
            let latest = previous[i] >= 0 ? out[previous[i]] : -1;
            for (let k = reads.first[i]; k < reads.first[i + 1]; k++) {
                latest = Math.max(latest, out[reads.source[k]]);
            }
            if (served.heard[i] >= 0) {
                latest = Math.max(latest, latestServed[served.heard[i]]);
            }
            if (h.pair[i] >= 0 && h.pair[i] < i) {
                latestServed[i] = Math.max(out[h.pair[i]], served.earlier[i] >= 0 ? latestServed[served.earlier[i]] : -1);
            }
            column += latest === column ? 1 : 0;
            out[i] = column;
        }
        return out;
    }

    T.order = function (h) {
        const order = { previous: before(h), reads: readsOf(h), served: servedOf(h) };
        order.columns = columns(h, order);
        return order;
    };

    T.BEFORE = 1;
    T.AFTER = 2;

    /* Marks in `cone` all that surely came before `event`. */
    function markBefore(h, order, event, cone) {
        const { previous, reads, served } = order;
        const asked = new Uint8Array(h.n); /* by reply: what was served with it came before */
        cone[event] = T.BEFORE;
        for (let i = event; i >= 0; i--) {
            if (asked[i]) {
                cone[h.pair[i]] = T.BEFORE;
                if (served.earlier[i] >= 0) {
                    asked[served.earlier[i]] = 1;
                }
            }
            if (cone[i]) {
                if (previous[i] >= 0) {
                    cone[previous[i]] = T.BEFORE;
                }
                for (let k = reads.first[i]; k < reads.first[i + 1]; k++) {
                    cone[reads.source[k]] = T.BEFORE;
                }
                if (served.heard[i] >= 0) {
                    asked[served.heard[i]] = 1;
                }
            }
        }
    }

    /* Marks in `cone` all that surely came after `event`. */
    function markAfter(h, order, event, cone) {
        const { previous, reads, served } = order;
        const asked = new Uint8Array(h.n); /* by reply: something that was served with it came after */
        const isAfter = (i) => i >= 0 && cone[i] === T.AFTER;
        cone[event] = T.AFTER;
        for (let i = event + 1; i < h.n; i++) {
            let after = isAfter(previous[i]) || (served.heard[i] >= 0 && asked[served.heard[i]] === 1);
            for (let k = reads.first[i]; !after && k < reads.first[i + 1]; k++) {
                after = isAfter(reads.source[k]);
            }
            cone[i] = after ? T.AFTER : cone[i];
            if (h.pair[i] < i) {
                asked[i] = isAfter(h.pair[i]) || (served.earlier[i] >= 0 && asked[served.earlier[i]]) ? 1 : 0;
            }
        }
    }

    /* For each event whether it surely came before `event` (BEFORE), after it (AFTER), or neither
     * (0: concurrent, or itself). */
    T.cone = function (h, order, event) {
        const cone = new Uint8Array(h.n);
        if (event >= 0) {
            markBefore(h, order, event, cone);
            markAfter(h, order, event, cone);
            cone[event] = 0;
        }
        return cone;
    };

    function timeAxis(h) {
        const length = Math.max(h.end_ns - h.from_ns, SHORTEST_NS);
        return {
            name: "time", positions: h.t, low: h.from_ns - length * 0.01,
            high: h.from_ns + length * 1.02, end: h.end_ns, shortest: SHORTEST_NS,
            of: (ns) => ns, ns: (position) => position,
        };
    }

    function causeAxis(h, order) {
        const at = order.columns;
        const last = h.n ? at[h.n - 1] : 0;
        /* The last event in a column at or before the position. */
        const eventAt = (position) => Math.max(0, H.lastUpTo(at, position));
        return {
            name: "cause", positions: at, low: -1, high: Math.max(last, FEWEST_COLUMNS) + 1,
            end: last + 0.5, shortest: FEWEST_COLUMNS,
            of(ns) {
                const event = h.eventAt(ns);
                return event < 0 ? -0.5 : at[event] + (h.t[event] < ns ? 0.5 : 0);
            },
            ns: (position) => (h.n ? h.t[eventAt(position)] : h.from_ns),
        };
    }

    /* How far a reply usually is from its request: the median of the first ones. */
    function usualTrip(h, positions) {
        const list = [];
        for (let i = 0; i < h.n && list.length < 501; i++) {
            if (h.pair[i] > i) {
                list.push(positions[h.pair[i]] - positions[i]);
            }
        }
        list.sort((one, other) => one - other);
        return list.length ? list[list.length >> 1] : 0;
    }

    /* An axis: the position of each event; `of` a time, and the time `of` a position; the whole from
     * `low` to `high`, where the history ends, the shortest stretch that is shown, and how far a reply
     * usually is from its request. */
    T.axis = function (h, order, name) {
        const axis = name === "cause" ? causeAxis(h, order) : timeAxis(h);
        axis.history = h;
        axis.trip = usualTrip(h, axis.positions);
        return axis;
    };
})();
