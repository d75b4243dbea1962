// The store listing as Apple has it, drawn like a product page, with what changed just now.

import { fill, h, link } from "./dom.js";
import { page, recall, remember } from "./state.js";
import { localeName, platformName, stateName } from "./words.js";

export const FIELDS = [
  { field: "name", label: "Name", home: "info", limit: 30 },
  { field: "subtitle", label: "Subtitle", home: "info", limit: 30 },
  { field: "promotionalText", label: "Promotional text", home: "version", limit: 170 },
  { field: "whatsNew", label: "What’s new", home: "version", limit: 4000 },
  { field: "description", label: "Description", home: "version", limit: 4000 },
  { field: "keywords", label: "Keywords", home: "version", limit: 100 },
  { field: "supportUrl", label: "Support URL", home: "version" },
  { field: "marketingUrl", label: "Marketing URL", home: "version" },
  { field: "privacyPolicyUrl", label: "Privacy policy URL", home: "info" },
];
const LIVE = "READY_FOR_DISTRIBUTION";
const REPLACED = /^REPLACED/;
const FRESH = 8000;
const FEED = 3;
const SHORT = 320;

const changes = [];
let known = null;
let redraw = () => {};

export const chosen = { app: null, version: null, locale: null, open: false };

/** Compare the store with what was known of it; new values are remembered as changes. */
export function noticeChanges(draw) {
  redraw = draw;
  const now = flatten(page.apple.apps);
  if (known) {
    const fresh = [...now.values()]
      .filter((one) => known.has(one.parent) || known.has(one.key))
      .filter((one) => known.get(one.key)?.text !== one.text);
    for (const one of fresh) changes.push({ ...one, before: known.get(one.key)?.text ?? "", at: Date.now() });
    changes.splice(0, Math.max(0, changes.length - 100));
    if (fresh.length) followTo(fresh);
  }
  known = page.apple.apps.length ? now : known;
}

function followTo(fresh) {
  if (document.getElementById("panel").contains(document.activeElement)) return;
  const here = fresh.find((one) => one.locale === chosen.locale && one.app === chosen.app);
  const first = here ?? fresh[0];
  Object.assign(chosen, { app: first.app, locale: first.locale });
  if (first.version) chosen.version = first.version;
}

function flatten(apps) {
  const all = new Map();
  for (const app of apps) {
    for (const version of app.versions)
      spread(all, version, { app: app.id, version: version.id, home: "version" });
    for (const info of app.infos) spread(all, info, { app: app.id, version: null, home: "info" });
  }
  return all;
}

function spread(all, parent, about) {
  all.set(parent.id, { key: parent.id });
  for (const [locale, texts] of Object.entries(parent.localizations)) {
    for (const { field, home } of FIELDS) {
      if (home !== about.home) continue;
      const key = `${parent.id} ${locale} ${field}`;
      all.set(key, { ...about, key, parent: parent.id, locale, field, text: texts[field] ?? "" });
    }
  }
}

/** The app, version, info and locale that are on show; any of them may be missing. */
export function onShow() {
  const app = page.apple.apps.find((one) => one.id === chosen.app) ?? page.apple.apps[0];
  if (!app) return {};
  const versions = app.versions.filter((one) => !REPLACED.test(one.state));
  const version =
    versions.find((one) => one.id === chosen.version) ??
    versions.find((one) => one.state !== LIVE) ??
    versions[0];
  const live = version?.state === LIVE;
  const info =
    app.infos.find((one) => (one.state === LIVE) === live && !REPLACED.test(one.state)) ?? app.infos.at(-1);
  const locales = [
    ...new Set([...Object.keys(version?.localizations ?? {}), ...Object.keys(info?.localizations ?? {})]),
  ].sort();
  const locale = locales.includes(chosen.locale)
    ? chosen.locale
    : locales.includes(app.primary_locale)
      ? app.primary_locale
      : locales[0];
  return { app, versions, version, info, locales, locale };
}

export function drawListing(panel) {
  const shown = onShow();
  if (!shown.app)
    return fill(panel, "listing none", () => h("p", { class: "empty" }, "The store has no apps."));
  const recent = changes.slice(-FEED).reverse();
  const sign = JSON.stringify(["listing", shown, chosen.open, recent, page.notes]);
  return fill(panel, sign, () => [pickers(shown), feed(recent), noteList(), product(shown)]);
}

/** Selects for what is on show; `names` says which of app, version and locale. */
export function pickers({ app, versions, version, locales, locale }, names = ["app", "version", "locale"]) {
  const set = (name) => (event) => {
    Object.assign(chosen, name === "app" ? { version: null, locale: null } : {}, {
      [name]: event.target.value,
    });
    redraw();
  };
  const rows = {
    app: ["App", page.apple.apps.map((one) => [one.id, one.name]), app.id],
    version: [
      "Version",
      versions.map((one) => [
        one.id,
        `${platformName(one.platform)} ${one.version} · ${stateName(one.state)}`,
      ]),
      version?.id,
    ],
    locale: [
      "Locale",
      locales
        .map((one) => [one, localeName(one)])
        .sort(([, one], [, other]) => one.localeCompare(other, "en")),
      locale,
    ],
  };
  const row = (name) => picker(rows[name][0], name, rows[name][1], rows[name][2], set(name));
  return h("div", { class: "pickers" }, ...names.map(row));
}

