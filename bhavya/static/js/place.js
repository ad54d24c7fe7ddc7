/* A patient's place in the queue, looked at every 15 seconds. Nothing new: 304, no body. */
(function () {
  "use strict";
  const box = document.querySelector("[data-place]");
  if (!box) return;
  const lost = document.querySelector(".pp-lost");
  let tag = "", fails = 0, busy = false;
  function look() {
    if (document.visibilityState === "hidden" || busy) return;
    busy = true;
    fetch(box.dataset.place, { headers: tag ? { "If-None-Match": tag } : {}, cache: "no-store", credentials: "same-origin" }).then((answer) => {
      if (answer.status === 304) return null;
      if (!answer.ok) throw new Error(answer.status);
      tag = answer.headers.get("ETag") || "";
      return answer.text();
    }).then((text) => {
      fails = 0;
      if (text === null) return;
      const was = (box.querySelector("[data-state]") || {}).dataset, fresh = new DOMParser().parseFromString(text, "text/html").body;
      const is = fresh.querySelector("[data-state]").dataset.state;
      if (is === "over") { location.reload(); return; }
      if (fresh.innerHTML !== box.innerHTML) box.replaceChildren.apply(box, fresh.childNodes);
      if (is === "called" && was.state !== "called" && navigator.vibrate) navigator.vibrate([300, 150, 300]);
    }).catch(() => { fails += 1; }).then(() => { busy = false; if (lost) lost.hidden = fails < 3; });
  }
  setInterval(look, 14000 + Math.random() * 2000);
  document.addEventListener("visibilitychange", look);
})();
