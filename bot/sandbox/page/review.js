// A version's road: where it stands, what Apple may decide now, and its phased release.

import { refresh, store } from "./api.js";
import { part, press, refill } from "./controls.js";
import { announce, fill, h } from "./dom.js";
import { chosen, onShow, pickers, stateBadge } from "./listing.js";
import { builds, buildsSign, forms, formsSign, pictures, picturesSign } from "./making.js";
import { pace } from "./pace.js";
import { page } from "./state.js";
import { stateName } from "./words.js";

// Words and mood of each verdict.
const VERDICTS = {
  start: ["Start the review", "primary"],
  approve: ["Approve", "primary"],
  reject: ["Reject", "danger"],
  reject_metadata: ["Reject the metadata", "danger"],
  reject_binary: ["Invalid binary", "danger"],
  release: ["Release", "primary"],
  distribute: ["Put on the App Store", "primary"],
};
const RELEASES = {
  MANUAL: "by hand",
  AFTER_APPROVAL: "automatically after approval",
};
const SHARES = [1, 2, 5, 10, 20, 50, 100];
// What brings a version on that no verdict is open for.
const WAITS = {
  READY_FOR_DISTRIBUTION: "It is on the App Store.",
  READY_FOR_REVIEW: "It is in a submission that was not handed in yet.",
  WAITING_FOR_EXPORT_COMPLIANCE: "Somebody has to answer the export question.",
};
const SLOTS = ["pick", "road", "said", "phased", "pace", "builds", "forms", "pictures", "hand"];

let said = "";
let redraw = () => {};
let known = null;

/** Read out each state that changed since the last look, whoever changed it. */
export function noticeStates() {
  const now = new Map();
  for (const app of page.apple.apps)
    for (const one of app.versions) now.set(one.id, [`${app.name} ${one.version}`, one.state]);
  if (known?.size)
    for (const [id, [name, state]] of now)
      if (known.has(id) && known.get(id)[1] !== state) announce(`${name}: ${stateName(state)}`);
  known = now;
}

export function drawReview(panel, draw) {
  redraw = draw;
  const shown = onShow();
  if (!shown.app)
    return fill(panel, "review none", () => h("p", { class: "empty" }, "The store has no apps."));
  fill(panel, "review", () => SLOTS.map((slot) => h("div", { id: `review-${slot}` })));
  const slot = (name, sign, drawn) =>
    refill(document.getElementById(`review-${name}`), JSON.stringify(sign), drawn);
  const { app, version } = shown;
  slot("pick", [app.id, version?.id, page.apple.apps.map((one) => one.name), shown.versions], () =>
    pickers(shown, ["app", "version"]),
  );
  slot("road", [app.id, app.name, roadOf(version)], () => road(shown));
  slot("said", [said], () => h("p", { class: said ? "said" : "only-heard", role: "status" }, said));
  slot("phased", [version?.id, version?.phased], () => phased(shown));
  slot("pace", [page.apple.speed], () => pace(told));
  slot("builds", buildsSign(shown), () => builds(shown, told));
  slot("forms", formsSign(shown), () => forms(shown, told));
  slot("pictures", picturesSign(shown), () => pictures(shown, told));
  slot("hand", [version?.id, version?.next], () => byHand(shown));
  return undefined;
}

const roadOf = (version) => version && { ...version, localizations: null };

function road({ app, version }) {
  if (!version)
    return h("p", { class: "panel-about", "data-rest": "", tabindex: "-1" }, `${app.name} has no version yet. Make one below.`);
  const open = version.verdicts ?? [];
  return h(
    "section",
    { class: "road-card", "data-testid": "road", "aria-label": "Where it stands" },
    h("div", { "data-rest": "", tabindex: "-1" }, stateBadge(version)),
    h("dl", { class: "facts" }, ...facts(version).flatMap(([what, words]) => [h("dt", {}, what), h("dd", {}, words)])),
    open.length
      ? h("div", { class: "road", role: "group", "aria-label": "What Apple decides" }, ...open.map((one) => verdict(app, version, one)))
      : h("p", { class: "panel-about" }, ...waits(app, version)),
  );
}

