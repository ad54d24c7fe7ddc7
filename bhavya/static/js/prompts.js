/* Prompt cards: timers that ring by the server's clock, and looking again after an edit. */
(function () {
  "use strict";
  const doc = document, title = doc.title;
  let bell = null, rung = 0;

  function beep() { /* two short tones; silent where the browser wants a first press */
    try {
      bell = bell || new AudioContext();
      [0, 0.25].forEach((wait) => {
        const tone = bell.createOscillator(), loud = bell.createGain();
        tone.frequency.value = 880;
        loud.gain.value = 0.15;
        tone.connect(loud).connect(bell.destination);
        tone.start(bell.currentTime + wait);
        tone.stop(bell.currentTime + wait + 0.15);
      });
    } catch (_) { /* no sound here: the bar is there */ }
  }

  function tick() {
    let over = null;
    doc.querySelectorAll("[data-due]").forEach((timer) => {
      const left = Math.round((Date.parse(timer.dataset.due) - Date.now()) / 1000), late = left <= 0;
      const n = Math.abs(left), clock = Math.floor(n / 60) + ":" + String(n % 60).padStart(2, "0");
      const face = timer.querySelector(".left"), words = (late ? "+" : "") + clock;
      if (face.textContent !== words) face.textContent = words;
      timer.classList.toggle("over", late);
      if (late) over = over || timer;
    });
    let bar = doc.getElementById("ring");
    if (over && !bar) {
      bar = doc.createElement("div");
      bar.id = "ring";
      bar.setAttribute("role", "alert");
      doc.body.append(bar);
    }
    if (bar) {
      bar.hidden = !over;
      if (over && bar.textContent !== "⏰ " + over.dataset.says) bar.textContent = "⏰ " + over.dataset.says;
    }
    doc.title = over ? "⏰ " + title : title;
    if (over && Date.now() - rung > 5000) { rung = Date.now(); beep(); }
  }
  setInterval(tick, 1000);

  /* A card that somebody opened or shut stays so when the cards come anew. */
  const held = new Map();
  doc.addEventListener("toggle", (e) => { if (e.target.dataset && e.target.dataset.card && e.isTrusted && pressed === e.target.dataset.card) held.set(e.target.dataset.card, e.target.open); }, true);
  let pressed = "";
  doc.addEventListener("click", (e) => { const head = e.target.closest("[data-card]>summary"); pressed = head ? head.parentElement.dataset.card : ""; });

  /* A morph changes attributes; a pressed chip listens to its property. */
  doc.addEventListener("htmx:after:swap", (e) => {
    const ctx = e.detail.ctx, into = ctx.target && ctx.target.id ? ctx.target.id : String(ctx.target || "").slice(1);
    const box = doc.getElementById("prompts");
    if (into === "prompts" && box) {
      box.querySelectorAll("input[type=radio],input[type=checkbox]").forEach((f) => { f.checked = f.hasAttribute("checked"); });
      box.querySelectorAll("[data-card]").forEach((card) => { if (held.has(card.dataset.card)) card.open = held.get(card.dataset.card); });
      const danger = doc.getElementById("danger"), first = box.querySelector(".ews.bad .grow");
      if (danger) { /* under the tiles, where the eye is: who goes first, and why */
        danger.dataset.why = first ? Array.from(first.querySelectorAll("b,span")).slice(0, 2).map((x) => x.textContent).join(": ") : "";
        doc.getElementById("main").dispatchEvent(new Event("said"));
      }
      tick();
    }
    if (into === "work" && box) box.dispatchEvent(new Event("look"));
  });
})();
