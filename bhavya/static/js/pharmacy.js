/* The counter's small helps: plus and minus, how many lines are ready, a colour for a ticked line. */
(function () {
  "use strict";
  const doc = document, form = doc.getElementById("give");
  if (!form) return;
  const ready = doc.getElementById("ready"), bar = doc.querySelector(".ready .bh-prog i");
  function paint() {
    const lines = Array.from(form.querySelectorAll("[data-line]"));
    const done = lines.filter((line) => {
      const tick = line.querySelector("input[type=checkbox]"), on = tick && tick.checked;
      line.classList.toggle("on", !!on && +line.dataset.short === 0);
      const rest = form.querySelector('[name="rest-' + line.dataset.line + '"]:checked');
      return on || (rest && rest.value);
    }).length;
    if (ready) ready.textContent = ready.dataset.words.replace("%a", done).replace("%b", lines.length);
    if (bar) bar.style.width = (lines.length ? (100 * done) / lines.length : 0) + "%";
  }
  form.addEventListener("click", (e) => {
    const step = e.target.closest("[data-step]");
    if (!step) return;
    const box = step.parentElement.querySelector("input");
    const most = parseFloat(box.dataset.most), next = (parseFloat(box.value) || 0) + Number(step.dataset.step);
    box.value = Math.min(Math.max(next, 0), isNaN(most) ? next : most);
  });
  form.addEventListener("change", (e) => {
    const kind = e.target.name.split("-")[0];
    if (kind === "rest" && e.target.value && e.target.dataset.none !== undefined) {
      const tick = form.querySelector('[name="tick-' + e.target.name.slice(5) + '"]');
      if (tick && tick.dataset.empty !== undefined) tick.checked = false;
    }
    paint();
  });
  paint();
})();
