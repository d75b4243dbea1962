// The sidebar: channels, the app's Home, and who is sitting at the keyboard.

import { does, refresh } from "./api.js";
import { announce, fill, h } from "./dom.js";
import { change, isDirect, nameOf, page, recall, remember, shortName } from "./state.js";

// What a kind of person may do, in one line each.
const MAY = {
  proposer: "Proposes. Cannot approve her own.",
  approver: "Approves and rejects.",
  "second approver": "Approves and rejects, Japanese above all.",
  "release manager": "Releases versions, approves nothing.",
  guest: "A guest: reads, votes do not count.",
  stranger: "From another company: votes do not count.",
};
const HUES = [212, 28, 332, 158, 266, 48, 190, 8];

/** A circle with initials; nobody's picture is fetched from anywhere. */
export function avatar(one, size = "") {
  if (one.kind === "app")
    return h("span", { class: `avatar avatar-app ${size}`, "aria-hidden": "true" }, "M");
  const name = one.real_name || one.name || "?";
  const initials = name
    .split(/\s+/)
    .map((word) => [...word][0])
    .slice(0, 2)
    .join("")
    .toUpperCase();
  const node = h("span", { class: `avatar ${size}`, "aria-hidden": "true" }, initials);
  const index = Math.max(
    0,
    page.slack.people.findIndex((each) => each.id === one.id),
  );
  node.style.setProperty("--hue", HUES[index % HUES.length]);
  return node;
}

export function playable() {
  return page.slack.people.filter((one) => !one.is_bot && !one.deleted && one.kind !== "deactivated");
}

export function drawSidebar() {
  const unread = unreadChannels();
  fill(
    document.getElementById("channels"),
    JSON.stringify([page.slack.channels.map((one) => [one.id, one.name]), page.view, [...unread], page.me]),
    () =>
      page.slack.channels.length
        ? page.slack.channels.map((one) => channelEntry(one, unread))
        : h("p", { class: "empty-small" }, `${shortName(page.me)} is in no channel.`),
  );
  const direct = page.slack.direct;
  fill(
    document.getElementById("directs"),
    JSON.stringify([direct, page.view, unread.has(direct?.id)]),
    () => (direct ? [directEntry(direct, unread)] : []),
  );
  fill(document.getElementById("apps-nav"), JSON.stringify(page.view), homeEntry);
  fill(
    document.getElementById("people"),
    JSON.stringify([page.me, page.slack.people.map((one) => [one.id, one.real_name, one.kind, one.title])]),
    () => playable().map(personEntry),
  );
}

function channelEntry(one, unread) {
  const mark = h("span", { class: "nav-mark", "aria-hidden": "true" }, one.is_private ? "🔒︎" : "#");
  return conversation(one, { mark, unread, testid: "channel" });
}

function directEntry(one, unread) {
  const mark = h("span", { class: "app-mark", "aria-hidden": "true" }, "M");
  return conversation({ ...one, name: "Marquee" }, { mark, unread, testid: "direct-entry" });
}

function conversation(one, { mark, unread, testid }) {
  const here = page.view.kind === "channel" && page.view.id === one.id;
  const fresh = unread.has(one.id) && !here;
  return h(
    "button",
    {
      type: "button",
      class: `nav-entry ${fresh ? "is-unread" : ""}`,
      "aria-current": here ? "page" : null,
      "data-testid": testid,
      "data-focus": one.id,
      on: { click: () => showChannel(one.id) },
    },
    mark,
    h("span", { class: "nav-name" }, one.name),
    fresh ? h("span", { class: "nav-dot", role: "img", "aria-label": "new messages" }) : null,
  );
}

function homeEntry() {
  const here = page.view.kind === "home";
  return h(
    "button",
    {
      type: "button",
      class: "nav-entry",
      "aria-current": here ? "page" : null,
      "data-testid": "home-entry",
      "data-focus": "home",
      on: { click: showHome },
    },
    h("span", { class: "app-mark", "aria-hidden": "true" }, "M"),
    h("span", { class: "nav-name" }, "Marquee"),
    h("span", { class: "nav-aside" }, "Home"),
  );
}

function personEntry(one) {
  const here = one.id === page.me;
  return h(
    "button",
    {
      type: "button",
      class: "person",
      role: "radio",
      "aria-checked": String(here),
      tabindex: here ? "0" : "-1",
      "data-testid": "person",
      "data-kind": one.kind,
      "data-focus": one.id,
      on: { click: () => become(one.id) },
    },
    avatar(one, "avatar-small"),
    h(
      "span",
      { class: "person-words" },
      h(
        "span",
        { class: "person-name" },
        shortName(one.id),
        h("span", { class: "person-role" }, one.kind ?? ""),
      ),
      h("span", { class: "person-may" }, MAY[one.kind] ?? one.title ?? ""),
    ),
  );
}

/** Arrow keys walk through the persons, as in any group of radio buttons. */
export function personKeys(event) {
  const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const all = [...event.currentTarget.querySelectorAll("[role=radio]")];
  const next = all.at((all.indexOf(document.activeElement) + step) % all.length);
  next.focus();
  next.click();
}

/** Be somebody else from here on. */
export function become(id) {
  if (id === page.me) return;
  remember("me", id);
  // The old person's view must not stand under the new person's name.
  const shown = Object.entries(page.slack.messages).filter(([place]) => !isDirect(place));
  const messages = Object.fromEntries(shown);
  const slack = { ...page.slack, modals: [], home: null, direct: null, messages };
  change({ me: id, thread: null, slack });
  announce(`You are ${nameOf(id)} now`);
  refresh("slack");
  if (page.view.kind === "home") void does("home");
}

export function showChannel(id) {
  change({ view: { kind: "channel", id }, thread: null });
}

export function showHome() {
  change({ view: { kind: "home" }, thread: null });
  void does("home");
}

function unreadChannels() {
  const seen = recall("seen", {});
  if (page.view.kind === "channel" && page.view.id) {
    const newest = page.slack.messages[page.view.id]?.at(-1)?.ts;
    if (newest && seen[page.view.id] !== newest) remember("seen", { ...seen, [page.view.id]: newest });
  }
  return new Set(
    Object.entries(page.slack.messages)
      .filter(([id, all]) => all.length && all.at(-1).ts > (seen[id] ?? ""))
      .map(([id]) => id),
  );
}
