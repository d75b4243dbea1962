// The log of requests: what the bot asked of either side, and what Apple's webhooks told it.

import { requestDetail } from "./api.js";
import { h, keyed, fill, setText } from "./dom.js";
import { page } from "./state.js";
import { webhookEntry, webhookRows, webhookWords } from "./webhooks.js";

const SHOWN = 120;
const SIDES = {
  apple: { rows: appleRows, words: requestWords, entry },
  slack: { rows: slackRows, words: requestWords, entry },
  webhooks: { rows: webhookRows, words: webhookWords, entry: webhookEntry },
};
let side = "apple";
let redraw = () => {};

export function drawRequests(panel, draw) {
  redraw = draw;
  fill(panel, "requests", () => [
    h(
      "div",
      { class: "segments", role: "group", "aria-label": "Whose requests" },
      segment("apple", "App Store Connect"),
      segment("slack", "Slack"),
      segment("webhooks", "Webhooks"),
    ),
    h("p", { class: "log-sum", id: "log-sum" }),
    h("div", { class: "log", id: "log", "data-testid": "requests" }),
  ]);
  for (const button of panel.querySelectorAll(".segment"))
    button.setAttribute("aria-pressed", String(button.dataset.side === side));
  const log = SIDES[side];
  const rows = log.rows().slice(-SHOWN).reverse();
  setText(document.getElementById("log-sum"), log.words(rows));
  keyed(document.getElementById("log"), rows, { key: (row) => row.key, draw: log.entry });
}

function requestWords(rows) {
  const refused = rows.filter((row) => row.bad).length;
  return rows.length
    ? `Newest first. ${refused ? `${refused} of ${rows.length} were refused.` : "None was refused."}`
    : "Nobody has asked for anything yet.";
}

function segment(name, label) {
  const choose = () => {
    side = name;
    redraw();
  };
  return h(
    "button",
    {
      type: "button",
      class: "segment",
      "data-side": name,
      "data-focus": `segment-${name}`,
      on: { click: choose },
    },
    label,
  );
}

function appleRows() {
  return page.apple.log.map((row) => ({
    key: `apple ${row.n}`,
    number: row.n,
    verb: row.method,
    what: row.path,
    status: row.status ?? (row.ms === null ? "…" : "✕"),
    bad: row.status === null ? row.ms !== null : row.status >= 400,
    aside: row.ms === null ? "" : `${Math.round(row.ms)} ms`,
    note: [row.fault && `fault: ${row.fault.replaceAll("_", " ")}`, ...(row.codes ?? [])]
      .filter(Boolean)
      .join(" · "),
  }));
}

function slackRows() {
  const reasons = [...page.slack.refusals];
  return page.slack.log
    .toReversed()
    .map((row) => slackRow(row, reasons))
    .toReversed();
}

function slackRow(row, reasons) {
  return {
    key: `slack ${row.n}`,
    verb: "",
    what: row.method,
    status: row.error ? "no" : "ok",
    bad: Boolean(row.error),
    aside: new Date(row.at * 1000).toLocaleTimeString(),
    note: row.error ? [row.error, reasonOf(row, reasons)].filter(Boolean).join(" · ") : "",
  };
}

/** The newest reason that fits; each is used up, so that older rows find older ones. */
function reasonOf(row, reasons) {
  const index = reasons.findLastIndex((one) => one.method === row.method && one.error === row.error);
  return index < 0 ? "" : reasons.splice(index, 1)[0].detail;
}

function entry(row) {
  const line = [
    row.verb ? h("span", { class: `verb verb-${row.verb.toLowerCase()}` }, row.verb) : null,
    h(
      "span",
      { class: "log-path" },
      h("bdi", {}, shortPath(row.what)),
      row.note ? h("span", { class: "log-note" }, row.note) : null,
    ),
    h("span", { class: `status ${row.bad ? "status-bad" : "status-good"}` }, String(row.status)),
    h("span", { class: "log-aside" }, row.aside),
  ];
  if (!row.number) return h("div", { class: "log-entry" }, h("div", { class: "log-line" }, ...line));
  const body = h("div", { class: "log-body" });
  const node = h(
    "details",
    { class: "log-entry", "data-testid": "request" },
    h("summary", { class: "log-line", "data-focus": row.key, title: row.what }, ...line),
    body,
  );
  node.addEventListener("toggle", () => node.open && void showDetail(body, row.number));
  return node;
}

/** Long ids say nothing to a reader; their beginning is enough to tell them apart. */
function shortPath(path) {
  return path
    .replace(/^\/v1\//, "")
    .replace(/([0-9a-f]{8})-[0-9a-f-]{27}/g, "$1…")
    .replace(/\b(\d{3})\d{4,}\b/g, "$1…");
}

async function showDetail(place, number) {
  const found = await requestDetail(number);
  if (!found) {
    place.replaceChildren(h("p", { class: "empty-small" }, "No longer in the log."));
    return;
  }
  const query = Object.entries(found.query ?? {})
    .map(([name, text]) => `${name}=${text}`)
    .join("\n");
  place.replaceChildren(
    ...[
      query ? piece("Query", query) : null,
      found.body ? piece("Sent", found.body) : null,
      found.answer ? piece("Answered", found.answer) : null,
    ].filter(Boolean),
  );
}

function piece(title, content) {
  const text = typeof content === "string" ? content : JSON.stringify(content, null, 2);
  return h(
    "section",
    {},
    h("h5", {}, title),
    h("pre", { tabindex: "0" }, text.length > 20000 ? `${text.slice(0, 20000)}\n…` : text),
  );
}
