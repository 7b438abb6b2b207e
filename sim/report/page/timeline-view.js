/* What part of the timeline is seen: zoom and pan by d3, on either axis. Draws nothing; calls
 * `changed` when another part is seen. */
(function () {
    "use strict";

    const H = window.H;
    const d3 = window.d3;
    const T = (H.timeline = H.timeline || {});

    T.HEADER = 26; /* height of the axis above */
    T.FLAGS = 17;  /* height of one line of violations' names */

    /* A wheel that turns while the page scrolls scrolls on: it must not begin to zoom when the
     * timeline comes under the pointer. */
    const SCROLLING_MS = 350;
    let scrolled = -SCROLLING_MS;
    window.addEventListener("scroll", () => (scrolled = performance.now()), { passive: true });

    T.pageScrolls = () => performance.now() - scrolled <= SCROLLING_MS;

    function wheelDelta() {
        const event = d3.event;
        const unit = event.deltaMode === 1 ? 25 : event.deltaMode ? 500 : 1;
        return -event.deltaY * unit * (event.ctrlKey ? 0.01 : 0.0035);
    }

    /* Whether d3's zoom takes the event. The wheel sideways, and with Shift, is ours: it pans. */
    function takes() {
        const event = d3.event;
        if (event.type === "wheel") {
            const sideways = event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY);
            return !sideways && (event.ctrlKey || !T.pageScrolls());
        }
        return !event.button && !event.ctrlKey && !T.scrubs(event);
    }

    /* The wheel over the names goes through the lanes, as over any box that scrolls. */
    const overNames = (view) => d3.event.type === "wheel" && d3.mouse(view.canvas)[0] < view.gutter;

    /* One finger that goes up or down scrolls the page. d3 would keep that to itself: it must not
     * see such moves. */
    function letFingersScroll(canvas) {
        let start = null;
        let vertical = null; /* not known before the first move */
        canvas.addEventListener("touchstart", function (event) {
            start = event.touches.length === 1 ? event.touches[0] : null;
            vertical = null;
        }, { capture: true, passive: true });
        canvas.addEventListener("touchmove", function (event) {
            const touch = event.touches[0];
            if (start && vertical === null) {
                vertical = Math.abs(touch.clientY - start.clientY) > Math.abs(touch.clientX - start.clientX);
            }
            if (start && vertical) {
                event.stopImmediatePropagation();
            }
        }, { capture: true, passive: true });
        canvas.style.touchAction = "pan-y";
    }

    T.makeView = function (canvas, changed) {
        const selection = d3.select(canvas);
        const base = d3.scaleLinear();
        const view = {
            canvas, width: 0, height: 0, gutter: 0, header: T.HEADER, scroll: 0, axis: null,
            from: 0, to: 1, factor: 1, /* the positions at both ends; CSS pixels a position */
        };
        const zoom = d3.zoom().filter(() => takes() && !overNames(view)).wheelDelta(wheelDelta).clickDistance(4);

        function moved() {
            const domain = d3.event.transform.rescaleX(base).domain();
            view.from = domain[0];
            view.to = domain[1];
            view.factor = (view.width - view.gutter) / (view.to - view.from);
            changed(Boolean(d3.event.sourceEvent));
        }
        zoom.on("zoom", moved);
        selection.call(zoom).on("dblclick.zoom", null);
        letFingersScroll(canvas);

        view.x = (position) => view.gutter + (position - view.from) * view.factor;
        view.position = (x) => view.from + (x - view.gutter) / view.factor;
        view.eventX = (event) => view.x(view.axis.positions[event]);
        view.timeX = (ns) => view.x(view.axis.of(ns));

        /* Shows positions `from` to `to`, moved and widened to what there is. */
        view.show = function (from, to) {
            const axis = view.axis;
            const whole = axis.high - axis.low;
            const length = Math.min(Math.max(to - from, axis.shortest), whole);
            const middle = (from + to) / 2;
            const start = Math.min(Math.max(middle - length / 2, axis.low), axis.high - length);
            const k = whole / length;
            const x = view.gutter - k * base(start);
            selection.call(zoom.transform, d3.zoomIdentity.translate(x, 0).scale(k));
        };
        view.fit = () => view.show(view.axis.low, view.axis.high);
        view.isWhole = () => view.to - view.from >= (view.axis.high - view.axis.low) * 0.999;
        view.pan = function (pixels) {
            const by = pixels / view.factor;
            view.show(view.from + by, view.to + by);
        };
        /* Zooms in by `by`, about the x that stays where it is. */
        view.zoomBy = function (by, x) {
            const fixed = view.position(x === undefined ? (view.gutter + view.width) / 2 : x);
            const length = Math.max((view.to - view.from) / by, view.axis.shortest);
            const share = (fixed - view.from) / (view.to - view.from);
            view.show(fixed - length * share, fixed + length * (1 - share));
        };
        /* Moves as little as is needed to show the position; or to the middle if it is far away. */
        view.reveal = function (position) {
            const x = view.x(position);
            const edge = Math.min(60, (view.width - view.gutter) / 6);
            const left = view.gutter + edge;
            const right = view.width - edge;
            if (x < view.gutter - edge || x > view.width + edge) {
                const half = (view.to - view.from) / 2;
                view.show(position - half, position + half);
            } else if (x < left || x > right) {
                view.pan(x < left ? x - left : x - right);
            }
        };

        /* Takes an axis and a size; keeps what is seen. On another axis that is the same times. */
        view.set = function (axis, width, height, gutter) {
            let from = axis.low;
            let to = axis.high;
            if (view.axis === axis) {
                from = view.from;
                to = view.to;
            } else if (view.axis && view.axis.history === axis.history && !view.isWhole()) {
                from = axis.of(view.axis.ns(view.from)) - axis.shortest / 4;
                to = axis.of(view.axis.ns(view.to)) + axis.shortest / 4;
            }
            Object.assign(view, { axis, width, height, gutter });
            base.domain([axis.low, axis.high]).range([gutter, Math.max(width, gutter + 10)]);
            zoom.extent([[gutter, 0], [width, height]])
                .translateExtent([[gutter, -Infinity], [width, Infinity]])
                .scaleExtent([1, (axis.high - axis.low) / axis.shortest]);
            view.show(from, to);
        };
        /* Marks of the axis: positions, and how far apart they are. */
        view.ticks = function () {
            const scale = d3.scaleLinear().domain([view.from, view.to]);
            const list = scale.ticks(Math.max(2, Math.floor((view.width - view.gutter) / 110)));
            return { list, step: list.length > 1 ? list[1] - list[0] : view.to - view.from };
        };
        return view;
    };
})();
