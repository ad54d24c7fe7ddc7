/* The screen in the hall: polls, shows, calls by voice. Plain script of 2017's language, no build. */
(function () {
  "use strict";
  const doc = document, body = doc.body, $ = (id) => doc.getElementById(id);
  const EVERY_MS = 4000, JITTER_MS = 1000, LOST_AFTER_MS = 13000, SHOW_MS = 9000, ROWS = 6, PAGE_MS = 9000, TURN_MS = 15000;
  const languages = body.dataset.languages.split(" ");
  const DESK = { "@vitals": ["नर्स", "Nurse"], "@lab": ["जाँच", "Lab"], "@pharmacy": ["दवा", "Medicine"] };
  let state = JSON.parse($("state").textContent), tag = "", skew = 0, good = Date.now(), page = 0;
  let told = 0, queue = [], calling = false;
  const now = () => new Date(Date.now() + skew);
  const lang = () => doc.documentElement.lang;
  const el = (name, cls, text) => { const e = doc.createElement(name); if (cls) e.className = cls; e.textContent = text; return e; };

  function two(row) { return lang() === "hi" ? [row.hi, row.en] : [row.en, row.hi]; }
  function show() {
    const pages = Math.max(1, Math.ceil(state.rooms.length / ROWS)), list = $("rooms");
    page %= pages;
    const rows = state.rooms.slice(page * ROWS, page * ROWS + ROWS).map((row) => {
      const box = el("div", "rw", ""), desk = DESK[row.r], names = desk ? [desk[lang() === "hi" ? 0 : 1], ""] : two(row);
      if (hot && hot.r === row.r) box.classList.add("hot");
      box.append(el("span", "rm" + (desk || row.r.length > 3 ? " word" : ""), desk ? "" : row.r));
      const dp = el("span", "dp", ""); dp.append(el("b", "", names[0]), el("small", "", names[1])); box.append(dp);
      box.append(el("span", row.now ? "now" : "now none", row.now || "—"));
      const nx = el("span", "nx", ""); if (row.off) nx.append(el("span", "off", lang() === "hi" ? "अभी डॉक्टर नहीं" : "No doctor now")); else row.next.forEach((t) => nx.append(el("span", "", t))); box.append(nx);
      return box;
    });
    list.replaceChildren.apply(list, rows);
    $("missed").hidden = !state.missed.length;
    $("say").hidden = !!state.missed.length;
    $("missed-list").textContent = state.missed.join(" ");
  }
  /* The call panel: one call after the other, the last one stays. */
  let hot = null;
  function panel(call) {
    hot = call;
    const box = $("call");
    box.classList.toggle("on", !!call);
    if (!call) return;
    $("call-no").textContent = call.t;
    const desk = DESK[call.r], room = $("call-room"), hi = lang() === "hi";
    room.textContent = desk ? desk[hi ? 0 : 1] : (hi ? "कमरा " : "Room ") + call.r;
    if (hi && !desk) room.append(el("small", "", "Room " + call.r));
    room.hidden = !call.r;
  }
  function take(first) {
    const fresh = state.calls.filter((call) => call.n > told);
    state.calls.forEach((call) => { told = Math.max(told, call.n); });
    if (first) { panel(state.calls[state.calls.length - 1] || null); return; }
    queue.push.apply(queue, fresh);
    if (!state.calls.length && !queue.length && !calling) panel(null);
    if (!calling) next();
  }
  function next() {
    const call = queue.shift();
    calling = !!call;
    if (!call) { if (!state.calls.some((c) => hot && c.t === hot.t)) panel(state.calls[state.calls.length - 1] || null); show(); return; }
    panel(call); show();
    const box = $("call");
    box.classList.remove("ring"); void box.offsetWidth; box.classList.add("ring");
    const least = new Promise((done) => setTimeout(done, queue.length ? SHOW_MS * 0.6 : SHOW_MS));
    Promise.all([least, speak(call)]).then(next, next);
  }
  /* The poll. Nothing changed: 304 and no body. */
  function poll() {
    const headers = tag ? { "If-None-Match": tag } : {};
    const stop = new AbortController(), timer = setTimeout(() => stop.abort(), 8000);
    fetch(body.dataset.now, { headers: headers, cache: "no-store", credentials: "same-origin", signal: stop.signal }).then((answer) => {
      const date = Date.parse(answer.headers.get("Date") || "");
      if (date) skew = date - Date.now();
      if (answer.status === 409 || answer.status === 410) { location.reload(); return null; }
      if (answer.status !== 304 && !answer.ok) throw new Error(answer.status);
      good = Date.now();
      tag = answer.headers.get("ETag") || tag;
      return answer.status === 304 ? null : answer.json();
    }).then((fresh) => { if (fresh) { state = fresh; take(false); show(); } }).catch(() => { tag = tag; }).then(() => {
      clearTimeout(timer);
      lost();
      setTimeout(poll, EVERY_MS + Math.random() * JITTER_MS);
    });
  }
  function lost() {
    const bar = $("lost"), gone = Date.now() - good > LOST_AFTER_MS;
    if (gone && bar.hidden) doc.querySelectorAll(".since").forEach((e) => { e.textContent = hour(new Date(good + skew)); });
    bar.hidden = !gone;
  }
  const hour = (at) => at.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: "Asia/Kolkata" });
  function clock() {
    const at = now();
    $("hour").textContent = hour(at);
    $("day").textContent = at.toLocaleDateString(lang() === "hi" ? "hi-IN-u-nu-latn" : "en-IN", { weekday: "long", day: "numeric", month: "long", timeZone: "Asia/Kolkata" });
    renew(hour(at));
  }
  /* Every day at 04:00 the page begins anew, when the server answers; a browser that would lose
     the permission to speak keeps the page and only asks for everything again. */
  let renewed = "";
  function renew(at) {
    const day = now().toDateString();
    if (at < "04:00" || at > "04:59" || renewed === day || Date.now() - good > LOST_AFTER_MS || Date.now() - begun < 7200000) return;
    renewed = day;
    if (!audio || free || muted()) location.reload(); else { tag = ""; told = 0; take(true); show(); }
  }
  const begun = Date.now();

  /* The voice: words from one file, each call as "टोकन एम अड़तालीस, कृपया कमरा नंबर सात में आइए". */
  let audio = null, sound = null, words = null, free = false;
  const muted = () => { try { return localStorage.getItem("tv-muted") === "1"; } catch (_) { return false; } };
  function number(text) {
    const out = []; let n = parseInt(text, 10);
    if (n >= 1000) { out.push(String(Math.floor(n / 1000) % 100), "hazar"); n %= 1000; }
    if (n >= 100) { out.push(String(Math.floor(n / 100)), "sau"); n %= 100; }
    if (n || !out.length) out.push(String(n));
    return out;
  }
  function spelled(code) {
    return (code.toLowerCase().match(/[a-z]|\d+/g) || []).reduce((all, part) => all.concat(/\d/.test(part) ? number(part) : ["letter-" + part]), []);
  }
  const say = (call) => ["token"].concat(spelled(call.t), [0, "kripya"], DESK[call.r] ? ["desk-" + call.r.slice(1)] : call.r ? ["kamra"].concat(spelled(call.r), ["aaiye"]) : []);
  function speak(call) {
    if (!sound || !audio || audio.state !== "running" || muted()) return Promise.resolve();
    let at = audio.currentTime + 0.15;
    say(call).forEach((word) => {
      if (word === 0) { at += 0.25; return; }
      const where = words[word];
      if (!where) return;
      const source = audio.createBufferSource();
      source.buffer = sound; source.connect(audio.destination);
      source.start(at, where[0] / 1000, where[1] / 1000);
      at += where[1] / 1000 + 0.06;
    });
    body.dataset.spoken = say(call).filter(Boolean).join(" ");
    return new Promise((done) => setTimeout(done, (at - audio.currentTime) * 1000 + 400));
  }
  function buttons() {
    const waits = audio && audio.state !== "running" && !muted();
    $("voice").hidden = !waits;
    $("mute").hidden = !audio || waits;
    $("mute").setAttribute("aria-pressed", String(muted()));
  }
  function voice() {
    const Audio = window.AudioContext || window.webkitAudioContext;
    if (!body.dataset.sound || !Audio) return;
    try { audio = new Audio({ sampleRate: 24000 }); } catch (_) { audio = new Audio(); }
    free = audio.state === "running";
    audio.onstatechange = buttons;
    Promise.all([fetch(body.dataset.sound).then((a) => a.arrayBuffer()), fetch(body.dataset.words).then((a) => a.json())])
      .then((got) => { words = got[1]; return new Promise((yes, no) => audio.decodeAudioData(got[0], yes, no)); })
      .then((got) => { sound = got; body.dataset.voice = "ready"; }).catch(() => { audio = null; buttons(); });
    $("voice").addEventListener("click", () => audio.resume().then(() => { buttons(); if (hot && !calling) speak(hot); }));
    $("mute").addEventListener("click", () => {
      try { localStorage.setItem("tv-muted", muted() ? "0" : "1"); } catch (_) { /* private mode */ }
      if (!muted()) audio.resume();
      buttons();
    });
    buttons();
  }
  take(true); show(); clock(); voice();
  setInterval(clock, 5000);
  setInterval(() => { if (state.rooms.length > ROWS) { page += 1; show(); } }, PAGE_MS);
  if (languages.length > 1) setInterval(() => { doc.documentElement.lang = lang() === "hi" ? "en" : "hi"; panel(hot); show(); clock(); }, TURN_MS);
  setTimeout(poll, 1000);
})();
