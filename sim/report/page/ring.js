/* The ring of members around the store: still empty. */
(function () {
    "use strict";
    window.H.ring = null;
})();
