/* The forms of the timeline: colours, patterns, marks, text. Each takes a canvas context; none knows
 * a history. The legend draws with the same. */
(function () {
    "use strict";

    const H = window.H;
    const T = (H.timeline = H.timeline || {});

    const NAMES = ["paper", "panel", "ink", "muted", "line", "accent", "selected", "prepare", "submit",
        "leads", "section", "lock", "paused", "dead", "cut", "fault", "violation"];

    /* The colours that the page has now (light, dark, in print), and the font. `ratio`: pixels of the
     * canvas a CSS pixel. */
    T.readLook = function (element, ratio) {
        const style = getComputedStyle(element);
        const look = {
            ratio, patterns: new Map(), sprites: new Map(), plainWidths: new Map(), boldWidths: new Map(),
        };
        NAMES.forEach(function (name) {
            look[name] = style.getPropertyValue("--" + name).trim() || "#777";
        });
        look.family = style.fontFamily || "sans-serif";
        look.font = "11px " + look.family;
        look.bold = "600 11px " + look.family;
        return look;
    };

    /* A pattern of slanted lines, `gap` apart. */
    T.hatch = function (c, look, colour, gap) {
        const key = colour + gap;
        if (!look.patterns.has(key)) {
            const tile = document.createElement("canvas");
            tile.width = tile.height = gap * 2;
            const t = tile.getContext("2d");
            t.strokeStyle = colour;
            t.lineWidth = gap / 2.6;
            for (let i = -1; i < 3; i++) {
                t.beginPath();
                t.moveTo(i * gap - gap, gap * 2 + gap);
                t.lineTo(i * gap + gap * 2 + gap, -gap);
                t.stroke();
            }
            look.patterns.set(key, c.createPattern(tile, "repeat"));
        }
        return look.patterns.get(key);
    };

    /* Sets the font: look.font or look.bold. (To ask the canvas which it has is slow.) */
    T.setFont = function (c, look, font) {
        c.font = font;
        look.widths = font === look.bold ? look.boldWidths : look.plainWidths;
    };

    T.textWidth = function (c, look, text) {
        let width = look.widths.get(text);
        if (width === undefined) {
            width = c.measureText(text).width;
            look.widths.set(text, width);
        }
        return width;
    };

    /* The text, cut to the width with "…"; "" if not even that helps. */
    T.fitted = function (c, look, text, width) {
        if (T.textWidth(c, look, text) <= width) {
            return text;
        }
        if (width < 30) {
            return "";
        }
        const letter = T.textWidth(c, look, text) / text.length;
        let length = Math.floor(width / letter) - 1;
        while (length > 2 && T.textWidth(c, look, text.slice(0, length) + "…") > width) {
            length--;
        }
        return length > 2 ? text.slice(0, length).trimEnd() + "…" : "";
    };

    /* Text on a ground of its own, so that it can be read on anything. */
    T.textOn = function (c, look, text, x, y, colour, ground) {
        if (ground) {
            c.lineWidth = 3;
            c.lineJoin = "round";
            c.strokeStyle = ground;
            c.strokeText(text, x, y);
        }
        c.fillStyle = colour;
        c.fillText(text, x, y);
    };

    function polygon(c, x, y, points) {
        c.moveTo(x + points[0], y + points[1]);
        for (let i = 2; i < points.length; i += 2) {
            c.lineTo(x + points[i], y + points[i + 1]);
        }
        c.closePath();
    }

    const CROWN = [-6, 4, -7, -5, -3, -1, 0, -7, 3, -1, 7, -5, 6, 4];
    const BOLT = [1, -7, -4, 1, -1, 1, -2, 7, 4, -2, 1, -2, 3, -7];
    const STAR = [];
    for (let i = 0; i < 10; i++) {
        const r = i % 2 ? 2.2 : 5.4;
        STAR.push(r * Math.sin((i * Math.PI) / 5), -r * Math.cos((i * Math.PI) / 5));
    }

    /* A mark is a path about (x, y): filled, or drawn as lines if it is open. */
    const lines = (c, x, y, list) => list.forEach(function (l) {
        c.moveTo(x + l[0], y + l[1]);
        c.lineTo(x + l[2], y + l[3]);
    });
    const dot = (c, x, y, r) => {
        c.moveTo(x + r, y);
        c.arc(x, y, r, 0, 2 * Math.PI);
    };
    T.marks = {
        crown: { colour: "leads", path: (c, x, y) => polygon(c, x, y, CROWN) },
        request: { colour: "ink", path: (c, x, y) => polygon(c, x, y, [-3.6, 3, 3.6, 3, 0, -4]) },
        reply: { colour: "ink", path: (c, x, y) => polygon(c, x, y, [-3.6, -3, 3.6, -3, 0, 4]) },
        claim: { colour: "ink", path: (c, x, y) => polygon(c, x, y, [-4, 0, 0, -4, 4, 0, 0, 4]) },
        decided: { colour: "ink", path: (c, x, y) => polygon(c, x, y, STAR) },
        started: { colour: "ink", path: (c, x, y) => polygon(c, x, y, [-3, -4, 4, 0, -3, 4]) },
        resumed: { colour: "paused", path: (c, x, y) => polygon(c, x, y, [-3, -4, 4, 0, -3, 4]) },
        born: { colour: "ink", open: true, path: (c, x, y) => dot(c, x, y, 3) },
        died: { colour: "dead", open: true,
            path: (c, x, y) => lines(c, x, y, [[-5, -5, 5, 5], [-5, 5, 5, -5]]) },
        paused: { colour: "paused", open: true,
            path: (c, x, y) => lines(c, x, y, [[-2.5, -5, -2.5, 5], [2.5, -5, 2.5, 5]]) },
        fault: { colour: "fault", path: (c, x, y) => polygon(c, x, y, BOLT) },
        healed: { colour: "fault", open: true,
            path: (c, x, y) => lines(c, x, y, [[-4, 0, 4, 0], [0, -4, 0, 4]]) },
        skipped: { colour: "muted", open: true, path: (c, x, y) => polygon(c, x, y, BOLT) },
        outside: { colour: "fault", open: true,
            path: (c, x, y) => lines(c, x, y, [[0, -6, 0, 2], [0, 4, 0, 6]]) },
        undecided: { colour: "undecided", open: true,
            path: (c, x, y) => polygon(c, x, y, [0, -6, 6, 5, -6, 5]) },
        expired: { colour: "lock", path: (c, x, y) => polygon(c, x, y, [-4, -5, 4, -5, -4, 5, 4, 5]) },
        phase: { colour: "muted", open: true, path: (c, x, y) => lines(c, x, y, [[0, -7, 0, 7]]) },
        other: { colour: "ink", path: (c, x, y) => dot(c, x, y, 2.5) },
    };

    const SPRITE = 24; /* CSS pixels: every mark with its ring has room in it */

    /* The mark as a picture, drawn once: pictures are put down ten times as fast as paths. */
    function sprite(look, name) {
        const ratio = look.ratio;
        if (!look.sprites.has(name)) {
            const canvas = document.createElement("canvas");
            canvas.width = canvas.height = Math.ceil(SPRITE * ratio);
            const to = canvas.getContext("2d");
            to.scale(ratio, ratio);
            T.mark(to, look, name, SPRITE / 2, SPRITE / 2, true);
            look.sprites.set(name, canvas);
        }
        return look.sprites.get(name);
    }

    /* A mark of which there may be many, with its ring. */
    T.stamp = function (c, look, name, x, y) {
        c.drawImage(sprite(look, name), Math.round(x) - SPRITE / 2, Math.round(y) - SPRITE / 2,
            SPRITE, SPRITE);
    };

    T.mark = function (c, look, name, x, y, ring) {
        const mark = T.marks[name] || T.marks.other;
        c.beginPath();
        mark.path(c, x, y);
        if (ring) {
            c.lineWidth = mark.open ? 4.5 : 2.5;
            c.strokeStyle = look.paper;
            c.stroke();
        }
        if (mark.open) {
            c.lineWidth = 1.8;
            c.strokeStyle = look[mark.colour] || look.ink;
            c.stroke();
        } else {
            c.fillStyle = look[mark.colour];
            c.fill();
        }
    };

    /* Bars one pixel wide, as high as the share of the pixel's time that they stand for; 3 px at least.
     * What is as high as its neighbour is drawn with it. `place(height)` is where one begins. */
    T.strip = function (c, colour, most, place) {
        let from = 0;
        let to = 0;
        let height = 0;
        function flush() {
            if (to > from) {
                c.fillStyle = colour;
                c.fillRect(from, place(height), to - from, height);
            }
        }
        return {
            put(pixel, share) {
                const own = Math.max(3, Math.round(most * Math.min(1, share)));
                if (pixel > to || own !== height) {
                    flush();
                    from = pixel;
                    height = own;
                }
                to = pixel + 1;
            },
            flush,
        };
    };

    /* An arrow's head at (x, y), from the direction of (fromX, fromY). Adds to the path. */
    T.arrowHead = function (c, fromX, fromY, x, y) {
        const a = Math.atan2(y - fromY, x - fromX);
        const wing = 0.42;
        c.moveTo(x, y);
        c.lineTo(x - 7 * Math.cos(a - wing), y - 7 * Math.sin(a - wing));
        c.lineTo(x - 7 * Math.cos(a + wing), y - 7 * Math.sin(a + wing));
        c.closePath();
    };
})();
