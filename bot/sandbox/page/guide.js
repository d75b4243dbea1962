// A short tour for a newcomer. Each step ticks itself off by what can be seen in the state.

import { store } from "./api.js";
import { fill, h } from "./dom.js";
import { FIELDS } from "./listing.js";
import { become } from "./people.js";
import { page, person, recall, remember } from "./state.js";

const APPROVES = new Set(["white_check_mark", "heavy_check_mark", "+1"]);

// By these the bot's own messages are told apart.
const PROPOSAL = /^Proposal \d+, /;
const PUSHED = /^Proposal \d+, pushed:/;
const APPROVED = /^Proposal \d+, (approved|pushing|pushed):/;
const OPEN = /^Proposal (\d+), open:/;
const GLASS = /^Break-glass: proposal \d+/;
const UNCOUNTED = "Your vote does not count.";
const TEXTS = /Localizations/;
const SUBMITS = /Submit [^"]* for review/;
const STORY = / is (now|on|in) /;

// Where a version is while Apple has it, and where it is when everything went well.
const WITH_APPLE = new Set(["WAITING_FOR_REVIEW", "IN_REVIEW"]);
const LIVE = "READY_FOR_DISTRIBUTION";

const STEPS = [
  {
    id: "open",
    title: "Open the editor",
    tells: "As the proposer, send /aso edit with the app’s name.",
    act: {
      label: "Type it for me",
      who: "proposer",
      offer: () => `/aso edit ${page.apple.apps[0]?.bundle_id ?? ""}`.trim(),
    },
    done: () => page.slack.modals.some(({ view }) => view.blocks.some(asksForText)),
  },
  {
    id: "propose",
    title: "Propose a Japanese subtitle",
    tells: "Choose ja, change Subtitle, say why, submit.",
    done: () => proposals().some((one) => mentions(one, "Japanese") && mentions(one, "Subtitle")),
  },
  {
    id: "self",
    title: "Try to approve your own",
    tells: "React with ✅ as the proposer; you are told why it does not count.",
    act: { label: "Be the proposer", who: "proposer" },
    done: () => refusedAs("proposer"),
  },
  {
    id: "others",
    title: "Try as guest or stranger",
    tells: "The same reaction, and another reason.",
    act: { label: "Be the guest", who: "guest" },
    done: () => refusedAs("guest") || refusedAs("stranger"),
  },
  {
    id: "approve",
    title: "Approve as the approver",
    tells: "Become the approver and press ✅.",
    act: { label: "Be the approver", who: "approver" },
    done: () => votedBy(["approver", "second approver"]),
  },
  {
    id: "live",
    title: "See the listing change",
    tells: "The new text lights up on the right.",
    done: () =>
      page.apple.log.some(
        (row) => ["PATCH", "POST"].includes(row.method) && TEXTS.test(row.path) && row.status < 300,
      ),
  },
  {
    id: "confirm",
    title: "Confirm a new name",
    tells: "Have another name approved. Reactions do not suffice for it: press Confirm under the proposal.",
    act: { label: "Be the approver", who: "approver" },
    done: () => wentOnAfter("proposal.confirm", "confirmed", APPROVED),
  },
  {
    id: "retry",
    title: "Let a locale fail, then retry",
    tells: "Switch on “Refuse one locale”, have another proposal approved, and press Retry failed.",
    act: { label: "Show me the switch", tab: "faults" },
    done: () => wentOnAfter("proposal.retry-failed", "failed", PUSHED),
  },
  {
    id: "kill",
    title: "Kill the bot while it pushes",
    tells: "Switch on “Kill the bot at its next write”, then approve another proposal.",
    act: { label: "Show me the switch", tab: "faults" },
    done: () => page.bot.restarts > 0 && page.apple.log.some((row) => row.fault?.includes("kill")),
  },
  {
    id: "glass",
    title: "Break the glass",
    tells: "As the approver, push a proposal that nobody approved, and see who is told.",
    act: { label: "Type it for me", who: "approver", offer: () => `/aso break-glass ${undecided() ?? ""}`.trim() },
    done: () => everyMessage().some((one) => person(one.user).is_bot && GLASS.test(one.text ?? "")),
  },
  {
    id: "notes",
    title: "Write what a submission lacks",
    tells: "/aso submit stops where what’s new is missing. A colleague can write it in the browser.",
    act: { label: "Let a colleague write it", deed: writeNotes },
    done: () => page.apple.apps.length > 0 && !lacking().locales.length,
  },
  {
    id: "submit",
    title: "Propose a submission",
    tells: "As the proposer, send /aso submit with the app’s name; then let the approver approve it.",
    act: { label: "Type it for me", who: "proposer", offer: () => `/aso submit ${lacking().app?.bundle_id ?? ""}`.trim() },
    done: () => proposals().some((one) => SUBMITS.test(JSON.stringify(one.blocks ?? []))),
  },
  {
    id: "release",
    title: "Be Apple: review and release",
    tells: "Once it waits for review: start the review, approve, and put it on the App Store.",
    act: { label: "Show me the buttons", tab: "review" },
    done: () => released(),
  },
  {
    id: "story",
    title: "Read the version’s story",
    tells: "All of it is told in one thread of the channel. Open it.",
    done: () => readsStory(),
  },
];

/** Whether an input is for a text of the store; other forms have inputs too. */
const asksForText = ({ type, label }) => type === "input" && FIELDS.some((one) => one.label === label?.text);

/** The first version that can be handed in, and its locales without a word of what is new. */
function lacking() {
  const app = page.apple.apps.find((one) => one.versions.some((version) => version.editable));
  const version = app?.versions.find((one) => one.editable);
  const texts = Object.entries(version?.localizations ?? {});
  return { app, version, locales: texts.filter(([, one]) => !one.whatsNew).map(([locale]) => locale) };
}

/** Each locale that lacks what is new gets it in the app's own language, as a colleague would. */
async function writeNotes() {
  const { app, version, locales } = lacking();
  const text = version?.localizations[app.primary_locale]?.whatsNew || "Small mends.";
  for (const locale of locales)
    await store("edit", { app_id: app.id, locale, field: "whatsNew", text, platform: version.platform });
}

/** Whether a version that was seen at Apple's is live now. */
function released() {
  const versions = page.apple.apps.flatMap((app) => app.versions);
  const seen = new Set(recall("reviewed", []));
  const before = seen.size;
  for (const one of versions) if (WITH_APPLE.has(one.state)) seen.add(one.id);
  if (seen.size > before) remember("reviewed", [...seen]);
  return versions.some((one) => seen.has(one.id) && one.state === LIVE);
}

/** Whether the thread of a version is open, with more than one thing in it. */
function readsStory() {
  const thread = page.slack.threads[`${page.view.id}/${page.thread}`] ?? [];
  const [root, ...replies] = thread;
  if (!root || !person(root.user).is_bot || PROPOSAL.test(root.text ?? "")) return false;
  return replies.length > 0 && thread.some((one) => STORY.test(one.text ?? ""));
}

function proposals() {
  return everyMessage().filter((one) => person(one.user).is_bot && PROPOSAL.test(one.text ?? ""));
}

function mentions(message, words) {
  return JSON.stringify(message.blocks ?? []).includes(words);
}

/** The number of the newest proposal that waits for votes, if any does. */
function undecided() {
  return proposals().map((one) => OPEN.exec(one.text)?.[1]).filter(Boolean).at(-1);
}

/** Whether a proposal that offered a button went on since; the offer is gone by then. */
function wentOnAfter(button, key, on) {
  const offered = proposals().filter((one) => mentions(one, button)).map((one) => one.ts);
  const seen = new Set([...recall(key, []), ...offered]);
  if (offered.length) remember(key, [...seen]);
  return proposals().some((one) => seen.has(one.ts) && !mentions(one, button) && on.test(one.text));
}

function everyMessage() {
  return Object.values(page.slack.messages).flat();
}

function refusedAs(kind) {
  const told = everyMessage().some((one) => one.ephemeral && one.text?.includes(UNCOUNTED));
  return person(page.me).kind === kind && told && votedBy([kind]);
}

function votedBy(kinds) {
  return proposals().some((one) =>
    (one.reactions ?? []).some(
      (reaction) =>
        APPROVES.has(reaction.name) && reaction.users.some((id) => kinds.includes(person(id).kind)),
    ),
  );
}

/** Draw the tour; `hands` can put words into the composer and bring up a tab of the store. */
export function drawGuide(place, hands) {
  if (!page.session) return;
  const done = new Set(recall("guide", []));
  for (const step of STEPS) if (!done.has(step.id) && step.done()) done.add(step.id);
  remember("guide", [...done]);
  const hidden = recall("guide-hidden", false);
  const next = STEPS.find((step) => !done.has(step.id));
  fill(place, JSON.stringify([[...done], hidden, page.me]), () => [
    h(
      "h2",
      { class: "guide-head" },
      h(
        "button",
        {
          type: "button",
          class: "guide-toggle",
          "aria-expanded": String(!hidden),
          "data-focus": "guide",
          on: { click: () => fold(!hidden, place, hands) },
        },
        h("span", {}, "Try this"),
        h("span", { class: "guide-count" }, `${done.size} of ${STEPS.length}`),
      ),
    ),
    hidden
      ? null
      : h(
          "ol",
          { class: "guide-steps" },
          ...STEPS.map((step) =>
            stepEntry(step, { ticked: done.has(step.id), current: step === next, hands }),
          ),
        ),
    hidden || next ? null : h("p", { class: "guide-end" }, "That is the whole road. 🎉"),
  ]);
}

function fold(hidden, place, hands) {
  remember("guide-hidden", hidden);
  drawGuide(place, hands);
}

function stepEntry(step, { ticked, current, hands }) {
  const act =
    current && step.act
      ? h(
          "button",
          {
            type: "button",
            class: "guide-act",
            "data-focus": `guide-${step.id}`,
            on: { click: () => help(step.act, hands) },
          },
          step.act.label,
        )
      : null;
  return h(
    "li",
    {
      class: `guide-step ${ticked ? "is-done" : ""} ${current ? "is-current" : ""}`,
      "data-testid": "guide-step",
      "data-done": String(ticked),
    },
    h(
      "span",
      { class: "guide-tick", role: "img", "aria-label": ticked ? "done" : "to do" },
      ticked ? "✓" : "",
    ),
    h(
      "div",
      {},
      h("span", { class: "guide-title" }, step.title),
      current ? h("span", { class: "guide-tells" }, step.tells) : null,
      act,
    ),
  );
}

function help({ who, offer, tab, deed }, hands) {
  const one = page.slack.people.find((each) => each.kind === who);
  if (one) become(one.id);
  if (offer) hands.offer(offer());
  if (tab) hands.showTab(tab);
  if (deed) void deed();
}
