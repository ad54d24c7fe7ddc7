/* Print without leaving the page: the paper's HTML goes into a hidden frame and to the printer.
   Without this script the link opens the paper in a tab of its own, which prints itself. */
(function () {
  "use strict";
  document.addEventListener("click", function (e) {
    const link = e.target.closest("a[data-print-frame]");
    if (!link || e.ctrlKey || e.metaKey || e.shiftKey) return;
    e.preventDefault();
    const old = document.getElementById("bh-print");
    if (old) old.remove();
    const frame = document.createElement("iframe");
    frame.id = "bh-print";
    frame.title = link.textContent.trim();
    frame.setAttribute("aria-hidden", "true");
    frame.style.cssText = "position:fixed;inset-inline-end:0;bottom:0;width:1px;height:1px;border:0;opacity:0";
    frame.addEventListener("load", function () {
      const page = frame.contentWindow;
      page.document.fonts.ready.then(function () {
        frame.dataset.ready = "1";
        page.focus();
        page.print();
      });
    });
    frame.src = link.href + (link.href.includes("?") ? "&" : "?") + "frame";
    document.body.append(frame);
  });
})();
