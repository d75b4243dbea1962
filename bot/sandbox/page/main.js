// Puts the page together: draws every part after each change and owns the keys of the whole.

import { does, follow, refresh } from "./api.js";
import { announce, fill, h, setText } from "./dom.js";
import { blocks } from "./blocks.js";
import { Composer, composerHint } from "./composer.js";
import { drawBot, drawBotBanner, botState } from "./botpane.js";
import { drawFaults, startFaults } from "./faults.js";
import { keepThePage } from "./filepick.js";
import { drawGuide } from "./guide.js";
import { drawListing, noticeChanges } from "./listing.js";
import { drawRequests } from "./requests.js";
import { drawReview, noticeStates } from "./review.js";
import { drawSidebar, personKeys, showChannel } from "./people.js";
import { pinToEnd, showMessages } from "./messages.js";
import { startModals } from "./modal.js";
import { troublesOn } from "./troubles.js";
import { change, channelName, isDirect, nameOf, page, recall, remember, shortName, watch } from "./state.js";

const TABS = [
  { id: "listing", label: "Listing", draw: drawListing },
  { id: "review", label: "Review", draw: drawReview },
  { id: "requests", label: "Requests", draw: drawRequests },
  { id: "faults", label: "Faults", draw: drawFaults },
  { id: "bot", label: "Bot", draw: drawBot },
];
const PANES = [
  { id: "sidebar", label: "People" },
  { id: "workspace", label: "Slack" },
  { id: "store", label: "Store" },
];
// Wide enough for the conversation and the store beside it: they share a tab.
const together = matchMedia("(820px <= width < 1100px)");

const find = (id) => document.getElementById(id);
let tab = "listing";
let lastHeard = "";
let lastDirect = "";

const composer = new Composer({ name: "composer", place: () => ({ channel: page.view.id }) });
const threadComposer = new Composer({
  name: "thread-composer",
  place: () => ({ channel: page.view.id, thread_ts: page.thread }),
});

function draw() {
  drawBanner();
  if (!page.me) return;
  settleView();
  drawSidebar();
  drawMiddle();
  drawThread();
  noticeChanges(drawStore);
  noticeStates();
  drawStore();
  drawBotBanner(find("bot-banner"));
  drawGuide(find("guide"), { offer, showTab });
  hear();
}

function drawBanner() {
  const banner = find("banner");
  banner.hidden = page.connected;
  setText(
    banner,
    page.connected ? "" : "The sandbox is not answering. What you see may be old; trying again …",
  );
  find("live").classList.toggle("is-off", !page.connected);
}

/** A person who is not in the channel on show, and a first visit, begin in the first channel. */
function settleView() {
  const { channels, direct } = page.slack;
  // Whose direct messages are on show is not known before the new person's state is here.
  if (page.view.kind !== "channel" || !direct) return;
  const { id } = page.view;
  if (id === direct.id || channels.some((one) => one.id === id)) return;
  page.view = { kind: "channel", id: isDirect(id) ? direct.id : (channels[0]?.id ?? null) };
}

function drawMiddle() {
  const home = page.view.kind === "home";
  find("messages").hidden = home;
  const silent = !home && isReadOnly();
  find("composer-place").hidden = home || silent || !page.view.id;
  find("read-only").hidden = !silent;
  find("home").hidden = !home;
  if (home) drawHome();
  else drawChannel();
}

/** People read what the app writes to them and have nowhere to answer. */
function isReadOnly() {
  return isDirect(page.view.id) && !page.slack.direct?.writable;
}

function drawDirect(id) {
  setText(find("channel-title"), "Marquee");
  setText(find("channel-about"), `Direct messages · as ${shortName(page.me)}`);
  const about = `What Marquee has for ${shortName(page.me)} alone comes here.\nNothing yet.`;
  drawMessages(id, about);
}

function drawMessages(id, about) {
  const messages = page.slack.messages[id] ?? [];
  const list = find("messages");
  find("channel").classList.toggle("is-empty", !messages.length);
  list.dataset.empty = about;
  showMessages(list, messages, { channel: id, openThread });
  composer.setHint(composerHint(id));
}

function drawChannel() {
  const { id } = page.view;
  if (isDirect(id)) {
    drawDirect(id);
    return;
  }
  const channel = page.slack.channels.find((one) => one.id === id);
  setText(
    find("channel-title"),
    channel ? `${channel.is_private ? "🔒︎" : "#"} ${channel.name}` : "No channel",
  );
  setText(
    find("channel-about"),
    channel ? `${channel.members.length} members · as ${shortName(page.me)}` : "",
  );
  drawMessages(
    id,
    channel
      ? "Nothing here yet.\n/aso edit begins a proposal, /aso help tells the rest."
      : `${shortName(page.me)} is in no channel.`,
  );
}

function drawHome() {
  setText(find("channel-title"), "Marquee");
  setText(find("channel-about"), `Home · as ${shortName(page.me)}`);
  const view = page.slack.home;
  const context = { act: (what) => does("click", { view_id: view?.id, ...what }), values: {} };
  fill(find("home"), JSON.stringify([page.me, view]), () =>
    view?.blocks?.length
      ? h("div", { class: "home-blocks" }, ...blocks(view.blocks, context))
      : h("p", { class: "empty" }, "Marquee has not drawn its Home for this person yet."),
  );
}

function openThread(ts) {
  change({ thread: ts });
  queueMicrotask(() => threadComposer.input.focus());
}

function closeThread() {
  const ts = page.thread;
  change({ thread: null });
  queueMicrotask(() =>
    (document.querySelector(`[data-ts="${CSS.escape(ts)}"] .replies`) ?? composer.input).focus(),
  );
}

