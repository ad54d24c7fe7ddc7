{% load static %}/* Keeps one page and its files, and shows it when a page cannot be loaded. Nothing of a patient is kept. */
"use strict";
const FILES = ["/offline", "{% static 'css/bhavya.css' %}", "{% static 'css/pages.css' %}", "{% static 'js/offline.js' %}", "{% static 'build/fonts/bhavya-deva.woff2' %}", "{% static 'build/fonts/bhavya-latin.woff2' %}"];
const NAME = "shell-{{ LANGUAGE_CODE }}-" + FILES.join("|").length + "-" + FILES.join("").replace(/\D/g, "").slice(-40);
self.addEventListener("install", (e) => e.waitUntil(caches.open(NAME).then((kept) => kept.addAll(FILES)).then(() => self.skipWaiting())));
self.addEventListener("activate", (e) => e.waitUntil(caches.keys().then((all) => Promise.all(all.filter((n) => n !== NAME).map((n) => caches.delete(n)))).then(() => self.clients.claim())));
self.addEventListener("fetch", (e) => {
  const ask = e.request, path = new URL(ask.url).pathname;
  if (ask.mode === "navigate") e.respondWith(fetch(ask).catch(() => caches.match("/offline")));
  else if (FILES.includes(path) && path !== "/offline") e.respondWith(caches.match(path).then((kept) => kept || fetch(ask)));
});
