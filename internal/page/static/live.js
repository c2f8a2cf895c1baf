"use strict";

// Keeps a page up to date while it is looked at: it is fetched again every few
// seconds, and what changed is put in its place. What the reader opened, typed
// or scrolled to stays. Without this script the page is as it was when it came.

(() => {
  const region = document.querySelector("[data-live]");
  const every = Number(region?.dataset.live) * 1000;
  const slowest = 30_000;
  let tag = document.body.dataset.tag ?? "";
  let failures = 0;
  let timer = 0;

  // A form is sent once, however often its button is pressed. The button is
  // disabled a moment later, so that it still counts for this sending.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("[data-once]")) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    setTimeout(() => form.querySelectorAll("button").forEach((b) => { b.disabled = true; }));
  });

  // A page that comes back from the browser's memory may be sent again.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload();
  });

  if (!region || !(every > 0)) return;

  const same = (a, b) => a.nodeType === b.nodeType && a.nodeName === b.nodeName && a.id === b.id;
  const typing = (el) => el === document.activeElement && el.matches("input, textarea, select");

  /** Makes an element like another one of the same name, with as few changes as possible. */
  function morph(old, fresh) {
    if (old.nodeType !== Node.ELEMENT_NODE) {
      if (old.data !== fresh.data) old.data = fresh.data;
      return;
    }
    for (const { name } of [...old.attributes]) {
      if (!fresh.hasAttribute(name) && !kept(old, name)) old.removeAttribute(name);
    }
    for (const { name, value } of fresh.attributes) {
      if (old.getAttribute(name) !== value && !kept(old, name)) old.setAttribute(name, value);
    }
    if (!typing(old)) morphChildren(old, fresh);
  }

  /** Reports attributes that are the reader's, not the server's. */
  function kept(el, name) {
    return (name === "open" && el.nodeName === "DETAILS") || name === "data-sent" || (name === "disabled" && el.closest("[data-sent]"));
  }

  function morphChildren(old, fresh) {
    const byId = new Map([...old.children].filter((c) => c.id).map((c) => [c.id, c]));
    let at = old.firstChild;
    for (const next of [...fresh.childNodes]) {
      const known = next.id ? byId.get(next.id) : at;
      if (!known || !same(known, next)) {
        old.insertBefore(next, at);
        continue;
      }
      if (known === at) at = at.nextSibling;
      else old.insertBefore(known, at);
      morph(known, next);
    }
    while (at) {
      const gone = at;
      at = at.nextSibling;
      gone.remove();
    }
  }

  /** Gives an element near the top of the window, to hold the scroll by. */
  function anchor() {
    if (window.scrollY < 80) return null;
    return [...region.querySelectorAll("li[id], article[id]")].find((el) => el.getBoundingClientRect().bottom > 60);
  }

  const ids = (root) => [...root.querySelectorAll("[data-count] > [id]")].map((el) => el.id);

  function announce(before) {
    const news = document.getElementById("news");
    const added = ids(region).filter((id) => !before.has(id)).length;
    if (news && added > 0) news.textContent = news.dataset.added.replace("{n}", String(added));
  }

  function show(html) {
    const fresh = new DOMParser().parseFromString(html, "text/html");
    const next = fresh.getElementById(region.id);
    if (!next) {
      location.reload();
      return false;
    }
    const before = new Set(ids(region));
    const held = anchor();
    const top = held?.getBoundingClientRect().top;
    morph(region, next);
    if (held?.isConnected) window.scrollBy(0, held.getBoundingClientRect().top - top);
    document.dispatchEvent(new Event("fresh"));
    announce(before);
    return Number(region.dataset.live) > 0;
  }

  /** Shows how many questions are open, which every answer tells. */
  function count(open) {
    const badge = document.getElementById("open-count");
    if (!badge || open === null) return;
    badge.firstElementChild.textContent = open;
    badge.hidden = open === "0";
  }

  function tell(id, so) {
    const note = document.getElementById(id);
    if (note && note.hidden === so) note.hidden = !so;
  }

  async function look() {
    timer = 0;
    let goesOn = true;
    try {
      const answer = await fetch(location.href.split("#")[0], { cache: "no-store", headers: tag ? { "If-None-Match": tag } : {}, signal: AbortSignal.timeout(20_000) });
      if (answer.status === 401) {
        tell("lost", false);
        tell("signed-out", true);
        return;
      }
      if (answer.status !== 304 && !answer.ok) throw new Error(String(answer.status));
      count(answer.headers.get("Toban-Open"));
      if (answer.status !== 304) {
        tag = answer.headers.get("ETag") ?? "";
        goesOn = show(await answer.text());
      }
      failures = 0;
    } catch {
      failures += 1;
    }
    tell("lost", failures > 1);
    if (goesOn) plan();
  }

  function plan() {
    if (timer || document.hidden) return;
    timer = setTimeout(look, Math.min(every * 2 ** failures, slowest));
  }

  document.addEventListener("visibilitychange", () => {
    clearTimeout(timer);
    timer = 0;
    if (!document.hidden) look();
  });
  plan();
})();
