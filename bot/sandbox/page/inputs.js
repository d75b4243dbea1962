// Input blocks of a modal. A known block id and action id keeps its node and what was typed:
// a fresh view changes its label, hint and error, never its text.

import { h, setText } from "./dom.js";
import { choices, focusName, select, unknown } from "./elements.js";
import { fileInput } from "./filepick.js";
import { moment } from "./pickers.js";

const TYPING_PAUSE = 300;
const CHOOSERS = {
  static_select: select,
  users_select: select,
  channels_select: select,
  conversations_select: select,
  multi_static_select: choices,
  checkboxes: choices,
  radio_buttons: choices,
  datepicker: moment,
  timepicker: moment,
  datetimepicker: moment,
  file_input: fileInput,
};
const LINES = new Set(["plain_text_input", "email_text_input", "url_text_input", "number_input"]);

let number = 0;

/** The key that decides whether a block is the same input as before. */
export function inputKey(block) {
  const one = block.element ?? {};
  const offers = JSON.stringify([one.options, one.option_groups]);
  return `input ${block.block_id} ${one.action_id} ${one.type} ${Boolean(one.multiline)} ${offers}`;
}

/** A new field; `context` also has typed({block_id, action_id, text}) and finish(). */
export function drawInput(block, context) {
  const id = `field-${(number += 1)}`;
  const control = controlOf(block, context, id);
  const field = h(
    "div",
    {
      class: "field block",
      "data-block": "input",
      "data-testid": "field",
      "data-label": block.label?.text ?? "",
    },
    h(
      "label",
      { class: "field-label", for: id },
      h("span", { class: "field-name" }),
      h("span", { class: "field-optional" }),
    ),
    control,
    h("p", { class: "field-error", id: `${id}-error`, role: "alert", hidden: true }),
    h("p", { class: "field-hint", id: `${id}-hint` }),
  );
  patchInput(field, block, context);
  return field;
}

/** Bring label, hint and error up to date; the text stays what the person made it. */
export function patchInput(field, block, context) {
  const [name, optional] = field.querySelector(".field-label").children;
  const [hint, error] = [field.querySelector(".field-hint"), field.querySelector(".field-error")];
  field.dataset.label = block.label?.text ?? "";
  setText(name, block.label?.text ?? "");
  setText(optional, block.optional ? "(optional)" : "");
  setText(hint, block.hint?.text ?? "");
  hint.hidden = !block.hint;
  const wrong = context.errors?.[block.block_id] ?? "";
  setText(error, wrong);
  error.hidden = !wrong;
  field.classList.toggle("has-error", Boolean(wrong));
  const control = field.querySelector("textarea, input, select");
  control?.setAttribute("aria-invalid", String(Boolean(wrong)));
  field.querySelector(".file-input")?.patchFiles();
  control?.setAttribute("aria-describedby", `${hint.id} ${error.id}`);
}

function controlOf(block, context, id) {
  const one = block.element ?? {};
  if (LINES.has(one.type)) return textInput(block, context, id);
  const chooser = CHOOSERS[one.type];
  if (!chooser) return unknown(one);
  const node = chooser(one, block, context, { id, "aria-label": null });
  if (!node.matches("select, input, .file-input")) node.setAttribute("aria-label", block.label?.text ?? "");
  return node;
}

function textInput(block, context, id) {
  const one = block.element;
  const held = context.values?.[block.block_id]?.[one.action_id];
  const text = held ? (held.value ?? "") : (one.initial_value ?? "");
  const node = h(one.multiline ? "textarea" : "input", {
    id,
    class: "text-input",
    type: one.multiline ? null : "text",
    value: text,
    dir: "auto",
    rows: one.multiline ? rowsFor(text) : null,
    maxlength: one.max_length,
    placeholder: one.placeholder?.text,
    autocomplete: "off",
    spellcheck: "false",
    "data-focus": focusName(block, one),
    "data-testid": "input",
  });
  if (one.focus_on_load) node.dataset.first = "";
  listen(node, block, context);
  return node;
}

/** Whether the bot hears of Enter in this field; otherwise Enter submits. */
function tellsEnter({ dispatch_action, element }) {
  const on = element.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"];
  return Boolean(dispatch_action) && !element.multiline && on.includes("on_enter_pressed");
}

function rowsFor(text) {
  const lines = text.split("\n").reduce((sum, line) => sum + 1 + Math.floor(line.length / 62), 0);
  return Math.max(3, Math.min(9, lines));
}

function listen(node, block, context) {
  let timer = null;
  const send = () => {
    clearTimeout(timer);
    timer = null;
    return context.typed({ block_id: block.block_id, action_id: block.element.action_id, text: node.value });
  };
  node.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(send, TYPING_PAUSE);
    context.pending.set(node, send);
  });
  node.addEventListener("blur", () => timer && send());
  node.addEventListener("keydown", (event) => {
    const together = event.ctrlKey || event.metaKey;
    if (event.key !== "Enter" || event.isComposing || (node.tagName === "TEXTAREA" && !together)) return;
    event.preventDefault();
    const { block_id } = block;
    if (tellsEnter(block))
      void context.act({ block_id, action_id: block.element.action_id, value: node.value });
    else void context.finish();
  });
}