function picker(label, name, options, current, change) {
  const select = h(
    "select",
    {
      class: "select",
      "data-testid": `pick-${name}`,
      "data-focus": `pick-${name}`,
      "aria-label": label,
      on: { change },
    },
    ...options.map(([value, text]) => h("option", { value, selected: value === current }, text)),
  );
  return h("label", { class: `picker-field picker-${name}` }, h("span", {}, label), select);
}

function product({ app, version, info, locale }) {
  const texts = { ...(info?.localizations[locale] ?? {}), ...(version?.localizations[locale] ?? {}) };
  const parents = { info: info?.id, version: version?.id };
  const draw = (field) => value(field, texts[field] ?? "", { parents, locale });
  return h(
    "article",
    { class: "product", "data-testid": "listing", "data-locale": locale, lang: locale },
    h(
      "header",
      { class: "product-head" },
      productIcon(app),
      h(
        "div",
        { class: "product-names" },
        h("h3", { class: "product-name" }, draw("name")),
        h("div", { class: "product-subtitle" }, draw("subtitle")),
        version ? stateBadge(version) : null,
      ),
    ),
    h("div", { class: "product-promo" }, draw("promotionalText")),
    part("What’s new", version ? `Version ${version.version}` : "", draw("whatsNew")),
    part("Description", "", draw("description")),
    part("Keywords", `${(texts.keywords ?? "").length} of 100`, draw("keywords")),
    part(
      "Links",
      "",
      h(
        "dl",
        { class: "product-links" },
        ...["supportUrl", "marketingUrl", "privacyPolicyUrl"].flatMap((field) => [
          h("dt", {}, labelOf(field).replace(" URL", "")),
          h("dd", {}, draw(field)),
        ]),
      ),
    ),
  );
}

const labelOf = (field) => FIELDS.find((one) => one.field === field).label;

export function productIcon(app) {
  const icon = h("span", { class: "product-icon", "aria-hidden": "true" }, [...app.name][0] ?? "?");
  icon.style.setProperty(
    "--hue",
    [...app.id].reduce((sum, digit) => (sum * 7 + digit.charCodeAt(0)) % 360, 40),
  );
  return icon;
}

export function stateBadge(version) {
  const mood =
    { [LIVE]: "good", PREPARE_FOR_SUBMISSION: "calm", PENDING_DEVELOPER_RELEASE: "warm" }[version.state] ??
    (/REJECT|INVALID/.test(version.state) ? "bad" : "cool");
  return h(
    "p",
    { class: `state state-${mood}`, "data-testid": "version-state" },
    `${platformName(version.platform)} ${version.version} · ${stateName(version.state)}`,
  );
}

function part(title, aside, ...content) {
  return h(
    "section",
    { class: "product-part" },
    h("h4", {}, title, aside ? h("span", {}, aside) : null),
    ...content,
  );
}

function value(field, text, { parents, locale }) {
  const { home } = FIELDS.find((one) => one.field === field);
  const change = changes.findLast((one) => one.key === `${parents[home]} ${locale} ${field}`);
  const fresh = change && Date.now() - change.at < FRESH;
  return h(
    "div",
    {
      class: `value value-${field} ${text ? "" : "value-none"} ${fresh ? "is-changed" : ""}`,
      dir: "auto",
      "data-testid": "listing-field",
      "data-field": field,
      "data-text": text,
    },
    ...shownText(field, text),
  );
}

function shownText(field, text) {
  if (!text) return [h("span", { class: "none" }, `No ${labelOf(field).replace(/^./, (first) => first.toLowerCase())}`)];
  if (field.endsWith("Url")) return [link(text)];
  if (field === "keywords")
    return [
      h(
        "span",
        { class: "keywords" },
        ...text.split(",").map((word) => h("span", { class: "keyword" }, word)),
      ),
    ];
  if (field !== "description" || text.length <= SHORT || chosen.open)
    return [text, field === "description" && text.length > SHORT ? moreButton("less") : null].filter(Boolean);
  return [`${text.slice(0, SHORT).trimEnd()}… `, moreButton("more")];
}

function moreButton(word) {
  const toggle = () => {
    chosen.open = word === "more";
    redraw();
  };
  return h(
    "button",
    { type: "button", class: "more", "data-focus": "more", "data-testid": "more", on: { click: toggle } },
    word,
  );
}

function feed(recent) {
  if (!recent.length) return null;
  const entry = (one) => {
    const show = () => {
      Object.assign(
        chosen,
        { app: one.app, locale: one.locale },
        one.version ? { version: one.version } : {},
      );
      redraw();
    };
    const when = new Date(one.at).toLocaleTimeString([], {
      hour: "2-digit",
      minute: "2-digit",
      second: "2-digit",
    });
    return h(
      "li",
      {},
      h(
        "button",
        { type: "button", class: "feed-entry", on: { click: show } },
        h("span", { class: "feed-time" }, when),
        h("span", { class: "feed-what" }, `${localeName(one.locale)} · ${labelOf(one.field)}`),
        h("span", { class: "feed-text", dir: "auto" }, one.text || "emptied"),
      ),
    );
  };
  return h(
    "section",
    { class: "feed", "data-testid": "changes" },
    h("h4", {}, "Changed lately"),
    h("ul", {}, ...recent.map(entry)),
  );
}

function noteList() {
  if (!page.notes.length || recall("notes-read", false)) return null;
  const read = () => {
    remember("notes-read", true);
    redraw();
  };
  return h(
    "details",
    { class: "notes" },
    h("summary", {}, `What this sandbox made up (${page.notes.length})`),
    h("ul", {}, ...page.notes.map((note) => h("li", {}, note))),
    h("button", { type: "button", class: "more", on: { click: read } }, "Got it"),
  );
}
