// What pages do beyond plain HTML: keys, pickers, tokens for htmx, and pictures of the tables beside them.
(function () {
  "use strict";
  document.documentElement.classList.add("script");

  function meta(name) {
    var found = document.querySelector('meta[name="' + name + '"]');
    return found ? found.content : "";
  }

  document.addEventListener("htmx:configRequest", function (event) {
    event.detail.headers["X-CSRF-Token"] = meta("csrf");
  });

  // Faults come back as pages of words: show them where the answer was wanted instead of dropping them.
  document.addEventListener("htmx:beforeSwap", function (event) {
    var status = event.detail.xhr.status;
    if (status === 409 || status === 422) {
      event.detail.shouldSwap = true;
      event.detail.isError = false;
    }
  });

  function typing(target) {
    return target.closest && target.closest("input, select, textarea, [contenteditable]");
  }

  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    var link = document.querySelector('[data-key="' + CSS.escape(event.key) + '"]');
    if (link) {
      event.preventDefault();
      link.click();
    }
  });

  document.addEventListener("change", function (event) {
    var form = event.target.closest("form[data-picker], form[data-auto]");
    if (form && event.target.matches("select, input[type=checkbox], input[type=date], input[type=month]")) form.requestSubmit();
  });

  document.addEventListener("click", function (event) {
    var open = document.querySelector("details.who-menu[open]");
    if (open && !open.contains(event.target)) open.removeAttribute("open");
    var button = event.target.closest("[data-do]");
    if (!button) return;
    if (button.dataset.do === "print") window.print();
    if (button.dataset.do === "full") document.documentElement.requestFullscreen();
    if (button.dataset.do === "copy") navigator.clipboard.writeText(button.dataset.text || "");
  });

  document.addEventListener("DOMContentLoaded", function () {
    var after = parseInt(document.body.dataset.reload || "0", 10);
    if (after) setTimeout(function () { location.reload(); }, after * 1000);
  });
})();
