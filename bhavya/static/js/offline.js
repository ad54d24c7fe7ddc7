/* The page for "no internet": what waits here, and back as soon as the server answers. */
(function () {
  "use strict";
  const doc = document, found = [];
  try { Object.keys(localStorage).filter((k) => k.startsWith("outbox:")).forEach((k) => found.push(JSON.parse(localStorage[k]))); } catch (_) { /* private mode */ }
  const say = doc.getElementById("waits"), list = doc.getElementById("waits-list");
  if (found.length) {
    say.hidden = false;
    say.textContent = say.dataset.words.replace("%n", found.length);
    found.sort((a, b) => a.at - b.at).forEach((one) => {
      const row = doc.createElement("li");
      row.textContent = new Date(one.at).toTimeString().slice(0, 5) + " · " + one.kind;
      list.append(row);
    });
  }
  const knock = () => fetch("/online", { cache: "no-store" }).then((a) => { if (a.ok && location.pathname !== "/offline") location.reload(); }).catch(() => 0);
  doc.getElementById("again").addEventListener("click", knock);
  setInterval(knock, 3000);
})();
