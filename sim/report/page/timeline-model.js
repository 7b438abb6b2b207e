/* What the timeline draws of a history, made once: its rows, and what is in each in order of time.
 * Draws nothing. All positions are of an axis, see timeline-axes.js. */
(function () {
    "use strict";

    const H = window.H;
    const T = (H.timeline = H.timeline || {});

    /* Above so many members rows are lower, and have no words of their own. */
    const ROOMY = 14;

    const NO_EVENTS = new Uint32Array(0);

    /* Events that belong to no member and no server, and all faults: what the run itself does. */
    function eventsOfRun(h) {
        const list = [];
        for (let i = 0; i < h.n; i++) {
            if ((h.who[i] < 0 && h.server[i] < 0) || h.kindName(i) === "fault") {
                list.push(i);
            }
        }
        return Uint32Array.from(list);
    }

    function faultRows(h) {
        return (h.faults || []).map(function (fault, index) {
            const lanes = fault.members.concat(fault.servers.map((s) => h.members.length + s));
            return {
                index, lanes, text: fault.text, event: fault.at, last: fault.until,
                from: h.t[fault.at], to: fault.until >= 0 ? h.t[fault.until] : h.t[fault.at],
            };
        }).sort((one, other) => one.from - other.from);
    }

    /* The first event of a violation that is within its span; or else the last one before. */
    function firstOf(h, violation) {
        const within = (violation.events || []).find((event) => h.t[event] >= violation.from);
        return within !== undefined ? within : Math.max(0, h.eventAt(violation.from));
    }

    function violationRows(h) {
        return (h.violations || []).map(function (violation, index) {
            return {
                index, check: violation.check, promise: violation.promise, text: violation.text,
                from: violation.from, to: Math.max(violation.from, violation.to),
                members: violation.members || [], event: firstOf(h, violation),
            };
        }).sort((one, other) => one.from - other.from);
    }

    /* The rows from above: the run, the servers, the members. `lane` is the store's; -1: the run. */
    function makeRows(h, faults) {
        const locks = H.locks(h);
        const rows = [{ type: "run", lane: -1, name: "the run", events: eventsOfRun(h) }];
        h.servers.forEach(function (name, i) {
            const lane = h.members.length + i;
            rows.push({ type: "server", lane, name, events: h.lane(lane), locks: locks[i] });
        });
        h.members.forEach(function (member, i) {
            rows.push({ type: "member", lane: i, place: i, name: member.name, events: h.lane(i) });
        });
        rows.forEach(function (row, i) {
            row.index = i;
            row.events = row.events || NO_EVENTS;
            row.faults = row.lane < 0 ? faults
                : faults.filter((fault) => fault.lanes.indexOf(row.lane) >= 0);
        });
        return rows;
    }

    /* Where rows stand, in CSS pixels from the top of the lanes. `above`: the name stands in the row,
     * above what it shows, as there is no room beside it. */
    T.layout = function (model, above) {
        const roomy = model.h.members.length <= ROOMY;
        const name = above ? 13 : 0;
        let top = 0;
        model.rows.forEach(function (row) {
            const plain = row.type === "run" ? 70 : row.type === "server" ? 46 : roomy ? 54 : 34;
            row.top = top;
            row.height = plain + name;
            row.body = name; /* where what it shows begins */
            row.words = roomy || row.type !== "member";
            top += row.height;
        });
        model.height = top;
    };

    /* When any promise was broken, and by whom, as spans [from, to, from, to, …] that do not overlap. */
    function brokenSpans(violations) {
        const add = function (spans, violation) {
            const last = spans.length - 1;
            if (last > 0 && violation.from <= spans[last]) {
                spans[last] = Math.max(spans[last], violation.to);
            } else {
                spans.push(violation.from, violation.to);
            }
        };
        const broken = { all: [], of: [] };
        violations.forEach(function (violation) {
            add(broken.all, violation);
            violation.members.forEach(function (place) {
                broken.of[place] = broken.of[place] || [];
                add(broken.of[place], violation);
            });
        });
        return broken;
    }

    /* Elections: from when they were due until the result was published, or they ended without. */
    function electionRows(h) {
        const list = (h.elections || []).slice().sort((one, other) => one.due - other.due);
        return list.map(function (election, i) {
            const published = election.published !== null;
            /* When it became needless, nobody records: then only where it began is known. */
            const next = election.ended === "withdrawn" ? election.due
                : election.ended === "superseded" && list[i + 1] ? list[i + 1].due : h.end_ns;
            const bad = election.verdict === "wrong" || election.verdict === "dead";
            return {
                from: election.due, published, settled: election.settled,
                to: published ? election.published : next,
                text: election.cause + (election.member >= 0 ? " of " + T.nameOf(h, election.member) : "") +
                    " → " + (published ? T.nameOf(h, election.elected) : election.ended) +
                    (published && bad ? " (" + (election.outdated === 1 ? "outdated" : election.verdict) + ")" : ""),
            };
        });
    }

    T.model = function (h) {
        const faults = faultRows(h);
        const violations = violationRows(h);
        const model = {
            h, faults, violations, broken: brokenSpans(violations), elections: electionRows(h),
            rows: makeRows(h, faults),
        };
        const members = h.members.length;
        const servers = h.servers.length;
        model.rowOf = (lane) => model.rows[lane < 0 || lane >= h.lanes ? 0
            : lane < members ? 1 + servers + lane : 1 + lane - members];
        /* Where the event is drawn: in its member's row, or else its server's, or the run's. */
        model.rowOfEvent = (event) => model.rowOf(
            h.who[event] >= 0 ? h.who[event]
                : h.server[event] >= 0 ? h.members.length + h.server[event] : -1);
        /* The event of a row that is nearest to an event, at or before it if there is one; -1. */
        model.near = function (row, event) {
            const at = H.lastUpTo(row.events, event);
            return row.events.length ? row.events[Math.max(0, at)] : -1;
        };
        model.rowAt = (y) => model.rows.find((row) => y >= row.top && y < row.top + row.height);
        return model;
    };

    /* The first index in `list` (events, ascending) whose position is not below `value`. */
    T.firstFrom = function (list, positions, value) {
        let low = 0;
        let high = list.length;
        while (low < high) {
            const middle = (low + high) >> 1;
            if (positions[list[middle]] < value) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    };

    /* The same, from index `low` on, where the answer is near. */
    T.nextFrom = function (list, positions, value, low) {
        let step = 1;
        while (low + step < list.length && positions[list[low + step]] < value) {
            low += step;
            step *= 2;
        }
        let high = Math.min(low + step, list.length);
        while (low < high) {
            const middle = (low + high) >> 1;
            if (positions[list[middle]] < value) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    };

    /* The last index in `list` (of things with `from`, in order) that begins at or before `ns`; -1. */
    T.lastFrom = function (list, ns) {
        let low = 0;
        let high = list.length;
        while (low < high) {
            const middle = (low + high) >> 1;
            if (list[middle].from <= ns) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low - 1;
    };

    /* --- words --- */

    /* Seconds, by thousands: "1,234.500 s". */
    const formats = [];
    function grouped(ns, digits) {
        formats[digits] = formats[digits] || new Intl.NumberFormat("en", {
            minimumFractionDigits: digits, maximumFractionDigits: digits,
        });
        return formats[digits].format(ns / 1e9) + " s";
    }

    /* A moment, as precise as what is shown asks for: `step` ns are to be told apart. */
    T.moment = function (ns, step) {
        const digits = Math.ceil(-Math.log10(Math.max(step, 1) / 1e9) - 0.01);
        const text = grouped(ns, digits <= 3 ? 3 : digits <= 6 ? 6 : 9);
        return text.replace(/\.\d+/, (decimals) => decimals.replace(/(\d{3})(?=\d)/g, "$1\u202f"));
    };

    /* The same on the axis, where the marks tell how precise it is. */
    T.tick = (ns, step) => grouped(ns, Math.max(0, Math.min(9, Math.ceil(-Math.log10(step / 1e9) - 0.01))));

    T.length = function (ns) {
        return ns < 1e3 ? ns.toFixed(0) + " ns" : ns < 1e6 ? (ns / 1e3).toPrecision(3) + " µs"
            : ns < 1e9 ? (ns / 1e6).toPrecision(3) + " ms" : (ns / 1e9).toPrecision(4) + " s";
    };

    T.nameOf = function (h, id) {
        const place = id < 0 ? -1 : h.placeOf(id);
        return place < 0 ? "nobody" : h.members[place].name;
    };

    T.subject = (model, event) => model.rowOfEvent(event).name;

    /* The sentence of an event: when, and what happened. */
    T.sentence = (model, event) => T.moment(model.h.t[event], 1e3) + ": " + model.h.words(event);

    /* What happened, where who it was stands beside it already. */
    T.deed = function (model, event) {
        const words = model.h.words(event);
        const subject = T.subject(model, event) + " ";
        return words.startsWith(subject) ? words.slice(subject.length) : words;
    };

    /* A member's state in words, from the bits of a change. */
    T.stateWords = function (h, change) {
        const s = h.states;
        if (change < 0 || !(s.bits[change] & H.bits.born)) {
            return "not there yet";
        }
        const bits = s.bits[change];
        if (!(bits & H.bits.alive)) {
            return "dead";
        }
        if (!(bits & H.bits.started)) {
            return "not started yet";
        }
        const words = [bits & H.bits.submit ? "submit" : "prepare"];
        const add = (bit, text) => bits & bit && words.push(text);
        add(H.bits.leads, "leads" + (s.term[change] ? ", term " + s.term[change] : ""));
        add(H.bits.section, "in the section");
        add(H.bits.waits, "waits for the lock");
        add(H.bits.paused, "paused");
        add(H.bits.cut, "cut off");
        if (!(bits & H.bits.leads)) {
            words.push("follows " + T.nameOf(h, s.follows[change]));
        }
        return words.join(", ");
    };
})();
