/* The state of the network; and forms that could not be sent: they wait in this browser and are sent again with the same id.
   A form says data-outbox="what it is", data-outbox-id="its id field", data-outbox-names="fields to
   show", data-outbox-fresh="id fields to make anew". Entries are locked with the person's own key. */
(function () {
  "use strict";
  const doc = document, $ = (id) => doc.getElementById(id), on = (type, act) => doc.addEventListener(type, act);
  const tell = (name, detail) => doc.dispatchEvent(new CustomEvent(name, { detail }));
  const subtle = window.crypto && crypto.subtle, store = subtle ? localStorage : sessionStorage;
  const who = doc.body.dataset.who || "", mine = "outbox:" + who + ":";
  const cookie = (name) => (doc.cookie.match("(?:^|; )" + name + "=([^;]*)") || [])[1] || "";
  const text64 = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes))), bytes64 = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  let key = null, busy = false;

  /* The state of the network, in the bar: online, slow, n waiting, offline. */
  const net = { off: false, slow: false, wait: 0 };
  let slowAt = 0, knocks = 0;
  function show() {
    const bar = $("bh-offline"), pill = $("bh-sync");
    if (bar) bar.hidden = !net.off;
    if (!pill) return;
    const state = net.off ? "off" : net.wait ? "wait" : net.slow ? "slow" : "on", words = pill.dataset[state].replace("%n", net.wait);
    pill.classList.toggle("pend", state !== "on");
    pill.dataset.state = state;
    if (pill.lastElementChild.textContent !== words) pill.lastElementChild.textContent = words;
  }
  function waitFor() { clearTimeout(slowAt); slowAt = setTimeout(() => { net.slow = true; show(); }, 5000); }
  function heard() { clearTimeout(slowAt); net.slow = false; if (net.off) { net.off = false; clearInterval(knocks); knocks = 0; tell("bh:back"); } show(); }
  function unheard() {
    net.off = true;
    show();
    if (!knocks) knocks = setInterval(() => fetch("/online", { cache: "no-store" }).then((a) => { if (a.ok) heard(); }).catch(() => 0), 3000);
  }
  on("htmx:before:request", waitFor);
  on("bh:heard", heard); on("bh:unheard", unheard); on("bh:asking", waitFor);
  on("bh:waiting", (e) => { net.wait = e.detail; show(); });
  window.addEventListener("online", () => { if (net.off) fetch("/online", { cache: "no-store" }).then(heard, () => 0); });
  window.addEventListener("offline", unheard);

  async function vault() {
    const raw = new Uint8Array(doc.body.dataset.vault.match(/../g).map((h) => parseInt(h, 16)));
    return key || (key = await crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]));
  }
  async function seal(thing) {
    const text = JSON.stringify(thing);
    if (!subtle) return text;
    const iv = crypto.getRandomValues(new Uint8Array(12));
    return text64(iv) + "." + text64(await subtle.encrypt({ name: "AES-GCM", iv }, await vault(), new TextEncoder().encode(text)));
  }
  async function unseal(sealed) {
    if (!subtle) return JSON.parse(sealed);
    const [iv, body] = sealed.split(".");
    return JSON.parse(new TextDecoder().decode(await subtle.decrypt({ name: "AES-GCM", iv: bytes64(iv) }, await vault(), bytes64(body))));
  }
  const keys = () => Object.keys(store).filter((k) => k.startsWith(mine)).sort();
  const waiting = () => keys().length;
  async function put(entry) { store.setItem(mine + entry.id, JSON.stringify({ kind: entry.kind, at: entry.at, no: !!entry.said, sealed: await seal(entry) })); count(); }
  const drop = (id) => { store.removeItem(mine + id); count(); };
  async function entries() {
    const found = [];
    for (const k of keys()) try { found.push(await unseal(JSON.parse(store.getItem(k)).sealed)); } catch (_) { /* another key: not ours to read */ }
    return found.sort((a, b) => a.at - b.at);
  }
  const count = () => { tell("bh:waiting", waiting()); list(); card(); };
  function uuid7() {
    const b = crypto.getRandomValues(new Uint8Array(16)), t = Date.now();
    for (let n = 0; n < 6; n++) b[n] = Math.floor(t / 2 ** (8 * (5 - n))) & 255;
    b[6] = (b[6] & 15) | 112; b[8] = (b[8] & 63) | 128;
    return Array.from(b, (x) => x.toString(16).padStart(2, "0")).join("").replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
  }

  async function send(url, body, auto) {
    const stop = new AbortController(), timer = setTimeout(() => stop.abort(), 15000);
    tell("bh:asking");
    try {
      const answer = await fetch(url, { method: "POST", body, signal: stop.signal, headers: { "Content-Type": "application/x-www-form-urlencoded", "X-CSRFToken": cookie("csrftoken"), "X-Outbox": auto ? "auto" : "1", "X-Who": who } });
      if (answer.status === 502 || answer.status === 503 || answer.status === 504) throw new Error("down");
      tell("bh:heard");
      return answer;
    } catch (_) { tell("bh:unheard"); return null; } finally { clearTimeout(timer); }
  }
  const asText = (form, button) => {
    const data = new FormData(form);
    data.delete("csrfmiddlewaretoken");
    if (button && button.name) data.append(button.name, button.value);
    return new URLSearchParams(data).toString();
  };
  async function submit(form, button) {
    const body = asText(form, button), id = form.elements[form.dataset.outboxId].value;
    form.dataset.sent = "1";
    const answer = await send(form.action, body);
    delete form.dataset.sent;
    if (answer && answer.headers.get("X-Location")) { drop(id); location.assign(answer.headers.get("X-Location")); return; }
    if (answer && answer.status === 401) { $("bh-lock") ? $("bh-lock").showModal() : $("bh-gone").showModal(); return; }
    /* A no, with its sentence: the page is sent once more the usual way, which writes nothing twice. */
    if (answer) { if (button && button.name) { const own = doc.createElement("input"); own.type = "hidden"; own.name = button.name; own.value = button.value; form.append(own); } HTMLFormElement.prototype.submit.call(form); return; }
    const names = (form.dataset.outboxNames || "").split(" ").map((n) => form.elements[n] && form.elements[n].value).filter(Boolean);
    await put({ id, at: Date.now(), kind: form.dataset.outbox, what: names.join(", "), url: form.action, body });
    kept(form);
  }
  function kept(form) {
    const say = $("bh-kept");
    if (form.dataset.outboxFresh) {
      form.reset();
      form.querySelectorAll(":disabled").forEach((f) => { f.disabled = false; });
      form.dataset.outboxFresh.split(" ").forEach((name) => { form.elements[name].value = uuid7(); });
    } else form.querySelectorAll("button").forEach((b) => { b.disabled = true; });
    if (say) $("bh-messages").replaceChildren(say.content.cloneNode(true));
    const first = form.querySelector("input:not([type=hidden]):not([type=checkbox]):not([type=radio])");
    if (first && form.dataset.outboxFresh) first.focus();
  }
  on("submit", (e) => {
    const form = e.target;
    if (!form.dataset.outbox || e.defaultPrevented) return;
    e.preventDefault();
    if (!form.dataset.sent) submit(form, e.submitter);
  });

  async function again() {
    if (busy || !who || !waiting() || doc.querySelector("dialog.bh-shut[open]")) return;
    busy = true;
    for (const entry of await entries()) {
      if (entry.said) continue;
      const answer = await send(entry.url, entry.body, true);
      if (!answer || answer.status === 401) break;
      if (answer.headers.get("X-Location")) { drop(entry.id); continue; }
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const said = Array.from(page.querySelectorAll("main [role=alert], .invalid-feedback"), (x) => x.textContent.trim().replace(/\s+/g, " ")).filter(Boolean);
      await put({ ...entry, said: said[0] || String(answer.status), status: answer.status });
    }
    busy = false;
  }
  setInterval(() => { if (doc.visibilityState === "visible") again(); }, 4000);
  on("bh:back", again);

  /* The list at /sync: what waits, try now, look and mend, discard. */
  const clock = (at) => new Date(at).toTimeString().slice(0, 5);
  async function list() {
    const into = $("sync-list");
    if (!into) return;
    const found = await entries(), rows = found.map((entry) => {
      const row = $("sync-row").content.cloneNode(true), at = (q) => row.querySelector(q);
      at(".kind").textContent = entry.kind; at(".what").textContent = entry.what; at(".at").textContent = clock(entry.at);
      at("[data-pair]").hidden = !entry.said; at(".said").textContent = entry.said || ""; at(".state").hidden = !!entry.said;
      const mend = at("form"); mend.action = entry.url; mend.hidden = !entry.said;
      new URLSearchParams(entry.body).forEach((value, name) => { const f = doc.createElement("input"); f.type = "hidden"; f.name = name; f.value = value; mend.append(f); });
      const token = doc.createElement("input"); token.type = "hidden"; token.name = "csrfmiddlewaretoken"; token.value = cookie("csrftoken"); mend.append(token);
      at("[data-discard]").dataset.discard = entry.id;
      return row;
    });
    into.replaceChildren(...rows);
    $("sync-none").hidden = found.length > 0; $("sync-now").hidden = !found.length;
    const others = Object.keys(store).filter((k) => k.startsWith("outbox:") && !k.startsWith(mine)).length, say = $("sync-others");
    say.hidden = !others; say.lastElementChild.textContent = say.dataset.words.replace("%n", others);
  }
  function card() {
    const box = $("bh-sending");
    if (box) { box.hidden = !waiting(); box.querySelector("h2").textContent = box.dataset.words.replace("%n", waiting()); }
  }
  on("click", async (e) => {
    const at = (q) => e.target.closest(q), gone = at("[data-discard]");
    if (at("#sync-now")) { for (const entry of await entries()) if (entry.said) await put({ ...entry, said: "" }); again(); }
    if (gone) { const box = $("sync-sure"); box.showModal(); box.querySelector("[data-yes]").onclick = () => { drop(gone.dataset.discard); box.close(); }; }
    const out = at("[data-out-anyway]");
    if (out) { keys().forEach((k) => store.removeItem(k)); out.closest("dialog").close(); leaving.submit(); }
  });
  /* Leaving for good: said first when something still waits, and nothing stays behind. */
  let leaving = null;
  on("submit", (e) => {
    if (!/\/accounts\/logout\/$/.test(e.target.action)) return;
    try { sessionStorage.setItem("left", "1"); } catch (_) { /* private mode */ }
    if (waiting() && $("bh-left")) { e.preventDefault(); e.stopImmediatePropagation(); delete e.target.dataset.sent; leaving = e.target; $("bh-left").showModal(); }
  });
  on("DOMContentLoaded", () => { if (!navigator.onLine) unheard(); count(); again(); });
})();
