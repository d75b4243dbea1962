// What goes wrong with Apple's webhooks, and what Apple is stricter or slower about.

import { store } from "./api.js";
import { choice, part, toggle } from "./controls.js";
import { page } from "./state.js";

const WEBHOOKS = [
  { name: "doubled", title: "Twice", tells: "Every webhook comes twice" },
  { name: "reordered", title: "Out of order", tells: "A webhook comes after the next one" },
  { name: "wrong_signature", title: "Forged", tells: "Signed with another secret" },
  {
    name: "lose_every",
    title: "Lost",
    tells: "Never sent; polling has to notice",
    options: [[0, "None"], [5, "Every fifth"], [3, "Every third"], [2, "Every second"], [1, "All"]],
  },
  {
    name: "delay",
    title: "Late",
    tells: "Sent so long after it happened",
    options: [[0, "At once"], [5, "5 seconds"], [30, "30 seconds"], [300, "5 minutes"]],
  },
];
const CONDITIONS = [
  {
    name: "needs_screenshots",
    title: "Screenshots are needed",
    tells: "A version without any cannot be submitted",
    values: [false, true],
  },
  {
    name: "cancel_seconds",
    title: "Cancelling takes a minute",
    tells: "A submission stays “Canceling” that long, not five seconds",
    values: [5, 60],
  },
  {
    name: "settling_seconds",
    title: "Settling takes ten seconds",
    tells: "What was withdrawn or rejected refuses changes meanwhile",
    values: [0, 10],
  },
  {
    name: "phase_seconds",
    title: "Phases begin late",
    tells: "A phased release begins five minutes after its version is live",
    values: [0, 300],
  },
];

export const troublesSign = () => [page.apple.webhook_trouble, page.apple.conditions];

/** How many of them are on. */
export function troublesOn() {
  const trouble = page.apple.webhook_trouble ?? {};
  return WEBHOOKS.filter(({ name }) => trouble[name]).length;
}

export function troubles(told) {
  const trouble = page.apple.webhook_trouble ?? {};
  const conditions = page.apple.conditions ?? {};
  const turn = (name, value) => store("webhook_trouble", { [name]: value }).then(told);
  return [
    part("Webhooks go wrong", "", group(WEBHOOKS.map((one) => ofWebhooks(one, trouble[one.name], turn)))),
    part("Apple is strict or slow", "", group(CONDITIONS.map((one) => ofApple(one, conditions[one.name], told)))),
  ];
}

function ofWebhooks({ name, title, tells, options }, value, turn) {
  const row = { id: `hook-${name}`, title, tells };
  if (options)
    return choice({ ...row, options, current: value ?? 0, choose: (wanted) => turn(name, wanted) });
  return toggle({ ...row, on: Boolean(value), flip: () => turn(name, !value) });
}

function ofApple({ name, title, tells, values: [off, on] }, value, told) {
  const isOn = value !== undefined && value !== off;
  const flip = () => store("conditions", { [name]: isOn ? off : on }).then(told);
  return toggle({ id: `condition-${name}`, title, tells, on: isOn, flip });
}

function group(rows) {
  const node = document.createElement("div");
  node.className = "switches";
  node.append(...rows);
  return node;
}
