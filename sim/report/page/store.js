/* What the page knows and what it shows now. All panels hang on this: it parses the data, decodes
 * the histories, and tells everybody when another moment is shown. It draws nothing.
 *
 * A member's *place* is its index in a history's list of members. A *lane* is a member's place, or
 * for a server the number of members and its index. An *event* is its index in the history. */
(function () {
    "use strict";

    const KEYFRAME = 512; /* events between two keyframes */
    const H = (window.H = {});

    H.bits = {
        born: 1, alive: 2, started: 4, paused: 8, leads: 16, section: 32, waits: 64, cut: 128,
        submit: 256,
    };
    H.data = JSON.parse(document.getElementById("data").textContent);

    /* --- histories --- */

    /* Absolute times of [first, then differences]. */
    function times(list) {
        const out = new Float64Array(list.length);
        let at = 0;
        for (let i = 0; i < list.length; i++) {
            at += list[i];
            out[i] = at;
        }
        return out;
    }

    /* The largest index with list[index] <= value; -1: there is none. `list` ascends. */
    function lastUpTo(list, value) {
        let low = 0;
        let high = list.length;
        while (low < high) {
            const middle = (low + high) >> 1;
            if (list[middle] <= value) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low - 1;
    }
    H.lastUpTo = lastUpTo;

    /* The changes of state as columns, and which of them belong to which member. */
    function decodeStates(h, rows) {
        const n = rows.length;
        const s = {
            n, event: new Uint32Array(n), place: new Int32Array(n), bits: new Uint16Array(n),
            follows: new Int32Array(n), term: new Float64Array(n), until: new Float64Array(n),
        };
        const counts = new Uint32Array(h.members.length);
        rows.forEach(function (row, i) {
            s.event[i] = row[0];
            s.place[i] = row[1];
            s.bits[i] = row[2];
            s.follows[i] = row[3];
            s.term[i] = row[4];
            s.until[i] = row[5] === null ? Infinity : row[5];
            counts[row[1]]++;
        });
        s.of = Array.from(counts, (count) => new Uint32Array(count));
        counts.fill(0);
        for (let i = 0; i < n; i++) {
            s.of[s.place[i]][counts[s.place[i]]++] = i;
        }
        return s;
    }

    /* For each KEYFRAME-th event: which change of state is in force for each member before it (-1:
     * none), and the first change that may follow. So any moment is at most KEYFRAME events away. */
    function makeKeyframes(h, s) {
        const members = h.members.length;
        const frames = Math.floor(h.n / KEYFRAME) + 1;
        const k = { first: new Uint32Array(frames), in_force: new Int32Array(frames * members) };
        const now = new Int32Array(members).fill(-1);
        let i = 0;
        for (let frame = 0; frame < frames; frame++) {
            while (i < s.n && s.event[i] < frame * KEYFRAME) {
                now[s.place[i]] = i;
                i++;
            }
            k.first[frame] = i;
            k.in_force.set(now, frame * members);
        }
        return k;
    }

    /* Events of each lane, ascending. An event between a member and a server is in both. */
    function decodeLanes(h) {
        const lanes = [];
        for (let i = 0; i < h.lanes; i++) {
            lanes.push([]);
        }
        for (let i = 0; i < h.n; i++) {
            if (h.who[i] >= 0) {
                lanes[h.who[i]].push(i);
            }
            if (h.server[i] >= 0) {
                lanes[h.members.length + h.server[i]].push(i);
            }
        }
        return lanes.map((lane) => Uint32Array.from(lane));
    }

    const NOTHING = Object.freeze({ bits: 0, follows: -1, term: 0, until: Infinity });

    function stateOf(s, i) {
        return i < 0 ? NOTHING
            : { bits: s.bits[i], follows: s.follows[i], term: s.term[i], until: s.until[i] };
    }

    function decode(index) {
        const raw = H.data.histories[index];
        const h = Object.assign({}, raw, {
            index,
            n: raw.events.t.length,
            lanes: raw.members.length + raw.servers.length,
            t: times(raw.events.t),
            who: Int32Array.from(raw.events.who),
            server: Int32Array.from(raw.events.server),
            kind: Uint8Array.from(raw.events.kind),
            text: Uint32Array.from(raw.events.text),
            pair: Int32Array.from(raw.events.pair),
        });
        delete h.events;
        const s = (h.states = decodeStates(h, raw.states));
        const keyframes = makeKeyframes(h, s);
        let lanes = null; /* made when somebody first asks */

        /* The last event at or before a time; -1: it is before all. */
        h.eventAt = (ns) => lastUpTo(h.t, ns);

        /* Fills `into` (Int32Array, one for each member) with the change of state that is in force
         * after the event; -1: none yet. For who draws often; others take stateAt(). */
        h.inForceAt = function (event, into) {
            const frame = Math.max(0, Math.floor(event / KEYFRAME));
            const members = h.members.length;
            into.set(keyframes.in_force.subarray(frame * members, (frame + 1) * members));
            for (let i = keyframes.first[frame]; i < s.n && s.event[i] <= event; i++) {
                into[s.place[i]] = i;
            }
            return into;
        };

        /* Each member's {bits, follows, term, until} after the event. until: Infinity if no end. */
        h.stateAt = function (event) {
            const changes = h.inForceAt(event, new Int32Array(h.members.length));
            return Array.from(changes, (i) => stateOf(s, i));
        };

        /* The events of a lane, ascending: Uint32Array. */
        h.lane = function (lane) {
            lanes = lanes || decodeLanes(h);
            return lanes[lane];
        };

        /* The next event of a lane after `event`, the one before it; -1: there is none. */
        h.next = function (lane, event) {
            const list = h.lane(lane);
            const i = lastUpTo(list, event) + 1;
            return i < list.length ? list[i] : -1;
        };
        h.prev = function (lane, event) {
            const list = h.lane(lane);
            const i = lastUpTo(list, event - 1);
            return i >= 0 ? list[i] : -1;
        };

        h.words = (event) => (event >= 0 && event < h.n ? H.data.texts[h.text[event]] : "");
        h.kindName = (event) => raw.kinds[h.kind[event]];

        /* The place of a member by its id; -1: there is none. */
        h.placeOf = (id) => h.members.findIndex((member) => member.id === id);
        return h;
    }

    const decoded = new Map();

    /* The history with this index in H.data.histories, decoded once; null: there is none. */
    H.history = function (index) {
        if (!(index >= 0 && index < H.data.histories.length)) {
            return null;
        }
        if (!decoded.has(index)) {
            decoded.set(index, decode(index));
        }
        return decoded.get(index);
    };

    /* The history of a trial of a run; -1: it is not in the page. */
    H.historyOf = (run, trial) =>
        H.data.histories.findIndex((history) => history.run === run && history.trial === trial);

    /* --- what is shown --- */

    const state = {
        cell: -1, run: 0, history: -1, ns: 0, event: -1, playing: false, speed: 1, axis: "time", lane: -1,
    };
    const listeners = [];
    let telling = false;
    let waiting = [];

    H.get = () => Object.assign({}, state);

    /* Which history of a run is shown first: one that failed, else one in which something was found,
     * else the first; -1: there is none. */
    H.firstHistory = function (run) {
        const own = H.data.runs[run] ? H.data.runs[run].histories : [];
        const all = H.data.histories;
        const first = own.find((i) => all[i].verdict === "failed") ??
            own.find((i) => all[i].violations.length > 0) ?? own[0];
        return first ?? -1;
    };

    /* In a map, a cell and its run go together; of a cell without a trial, the run stays. */
    function withCell(whole) {
        if ("cell" in whole && !("run" in whole) && H.map.hasTrial(whole.cell)) {
            whole.run = H.map.of.runs[whole.cell];
        } else if ("run" in whole && !("cell" in whole)) {
            whole.cell = H.map.cellOfRun(whole.run);
        }
    }

    /* What follows from a patch: the run of a history, the moment of an event, the event of a moment. */
    function completed(patch) {
        const whole = Object.assign({}, patch);
        if ("history" in whole && !("run" in whole) && H.data.histories[whole.history]) {
            whole.run = H.data.histories[whole.history].run;
        }
        if (H.map) {
            withCell(whole);
        }
        if ("run" in whole && whole.run !== state.run && !("history" in whole)) {
            whole.history = H.firstHistory(whole.run);
        }
        const index = "history" in whole ? whole.history : state.history;
        const h = H.history(index);
        if (!h) {
            return Object.assign(whole, { ns: 0, event: -1, playing: false });
        }
        if ("history" in whole && index !== state.history && !("ns" in whole) && !("event" in whole)) {
            whole.ns = h.from_ns;
        }
        if ("event" in whole && !("ns" in whole)) {
            whole.ns = whole.event >= 0 ? h.t[whole.event] : h.from_ns;
        } else if ("ns" in whole) {
            whole.ns = Math.min(Math.max(whole.ns, h.from_ns), h.end_ns);
            if (!("event" in whole)) {
                whole.event = h.eventAt(whole.ns);
            }
        }
        return whole;
    }

    /* Merges `patch` into what is shown, and tells those who listen what changed. If a listener
     * calls it, that is told after this. */
    H.set = function (patch) {
        waiting.push(patch);
        if (telling) {
            return;
        }
        telling = true;
        try {
            while (waiting.length) {
                const whole = completed(waiting.shift());
                const changed = {};
                Object.keys(whole).forEach(function (key) {
                    if (key in state && state[key] !== whole[key]) {
                        changed[key] = true;
                        state[key] = whole[key];
                    }
                });
                if (Object.keys(changed).length) {
                    listeners.forEach((listener) => listener(H.get(), changed));
                }
            }
        } finally {
            telling = false;
            waiting = [];
        }
    };

    /* listener(state, changed): `changed` has a key for each value that is another one now. */
    H.listen = (listener) => void listeners.push(listener);

    /* --- panels --- */

    const panels = [];

    /* init(element) is called when the page is there and all scripts have run. */
    H.panel = (id, init) => void panels.push([id, init]);

    /* A trial of each cell is too few for what tells of many; and there may be none. */
    const OF_MANY = ["trials", "stages", "distributions"];
    function isShown(id) {
        const shown = !H.map || (!OF_MANY.includes(id) && (H.data.runs.length > 0 || ["top", "foot"].includes(id)));
        const section = document.getElementById(id + "-section");
        if (!shown && section) {
            section.hidden = true;
        }
        return shown;
    }

    document.addEventListener("DOMContentLoaded", function () {
        const runs = H.data.runs;
        const failed = runs.findIndex((run) => run.verdict === "failed");
        const run = Math.max(0, failed >= 0 ? failed : runs.findIndex((one) => one.histories.length > 0));
        H.set(H.map ? { cell: H.map.first() } : { run });
        H.set({ history: H.firstHistory(H.get().run) });
        panels.filter(([id]) => isShown(id)).forEach(function ([id, init]) {
            init(document.getElementById(id));
        });
    });
})();
