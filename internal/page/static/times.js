"use strict";

// Keeps what a page says about time true while it is open: how long ago
// something was, how long there is still time. The clock is the server's; the
// words are in the page.

(() => {
  const words = document.getElementById("words")?.dataset;
  if (!words) return;
  const ahead = Date.parse(words.now) - Date.now(); // how far the server's clock is ahead of this one
  const minute = 60_000;
  const units = [[24 * 60 * minute, words.days], [60 * minute, words.hours], [minute, words.minutes]];

  const fill = (text, time) => text.replace("{time}", time);

  /** Gives the largest unit only. */
  function rough(ms) {
    const [size, name] = units.find(([size]) => ms >= size);
    return Math.floor(ms / size) + name;
  }

  /** Gives all units, down to minutes. */
  function exact(ms) {
    const parts = [];
    for (const [size, name] of units) {
      if (ms >= size) parts.push(Math.floor(ms / size) + name);
      ms %= size;
    }
    return parts.join(words.between);
  }

  function ago(ms) {
    return ms < minute ? words.justNow : fill(words.ago, rough(ms));
  }

  function until(kind, ms) {
    if (ms <= 0) return words[`${kind}Over`];
    return ms < minute ? words[`${kind}Less`] : fill(words[kind], exact(ms));
  }

  function say(el, text) {
    if (el.textContent !== text) el.textContent = text;
  }

  function tick() {
    const now = Date.now() + ahead;
    for (const el of document.querySelectorAll("time > .ago")) say(el, ago(now - Date.parse(el.parentElement.dateTime)));
    for (const el of document.querySelectorAll("[data-until]")) say(el, until(el.dataset.kind, Date.parse(el.dataset.until) - now));
  }

  document.addEventListener("fresh", tick); // live.js has put something new in its place
  document.addEventListener("visibilitychange", tick);
  setInterval(tick, 5_000);
})();
