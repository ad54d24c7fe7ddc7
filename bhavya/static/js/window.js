/* The window without a mouse: Enter goes on, a full age and a sex go on by themselves, the village is
   picked from what is suggested, and outside of a field Enter gives the token. */
(function () {
  "use strict";
  const doc = document, form = doc.querySelector("form[data-flow]");
  const typing = (el) => el && /^(INPUT|TEXTAREA|SELECT)$/.test(el.tagName) && !/^(radio|checkbox|hidden|submit)$/.test(el.type);
  const latin = (s) => s.replace(/[०-९]/g, (c) => "०१२३४५६७८९".indexOf(c));

  /* Outside of a field: Enter is the green button (a link or a button that has the focus keeps its own Enter). */
  doc.addEventListener("keydown", (e) => {
    if (e.key !== "Enter" || e.ctrlKey || e.altKey || e.defaultPrevented) return;
    const at = doc.activeElement, choice = at && at.tagName === "INPUT" && /^(radio|checkbox)$/.test(at.type);
    const go = doc.querySelector("[data-submit]");
    if (go && (!at || at === doc.body || choice)) { e.preventDefault(); go.click(); }
  });
  if (!form) return;

  /* The order of the window: mobile, name, age, sex, father or husband, village, then the departments. */
  const name = () => (form.elements.name_hi.value || !form.elements.name_en.value ? form.elements.name_hi : form.elements.name_en);
  const steps = [() => form.elements.mobile, name, () => form.elements.age, () => form.querySelector("[name=sex]:checked") || form.querySelector("[name=sex]"), () => form.elements.guardian_name, () => form.elements.village];
  function onward(from) {
    const place = steps.findIndex((step) => { const el = step(); return el === from || (el.name === from.name) || (from.name === "name_en" && el.name === "name_hi"); });
    let next = steps.slice(place + 1).map((step) => step()).find((el) => !el.disabled);
    if (!next) { doc.activeElement.blur(); return; }
    next.focus();
    if (next.select && typing(next)) next.select();
  }

  form.addEventListener("keydown", (e) => {
    const f = e.target;
    if (e.ctrlKey || e.altKey || e.defaultPrevented) return; /* a scanner's Enter is not ours */
    if (f.dataset && f.dataset.suggest && suggest(e, f)) return;
    if (e.key === "Enter" && typing(f)) {
      e.preventDefault();
      if (f.name === "mobile" && !f.value) { const none = form.querySelector("[data-no-mobile]"); if (!none.checked) { none.click(); return; } }
      onward(f);
    }
    /* Sex by its first letter or its place, whatever the keyboard is set to. */
    if (f.name === "sex") {
      const value = { KeyF: "female", KeyM: "male", KeyO: "other", Digit1: "female", Digit2: "male", Digit3: "other", Numpad1: "female", Numpad2: "male", Numpad3: "other" }[e.code];
      if (!value) return;
      e.preventDefault(); e.stopPropagation();
      const pick = form.querySelector("[name=sex][value=" + value + "]");
      pick.checked = true;
      pick.dispatchEvent(new Event("change", { bubbles: true }));
      onward(pick);
    }
  });

  /* An age that can take no further digit hands over: 68 does, 10 to 12 may become 100 and more. */
  form.addEventListener("input", (e) => {
    const f = e.target;
    if (f.name !== "age") return;
    const text = latin(f.value), years = form.querySelector("[name=age_unit][value=years]").checked;
    if (/^\d{2,3}$/.test(text) && years && +text > 12 && +text <= 120) onward(f);
  });

  /* Suggestions under a field: arrows move, Enter or a press takes. */
  const hits = (f) => Array.from(doc.querySelectorAll("#" + f.dataset.suggest + " [data-pick]"));
  function close(f) { doc.getElementById(f.dataset.suggest).textContent = ""; f.setAttribute("aria-expanded", "false"); }
  function take(f, hit) {
    f.value = hit.dataset.pick;
    if (hit.dataset.panchayat) form.elements.panchayat.value = hit.dataset.panchayat;
    close(f);
    f.dispatchEvent(new Event("change", { bubbles: true }));
    onward(f);
  }
  function suggest(e, f) {
    const rows = hits(f), now = rows.findIndex((row) => row.getAttribute("aria-selected") === "true");
    if (!rows.length) return false;
    if (e.key === "Enter" && now >= 0) { e.preventDefault(); take(f, rows[now]); return true; }
    if (e.key === "Escape") { e.stopPropagation(); close(f); return true; }
    const by = { ArrowDown: 1, ArrowUp: -1 }[e.key];
    if (!by) return false;
    e.preventDefault();
    rows.forEach((row, n) => row.setAttribute("aria-selected", String(n === (now + by + rows.length) % rows.length)));
    return true;
  }
  form.addEventListener("mousedown", (e) => {
    const hit = e.target.closest("[data-pick]");
    if (!hit) return;
    e.preventDefault();
    take(doc.querySelector("[data-suggest=" + hit.closest(".hits-box").id + "]"), hit);
  });
  form.addEventListener("focusout", (e) => { if (e.target.dataset.suggest) setTimeout(() => close(e.target), 150); });
  doc.addEventListener("htmx:after:swap", () => {
    const f = form.querySelector("[data-suggest]");
    if (doc.activeElement !== f) close(f); else f.setAttribute("aria-expanded", String(hits(f).length > 0));
  });
})();
