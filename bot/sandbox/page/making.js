// What developers bring to Apple: builds, new versions, screenshots.

import { store } from "./api.js";
import { labelled, part, press } from "./controls.js";
import { h } from "./dom.js";
import { chosen } from "./listing.js";
import { platformName, stateName } from "./words.js";

const BUILDS = 6;
const PICTURES = 3;

/** What the lists are drawn again for. The forms are not: somebody may be typing there. */
export const buildsSign = ({ app, version }) => [app.builds, version?.id, version?.version, version?.build];
export const formsSign = ({ app, version }) => [app.id, version?.id, version?.version];
export const picturesSign = ({ version }) => [version?.id, version?.screenshots];

const of = ({ app, version }) =>
  (app.builds ?? [])
    .filter((one) => one.platform === version.platform && one.train === version.version)
    .sort((one, other) => Number(other.number) - Number(one.number));

/** The builds of the version's number, newest first; what is processed can be ended here. */
export function builds(shown, told) {
  const { version } = shown;
  if (!version) return null;
  const found = of(shown);
  const move = (one, state, words) => () =>
    store("move_build", { build_id: one.id, state }).then((answer) =>
      told(answer, `Build ${one.number} ${words}.`),
    );
  const row = (one) =>
    h(
      "li",
      { class: "build", "data-testid": "build" },
      h("b", {}, one.number),
      h("span", { class: `build-state build-${one.expired ? "old" : one.state.toLowerCase()}` }, one.expired ? "Expired" : stateName(one.state)),
      version.build?.id === one.id ? h("span", { class: "badge" }, "CHOSEN") : null,
      one.state === "PROCESSING"
        ? h(
            "span",
            { class: "build-deeds" },
            press("Make valid", `build-valid-${one.number}`, move(one, "VALID", "is valid")),
            press("Make invalid", `build-invalid-${one.number}`, move(one, "INVALID", "is invalid")),
          )
        : null,
    );
  return part(
    `Builds of ${platformName(version.platform)} ${version.version}`,
    found.length ? "" : "Nobody has uploaded one yet.",
    found.length
      ? h("ul", { class: "builds", "data-rest": "", tabindex: "-1" }, ...found.slice(0, BUILDS).map(row))
      : null,
    found.length > BUILDS ? h("p", { class: "panel-about" }, `And ${found.length - BUILDS} older ones.`) : null,
  );
}

/** The form that uploads a build, and the one that makes a version. */
export function forms(shown, told) {
  return [shown.version ? buildForm(shown, told) : null, versionForm(shown, told)].filter(Boolean);
}

function buildForm({ app, version }, told) {
  const number = textInput("build-number", nextNumber({ app, version }), "numeric");
  const state = select("build-state", [
    ["VALID", "Valid"],
    ["PROCESSING", "Processing"],
  ]);
  const submit = async (event) => {
    event.preventDefault();
    const answer = await store("build", {
      app_id: app.id,
      platform: version.platform,
      train: version.version,
      number: number.value.trim(),
      state: state.value,
    });
    told(answer, `Build ${number.value} of ${version.version} was uploaded.`);
    if (answer.ok) number.value = following(number.value);
  };
  return h(
    "form",
    { class: "make-form", on: { submit } },
    labelled("Build number", number),
    labelled("It is", state),
    h("button", { type: "submit", class: "button", "data-testid": "build-upload", "data-focus": "build-upload" }, "Upload a build"),
  );
}

function versionForm({ app, version }, told) {
  const platforms = [...new Set(app.versions.map((one) => one.platform))];
  const number = textInput("version-number", "", "decimal");
  number.placeholder = version ? `after ${version.version}` : "1.0";
  const platform = select(
    "version-platform",
    (platforms.length ? platforms : ["IOS"]).map((one) => [one, platformName(one)]),
    version?.platform,
  );
  const submit = async (event) => {
    event.preventDefault();
    const wanted = { app_id: app.id, version: number.value.trim(), platform: platform.value };
    const answer = await store("version", wanted);
    if (answer.ok) Object.assign(chosen, { app: app.id, version: answer.made });
    told(answer, `${app.name} ${wanted.version} was made, with the texts of the one before.`);
  };
  return part(
    "New version",
    "As if a colleague made it in the browser; /aso version proposes one instead.",
    h(
      "form",
      { class: "make-form", on: { submit } },
      labelled("Version number", number),
      labelled("Platform", platform),
      h("button", { type: "submit", class: "button", "data-testid": "version-make", "data-focus": "version-make" }, "Make a version"),
    ),
  );
}

/** Whether the version has pictures, and the button that changes it. */
export function pictures({ app, version }, told) {
  if (!version) return null;
  const count = version.screenshots ?? 0;
  const locales = Object.keys(version.localizations).length;
  const set = () =>
    store("screenshots", { version_id: version.id, count: count ? 0 : PICTURES }).then((answer) =>
      told(answer, `${app.name} ${version.version}: ${count ? "no screenshots any more" : "screenshots are back"}.`),
    );
  return part(
    "Screenshots",
    count ? `${count} in ${locales} locales.` : "None. A submission needs them when Faults says so.",
    press(count ? "Take them away" : `Put ${PICTURES} into each locale`, "screenshots", set),
  );
}

function textInput(id, value, mode) {
  return h("input", {
    class: "text-input",
    value,
    required: true,
    inputmode: mode,
    autocomplete: "off",
    maxlength: "18",
    "data-testid": id,
    "data-focus": id,
  });
}

function select(id, options, current) {
  return h(
    "select",
    { class: "select", "data-testid": id, "data-focus": id },
    ...options.map(([value, words]) => h("option", { value, selected: value === current }, words)),
  );
}

const following = (number) => (/^\d+$/.test(number) ? String(Number(number) + 1) : "");

/** The number after the newest build of the version, or of the app. */
function nextNumber(shown) {
  const all = of(shown).length ? of(shown) : shown.app.builds ?? [];
  return String(Math.max(0, ...all.map((one) => Number(one.number)).filter(Number.isFinite)) + 1);
}
