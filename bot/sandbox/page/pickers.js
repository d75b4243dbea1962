// Days and times: native fields, which every keyboard and screen reader knows.

import { h } from "./dom.js";
import { ask, busy, focusName, heldOf } from "./elements.js";

// Typing a year passes through four other years; nobody means those.
const TYPING_PAUSE = 700;

const KINDS = {
  datepicker: { type: "date", held: "selected_date", initial: "initial_date", name: "Choose a day" },
  timepicker: { type: "time", held: "selected_time", initial: "initial_time", name: "Choose a time" },
  datetimepicker: {
    type: "datetime-local",
    held: "selected_date_time",
    initial: "initial_date_time",
    name: "Choose a day and time",
    shown: (seconds) => (seconds ? localMinute(new Date(seconds * 1000)) : ""),
    told: (text) => String(Math.floor(new Date(text).getTime() / 1000)),
  },
};

const two = (number) => String(number).padStart(2, "0");

function localMinute(when) {
  const day = `${when.getFullYear()}-${two(when.getMonth() + 1)}-${two(when.getDate())}`;
  return `${day}T${two(when.getHours())}:${two(when.getMinutes())}`;
}

/** A datepicker, timepicker or datetimepicker; the last in this browser's time zone. */
export function moment(one, block, context, props = {}) {
  const kind = KINDS[one.type];
  const held = heldOf(one, block, context);
  const begun = held[kind.held] ?? held[kind.initial] ?? "";
  const node = h("input", {
    type: kind.type,
    class: "text-input moment",
    value: kind.shown ? kind.shown(begun) : begun,
    "aria-label": one.placeholder?.text ?? kind.name,
    "data-focus": focusName(block, one),
    "data-action": one.action_id,
    ...props,
  });
  listen(node, kind, one, block, context);
  return node;
}

function listen(node, kind, one, block, context) {
  let timer = null;
  let told = node.value;
  const send = async () => {
    clearTimeout(timer);
    timer = null;
    context.pending?.delete(node);
    if (node.value === told) return;
    if (one.confirm && !(await ask(one.confirm, node))) {
      node.value = told;
      return;
    }
    told = node.value;
    const value = told && kind.told ? kind.told(told) : told;
    await busy(node, context.act({ block_id: block.block_id, action_id: one.action_id, value }));
  };
  node.addEventListener("change", () => {
    clearTimeout(timer);
    timer = setTimeout(send, TYPING_PAUSE);
    context.pending?.set(node, send);
  });
  node.addEventListener("blur", () => timer && void send());
  node.addEventListener("keydown", async (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    await send();
    if (block.type === "input") void context.finish();
  });
}