function facts({ build, release_type, release_date, submission }) {
  return [
    ["Build", build ? `${build.number}${build.state === "VALID" ? "" : `, ${stateName(build.state).toLowerCase()}`}` : "none chosen"],
    ["Release", release_type === "SCHEDULED" ? `not before ${moment(release_date)}` : (RELEASES[release_type] ?? "not said")],
    ["Submission", submission ? stateName(submission.state) : "none open"],
  ];
}

const moment = (date) => (date ? new Date(date).toLocaleString([], { dateStyle: "medium", timeStyle: "short" }) : "a date to come");

function waits(app, version) {
  if (WAITS[version.state]) return [WAITS[version.state]];
  if (!version.editable) return ["Apple has nothing to decide."];
  const command = h("code", {}, `/aso submit ${app.bundle_id}`);
  return ["Apple has nothing to decide yet. ", command, " proposes to hand it in."];
}

function verdict(app, version, name) {
  const [words, mood] = VERDICTS[name] ?? [stateName(name), ""];
  const decide = () => {
    // What is decided about stays on show, also when another one is nearer to the store's door.
    Object.assign(chosen, { app: app.id, version: version.id });
    return store("review", { version_id: version.id, verdict: name }).then((answer) =>
      told(answer, `${app.name} ${version.version}: ${stateName(answer.made ?? "")}. ${looks(app)}`),
    );
  };
  return press(words, `verdict-${name}`, decide, mood);
}

/** When the bot knows: without a webhook only when it looks. */
const looks = (app) =>
  app.webhooks?.some((one) => one.enabled)
    ? "Apple’s webhook tells Marquee at once."
    : "Marquee looks every minute; then the channel says so.";

function phased({ app, version }) {
  if (!version?.phased) return null;
  const { state, day, percent, paused_days } = version.phased;
  const next = () =>
    store("phase", { version_id: version.id }).then((answer) =>
      told(answer, `${app.name} ${version.version}: day ${answer.made} began.`),
    );
  const words = day ? `Day ${day} of 7, ${percent} % of automatic updates` : "Begins when the version is released";
  const reached = state === "COMPLETE" ? SHARES.length : (day ?? 0);
  return part(
    "Phased release",
    "",
    h(
      "div",
      {
        class: `phases phases-${state.toLowerCase()}`,
        role: "progressbar",
        "aria-label": "Phased release",
        "aria-valuemin": "0",
        "aria-valuemax": "7",
        "aria-valuenow": String(reached),
        "aria-valuetext": `${stateName(state)}. ${words}`,
        "data-testid": "phases",
      },
      ...SHARES.map((share, index) =>
        h("span", { class: index < reached ? "phase is-reached" : "phase", "aria-hidden": "true" }, `${share}%`),
      ),
    ),
    h(
      "p",
      { class: "phase-words", "data-rest": "", tabindex: "-1" },
      h("b", {}, stateName(state)),
      ` · ${state === "COMPLETE" ? "Everybody gets it" : words} · paused ${paused_days} of 30 days`,
    ),
    state === "ACTIVE" ? press("Next day", "phase-next", next) : null,
    state === "PAUSED" ? h("p", { class: "panel-about" }, h("code", {}, `/aso phased ${app.bundle_id}`), " resumes it.") : null,
  );
}

/** Any state after this one, without a verdict: for stories that a reviewer would not tell. */
function byHand({ app, version }) {
  const onward = version?.next ?? [];
  if (!onward.length) return null;
  const go = (state) => {
    Object.assign(chosen, { app: app.id, version: version.id });
    return store("move", { version_id: version.id, state }).then((answer) =>
      told(answer, `${app.name} ${version.version}: ${stateName(state)}. ${looks(app)}`),
    );
  };
  const button = (state) => {
    const node = press(stateName(state), "move", () => go(state));
    node.dataset.state = state;
    node.dataset.focus = `move-${state}`;
    return node;
  };
  return h(
    "details",
    { class: "by-hand", open: opened, on: { toggle: (event) => (opened = event.target.open) } },
    h("summary", { "data-rest": "", "data-focus": "by-hand", "data-testid": "by-hand" }, "Move it by hand"),
    h("p", { class: "panel-about" }, "Straight to a state, as if it had happened elsewhere."),
    h("div", { class: "road" }, ...onward.map(button)),
  );
}
let opened = false;

function told(answer, good = "") {
  said = answer.ok ? good : answer.error;
  if (said) announce(said);
  refresh("apple");
  redraw();
}
