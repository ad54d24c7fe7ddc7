/* Bhavya: keys, scanner, lock, typed text, language. Plain script, no build step. */
(function () {
  "use strict";
  const doc = document, $ = (id) => doc.getElementById(id), on = (type, act, first) => doc.addEventListener(type, act, first);
  const cookie = (name) => (doc.cookie.match("(?:^|; )" + name + "=([^;]*)") || [])[1] || "";
  const typing = (el) => el && (/^(INPUT|TEXTAREA|SELECT)$/.test(el.tagName) || el.isContentEditable);
  const tell = (name, detail) => doc.dispatchEvent(new CustomEvent(name, { detail }));
  const safe = (act) => { try { return act(); } catch (_) { return null; /* private mode */ } };
  const me = () => doc.body.dataset;
  const post = (url, body) => fetch(url, { method: "POST", keepalive: true, body: new URLSearchParams(body || {}), headers: { "X-CSRFToken": cookie("csrftoken"), "X-Outbox": "1", "X-Who": me().who || "" } });

  /* Every HTMX request carries the form token and whose page this is; polls rest while the tab is hidden. */
  on("htmx:config:request", (e) => {
    const headers = e.detail.ctx.request.headers;
    headers["X-CSRFToken"] = cookie("csrftoken");
    if (me().who) headers["X-Who"] = me().who;
    if (doc.visibilityState === "hidden" && e.target.matches && e.target.matches("[data-poll]")) e.preventDefault();
  });
  on("htmx:after:request", (e) => {
    const answer = e.detail.ctx.response;
    tell("bh:heard");
    if (answer && answer.status === 401) { e.preventDefault(); turnedAway(answer.headers.get("X-Locked")); }
  });
  on("htmx:error", (e) => { if (e.detail.ctx && !e.detail.ctx.response) tell("bh:unheard"); });

  /* Keys. An element says data-key="F2", "Alt+KeyM", "Ctrl+Enter" or "Slash"; codes, so any layout works. */
  const shut = () => doc.querySelector("dialog.bh-shut[open]");
  on("keydown", (e) => {
    if (e.shiftKey && e.code === "Slash" && !typing(e.target) && !shut() && "letterKeys" in me()) { e.preventDefault(); showKeys(); return; }
    const name = (e.ctrlKey ? "Ctrl+" : "") + (e.altKey ? "Alt+" : "") + e.code.replace("NumpadEnter", "Enter");
    const single = !e.ctrlKey && !e.altKey && !/^F\d+$/.test(e.code);
    if (single && (typing(e.target) || !("letterKeys" in me()))) return;
    const el = (shut() || doc).querySelector('[data-key~="' + name + '"]');
    if (!el || el.disabled) return;
    e.preventDefault();
    if (typing(el) && el.type !== "radio" && el.type !== "checkbox") { el.focus(); el.select && el.select(); } else { el.click(); if (el.dataset.then) $(el.dataset.then).focus(); }
  });
  const KEYS = { Slash: "/", Escape: "Esc", "Ctrl+Enter": "Ctrl ↵" };
  function showKeys() {
    const box = $("bh-keys"), list = box && box.querySelector("dl");
    if (!list) return;
    list.replaceChildren();
    const seen = {};
    doc.querySelectorAll("[data-key]").forEach((el) => {
      const label = el.labels && el.labels[0];
      const text = el.dataset.keyName || el.getAttribute("aria-label") || (label ? label.innerText : "") || el.placeholder || el.innerText || "";
      const words = text.split("\n")[0].replace(el.querySelector("kbd") ? el.querySelector("kbd").innerText : "\u0000", "").trim();
      if (!words || seen[el.dataset.key]) return;
      seen[el.dataset.key] = 1;
      const dt = doc.createElement("dt"), kbd = doc.createElement("kbd"), dd = doc.createElement("dd"), key = el.dataset.key.split(" ")[0];
      kbd.textContent = KEYS[key] || key.replace(/Key|Digit/, "");
      dt.append(kbd); dd.textContent = words; list.append(dt, dd);
    });
    box.showModal();
  }

  /* A barcode scanner is a fast keyboard. Read by key codes, for the layout may be Hindi. */
  const SIGNS = { Minus: "-_", Slash: "/?", Period: ".>", Semicolon: ";:", Equal: "=+", Digit2: "2@", Digit7: "7&", Quote: "'\"", Comma: ",<", BracketLeft: "[{", BracketRight: "]}", Backslash: "\\|" };
  let burst = "", raw = "", last = 0;
  function letter(e) {
    const sign = SIGNS[e.code], key = e.code.match(/^(?:Key|Digit|Numpad)(.)$/);
    if (/^[ -~]$/.test(e.key) && !/[a-z]/i.test(e.key)) return e.key;
    if (sign) return sign[+e.shiftKey];
    return key ? (e.shiftKey || e.getModifierState("CapsLock") ? key[1] : key[1].toLowerCase()) : e.key.length === 1 ? e.key : "";
  }
  on("keydown", (e) => {
    const now = e.timeStamp; /* when the key went down: a busy page handles slow keys all at once */
    if (now - last > (burst[0] === "{" ? 400 : 50)) burst = raw = ""; /* a card's QR is long */
    last = now;
    if (e.key.length === 1 && !e.ctrlKey && !e.altKey) { burst += letter(e); raw += e.key; }
    if (e.key !== "Enter" || e.ctrlKey || burst.length < 6) return; /* Ctrl+Enter is a person who saves */
    const code = burst, at = e.target, badge = /^BHV-/i.test(code) && $("bh-badge"), box = badge ? $("bh-badge").elements.badge : doc.querySelector("[data-scan]") || ($("bh-scan") || { elements: {} }).elements.q;
    if (!box || (shut() && !badge)) return;
    e.preventDefault();
    e.stopImmediatePropagation();
    /* A slow scanner pauses in the middle: what already stands in the box is its beginning. */
    const whole = at === box && raw.toLowerCase() === code.toLowerCase() && at.value.endsWith(raw) && /^([A-Z]{2,5}-\S+|\{.*)$/i.test(at.value);
    if (!whole) { if (typing(at)) at.value = at.value.replace(raw, ""); box.value = code; }
    burst = raw = "";
    box.form.requestSubmit();
  }, true);

  /* What was typed waits in this tab while the language or the person changes. */
  const shelf = () => "typed:" + (me().who || "") + location.pathname;
  function keepTyped() {
    const typed = [];
    doc.querySelectorAll("main input[name],main select[name],main textarea[name]").forEach((f) => {
      if (f.type === "hidden" || f.type === "password" || f.type === "file") return;
      typed.push([f.name, f.value, f.type === "radio" || f.type === "checkbox" ? f.checked : null]);
    });
    safe(() => sessionStorage.setItem(shelf(), JSON.stringify(typed)));
  }
  function restoreTyped() {
    const typed = safe(() => JSON.parse(sessionStorage.getItem(shelf())));
    safe(() => sessionStorage.removeItem(shelf()));
    (typed || []).forEach(([name, value, checked]) => {
      doc.querySelectorAll('main [name="' + CSS.escape(name) + '"]').forEach((f) => {
        if (checked === null) f.value = value; else if (f.value === value) f.checked = checked;
      });
    });
  }

  /* A form is sent once; the button is free again when the answer is an error. */
  on("submit", (e) => {
    if (e.target.matches("[data-keep-typed]")) { keepTyped(); return; }
    if (e.defaultPrevented || e.target.closest("dialog.bh-shut") || e.target.dataset.outbox) return;
    if (e.target.dataset.sent) { e.preventDefault(); return; }
    if (!e.target.hasAttribute("hx-post")) { e.target.dataset.sent = "1"; setTimeout(() => delete e.target.dataset.sent, 8000); tell("bh:asking"); }
  });
  on("click", (e) => {
    const at = (q) => e.target.closest(q), eye = at("[data-show-password]"), fill = at("[data-fill]"), close = at("[data-close]");
    if (eye) { const f = $(eye.dataset.showPassword); f.type = f.type === "password" ? "text" : "password"; eye.setAttribute("aria-pressed", f.type === "text"); }
    if (fill) { const f = $(fill.dataset.fill); f.value = fill.dataset.value; f.focus(); }
    if (at("[data-print]")) window.print();
    if (at("[data-then]") && e.clientX) $(at("[data-then]").dataset.then).focus();
    if (at("a[data-keep-typed]")) keepTyped();
    if (close) { const box = close.closest("dialog,.bh-al,.bh-toast"); if (box.id) box.close(); else box.remove(); }
    if (at("[data-reload]")) location.reload();
    shutMenu(e.target);
  });
  /* The menu of the top bar shuts when a person goes elsewhere or presses Esc. */
  const shutMenu = (target) => { const menu = document.querySelector(".bh-more[open]"); if (menu && !menu.contains(target)) menu.open = false; return menu; };
  on("focusin", (e) => shutMenu(e.target));
  on("keydown", (e) => { if (e.key === "Escape") { const menu = shutMenu(null); if (menu) menu.firstElementChild.focus(); } });

  /* The lock: after idle minutes, by hand, or when the server says so. The page stays beneath. */
  const lockS = () => +me().lock || 0, endsS = () => +me().ends || 0;
  let touched = Date.now(), beat = touched;
  const touch = () => { touched = Date.now(); if (touched - (+safe(() => localStorage.awake) || 0) > 5000) safe(() => { localStorage.awake = touched; }); };
  ["keydown", "pointerdown", "wheel", "touchstart"].forEach((type) => window.addEventListener(type, touch, { capture: true, passive: true }));
  function lock(known) {
    const box = $("bh-lock");
    if (!box || box.open) return;
    if (!known) post(box.dataset.url).catch(() => 0);
    box.showModal();
    box.querySelector("[name=pin]").focus();
  }
  function turnedAway(why) { if (why === "pin" && $("bh-lock")) lock(true); else if ($("bh-gone") && !$("bh-gone").open) $("bh-gone").showModal(); }
  setInterval(() => {
    const now = Date.now(), idle = (now - Math.max(touched, +safe(() => localStorage.awake) || 0)) / 1000;
    if (lockS() && idle >= lockS()) lock();
    const box = $("bh-ending");
    if (endsS() && box) { if (idle >= endsS()) { if (!$("bh-gone").open) $("bh-gone").showModal(); } else if (idle >= endsS() - 120) { if (!box.open) box.showModal(); } else if (box.open) box.close(); }
    if ((lockS() || endsS()) && touched > beat && now - beat > 45000 && !shut()) { beat = now; post("/awake").catch(() => 0); }
  }, 1000);
  on("submit", (e) => {
    const form = e.target;
    if (form.matches("[data-lock-now]") && $("bh-lock")) { e.preventDefault(); post(form.action, { hand: "1" }).catch(() => 0); lock(true); }
    if (!form.matches("#bh-lock form")) return;
    e.preventDefault();
    const pin = form.elements.pin, said = form.querySelector("[role=alert]");
    post(form.action, { pin: pin.value }).then(async (answer) => {
      pin.value = "";
      if (answer.status === 204) { said.hidden = true; touch(); $("bh-lock").close(); safe(() => { localStorage.unlocked = Date.now(); }); } else if (answer.status === 422) { said.hidden = false; said.textContent = await answer.text(); pin.focus(); } else location.reload();
    }).catch(() => { said.hidden = false; said.textContent = form.dataset.noAnswer; });
  });
  window.addEventListener("storage", (e) => { if (e.key === "unlocked" && $("bh-lock") && $("bh-lock").open) $("bh-lock").close(); });
  on("cancel", (e) => { if (e.target.matches("#bh-lock,#bh-gone")) e.preventDefault(); }, true);

  /* Free text about a patient stays with its writer: another person's drafts are put aside, and
     after log-out nothing is left. */
  function ownDrafts() {
    const who = me().who, keys = Object.keys(localStorage), before = localStorage.who;
    const gone = safe(() => sessionStorage.getItem("left"));
    if (!who) { if (gone || !("shared" in me())) keys.filter((k) => k.startsWith("draft:") || (!("shared" in me()) && k.startsWith("kept:"))).forEach((k) => localStorage.removeItem(k)); sessionStorage.removeItem("left"); return; }
    if (before && before !== who) keys.forEach((k) => { if (k.startsWith("draft:")) { localStorage["kept:" + before + ":" + k] = localStorage[k]; localStorage.removeItem(k); } });
    const mine = "kept:" + who + ":";
    Object.keys(localStorage).forEach((k) => { if (k.startsWith(mine)) { localStorage[k.slice(mine.length)] = localStorage[k]; localStorage.removeItem(k); } });
    localStorage.who = who;
  }
  on("DOMContentLoaded", () => {
    safe(ownDrafts); restoreTyped();
    /* A page taken out of the history is old, whatever the clock says. */
    const hour = $("bh-clock"), from = performance.getEntriesByType("navigation")[0];
    if (hour && (!from || from.type !== "back_forward")) hour.hidden = Math.abs(Date.now() - hour.dataset.now * 1000) < 300000;
    if (doc.querySelector("[data-print-now]")) window.print();
    if ("shell" in me() && navigator.serviceWorker) navigator.serviceWorker.register("/sw.js").catch(() => 0);
  });
})();