function drawThread() {
  const pane = find("thread");
  const shown = page.thread !== null && page.view.kind === "channel";
  pane.hidden = !shown;
  find("workspace").classList.toggle("has-thread", shown);
  if (!shown) return;
  const { id } = page.view;
  setText(find("thread-about"), `${isDirect(id) ? "" : "#"}${channelName(id)}`);
  find("thread-composer-place").hidden = isReadOnly();
  const parent = (page.slack.messages[id] ?? []).filter((one) => one.ts === page.thread);
  const replies = page.slack.threads[`${id}/${page.thread}`] ?? parent;
  const all = replies.some((one) => one.ts === page.thread) ? replies : [...parent, ...replies];
  showMessages(find("thread-messages"), all, { channel: id, thread: page.thread });
  threadComposer.setHint("Reply in the thread");
}

function drawStore() {
  drawTabs();
  TABS.find((one) => one.id === tab).draw(find("panel"), drawStore);
}

function drawTabs() {
  const alarm = page.apple.faults.length + troublesOn();
  fill(find("tabs"), JSON.stringify([tab, alarm, page.bot.state]), () =>
    TABS.map((one) =>
      h(
        "button",
        {
          type: "button",
          class: "tab",
          role: "tab",
          id: `tab-${one.id}`,
          "aria-selected": String(one.id === tab),
          "aria-controls": "panel",
          tabindex: one.id === tab ? "0" : "-1",
          "data-testid": `tab-${one.id}`,
          "data-focus": one.id,
          on: { click: () => chooseTab(one.id) },
        },
        one.label,
        one.id === "faults" && alarm
          ? h("span", { class: "tab-count", "aria-label": `${alarm} on` }, String(alarm))
          : null,
        one.id === "bot"
          ? h("span", { class: `dot mood-${botState()[0]}`, role: "img", "aria-label": botState()[1] })
          : null,
      ),
    ),
  );
  find("panel").setAttribute("aria-labelledby", `tab-${tab}`);
}

function chooseTab(id) {
  tab = id;
  remember("tab", id);
  find("panel").scrollTop = 0;
  drawStore();
}

function showTab(id) {
  chooseTab(id);
  if (!find("store").getClientRects().length) showPane("store");
  find(`tab-${id}`).focus();
}

function tabKeys(event) {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  chooseTab(TABS.at((TABS.findIndex((one) => one.id === tab) + step) % TABS.length).id);
  find(`tab-${tab}`).focus();
}

/** New messages of the channel on show are read out, once. */
function hear() {
  const newest = page.slack.messages[page.view.id]?.at(-1);
  const mark = newest ? `${page.view.id} ${newest.ts} ${page.me}` : "";
  if (mark && lastHeard && mark !== lastHeard && newest.user !== page.me)
    announce(`${nameOf(newest.user)}: ${newest.text ?? ""}`);
  lastHeard = mark || lastHeard;
  hearDirect();
}

/** That something came for this person alone is said wherever they are. */
function hearDirect() {
  const { direct } = page.slack;
  if (!direct) return;
  const mark = `${direct.id} ${page.slack.messages[direct.id]?.at(-1)?.ts ?? ""}`;
  const came = lastDirect.startsWith(`${direct.id} `) && mark !== lastDirect;
  if (came && page.view.id !== direct.id) announce("New direct message from Marquee");
  lastDirect = mark;
}

function offer(words) {
  if (page.view.kind !== "channel" || isReadOnly()) showChannel(page.slack.channels[0]?.id ?? null);
  showPane("workspace");
  requestAnimationFrame(() => composer.offer(words));
}

const panes = () =>
  together.matches ? [PANES[0], { id: "workspace", label: "Slack and Store" }] : PANES;

function showPane(wanted) {
  const id = together.matches && wanted === "store" ? "workspace" : wanted;
  document.body.dataset.pane = id;
  fill(find("pane-tabs"), `${id} ${together.matches}`, () =>
    panes().map((pane) =>
      h(
        "button",
        {
          type: "button",
          class: "pane-tab",
          "aria-current": pane.id === id ? "true" : null,
          "data-focus": pane.id,
          on: { click: () => showPane(pane.id) },
        },
        pane.label,
      ),
    ),
  );
}

function keys(event) {
  if (event.key === "Escape" && page.thread !== null && !page.slack.modals.length) closeThread();
  const awake = document.activeElement === document.body && !find("composer-place").hidden;
  if (event.key === "/" && awake) {
    event.preventDefault();
    composer.offer("/");
  }
}

function start() {
  find("composer-place").append(composer.node);
  find("thread-composer-place").append(threadComposer.node);
  composer.listenTo(find("channel"));
  threadComposer.listenTo(find("thread"));
  keepThePage();
  find("thread-close").addEventListener("click", closeThread);
  find("people").addEventListener("keydown", personKeys);
  find("tabs").addEventListener("keydown", tabKeys);
  find("theme").addEventListener("click", () => window.marqueeTheme());
  document.addEventListener("keydown", keys);
  together.addEventListener("change", () => showPane(document.body.dataset.pane));
  for (const list of ["messages", "thread-messages"]) pinToEnd(find(list));
  showPane("workspace");
  watch(draw);
  startModals();
  startFaults();
  watch(restore);
  refresh();
  follow();
}

/** What this browser had open before it was loaded again. */
let restored = false;
function restore() {
  if (restored || !page.session || !page.slack.people.length) return;
  restored = true;
  tab = recall("tab", "listing");
  const before = recall("me", null);
  if (before && before !== page.me && page.slack.people.some((one) => one.id === before)) {
    change({ me: before });
    refresh("slack");
  }
}

start();
