// What panels are made of: parts with a title, buttons, switches, and rows to choose from.

import { fill, h } from "./dom.js";

/** A titled part of a panel; `about` may be empty. */
export function part(title, about, ...rest) {
  return h(
    "section",
    { class: "panel-part" },
    h("h3", { class: "panel-title" }, title),
    about ? h("p", { class: "panel-about" }, about) : null,
    ...rest,
  );
}

/** A button; `mood` is "", "primary" or "danger". */
export function press(words, id, deed, mood = "") {
  const looks = mood ? `button button-${mood}` : "button";
  return h(
    "button",
    { type: "button", class: looks, "data-testid": id, "data-focus": id, on: { click: deed } },
    words,
  );
}

const words = (title, tells) =>
  h(
    "span",
    { class: "switch-words" },
    h("span", { class: "switch-title" }, title),
    h("span", { class: "switch-tells" }, tells),
  );

/** Something that is on or off. */
export function toggle({ id, title, tells, on, flip }) {
  return h(
    "button",
    {
      type: "button",
      class: "switch",
      role: "switch",
      "aria-checked": String(on),
      "data-testid": id,
      "data-focus": id,
      on: { click: flip },
    },
    words(title, tells),
    h("span", { class: "switch-track", "aria-hidden": "true" }),
  );
}

/** A row with a choice; `options` are [value, words], and a value without words is added. */
export function choice({ id, title, tells, options, current, choose }) {
  const known = options.some(([value]) => value === current) ? options : [...options, [current, String(current)]];
  return h(
    "label",
    { class: "switch switch-choice" },
    words(title, tells),
    h(
      "select",
      {
        class: "select",
        "data-testid": id,
        "data-focus": id,
        on: { change: (event) => choose(Number(event.target.value)) },
      },
      ...known.map(([value, each]) =>
        h("option", { value: String(value), selected: value === current }, each),
      ),
    ),
  );
}

/** A field under its label. */
export function labelled(label, control) {
  return h("label", { class: "picker-field" }, h("span", {}, label), control);
}

/** `fill`, and a focus whose control is gone goes to what the part offers instead. */
export function refill(place, sign, draw) {
  const held = place.contains(document.activeElement);
  fill(place, sign, draw);
  if (held && !place.contains(document.activeElement)) place.querySelector("[data-rest]")?.focus();
}
