/* The consultation: search lists, focus, letters, dialogs, what is not saved yet. */
(function () {
  "use strict";
  const doc = document, $ = (id) => doc.getElementById(id), on = (type, act, first) => doc.addEventListener(type, act, first);
  const list = (box) => $(box.getAttribute("aria-controls"));
  const changed = () => new Event("change", { bubbles: true });
  let next = "", from = null, waits = null, failed = null;

  /* Edits wait for each other: each leaves with the version that the one before it brought. */
  on("htmx:before:request", (e) => {
    const body = e.detail.ctx.request.body, version = $("version");
    if (version && body instanceof URLSearchParams && e.target.closest("#work")) body.set("version", version.value);
  });

  /* Search boxes: arrows, Enter (also before the answer is there), Esc. */
  const hits = (box) => Array.from(list(box).querySelectorAll("button.hit"));
  const near = (el) => el.scrollIntoView({ block: "nearest" });
  function mark(box, step) {
    const all = hits(box), at = all.findIndex((h) => h.classList.contains("on"));
    if (!all.length) return;
    if (at >= 0) all[at].classList.remove("on");
    const to = all[(Math.max(at, step < 0 ? 0 : -1) + step + all.length) % all.length];
    to.classList.add("on");
    near(to);
  }
  function clear(box) {
    box.value = box.found = "";
    list(box).replaceChildren();
    box.setAttribute("aria-expanded", "false");
  }
  function choose(box) {
    const all = hits(box), to = all.find((h) => h.classList.contains("on")) || all[0];
    if (to) to.click();
  }
  /* A digit in an empty search box presses the chip with that number; see ui help ("?"). */
  const nth = (part, selector, n) => doc.querySelectorAll("#part-" + part + " " + selector)[n - 1];
  function digit(box, n) {
    const part = box.id.slice(2);
    let to = null;
    if (part === "complaints" || part === "diagnoses") {
      const days = part === "complaints" && nth(part, ".days-now button", 1);
      if (days && n) { days.value = days.value.replace(/\d+$/, n); to = days; } else to = nth(part, ".sug:not(.days-now) button", n);
    } else if (part === "medicines") {
      to = nth(part, ".rx .name", n);
      if (to) { to.click(); next = "dose"; from = box; }
      return !!to;
    } else if (part === "tests") to = nth(part, "#f-tests input[type=checkbox]", n);
    else if (part === "advice") to = n ? nth(part, ".next input[type=radio]", n) : $("follow-0");
    if (!to) return false;
    to.click();
    if (part === "complaints" || part === "diagnoses") { next = box.id; from = box; }
    return true;
  }
  on("keydown", (e) => {
    const box = e.target;
    if (box.matches && box.matches("[data-seek]")) {
      const typed = /^(Digit|Numpad)(\d)$/.exec(e.code);
      if (typed && !box.value && !e.ctrlKey && !e.altKey && !e.shiftKey) { if (!digit(box, +typed[2])) return; }
      else if (e.key === "ArrowDown") mark(box, 1);
      else if (e.key === "ArrowUp") mark(box, -1);
      else if (e.key === "Escape") clear(box);
      else if (e.key === "Enter" && !e.ctrlKey) { if (box.found === box.value) choose(box); else waits = box; }
      else return;
      e.preventDefault();
    } else if (e.key === "Escape" && box.closest && box.closest("#ed")) {
      const done = doc.querySelector('#ed [name="done"]');
      if (done) done.click();
    } else if (box.type === "radio" && box.name === "when" && /^Key/.test(e.code) && !e.ctrlKey && !e.altKey) {
      const to = doc.querySelector('#ed [data-letter="' + e.code + '"]');
      if (to) { to.checked = true; to.focus(); to.dispatchEvent(changed()); e.preventDefault(); }
    }
  });
  /* A shortcut that leaves the field first lets the field say what was typed in it. */
  on("keydown", (e) => {
    if (e.key === "Escape" && /(side|rail)-open/.test(doc.body.className)) doc.body.classList.remove("side-open", "rail-open");
    const at = doc.activeElement;
    if ((e.ctrlKey && e.key === "Enter") || e.code === "F8" || e.code === "F2") if (at && at.closest && at.closest("#work form")) at.blur();
  }, true);

  /* Where the typing goes on after the answer. */
  on("submit", (e) => {
    from = doc.activeElement;
    const button = e.submitter, op = (button && button.name === "op" && button.value) || "";
    const [verb, part] = op.split(":");
    if (verb === "add_medicine") next = "dose";
    else if (verb === "add" || verb === "write") next = "q-" + part;
    else if (button && button.name === "done") next = "q-medicines";
    else if (verb === "set" || verb === "repeat" || verb === "refill" || verb === "replace") next = "q-medicines";
    const box = verb === "add_medicine" ? $("q-medicines") : verb === "add" || verb === "write" ? $("q-" + part) : null;
    if (box) clear(box);
  }, true);

  on("htmx:after:swap", (e) => {
    const ctx = e.detail.ctx, into = ctx.target && ctx.target.id ? ctx.target : $(String(ctx.target || "").slice(1));
    if (!into) return;
    if (into.className === "found") {
      const box = doc.querySelector('[aria-controls="' + into.id + '"]');
      box.found = new URLSearchParams(ctx.request.action.split("?")[1]).get("q") || "";
      box.setAttribute("aria-expanded", String(hits(box).length > 0));
      if (into.firstElementChild) near(into.firstElementChild);
      if (waits === box && box.found === box.value) { waits = null; choose(box); }
    } else if (into.id === "dialog") show();
    else if (into.id === "work") settle(ctx);
  });
  function settle(ctx) {
    failed = null;
    /* A morph changes attributes; a pressed chip listens to its property. */
    doc.querySelectorAll("#work input[type=radio],#work input[type=checkbox]").forEach((f) => { f.checked = f.hasAttribute("checked"); });
    const kept = ctx.sourceElement && ctx.sourceElement.querySelector && ctx.sourceElement.querySelector("[data-keep]");
    if (kept && ctx.response && ctx.response.status < 300) { keep(kept.dataset.keep, null); keep(saved, +$("version").value); }
    const to = next && $(next);
    next = "";
    /* Who typed on in another box before the answer came stays there. */
    const at = doc.activeElement, moved = at !== from && at.matches && at.matches("input,textarea,select");
    if (to && !moved) { to.focus(); if (to.select) to.select(); near(to); }
  }

  /* Dialogs come open for readers without a script; with one they are modal. */
  function show() {
    const box = doc.querySelector("#dialog dialog");
    if (!box || box.matches(":modal")) return;
    box.removeAttribute("open");
    box.showModal();
    const pin = box.querySelector("[autofocus]");
    if (pin) pin.focus();
  }
  on("click", (e) => {
    const shut = e.target.closest("[data-shut],[data-jump]"), box = shut && shut.closest("#dialog dialog");
    if (box) {
      e.preventDefault();
      box.close();
      box.remove();
      const to = shut.dataset.jump && $(shut.dataset.jump);
      if (to) { const name = to.querySelector && to.querySelector(".name"); if (name) { next = "dose"; name.click(); } else to.focus(); }
    }
    const side = e.target.closest("[data-drawer]"), rail = e.target.closest("[data-rail]");
    if (side) { e.preventDefault(); doc.body.classList.toggle("side-open"); }
    if (rail) { e.preventDefault(); doc.body.classList.toggle("rail-open"); }
    if (e.target.closest("[data-again]") && failed) failed();
    const then = e.target.closest("[data-next]");
    if (then) { next = then.dataset.next; from = doc.activeElement; }
  });

  /* Free text lives in this browser too until the server has it; a page without log-in clears it. */
  const saved = "saved at";
  const shelf = () => "draft:" + ($("work") ? $("work").dataset.number : "");
  const read = () => { try { return JSON.parse(localStorage.getItem(shelf())) || {}; } catch (_) { return {}; } };
  function keep(name, value) {
    const all = read();
    if (value === null) delete all[name]; else all[name] = value;
    try { if (Object.keys(all).length) localStorage.setItem(shelf(), JSON.stringify(all)); else localStorage.removeItem(shelf()); } catch (_) { /* private mode */ }
  }
  on("input", (e) => { if (e.target.dataset && e.target.dataset.keep) keep(e.target.dataset.keep, e.target.value); });
  on("htmx:error", (e) => {
    const ctx = e.detail.ctx, state = $("state"), say = $("no-answer");
    if (!ctx || !state || !say || !ctx.sourceElement.closest("#work")) return;
    const form = ctx.sourceElement, button = ctx.sourceEvent && ctx.sourceEvent.submitter;
    failed = () => form.requestSubmit(button && button.isConnected ? button : undefined);
    state.replaceChildren(say.content.cloneNode(true));
  });
  on("DOMContentLoaded", () => {
    if (!$("work")) return;
    /* Loaded while a save was on its way, this page is older than what the server has by now. */
    const stale = read()[saved] > +$("version").value;
    keep(saved, null);
    if (stale) { location.reload(); return; }
    Object.entries(read()).forEach(([name, value]) => {
      const field = doc.querySelector('[data-keep="' + name + '"]');
      if (field && field.value !== value) { field.value = value; field.dispatchEvent(changed()); } else keep(name, null);
    });
    const first = doc.querySelector("[data-first]") || (innerWidth > 820 && !location.hash && $("q-complaints"));
    if (first) first.focus();
  });
})();
