/* Draws a member's state as the form of its lane. `p` is what is drawn on: {c: the context, look, view,
 * model, y: where the row stands}.
 *
 * What is shorter than a pixel is drawn as one pixel of all that was in it: nothing vanishes. How high
 * it is says for how much of that time the member led or was inside. */
(function () {
    "use strict";

    const H = window.H;
    const T = (H.timeline = H.timeline || {});
    const B = H.bits;

    const BAR = 14; /* height of a leader's bar */

    /* Heights of what a member's row shows, from its top. */
    T.member = function (row) {
        const top = row.body;
        return row.words ? { section: top + 4, mid: top + 25, words: top + 43, high: 9 }
            : { section: top + 2, mid: top + 16, words: 0, high: 6 };
    };

    /* One list of [x, width] for each form, filled row by row. */
    const FORMS = ["single", "double", "waiting", "bar", "slit", "block", "hollow", "stripes",
        "cut"];

    /* Gaps narrower than this are closed. In plain lanes that is more: what interrupts them has a
     * form of its own. */
    const CLOSED = { single: 2, double: 2, waiting: 2, bar: 0.6, slit: 0.6, block: 0.6, hollow: 2,
        stripes: 0.6, cut: 6 };

    function emptied(lists) {
        FORMS.forEach(function (name) {
            lists[name] = lists[name] || [];
            lists[name].length = 0;
        });
        return lists;
    }

    /* Which forms the bits of a state ask for, from x0 to x1; what ends by the member's own clock ends
     * at `limit`. */
    function form(lists, bits, x0, x1, limit) {
        if (!(bits & B.alive)) {
            return;
        }
        /* What goes on as before is one piece with it. */
        const put = function (name, to) {
            const list = lists[name];
            const last = list.length - 2;
            if (to > x0 && last >= 0 && x0 - list[last] - list[last + 1] < CLOSED[name]) {
                list[last + 1] = Math.max(list[last + 1], to - list[last]);
            } else if (to > x0) {
                list.push(x0, to - x0);
            }
        };
        if (!(bits & B.started)) {
            put("waiting", x1);
            return;
        }
        put(bits & B.submit ? "double" : "single", x1);
        if (bits & B.leads) {
            put("bar", limit);
            if (bits & B.submit) {
                put("slit", limit);
            }
        }
        if (bits & B.section) {
            put("block", limit);
        } else if (bits & B.waits) {
            put("hollow", x1);
        }
        if (bits & B.paused) {
            put("stripes", x1);
        }
        if (bits & B.cut) {
            put("cut", x1);
        }
    }

    function fill(c, list, y, height, style) {
        if (!list.length) {
            return;
        }
        c.fillStyle = style;
        for (let i = 0; i < list.length; i += 2) {
            const x = Math.round(list[i]); /* on whole pixels nothing has to be blended */
            c.fillRect(x, y, Math.max(1, Math.round(list[i] + list[i + 1]) - x), height);
        }
    }

    /* Gaps in the lane, with an edge on each side: nothing passes. */
    function drawCuts(c, look, list, mid, left, right) {
        if (!list.length) {
            return;
        }
        const slits = (shift) => {
            for (let i = 0; i < list.length; i += 2) {
                const from = list[i];
                const to = from + list[i + 1];
                const first = from + 3 + Math.max(0, Math.ceil((left - from) / 22)) * 22;
                for (let x = first; x < Math.min(to, right) || x === first; x += 22) {
                    c.moveTo(x + shift - 3, mid + 10);
                    c.lineTo(x + shift + 3, mid - 10);
                }
            }
        };
        c.beginPath();
        slits(0);
        c.lineWidth = 6;
        c.strokeStyle = look.paper;
        c.stroke();
        c.beginPath();
        slits(-3);
        slits(3);
        c.lineWidth = 1.6;
        c.strokeStyle = look.cut;
        c.stroke();
    }

    /* Several states within one pixel: what they share is drawn as usual; leading and being inside as
     * high as they took of the time. */
    function makeTiny(p, row, lists) {
        const at = T.member(row);
        const mid = p.y + at.mid;
        const bar = T.strip(p.c, p.look.leads, BAR, (height) => mid - height / 2);
        const block = T.strip(p.c, p.look.section, at.high, (height) => p.y + at.section + at.high - height);
        const tiny = { bits: 0, pixel: -1, leads: 0, inside: 0 };
        return {
            isAt: (pixel) => !tiny.bits || tiny.pixel === pixel,
            add(pixel, bits, width) {
                tiny.pixel = pixel;
                tiny.bits |= bits;
                tiny.leads += bits & B.leads ? width : 0;
                tiny.inside += bits & B.section ? width : 0;
            },
            flush() {
                if (tiny.bits) {
                    const { pixel } = tiny;
                    form(lists, tiny.bits & ~(B.leads | B.section), pixel, pixel + 1, pixel + 1);
                    if (tiny.bits & B.leads) {
                        bar.put(pixel, tiny.leads);
                    }
                    if (tiny.bits & B.section) {
                        block.put(pixel, tiny.inside);
                    }
                }
                tiny.bits = tiny.leads = tiny.inside = 0;
            },
            end() {
                this.flush();
                bar.flush();
                block.flush();
            },
        };
    }

    function drawForms(p, row, lists) {
        const { c, look, view, y } = p;
        const at = T.member(row);
        const mid = y + at.mid;
        fill(c, lists.waiting, mid - 0.5, 1, look.line);
        fill(c, lists.single, mid - 1, 2, look.prepare);
        fill(c, lists.double, mid - 4, 2.5, look.submit);
        fill(c, lists.double, mid + 1.5, 2.5, look.submit);
        fill(c, lists.bar, mid - BAR / 2, BAR, look.leads);
        fill(c, lists.slit, mid - 1.5, 3, look.paper);
        fill(c, lists.block, y + at.section, at.high, look.section);
        fill(c, lists.hollow, y + at.section, 1.5, look.section);
        fill(c, lists.hollow, y + at.section + at.high - 1.5, 1.5, look.section);
        fill(c, lists.stripes, y + at.section, at.mid - at.section + 10,
            T.hatch(c, look, look.paused, 6));
        drawCuts(c, look, lists.cut, mid, view.gutter, view.width);
    }

    /* What stands beside a lane in words, for as long as it stays so. */
    function wordsOf(model, bits, change) {
        const h = model.h;
        const s = h.states;
        if (!(bits & B.alive)) {
            return bits & B.born ? "dead" : "";
        }
        if (!(bits & B.started)) {
            return "not started yet";
        }
        const words = bits & B.leads
            ? "leads" + (s.term[change] ? ", term " + s.term[change] : "")
            : s.follows[change] >= 0 ? "follows " + T.nameOf(h, s.follows[change]) : "";
        const more = [];
        const add = (bit, text) => bits & bit && more.push(text);
        add(B.submit, "submit");
        add(B.paused, "paused");
        add(B.section, "in the section");
        add(B.waits, "waits for the lock");
        add(B.cut, "cut off");
        return (words ? [words] : []).concat(more).join(", ");
    }

    /* Words that stay the same over several changes are written once, where they can be seen. */
    function wordsWriter(p, y) {
        const { c, look, view } = p;
        let text = "";
        let from = 0;
        function flush(to) {
            const x = Math.max(from, view.gutter) + 4;
            const room = Math.min(to, view.width) - x - 6;
            const shown = text && room > 44 ? T.fitted(c, look, text, room) : "";
            if (shown) {
                c.fillStyle = look.muted;
                c.fillText(shown, x, y);
            }
        }
        return {
            put(words, x) {
                if (words !== text) {
                    flush(x);
                    text = words;
                    from = x;
                }
            },
            flush,
        };
    }

    /* The crowns where somebody begins to lead, and the crosses where one died: gathered, then drawn
     * above all else, and no two on top of each other. */
    function marker(p, y) {
        let last = -Infinity;
        const list = [];
        return {
            put(name, x) {
                const at = Math.max(x, p.view.gutter + 9);
                if (at - last >= 15 && at < p.view.width + 8) {
                    list.push(name, at);
                    last = at;
                }
            },
            draw() {
                for (let i = 0; i < list.length; i += 2) {
                    const crown = list[i] === "crown";
                    T.stamp(p.c, p.look, list[i], list[i + 1], crown ? y - 11 : y);
                }
            },
        };
    }

    /* The first change of the member that is still in force at the left edge. */
    function firstChange(p, list) {
        const s = p.model.h.states;
        const positions = p.view.axis.positions;
        let low = 0;
        let high = list.length;
        while (low < high) {
            const middle = (low + high) >> 1;
            if (positions[s.event[list[middle]]] <= p.view.from) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return Math.max(0, low - 1);
    }

    const lists = {};

    T.paintMember = function (p, row) {
        const { view, model, y } = p;
        const s = model.h.states;
        const own = s.of[row.place];
        const positions = view.axis.positions;
        const at = T.member(row);
        const words = row.words && view.axis ? wordsWriter(p, y + at.words) : null;
        const marks = marker(p, y + at.mid);
        const tiny = makeTiny(p, row, lists);
        let before = 0;
        emptied(lists);
        T.setFont(p.c, p.look, p.look.font);
        const first = firstChange(p, own);
        for (let i = first; i < own.length; i++) {
            const change = own[i];
            const x0 = view.x(positions[s.event[change]]);
            if (x0 > view.width) {
                break;
            }
            const x1 = view.x(i + 1 < own.length ? positions[s.event[own[i + 1]]] : view.axis.end);
            const bits = s.bits[change];
            if (!tiny.isAt(Math.floor(x0)) || x1 - x0 >= 1) {
                tiny.flush();
            }
            if (x1 - x0 < 1) {
                tiny.add(Math.floor(x0), bits, x1 - x0);
            } else {
                const limited = bits & (B.leads | B.section) && s.until[change] < Infinity;
                const limit = limited ? Math.min(x1, view.timeX(s.until[change])) : x1;
                form(lists, bits, Math.max(x0, view.gutter - 30), Math.min(x1, view.width + 30),
                    Math.min(limit, view.width + 30));
                if (words && x1 - x0 > 4) {
                    words.put(wordsOf(model, bits, change), x0);
                }
            }
            if (bits & B.leads && bits & B.alive && (!(before & B.leads) || i === first)) {
                marks.put("crown", x0);
            } else if (!(bits & B.alive) && bits & B.born && (before & B.alive || i === first)) {
                marks.put("died", x0);
            }
            before = bits;
        }
        if (words) {
            words.flush(Math.min(view.width, view.x(view.axis.end)));
        }
        tiny.flush();
        drawForms(p, row, lists);
        tiny.end();
        marks.draw();
    };
})();
