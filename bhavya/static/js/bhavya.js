/* Bhavya: keys, scanner, drafts, language, network state. Plain script, no build step. */
(function () {
  "use strict";
  const doc = document;
  const cookie = (name) => (doc.cookie.match("(?:^|; )" + name + "=([^;]*)") || [])[1] || "";
  const typing = (el) => el && (/^(INPUT|TEXTAREA|SELECT)$/.test(el.tagName) || el.isContentEditable);

  /* Every HTMX request carries the form token; polls rest while the tab is hidden. */
  doc.addEventListener("htmx:config:request", (e) => {
    e.detail.ctx.request.headers["X-CSRFToken"] = cookie("csrftoken");
    if (doc.visibilityState === "hidden" && e.target.matches && e.target.matches("[data-poll]")) e.preventDefault();
  });

  /* Keys. An element says data-key="F2", "Alt+KeyM", "Ctrl+Enter" or "Slash"; codes, so any layout works. */
  doc.addEventListener("keydown", (e) => {
    const name = (e.ctrlKey ? "Ctrl+" : "") + (e.altKey ? "Alt+" : "") + e.code.replace("NumpadEnter", "Enter");
    const single = !e.ctrlKey && !e.altKey && !/^F\d+$/.test(e.code);
    if (single && (typing(e.target) || !("letterKeys" in doc.body.dataset))) return;
    const el = doc.querySelector('[data-key~="' + name + '"]');
    if (!el || el.disabled) return;
    e.preventDefault();
    if (typing(el) && el.type !== "radio" && el.type !== "checkbox") { el.focus(); el.select && el.select(); } else el.click();
  });

  /* A barcode scanner is a fast keyboard: a burst that ends in Enter goes to the scan box. */
  let burst = "", last = 0;
  doc.addEventListener("keydown", (e) => {
    const box = doc.querySelector("[data-scan]") || doc.querySelector("[data-find]");
    if (!box) return;
    const now = performance.now();
    if (now - last > 50) burst = "";
    last = now;
    if (e.key.length === 1) burst += e.key;
    if (e.key === "Enter" && burst.length >= 6 && e.target !== box) {
      e.preventDefault();
      if (typing(e.target)) e.target.value = e.target.value.replace(burst, "");
      box.value = burst; burst = ""; box.form.requestSubmit();
    }
  }, true);

  /* The language switch keeps what was typed: values wait in this tab until the page is back. */
  const shelf = "typed:" + location.pathname;
  doc.addEventListener("submit", (e) => {
    if (!e.target.matches("[data-keep-typed]")) return;
    const typed = [];
    doc.querySelectorAll("main input[name],main select[name],main textarea[name]").forEach((f) => {
      if (f.type === "hidden" || f.type === "password" || f.type === "file") return;
      typed.push([f.name, f.value, f.type === "radio" || f.type === "checkbox" ? f.checked : null]);
    });
    try { sessionStorage.setItem(shelf, JSON.stringify(typed)); } catch (_) { /* private mode */ }
  });
  function restoreTyped() {
    let typed;
    try { typed = JSON.parse(sessionStorage.getItem(shelf)); sessionStorage.removeItem(shelf); } catch (_) { return; }
    (typed || []).forEach(([name, value, checked]) => {
      doc.querySelectorAll('main [name="' + CSS.escape(name) + '"]').forEach((f) => {
        if (checked === null) f.value = value; else if (f.value === value) f.checked = checked;
      });
    });
  }

  /* A form is sent once; the button is free again when the answer is an error. */
  doc.addEventListener("submit", (e) => {
    if (e.target.matches("[data-keep-typed]") || e.defaultPrevented) return;
    if (e.target.dataset.sent) { e.preventDefault(); return; }
    if (!e.target.hasAttribute("hx-post")) { e.target.dataset.sent = "1"; setTimeout(() => delete e.target.dataset.sent, 8000); }
  });

  doc.addEventListener("click", (e) => {
    const eye = e.target.closest("[data-show-password]");
    if (eye) { const f = doc.getElementById(eye.dataset.showPassword); f.type = f.type === "password" ? "text" : "password"; eye.setAttribute("aria-pressed", f.type === "text"); }
    const fill = e.target.closest("[data-fill]");
    if (fill) { const f = doc.getElementById(fill.dataset.fill); f.value = fill.dataset.value; f.focus(); }
    if (e.target.closest("[data-print]")) window.print();
    const close = e.target.closest("[data-close]");
    if (close) close.closest("dialog,.bh-al,.bh-toast").remove();
  });

  const offline = () => { const bar = doc.getElementById("bh-offline"); if (bar) bar.hidden = navigator.onLine; };
  window.addEventListener("online", offline);
  window.addEventListener("offline", offline);
  /* After log-out nothing that was typed about a patient stays in this browser. */
  function forgetDrafts() {
    if (doc.querySelector(".bh-user")) return;
    try { Object.keys(localStorage).filter((k) => k.startsWith("draft:")).forEach((k) => localStorage.removeItem(k)); } catch (_) { /* private mode */ }
  }
  doc.addEventListener("DOMContentLoaded", () => { forgetDrafts(); offline(); restoreTyped(); if (doc.querySelector("[data-print-now]")) window.print(); });
})();
