/* The ring: members around the store, as SVG. Each state has a form of its own beside its colour:
 *
 *     prepare   a hollow disc          dead          a broken outline and a cross
 *     submit    a full disc            paused        two bars
 *     leads     a full disc, a crown   not started   a dotted outline
 *     inside    brackets around it     cut off       the line to the store is broken
 *
 * The key lies with whom the store has given the lock; who believes to have it and has not holds a
 * broken outline of a key. Beyond RING_MOST members it is a grid, without messages and lines. */
(function () {
    "use strict";

    const H = window.H;
    const P = (H.playback = H.playback || {});
    const RING_MOST = 24;
    const ROOMY = 10; /* up to so many members there is room for more words */
    const SIZE = 480; /* of the picture, in its own units */
    const KEY = "M0,-4a4,4 0 1,1 0,8a4,4 0 1,1 0,-8zM4,0h9M10,0v4M13,0v3";
    const CROWN = "M-10,4L-11,-6L-5,-1L0,-9L5,-1L11,-6L10,4z";

    function svg(name, attributes, parent) {
        const element = document.createElementNS("http://www.w3.org/2000/svg", name);
        Object.keys(attributes || {}).forEach((key) => element.setAttribute(key, attributes[key]));
        if (parent) {
            parent.appendChild(element);
        }
        return element;
    }
    P.svg = svg;

    /* Sets an attribute only if it is another one: most of a picture stays from frame to frame. */
    function put(element, name, value) {
        if (element.getAttribute(name) !== String(value)) {
            element.setAttribute(name, value);
        }
    }

    function show(element, visible) {
        put(element, "visibility", visible ? "visible" : "hidden");
    }

    /* --- where everything is --- */

    function around(count, radius, x, y) {
        return Array.from({ length: count }, function (_, i) {
            const angle = -Math.PI / 2 + (2 * Math.PI * i) / count;
            return { x: x + radius * Math.cos(angle), y: y + radius * Math.sin(angle) };
        });
    }

    function serverPlaces(h) {
        const middle = SIZE / 2;
        if (h.servers.length === 1) {
            return [{ x: middle, y: middle }];
        }
        const stores = h.servers.filter((_, server) => !P.isResource(h, server)).length;
        const resource = h.servers.length > stores;
        const ring = stores === 1 ? [{ x: middle - 56, y: middle }] : around(stores, 62, middle, middle);
        const below = { x: stores === 1 ? middle + 56 : middle, y: middle };
        let next = 0;
        return h.servers.map((_, server) => (resource && P.isResource(h, server) ? below : ring[next++]));
    }

    function layout(h) {
        const members = h.members.length;
        if (members <= RING_MOST) {
            const places = around(members, SIZE / 2 - 62, SIZE / 2, SIZE / 2);
            const lowest = Math.max(SIZE / 2 + 40, ...places.map((place) => place.y));
            return {
                grid: false, top: 0, height: lowest + 52, members: places, servers: serverPlaces(h),
                r: members <= 8 ? 20 : members <= 14 ? 16 : 12,
            };
        }
        const columns = Math.ceil(Math.sqrt(members * 1.3));
        const cell = (SIZE - 8) / columns;
        return {
            grid: true, top: 0, r: Math.max(2, cell / 2 - 1.5), servers: [],
            height: 8 + Math.ceil(members / columns) * cell,
            members: Array.from({ length: members }, (_, i) => ({
                x: 4 + cell * ((i % columns) + 0.5), y: 4 + cell * (Math.floor(i / columns) + 0.5),
            })),
        };
    }

    /* --- a member --- */

    /* `gap`: from the disc. */
    const BRACKETS = (r, gap) => [-1, 1].map((side) =>
        `M${side * (r + gap)},${-r - gap}h${side * gap * 1.7}v${2 * (r + gap)}h${-side * gap * 1.7}`).join("");

    P.shapes = { key: KEY, crown: CROWN, brackets: BRACKETS };

    function shortName(member, grid) {
        return grid ? "" : member.id === 0 ? "M" : String(member.id);
    }

    function makeMember(picture, h, place) {
        const at = picture.layout.members[place];
        const r = picture.layout.r;
        const g = svg("g", { transform: `translate(${at.x},${at.y})`, class: "member" }, picture.members);
        const m = { g, bits: -1, place, at };
        const side = at.x > SIZE / 2 + 20 ? 1 : -1; /* the outer one */
        m.chosen = svg("circle", { r: picture.layout.grid ? r * 1.6 : r + 11, class: "ring-chosen" }, g);
        m.disc = svg("circle", { r, class: "ring-disc" }, g);
        m.brackets = svg("path", { d: BRACKETS(r, picture.layout.grid ? r * 0.12 : 3), class: "ring-brackets" }, g);
        m.cross = svg("path", { d: `M${-r * 0.6},${-r * 0.6}L${r * 0.6},${r * 0.6}M${r * 0.6},${-r * 0.6}L${-r * 0.6},${r * 0.6}`, class: "ring-cross" }, g);
        m.bars = svg("path", { d: `M${-r * 0.35},${-r * 0.5}v${r}M${r * 0.35},${-r * 0.5}v${r}`, class: "ring-bars" }, g);
        m.name = svg("text", { class: "ring-name", dy: "0.35em" }, g);
        m.name.textContent = shortName(h.members[place], picture.layout.grid);
        m.crown = svg("path", { d: CROWN, class: "ring-crown", transform: `translate(0,${-r - (picture.layout.grid ? 0 : 12)}) scale(${picture.layout.grid ? r / 12 : 1.15})` }, g);
        m.waits = svg("path", { d: picture.layout.grid ? "M0,0h.01" : [-7, 0, 7].map((y) => `M${side * (r + 14)},${y}h.01`).join(""), class: "ring-waits" }, g);
        if (!picture.layout.grid) {
            m.key = svg("path", { d: KEY, class: "ring-key", transform: `translate(${r + 16},1) scale(1.25)` }, g);
            m.time = svg("path", { class: "ring-time" }, g);
            m.follows = svg("text", { class: "ring-follows", x: 0 }, g);
        }
        m.title = svg("title", {}, g);
        g.addEventListener("click", () => H.set({ lane: place }));
        return m;
    }

    /* The part of its time that a lock has left, as an arc around the disc. */
    function arc(r, share) {
        if (share <= 0) {
            return "";
        }
        const angle = Math.min(share, 0.9999) * 2 * Math.PI;
        const x = r * Math.sin(angle);
        const y = -r * Math.cos(angle);
        return `M0,${-r}A${r},${r} 0 ${angle > Math.PI ? 1 : 0},1 ${x.toFixed(2)},${y.toFixed(2)}`;
    }

    function drawState(m, bits) {
        const b = H.bits;
        const started = Boolean(bits & b.started) || P.isDead(bits);
        const dead = P.isDead(bits);
        const alive = started && !dead;
        const leads = alive && (bits & b.leads) !== 0;
        const kind = !started ? "new" : dead ? "dead" : leads ? "leads" : bits & b.submit ? "submit" : "prepare";
        put(m.g, "class", `member is-${kind}`);
        show(m.crown, leads);
        show(m.brackets, alive && bits & b.section);
        show(m.cross, dead);
        show(m.bars, alive && bits & b.paused);
        show(m.name, !(alive && bits & b.paused) && !dead);
        show(m.waits, alive && bits & b.waits);
    }

    /* Whom it follows, by its own words; with the term where there is room for it. A glyph that hides
     * the member's name has it here. */
    function followsText(h, place, state) {
        const alive = Boolean(state.bits & H.bits.alive);
        const hidden = P.isDead(state.bits) || (alive && state.bits & H.bits.paused);
        const name = hidden ? shortName(h.members[place], false) + " " : "";
        if (!alive || state.follows < 0) {
            return name;
        }
        const whom = state.follows === 0 ? "M" : state.follows;
        const term = state.term && h.members.length <= ROOMY ? `, term ${state.term}` : "";
        return `${name}→ ${whom}${term}`;
    }

    function drawKey(picture, m, moment) {
        const belief = moment.beliefs[m.place];
        const hold = moment.holds.find((one) => one && one.held && one.holder === m.place);
        show(m.key, Boolean(hold) || belief.holds);
        put(m.key, "class", hold ? "ring-key" : "ring-key is-ghost");
        const lasts = hold && hold.until < Infinity ? hold.until - hold.from : 0;
        put(m.time, "d", lasts > 0 ? arc(picture.layout.r + 5, (hold.until - moment.ns) / lasts) : "");
    }

    /* On the outer side, where no message passes, and beyond a crown. */
    function placeFollows(picture, m, crowned) {
        const r = picture.layout.r;
        const above = m.at.y < SIZE / 2 - 20;
        if (picture.h.members.length <= ROOMY) {
            put(m.follows, "y", above ? -r - (crowned ? 28 : 11) : r + 18);
            return;
        }
        const angle = Math.atan2(m.at.y - SIZE / 2, m.at.x - SIZE / 2);
        const far = r + 16 + (above && crowned ? 14 : 0);
        put(m.follows, "x", (far * Math.cos(angle)).toFixed(1));
        put(m.follows, "y", (far * Math.sin(angle) + 4).toFixed(1));
    }

    function drawMember(picture, m, moment, lane) {
        const state = moment.states[m.place];
        if (m.bits !== state.bits) {
            drawState(m, state.bits);
            m.bits = state.bits;
            const name = moment.h.members[m.place].name;
            m.title.textContent = `${name}: ${P.stateWords(state.bits)}`;
        }
        show(m.chosen, lane === m.place);
        if (picture.layout.grid) {
            return;
        }
        P.set(m.follows, followsText(moment.h, m.place, state));
        placeFollows(picture, m, P.leads(state.bits));
        put(m.line, "class", `ring-line${state.bits & H.bits.cut ? " is-cut" : ""}${state.bits & H.bits.alive ? "" : " is-off"}`);
        drawKey(picture, m, moment);
    }

    /* --- servers, lines and messages --- */

    function toward(from, to, margin) {
        const dx = to.x - from.x;
        const dy = to.y - from.y;
        const length = Math.hypot(dx, dy) || 1;
        return { x: from.x + (dx * margin) / length, y: from.y + (dy * margin) / length };
    }

    function makeServer(picture, h, server) {
        const at = picture.layout.servers[server];
        const several = h.servers.length > 2;
        const w = several ? 30 : 48;
        const g = svg("g", { transform: `translate(${at.x},${at.y})`, class: P.isResource(h, server) ? "ring-resource" : "ring-store" }, picture.stores);
        const top = several ? 7 : 10;
        const half = several ? 12 : 18;
        if (P.isResource(h, server)) {
            svg("rect", { x: -w, y: -half + 2, width: 2 * w, height: 2 * half - 4, rx: 3 }, g);
        } else {
            svg("path", { d: `M${-w},${-half}v${2 * half}a${w},${top} 0 0,0 ${2 * w},0v${-2 * half}` }, g);
            svg("ellipse", { cx: 0, cy: -half, rx: w, ry: top }, g);
        }
        const name = svg("text", { dy: "0.55em" }, g);
        name.textContent = several ? String(server + 1) : h.servers[server].replace(/^the /, "");
        const key = svg("path", { d: KEY, class: "ring-key is-free", transform: `translate(-6,${half + top + 9})` }, g);
        return { g, key, at };
    }

    function drawFlight(picture, k, one) {
        const f = picture.flights[k] || {
            line: svg("path", { class: "ring-arrow" }, picture.messages),
            dot: svg("circle", { r: 4.5 }, picture.messages),
        };
        picture.flights[k] = f;
        const member = picture.layout.members[one.place];
        const server = picture.layout.servers[one.server];
        const from = toward(member, server, picture.layout.r + 9);
        const to = toward(server, member, 44);
        put(f.dot, "cx", (from.x + (to.x - from.x) * one.along).toFixed(1));
        put(f.dot, "cy", (from.y + (to.y - from.y) * one.along).toFixed(1));
        put(f.dot, "class", `ring-dot${one.back ? " is-reply" : ""}${one.lost ? " is-lost" : ""}`);
        show(f.dot, !picture.still || !one.now);
        show(f.line, one.now);
        const tip = one.back ? from : to;
        const tail = one.back ? to : from;
        put(f.line, "d", arrow(tail, tip));
    }

    function arrow(from, to) {
        const angle = Math.atan2(to.y - from.y, to.x - from.x);
        const wing = (turn) => `${(to.x - 9 * Math.cos(angle + turn)).toFixed(1)},${(to.y - 9 * Math.sin(angle + turn)).toFixed(1)}`;
        return `M${from.x.toFixed(1)},${from.y.toFixed(1)}L${to.x.toFixed(1)},${to.y.toFixed(1)}M${wing(0.45)}L${to.x.toFixed(1)},${to.y.toFixed(1)}L${wing(-0.45)}`;
    }

    /* --- the picture --- */

    function build(picture, h) {
        picture.h = h;
        picture.layout = layout(h);
        picture.root.textContent = "";
        picture.root.classList.toggle("is-grid", picture.layout.grid);
        picture.root.setAttribute("viewBox", `0 ${picture.layout.top} ${SIZE} ${Math.ceil(picture.layout.height - picture.layout.top)}`);
        picture.lines = svg("g", {}, picture.root);
        picture.stores = svg("g", {}, picture.root);
        picture.messages = svg("g", {}, picture.root);
        picture.members = svg("g", {}, picture.root);
        picture.flights = [];
        picture.servers = picture.layout.servers.map((_, server) => makeServer(picture, h, server));
        picture.all = h.members.map((_, place) => makeMember(picture, h, place));
        if (!picture.layout.grid) {
            const several = h.servers.length > 2;
            const middle = several ? { x: SIZE / 2, y: SIZE / 2 } : picture.layout.servers[0];
            picture.all.forEach(function (m) {
                const from = toward(m.at, middle, picture.layout.r + 6);
                const to = toward(middle, m.at, several ? 92 : 62);
                m.line = svg("path", { d: `M${from.x},${from.y}L${to.x},${to.y}` }, picture.lines);
            });
        }
    }

    /* A picture in `parent`: draw(moment, lane), isGrid(). `still`: nothing moves in it. */
    H.ring = function (parent, still) {
        const root = svg("svg", { class: "ring", role: "img" }, parent);
        const picture = { root, h: null, still };
        return {
            root,
            isGrid: () => picture.layout.grid,
            draw(moment, lane) {
                if (picture.h !== moment.h) {
                    build(picture, moment.h);
                }
                picture.all.forEach((m) => drawMember(picture, m, moment, lane));
                if (picture.layout.grid) {
                    return;
                }
                picture.servers.forEach((server, i) => show(server.key, Boolean(moment.holds[i]) && !moment.holds[i].held));
                const flights = P.flightsAt(moment.h, moment.ns, moment.event);
                flights.forEach((one, k) => drawFlight(picture, k, one));
                picture.flights.splice(flights.length).forEach(function (f) {
                    f.line.remove();
                    f.dot.remove();
                });
            },
        };
    };
})();
