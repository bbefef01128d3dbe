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

  // A list below a field of search: the arrows walk it, Enter opens the first.
  document.addEventListener("keydown", function (event) {
    var field = event.target.closest("[data-arrows]");
    var list = field ? document.querySelector(field.dataset.arrows) : event.target.closest(".found");
    if (!list) return;
    var links = Array.prototype.slice.call(list.querySelectorAll("a"));
    var at = links.indexOf(document.activeElement);
    if (event.key === "Enter" && field && list.dataset.awaited) {
      event.preventDefault();
      list.dataset.enter = "1"; // the list is of an earlier word: the first of the one that is on its way
      setTimeout(function () { if (list.dataset.enter) field.form.submit(); }, 2000);
    } else if (event.key === "Enter" && field && links.length) {
      event.preventDefault();
      links[0].click();
    } else if (event.key === "ArrowDown" && links.length) {
      event.preventDefault();
      links[Math.min(at + 1, links.length - 1)].focus();
    } else if (event.key === "ArrowUp" && at >= 0) {
      event.preventDefault();
      if (at) links[at - 1].focus();
      else document.querySelector("[data-arrows]").focus();
    }
  });

  document.addEventListener("input", function (event) {
    var list = event.target.matches("[data-arrows]") && document.querySelector(event.target.dataset.arrows);
    if (list) list.dataset.awaited = "1";
  });
  ["htmx:afterSettle", "htmx:sendError", "htmx:responseError"].forEach(function (name) {
    document.addEventListener(name, function (event) {
      var list = event.detail.target;
      if (!list || !list.dataset || !list.dataset.awaited) return;
      var first = list.dataset.enter && list.querySelector("a");
      delete list.dataset.awaited;
      delete list.dataset.enter;
      if (first) first.click();
    });
  });

  // Ctrl+Enter saves; Enter in a field asks for nothing to be sent half filled in.
  document.addEventListener("keydown", function (event) {
    var form = document.querySelector("form[data-save]");
    if (form && event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      Array.prototype.find.call(form.elements, function (e) { return e.matches("button.btn-primary"); }).click();
    }
  });

  // The form is sent by the browser, not by htmx, which only asks for the consequence as it is filled in.
  document.addEventListener("htmx:beforeRequest", function (event) {
    var cause = event.detail.requestConfig.triggeringEvent;
    if (event.target.matches("form[data-save]") && cause && cause.type === "submit") event.preventDefault();
  });

  // Files are dropped on the form, or pasted: they join those that were chosen.
  function addFiles(files) {
    var input = document.querySelector("[data-files] input[type=file]");
    if (!input || !files.length) return false;
    var all = new DataTransfer();
    [input.files, files].forEach(function (list) {
      Array.prototype.forEach.call(list, function (file) { all.items.add(file); });
    });
    while (!input.multiple && all.items.length > 1) all.items.remove(0);
    input.files = all.files;
    return true;
  }
  document.addEventListener("paste", function (event) {
    if (event.clipboardData && addFiles(event.clipboardData.files)) event.preventDefault();
  });
  document.addEventListener("dragover", function (event) {
    if (event.target.closest && event.target.closest("form[data-save], form[data-files]")) event.preventDefault();
  });
  document.addEventListener("drop", function (event) {
    if (event.target.closest && event.target.closest("form[data-save], form[data-files]") && addFiles(event.dataTransfer.files)) event.preventDefault();
  });

  // What is wider than its frame is scrolled with the arrow keys too.
  function reachable() {
    document.querySelectorAll(".scroll").forEach(function (frame) {
      if (frame.scrollWidth > frame.clientWidth + 1) frame.tabIndex = 0;
      else frame.removeAttribute("tabindex");
    });
  }
  window.addEventListener("load", reachable);
  window.addEventListener("resize", reachable);
  document.addEventListener("htmx:afterSettle", reachable);

  document.addEventListener("DOMContentLoaded", function () {
    var after = parseInt(document.body.dataset.reload || "0", 10);
    if (after) setTimeout(function () { location.reload(); }, after * 1000);
  });
})();
