"use strict";

// The demo page: a composer, a Slack channel, the instances and the runs. All
// that it shows comes from the demo's server; message HTML is made safe there.

const texts = JSON.parse(document.getElementById("texts").textContent);
const channel = document.body.dataset.channel;
const at = (id) => document.getElementById(id);
const say = (key) => texts["demo." + key] || key;
const clock = new Intl.DateTimeFormat(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });

function make(tag, className, text) {
  const el = document.createElement(tag);
  if (className) el.className = className;
  if (text !== undefined) el.textContent = text;
  return el;
}

async function json(url, body) {
  const options = body === undefined ? {} : { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
  const res = await fetch(url, options);
  if (!res.ok) throw new Error(await res.text());
  return res.status === 204 ? null : res.json();
}

// The composer.

function chosen() {
  return at("kind").selectedOptions[0];
}

function fill() {
  at("subject").value = chosen().dataset.subject;
  at("text").value = chosen().dataset.text;
  at("sent").textContent = "";
}

async function send(event) {
  event.preventDefault();
  const text = at("text").value === chosen().dataset.text ? "" : at("text").value;
  try {
    await json("/demo/mail", { Name: at("kind").value, Subject: at("subject").value, Text: text });
    at("sent").textContent = say("sent");
  } catch (err) {
    at("sent").textContent = err.message;
  }
}

// The Slack channel.

const posts = new Map();

function post(m) {
  const li = posts.get(m.ts) || make("li");
  li.replaceChildren(make("span", m.bot ? "avatar" : "avatar human", m.user.slice(0, 1).toUpperCase()), body(m));
  if (!posts.has(m.ts)) {
    if (posts.size === 0) at("posts").replaceChildren();
    posts.set(m.ts, li);
    at("posts").append(li);
    at("posts").scrollTop = at("posts").scrollHeight;
  }
}

function body(m) {
  const div = make("div");
  const byline = make("div", "byline");
  byline.append(make("b", "", m.user), clock.format(new Date(m.time)));
  if (m.edited) byline.append(" " + say("edited"));
  const message = make("div", "message");
  message.innerHTML = m.html;
  div.append(byline);
  if (m.only) div.append(make("div", "only", say("only_you")));
  div.append(message);
  return div;
}

async function press(event) {
  const button = event.target.closest("button[data-action]");
  if (!button) return;
  const question = button.dataset.confirm;
  if (question && !window.confirm(question)) return;
  for (const other of button.parentElement.querySelectorAll("button")) other.disabled = true;
  try {
    await json("/demo/slack/click", { channel: button.dataset.channel, ts: button.dataset.ts, action: button.dataset.action, user: document.body.dataset.person });
  } catch (err) {
    at("sent").textContent = err.message;
  }
}

async function listen() {
  at("posts").replaceChildren(make("li", "empty", say("no_posts")));
  for (const m of await json("/demo/slack/messages?channel=" + encodeURIComponent(channel))) post(m);
  new EventSource("/demo/slack/stream").onmessage = (e) => post(JSON.parse(e.data).message);
}

// Instances and runs.

function instance(i) {
  const li = make("li", i.state);
  const name = make("div");
  name.append(make("div", "name", i.name), make("code", "", i.id));
  li.append(make("span", "lamp"), name, make("span", "state", say("state." + i.state)));
  return li;
}

const runs = new Map();

function showRun(r) {
  let details = runs.get(r.id);
  if (!details) {
    details = make("details");
    details.append(make("summary"), make("ol", "steps"));
    details.addEventListener("toggle", () => details.open && steps(r.id));
    runs.set(r.id, details);
  }
  const key = r.status + r.startedAt;
  if (details.dataset.key !== key) {
    details.dataset.key = key;
    details.firstChild.replaceChildren(make("span", "", clock.format(new Date(r.startedAt))),
      make("span", "title", r.title || r.flowName || r.id), make("span", "badge " + r.status, say("status." + r.status)));
  }
  if (details.open) steps(r.id);
  return details;
}

async function steps(id) {
  const run = await json("/demo/runs/" + encodeURIComponent(id));
  const list = runs.get(id).lastChild;
  const key = JSON.stringify(run.steps.map((s) => s.status));
  if (list.dataset.key === key) return;
  list.dataset.key = key;
  list.replaceChildren(...run.steps.map(step));
}

function step(s) {
  const li = make("li", s.status);
  li.append(make("b", "", s.nodeName || s.type));
  if (s.durationMs !== undefined && s.durationMs !== null) li.append(make("span", "ms", " " + Math.round(s.durationMs) + " ms"));
  if (s.error) li.append(make("div", "error", s.error));
  for (const [label, value] of [["step.input", s.input], ["step.output", s.outputs]]) {
    if (value === undefined || value === null || value.length === 0) continue;
    const details = make("details");
    details.append(make("summary", "", say(label)), make("pre", "", JSON.stringify(value, null, 1)));
    li.append(details);
  }
  return li;
}

async function look() {
  try {
    const state = await json("/demo/state");
    if (state.lang !== document.documentElement.lang) window.location.reload();
    at("instances").replaceChildren(...state.instances.map(instance));
    const list = (await json("/demo/runs")).runs;
    const shown = list.length ? list.map(showRun) : [make("li", "empty", say("no_runs"))];
    if (shown.length !== at("runs").children.length || shown[0] !== at("runs").firstChild) at("runs").replaceChildren(...shown);
    at("lost").hidden = true;
  } catch {
    at("lost").hidden = false;
  }
  setTimeout(look, 700);
}

at("kind").addEventListener("change", fill);
at("composer").addEventListener("submit", send);
at("posts").addEventListener("click", press);
fill();
listen();
look();
