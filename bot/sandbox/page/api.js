// Talking to the server: the state, the stream of changes, and what a person does.

import { change, page } from "./state.js";

const PATIENCE = 15000;
let wanted = new Set();
let fetching = null;

/** Ask for parts of the state again; requests that come together are one. */
export function refresh(...parts) {
  for (const part of parts.length ? parts : ["slack", "apple", "bot"]) wanted.add(part);
  fetching ??= fetchWanted();
}

/** The same, and wait until the page shows it. */
export async function refreshed() {
  // What is on its way may have been asked for too early; what comes after it was not.
  await fetching;
  refresh("slack");
  await fetching;
}

async function fetchWanted() {
  while (wanted.size) {
    const parts = [...wanted];
    wanted = new Set();
    try {
      await fetchParts(parts);
    } catch {
      for (const part of parts) wanted.add(part);
      change({ connected: false });
      break;
    }
  }
  fetching = null;
}

async function fetchParts(parts) {
  const who = page.me ?? "";
  const query = new URLSearchParams({ as: who, parts: parts.join(",") });
  const answer = await call(`/page/state?${query}`);
  if (answer.status === 404 && who) {
    change({ me: null });
    wanted.add("slack");
    return;
  }
  if (!answer.ok) throw new Error(`state ${answer.status}`);
  const { me, session, notes, ...fresh } = await answer.json();
  // Somebody else may have been chosen while this was on its way.
  if (page.me !== null && page.me !== me) delete fresh.slack;
  else fresh.me = me;
  change({ ...fresh, session, notes, connected: true });
}

/** Follow the stream; after a break everything is read again. */
export function follow() {
  const stream = new EventSource("/page/stream");
  stream.onopen = () => refresh();
  stream.onmessage = (event) => refresh(event.data);
  stream.onerror = () => change({ connected: false });
}

/** What a person does in Slack. The answer is an acknowledgement; it never throws. */
export function does(verb, what = {}) {
  return post(`/page/slack/${verb}`, { who: page.me, ...what });
}

export function store(verb, what = {}) {
  return post(`/page/apple/${verb}`, what);
}

export function bot(verb) {
  return post(`/page/bot/${verb}`, {});
}

export async function requestDetail(number) {
  const answer = await call(`/page/apple/request/${number}`);
  return answer.ok ? answer.json() : null;
}

/** The same with bytes: a file, or several, one after another. */
export function brings(verb, what, body) {
  const query = new URLSearchParams({ who: page.me, ...what });
  return send(`/page/slack/${verb}?${query}`, "application/octet-stream", body);
}

function post(path, what) {
  return send(path, "application/json", JSON.stringify(what));
}

async function send(path, kind, body) {
  try {
    const answer = await call(path, { method: "POST", headers: { "Content-Type": kind }, body });
    return await answer.json();
  } catch {
    return { ok: false, error: "sandbox_unreachable", body: null };
  }
}

function call(path, options = {}) {
  return fetch(path, { cache: "no-store", signal: AbortSignal.timeout(PATIENCE), ...options });
}
