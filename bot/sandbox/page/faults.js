// Trouble on demand: what the store does wrong, and what somebody else edits meanwhile.

import { refresh, store } from "./api.js";
import { toggle } from "./controls.js";
import { announce, fill, h } from "./dom.js";
import { FIELDS, onShow, pickers } from "./listing.js";
import { page } from "./state.js";
import { troubles, troublesSign } from "./troubles.js";

const SWITCHES = [
  {
    id: "rate",
    title: "Too many requests",
    tells: "Answers 429 for ten seconds",
    fault: { kind: "rate_limit", seconds: 10 },
  },
  {
    id: "errors",
    title: "Stumbling",
    tells: "Every fifth request fails with 500",
    fault: { kind: "server_error", share: 0.2 },
  },
  {
    id: "refused",
    title: "Refuse one locale",
    tells: "The next write is answered 409, with a reason",
    fault: { kind: "refused", writes_only: true, count: 1 },
  },
  {
    id: "broken",
    title: "Connection drops",
    tells: "The next write never arrives",
    fault: { kind: "broken", writes_only: true, count: 1 },
  },
  {
    id: "lost",
    title: "Answer lost",
    tells: "The next write is done, its answer is not heard",
    fault: { kind: "answer_lost", writes_only: true, count: 1 },
  },
  { id: "slow", title: "Slow", tells: "Every answer takes two seconds", fault: { kind: "slow", seconds: 2 } },
  {
    id: "lag",
    title: "Reads lag",
    tells: "Reads show what was true five seconds ago",
    fault: { kind: "lag", seconds: 5 },
  },
  {
    id: "kill",
    title: "Kill the bot at its next write",
    tells: "Done at the store, and nobody left to hear it",
    fault: { kind: "kill_after_apply", writes_only: true, count: 1 },
  },
];
const POLL = 1000;

let said = "";
let redraw = () => {};

export function startFaults() {
  // A fault that ends by itself tells nobody.
  setInterval(() => page.apple.faults.length && page.connected && refresh("apple"), POLL);
}

const active = (one) => page.apple.faults.find((fault) => fault.kind === one.fault.kind);

export function drawFaults(panel, draw) {
  redraw = draw;
  const shown = onShow();
  const sign = JSON.stringify([
    "faults",
    page.apple.faults,
    said,
    shown.app?.id,
    shown.version?.id,
    shown.version?.state,
    shown.locale,
    shown.locales,
    troublesSign(),
  ]);
  const typed = panel.querySelector("#else-text")?.value ?? "";
  const field = panel.querySelector("#else-field")?.value;
  fill(panel, sign, () => [
    h("h3", { class: "panel-title" }, "Make the store misbehave"),
    h("div", { class: "switches" }, ...SWITCHES.map(switchOf)),
    ...troubles((answer) => told(answer)),
    shown.app ? elsewhere(shown, typed, field) : null,
    said ? h("p", { class: "said", role: "status" }, said) : null,
  ]);
}

function switchOf(one) {
  const on = active(one);
  const flip = () => (on ? store("unfault", { number: on.number }) : store("fault", one.fault)).then(told);
  const tells = on?.struck ? `${one.tells} · struck ${on.struck}×` : one.tells;
  return toggle({ id: `fault-${one.id}`, title: one.title, tells, on: Boolean(on), flip });
}

function elsewhere(shown, typed, field) {
  const fields = h(
    "select",
    {
      class: "select",
      id: "else-field",
      "aria-label": "Field",
      "data-focus": "else-field",
      "data-testid": "else-field",
    },
    ...FIELDS.map((one) =>
      h("option", { value: one.field, selected: one.field === (field ?? "subtitle") }, one.label),
    ),
  );
  const text = h("input", {
    class: "text-input",
    id: "else-text",
    value: typed,
    dir: "auto",
    placeholder: "Their new text",
    "aria-label": "Their new text",
    autocomplete: "off",
    "data-focus": "else-text",
    "data-testid": "else-text",
  });
  const submit = async (event) => {
    event.preventDefault();
    const { app, version, locale } = shown;
    const answer = await store("edit", {
      app_id: app.id,
      locale,
      field: fields.value,
      text: text.value,
      platform: version?.platform,
      live: version?.state === "READY_FOR_DISTRIBUTION",
    });
    if (answer.ok) text.value = "";
    told(answer, `Somebody else changed ${fields.selectedOptions[0].text} of ${locale}.`);
  };
  return h(
    "section",
    { class: "panel-part" },
    h("h3", { class: "panel-title" }, "Somebody else edits"),
    h("p", { class: "panel-about" }, "As if a colleague changed it in the browser meanwhile."),
    pickers(shown),
    h(
      "form",
      { class: "inline-form", on: { submit } },
      fields,
      text,
      h("button", { type: "submit", class: "button", "data-testid": "else-save" }, "Save"),
    ),
  );
}

function told(answer, good = "") {
  said = answer.ok ? good : answer.error;
  if (said) announce(said);
  refresh("apple");
  redraw();
}
