/* Registration: small helps while typing. Nursing desk: number pad, auto-jump, colours. */
(function () {
  "use strict";
  const doc = document, all = (q, from) => Array.from((from || doc).querySelectorAll(q));
  const latin = (s) => s.replace(/[०-९]/g, (c) => "०१२३४५६७८९".indexOf(c)).replace(",", ".");

  doc.addEventListener("input", (e) => {
    const f = e.target, form = f.form;
    if (!form) return;
    if (f.classList.contains("auto-name")) { /* mended by hand: ours no more */
      f.classList.remove("auto-name");
      all("input[name=auto],.opt", f.parentElement).forEach((x) => x.remove());
    }
    if (f.name === "age" || f.name === "age_unit") {
      const senior = form.querySelector("[data-senior]"), years = form.querySelector("[name=age_unit]:checked");
      if (senior && years) senior.checked = years.value === "years" && +latin(form.age.value) >= 60 && +latin(form.age.value) <= 120;
    }
    if (f.matches("[data-no-mobile]")) { form.mobile.disabled = f.checked; if (f.checked) { form.mobile.value = ""; form.name_hi.focus(); } else form.mobile.focus(); }
  });

  const sheet = doc.querySelector("[data-pad]");
  if (!sheet) return;
  doc.documentElement.classList.add("js");
  const fields = all("[data-most]", sheet), main = fields.filter((f) => !f.closest("details"));
  const pad = doc.getElementById("keys").parentElement;
  let active = main.find((f) => f.getAttribute("aria-invalid")) || main[0];

  const expecting = () => !!sheet.querySelector("[name=pregnant][value=yes]:checked");
  function level(f) { /* 0 usual, 1 outside, 2 dangerous; sign says which way */
    const v = parseFloat(latin(f.value)), r = ((expecting() && f.dataset.rangePregnant) || f.dataset.range).split(" ").map(Number);
    if (isNaN(v) || r.length < 4) return 0;
    if (v > r[1]) return v >= r[3] ? 2 : 1;
    if (v < r[0]) return v < r[2] ? -2 : -1;
    return 0;
  }
  function paint() {
    let worst = 0, done = 0;
    all("[data-tile]", sheet).forEach((tile) => {
      const own = all("[data-most]", tile), levels = own.map(level);
      const top = levels.reduce((a, b) => (Math.abs(b) > Math.abs(a) ? b : a), 0);
      tile.classList.toggle("warn", Math.abs(top) === 1);
      tile.classList.toggle("bad", Math.abs(top) === 2 || own.some((f) => f.getAttribute("aria-invalid")));
      tile.classList.toggle("act", own.includes(active));
      const say = tile.querySelector("[data-say]"), very = sheet.dataset[top > 0 ? "high" : "low"];
      if (!("was" in say.dataset)) say.dataset.was = say.textContent.trim();
      if (!say.querySelector("button")) say.textContent = Math.abs(top) === 2 ? very : say.dataset.was || "\u00a0";
      tile.querySelector(".way").textContent = top > 0 ? "▲" : top < 0 ? "▼" : "";
      if (own.every((f) => f.value) && main.includes(own[0])) done++;
      worst = Math.max(worst, Math.abs(top));
    });
    const at = (n) => parseFloat(latin((doc.getElementById("id_" + n) || { value: "" }).value)) || 0;
    const bp = expecting() && (at("SBP") >= 160 || at("DBP") >= 110);
    doc.getElementById("bp-alarm").hidden = !bp;
    const danger = doc.getElementById("danger"), words = danger.querySelector("span");
    if (!danger.dataset.usual) danger.dataset.usual = words.textContent;
    words.textContent = danger.dataset.why || danger.dataset.usual;
    danger.classList.toggle("bad", !!danger.dataset.why);
    danger.hidden = bp || (worst < 2 && !danger.dataset.why);
    const filled = doc.getElementById("filled");
    filled.textContent = done + " / " + all(".tiles", sheet)[0].children.length + " " + filled.dataset.words;
    const known = doc.getElementById("known");
    if (known && "later" in known.dataset) known.hidden = !sheet.querySelector("[data-known]:checked");
  }
  function go(f) { if (f) { active = f; f.focus({ preventScroll: false }); f.select(); paint(); } }
  const look = () => sheet.dispatchEvent(new Event("look"));
  function onward() {
    look();
    const list = fields.filter((f) => f.offsetParent), next = list[list.indexOf(active) + 1];
    if (next) go(next); else doc.querySelector("[data-save]").focus();
  }
  function typed(f) { /* 986 is 98.6, 585 kg is 58.5; a field that can take no further digit hands over */
    const most = +f.dataset.most, text = latin(f.value);
    f.removeAttribute("aria-invalid");
    if (f.dataset.decimals !== "0" && /^\d{3,4}$/.test(text) && +text > most) { f.value = text.slice(0, -1) + "." + text.slice(-1); paint(); onward(); return; }
    paint();
    if (f.dataset.decimals === "0" && /^\d+$/.test(text) && +text > 0 && +text * 10 > most) onward();
  }

  fields.forEach((f) => {
    if (matchMedia("(pointer:coarse)").matches && pad.offsetParent) f.inputMode = "none";
    f.addEventListener("focus", () => { active = f; paint(); });
    f.addEventListener("input", () => typed(f));
    f.addEventListener("keydown", (e) => {
      if (e.key === "Enter" && !e.ctrlKey) { e.preventDefault(); onward(); }
      const none = e.code === "KeyN" && !e.ctrlKey && !e.altKey && sheet.querySelector("[data-none]");
      if (none) { e.preventDefault(); none.checked = true; none.dispatchEvent(new Event("change", { bubbles: true })); }
    });
  });
  pad.addEventListener("mousedown", (e) => e.preventDefault());
  pad.addEventListener("click", (e) => {
    const key = e.target.closest("button");
    if (!key) return;
    if ("onward" in key.dataset) return onward();
    const f = active, from = f.selectionStart, to = f.selectionEnd;
    if ("erase" in key.dataset) f.setRangeText("", from === to ? Math.max(from - 1, 0) : from, to, "end");
    else if (f.value.length - (to - from) < 6) f.setRangeText(key.dataset.digit, from, to, "end");
    typed(f);
  });
  sheet.addEventListener("change", paint);
  sheet.addEventListener("said", paint); /* the server has judged the sheet */
  go(active);
  paint();
})();
