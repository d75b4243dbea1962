// What Apple does with a version: verdicts, days of a phased release, speed, webhooks.

import { store } from "./api.js";
import { h } from "./dom.js";
import { page } from "./state.js";
import { stateName } from "./words.js";

const VERDICTS = {
  start: "Start the review",
  approve: "Approve",
  reject: "Reject",
  reject_metadata: "Reject the metadata",
  reject_binary: "Find the build invalid",
  release: "Release",
  distribute: "Put on the App Store",
};
// Seconds at Apple that pass in one.
const SPEEDS = [
  [0, "Stand still"],
  [60, "An hour in a minute"],
  [3600, "An hour in a second"],
  [86400, "A day in a second"],
];
const TROUBLES = [
  ["doubled", "Twice", "Every webhook comes twice", true, false],
  ["reordered", "Out of order", "A webhook comes after the next one", true, false],
  ["lose_every", "Lost", "Every third webhook is lost", 3, 0],
  ["wrong_signature", "Forged", "Signed with another secret", true, false],
];
const DELIVERIES = 5;

/** What the panel has to be drawn again for. */
export const reviewSign = ({ app, version }) => [
  version?.verdicts,
  version?.phased,
  version?.build,
  version?.release_type,
  version?.submission,
  app?.webhooks,
  page.apple.speed,
  page.apple.webhook_trouble,
];

/** The parts of the panel that are about one version and its app. */
export function reviewParts(shown, told) {
  return [verdicts(shown, told), phases(shown, told), pace(told), webhooks(shown, told)];
}

function part(title, about, ...rest) {
  return h(
    "section",
    { class: "panel-part" },
    h("h3", { class: "panel-title" }, title),
    h("p", { class: "panel-about" }, about),
    ...rest,
  );
}

function press(words, id, deed) {
  return h(
    "button",
    { type: "button", class: "button", "data-testid": id, "data-focus": id, on: { click: deed } },
    words,
  );
}

function verdicts({ app, version }, told) {
  const open = version.verdicts ?? [];
  const build = version.build ? `${version.build.train} (${version.build.number})` : "none";
  const submission = version.submission ? stateName(version.submission.state) : "none";
  const about = `Build ${build}. Release type ${stateName(version.release_type ?? "none")}. Submission: ${submission}.`;
  const decide = (verdict) =>
    store("review", { version_id: version.id, verdict }).then((answer) =>
      told(answer, `${app.name} ${version.version}: ${VERDICTS[verdict]}.`),
    );
  const buttons = open.map((verdict) =>
    press(VERDICTS[verdict] ?? verdict, `verdict-${verdict}`, () => decide(verdict)),
  );
  return part(
    "Reviewer",
    open.length ? about : `${about} The reviewer has nothing to decide: submit the version first.`,
    buttons.length ? h("div", { class: "road" }, ...buttons) : null,
  );
}

function phases({ app, version }, told) {
  const phased = version.phased;
  if (!phased) return null;
  const next = () =>
    store("phase", { version_id: version.id }).then((answer) =>
      told(answer, `${app.name} ${version.version}: the next day began.`),
    );
  return part(
    "Phased release",
    `${stateName(phased.state)}, day ${phased.day} of 7, ${phased.percent} %. Paused for ${phased.paused_days} of 30 days.`,
    h("progress", {
      max: 7,
      value: phased.state === "COMPLETE" ? 7 : phased.day,
      "aria-label": "Days of the phased release",
    }),
    phased.state === "ACTIVE" ? press("Next day", "phase-next", next) : null,
  );
}

function pace(told) {
  const set = (event) => {
    const speed = Number(event.target.value);
    store("speed", { speed }).then((answer) => told(answer, "Apple goes on at another speed."));
  };
  const now = page.apple.speed ?? 0;
  return part(
    "Speed",
    "At a speed Apple reviews, releases and processes builds by itself.",
    h(
      "select",
      {
        class: "select",
        "aria-label": "How fast time passes at Apple",
        "data-testid": "speed",
        "data-focus": "speed",
        on: { change: set },
      },
      ...SPEEDS.map(([value, words]) =>
        h("option", { value: String(value), selected: value === now }, words),
      ),
    ),
  );
}

function webhooks({ app }, told) {
  const hooks = app.webhooks ?? [];
  const trouble = page.apple.webhook_trouble ?? {};
  const flip = (name, value) =>
    store("webhook_trouble", { [name]: value }).then((answer) => told(answer));
  const switches = TROUBLES.map(([name, title, tells, on, off]) =>
    h(
      "button",
      {
        type: "button",
        class: "switch",
        role: "switch",
        "aria-checked": String(Boolean(trouble[name])),
        "data-testid": `hook-${name}`,
        "data-focus": `hook-${name}`,
        on: { click: () => flip(name, trouble[name] ? off : on) },
      },
      h(
        "span",
        { class: "switch-words" },
        h("span", { class: "switch-title" }, title),
        h("span", { class: "switch-tells" }, tells),
      ),
      h("span", { class: "switch-track", "aria-hidden": "true" }),
    ),
  );
  const sent = hooks.flatMap((hook) => hook.deliveries ?? []).slice(-DELIVERIES);
  const about = hooks.length
    ? `${app.name} has ${hooks.length === 1 ? "a webhook" : `${hooks.length} webhooks`}.`
    : `${app.name} has no webhook: type /aso webhook in the channel.`;
  const line = (one) =>
    h("li", {}, `${stateName(one.state)}${one.ping ? ", a ping" : ""}${one.error ? `: ${one.error}` : ""}`);
  return part(
    "Webhooks",
    about,
    sent.length ? h("ul", { class: "panel-about" }, ...sent.map(line)) : null,
    h("div", { class: "switches" }, ...switches),
  );
}
