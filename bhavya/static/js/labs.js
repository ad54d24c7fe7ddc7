/* The result grid: Enter goes down, savings wait for each other, rows show their level. */
(function () {
  "use strict";
  const doc = document;
  const fields = () => Array.from(doc.querySelectorAll("#grid [data-next]")).filter((f) => !f.disabled && !f.readOnly);
  doc.addEventListener("keydown", (e) => {
    const at = e.target;
    if (!at.matches || !at.matches("#grid [data-next]") || e.ctrlKey || e.altKey) return;
    const all = fields(), here = all.indexOf(at);
    let to = null;
    if (e.key === "Enter" || e.key === "ArrowDown") to = all[here + 1];
    else if (e.key === "ArrowUp") to = all[here - 1];
    else return;
    if (at.tagName === "SELECT" && e.key !== "Enter") return;
    if (at.tagName === "TEXTAREA") return;
    e.preventDefault();
    if (to) { to.focus(); if (to.select) to.select(); }
    else if (e.key === "Enter") { const send = doc.getElementById("send"); if (send) send.click(); }
  });
  /* Each saving leaves with the version that the one before it brought. */
  doc.addEventListener("htmx:before:request", (e) => {
    const body = e.detail.ctx.request.body, version = doc.getElementById("version");
    if (!version || !e.target.closest || !e.target.closest("#grid")) return;
    if (body && body.set) body.set("version", version.value);
  });
  doc.addEventListener("htmx:after:swap", () => {
    doc.querySelectorAll("#grid [data-level]").forEach((mark) => { mark.closest("tr").className = mark.dataset.level; });
  });
  doc.addEventListener("click", (e) => {
    const guess = e.target.closest && e.target.closest("[data-guess]");
    if (!guess) return;
    const field = doc.getElementById(guess.dataset.guess);
    field.value = guess.dataset.value;
    field.focus();
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
})();
