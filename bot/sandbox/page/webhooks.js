// Apple's webhooks: whom it tells, what it sent, and what became of each delivery.

import { h } from "./dom.js";
import { page } from "./state.js";
import { stateName } from "./words.js";

/** Rows for the log: each webhook, then its deliveries, oldest first. */
export function webhookRows() {
  return page.apple.apps.flatMap((app) =>
    (app.webhooks ?? []).flatMap((hook) => [
      ...(hook.deliveries ?? []).map((one) => delivery(one)),
      about(app, hook),
    ]),
  );
}

export function webhookWords(rows) {
  const apps = page.apple.apps;
  const example = apps[0]?.bundle_id ?? "<app>";
  if (!rows.length) return `No app has a webhook yet. As the approver, send /aso webhook ${example} to set one up.`;
  const failed = rows.filter((row) => row.bad).length;
  const sent = rows.filter((row) => row.payload).length;
  if (!sent) return "Nothing was sent yet.";
  return `Newest first. ${failed ? `${failed} of ${sent} did not arrive.` : "All arrived."}`;
}

function about(app, hook) {
  return { key: `hook ${hook.id}`, app: app.name, name: hook.name, url: hook.url, enabled: hook.enabled };
}

function delivery(one) {
  const payload = read(one.payload);
  const happened = payload.data ?? {};
  return {
    key: `delivery ${one.id}`,
    what: one.ping ? "Ping" : eventWords(happened),
    state: one.state,
    bad: one.state === "FAILED",
    again: one.redelivery,
    error: one.error,
    at: one.sent ?? one.created,
    payload,
  };
}

/** The text that was sent, as values; a text that is none is shown as it is. */
function read(text) {
  if (typeof text !== "string") return text ?? {};
  try {
    return JSON.parse(text);
  } catch {
    return { text };
  }
}

/** "In Review, was Waiting for Review", or the event's name when it is not about a state. */
function eventWords({ type = "event", attributes = {} }) {
  const { newValue, oldValue } = attributes;
  if (!newValue) return type;
  return `${stateName(newValue)}${oldValue ? `, was ${stateName(oldValue)}` : ""}`;
}

export function webhookEntry(row) {
  return row.url ? hookEntry(row) : deliveryEntry(row);
}

function hookEntry({ app, name, url, enabled }) {
  return h(
    "div",
    { class: "log-entry hook", "data-testid": "webhook" },
    h("b", {}, `${app}: ${name}`),
    h("span", { class: enabled ? "status-good" : "status-bad" }, enabled ? "on" : "off"),
    h("code", {}, url),
  );
}

const STATES = { SUCCEEDED: "ok", FAILED: "no", PENDING: "…" };

function deliveryEntry(row) {
  const mood = { SUCCEEDED: "status-good", FAILED: "status-bad" }[row.state] ?? "";
  return h(
    "details",
    { class: "log-entry", "data-testid": "delivery", "data-state": row.state },
    h(
      "summary",
      { class: "log-line", "data-focus": row.key },
      h(
        "span",
        { class: "hook-what" },
        row.what,
        row.again ? h("span", { class: "badge" }, "AGAIN") : null,
        row.error ? h("span", { class: "log-note" }, row.error) : null,
      ),
      h("span", { class: `status ${mood}`, title: stateName(row.state) }, STATES[row.state] ?? row.state),
      h("span", { class: "log-aside" }, new Date(row.at).toLocaleTimeString()),
    ),
    h("div", { class: "log-body" }, h("pre", { tabindex: "0" }, JSON.stringify(row.payload, null, 2))),
  );
}
