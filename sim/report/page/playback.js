/* A panel that is still empty. */
(function () {
    "use strict";
    const H = window.H;

    H.panel("playback", function (element) {
        void element;
        void H;
    });
})();
