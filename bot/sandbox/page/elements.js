// The interactive elements of Block Kit. Each tells its context what a person did.
//
// A context has: act({block_id, action_id, value}) -> acknowledgement, values (what the
// client holds of a view, by block and action), and a name that is unique on the page.

import { h, trapTab } from "./dom.js";
import { plain, textObject } from "./mrkdwn.js";
import { moment } from "./pickers.js";
import { page } from "./state.js";

const DRAWERS = {
  button,
  static_select: select,
  users_select: select,
  conversations_select: select,
  channels_select: select,
  overflow,
  multi_static_select: choices,
  checkboxes: choices,
  radio_buttons: choices,
  datepicker: moment,
  timepicker: moment,
  datetimepicker: moment,
  image: (element) => picture(element),
};

/** Any element outside an input block. */
export function element(one, block, context) {
  return (DRAWERS[one.type] ?? unknown)(one, block, context);
}

export function focusName(block, one) {
  return `${block.block_id ?? ""}/${one.action_id ?? ""}`;
}

export function unknown(one) {
  return h("span", { class: "unknown" }, `This page does not draw “${one.type}”.`);
}

/** Pictures on other servers, which this page never asks, have their words stand in. */
export function picture(one) {
  const words = one.alt_text || one.title?.text || "picture";
  const { id, url } = one.slack_file ?? {};
  // Such an address ends in <team>-<file>/<name>.
  const file = id ?? url?.split("/").at(-2)?.split("-").at(-1);
  return file ? stored(file, words) : inWords(words);
}

/** A picture that was uploaded, its alternative text in sight: it is part of what is tried here. */
export function stored(file, words) {
  const address = `/page/slack/file/${encodeURIComponent(file)}?${new URLSearchParams({ as: page.me })}`;
  const image = h("img", { class: "stored-image", src: address, alt: words });
  const whole = h(
    "a",
    { class: "stored-whole", href: address, target: "_blank", rel: "noopener", title: "Open the picture alone" },
    image,
  );
  image.addEventListener("error", () => whole.replaceWith(inWords(words)));
  return h(
    "span",
    { class: "stored" },
    whole,
    h("span", { class: "stored-words", "aria-hidden": "true" }, h("b", {}, "ALT"), " ", words),
  );
}

function inWords(words) {
  return h("span", { class: "picture", role: "img", "aria-label": words, title: words }, "🖼 ", words);
}

function button(one, block, context) {
  const style = { primary: "button-primary", danger: "button-danger" }[one.style] ?? "";
  const node = h(
    "button",
    {
      type: "button",
      class: `button ${style}`,
      "data-focus": focusName(block, one),
      "data-testid": "block-button",
      "data-action": one.action_id,
    },
    ...plain(one.text?.text ?? ""),
    one.url ? h("span", { class: "outward", "aria-hidden": "true" }, " ↗") : null,
  );
  node.addEventListener("click", async () => {
    if (one.confirm && !(await ask(one.confirm, node))) return;
    visit(one.url);
    await busy(node, context.act({ block_id: block.block_id, action_id: one.action_id, value: one.value }));
  });
  return node;
}

/** Open the address of a button beside this page; the app hears of the press all the same. */
function visit(address) {
  if (/^https?:/i.test(address ?? "")) window.open(address, "_blank", "noopener,noreferrer");
}

/** Show that something waits for its answer, but only when it takes long enough to see. */
export async function busy(node, promise) {
  const timer = setTimeout(() => node.classList.add("is-busy"), 150);
  node.setAttribute("aria-busy", "true");
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    node.classList.remove("is-busy");
    node.removeAttribute("aria-busy");
  }
}

/** What the client holds of an element, or the element with what it begins with. */
export function heldOf(one, block, context) {
  const held = context.values?.[block.block_id]?.[one.action_id];
  return held ?? one;
}

function optionsOf(one) {
  if (one.type === "users_select")
    return page.slack.people.map((each) => ({ value: each.id, text: { text: each.real_name || each.name } }));
  if (one.type === "static_select") return one.options ?? [];
  return page.slack.channels.map((each) => ({ value: each.id, text: { text: `#${each.name}` } }));
}

function currentOf(held, kind) {
  if (kind === "static") return (held.selected_option ?? held.initial_option)?.value ?? "";
  const noun = kind.replace(/s$/, "");
  return held[`selected_${noun}`] ?? held[`initial_${noun}`] ?? "";
}

/** A native select: every keyboard and screen reader knows it. */
export function select(one, block, context, props = {}) {
  const held = heldOf(one, block, context);
  const current = currentOf(held, one.type.replace("_select", ""));
  const option = (each) =>
    h("option", { value: each.value, selected: each.value === current }, each.text?.text ?? "");
  const groups = (one.option_groups ?? []).map((group) =>
    h("optgroup", { label: group.label?.text ?? "" }, ...group.options.map(option)),
  );
  const empty = current
    ? null
    : h("option", { value: "", disabled: true, selected: true }, one.placeholder?.text ?? "Choose");
  const node = h(
    "select",
    {
      class: "select",
      "data-focus": focusName(block, one),
      "aria-label": one.placeholder?.text ?? "Choose",
      "data-action": one.action_id,
      ...props,
    },
    empty,
    ...(one.option_groups ? groups : optionsOf(one).map(option)),
  );
  let before = current;
  node.addEventListener("change", async () => {
    if (one.confirm && !(await ask(one.confirm, node))) {
      node.value = before;
      return;
    }
    before = node.value;
    await busy(node, context.act({ block_id: block.block_id, action_id: one.action_id, value: node.value }));
  });
  return node;
}

let groupNumber = 0;

/** Checkboxes, radio buttons, and a menu of several, which is a list of boxes here. */
export function choices(one, block, context) {
  const held = heldOf(one, block, context);
  const single = one.type === "radio_buttons";
  const given = single
    ? [held.selected_option ?? held.initial_option]
    : (held.selected_options ?? held.initial_options ?? []);
  const current = new Set(given.filter(Boolean).map((each) => each.value));
  const name = `choices-${(groupNumber += 1)}`;
  const many = one.type === "multi_static_select" ? "choices-many" : "";
  const node = h("div", {
    class: `choices ${many}`,
    role: single ? "radiogroup" : "group",
    "aria-label": one.placeholder?.text,
  });
  const limit = () => holdBack(node, one.max_selected_items);
  for (const [index, each] of labelledOptions(one).entries()) {
    if (each.group) node.append(h("p", { class: "choice-group" }, each.group));
    const input = h("input", {
      type: single ? "radio" : "checkbox",
      name,
      value: each.value,
      checked: current.has(each.value),
      "data-focus": `${focusName(block, one)}/${index}`,
    });
    input.addEventListener("change", () => {
      limit();
      const picked = [...node.querySelectorAll("input:checked")].map((box) => box.value);
      void context.act({
        block_id: block.block_id,
        action_id: one.action_id,
        value: single ? picked[0] : picked,
      });
    });
    node.append(
      h("label", { class: "choice" }, input, h("span", {}, ...textObject(each.text), described(each))),
    );
  }
  limit();
  return node;
}

/** All options in order; the first of a group carries its label. */
function labelledOptions(one) {
  const grouped = (one.option_groups ?? []).flatMap((group) =>
    group.options.map((each, index) => ({ ...each, group: index ? null : group.label?.text })),
  );
  return [...(one.options ?? []), ...grouped];
}

/** Once as many are chosen as may be, the rest cannot be. */
function holdBack(node, most) {
  if (!most) return;
  const full = node.querySelectorAll("input:checked").length >= most;
  for (const box of node.querySelectorAll("input:not(:checked)")) box.disabled = full;
}

function described(option) {
  return option.description
    ? h("span", { class: "choice-description" }, ...textObject(option.description))
    : null;
}

function overflow(one, block, context) {
  const node = h(
    "button",
    {
      type: "button",
      class: "button button-icon",
      "aria-haspopup": "menu",
      "aria-label": "More actions",
      "data-focus": focusName(block, one),
    },
    "⋯",
  );
  node.addEventListener("click", () => {
    const items = (one.options ?? []).map((each) => ({
      label: plain(each.text?.text ?? ""),
      run: async () => {
        if (one.confirm && !(await ask(one.confirm, node))) return;
        visit(each.url);
        await busy(
          node,
          context.act({ block_id: block.block_id, action_id: one.action_id, value: each.value }),
        );
      },
    }));
    menu(node, items);
  });
  return node;
}

/** A small menu under a button: arrows move, Enter chooses, Esc and leaving close. */
export function menu(anchor, items) {
  const list = h("div", { class: "menu", role: "menu" });
  let open = true;
  const close = (back = true) => {
    // Taking the focus away is itself a reason to close; once is enough.
    if (!open) return;
    open = false;
    anchor.setAttribute("aria-expanded", "false");
    if (back) anchor.focus();
    list.remove();
  };
  for (const item of items) {
    const entry = h("button", { type: "button", role: "menuitem", class: "menu-item" }, ...item.label);
    entry.addEventListener("click", () => {
      close();
      void item.run();
    });
    list.append(entry);
  }
  list.addEventListener("keydown", (event) => {
    const all = [...list.children];
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      all.at((all.indexOf(document.activeElement) + step) % all.length).focus();
    } else if (event.key === "Escape" || event.key === "Tab") {
      event.preventDefault();
      event.stopPropagation();
      close();
    }
  });
  list.addEventListener("focusout", (event) => {
    if (!list.contains(event.relatedTarget)) close(false);
  });
  anchor.after(list);
  anchor.setAttribute("aria-expanded", "true");
  list.firstElementChild?.focus();
}

/** Block Kit's confirmation; resolves to what the person said. */
export function ask(confirm, anchor) {
  return new Promise((resolve) => {
    const answer = (said) => {
      overlay.remove();
      anchor.focus();
      resolve(said);
    };
    const yes = h(
      "button",
      {
        type: "button",
        class: `button ${confirm.style === "danger" ? "button-danger" : "button-primary"}`,
        on: { click: () => answer(true) },
      },
      ...textObject(confirm.confirm),
    );
    const no = h(
      "button",
      { type: "button", class: "button", on: { click: () => answer(false) } },
      ...textObject(confirm.deny),
    );
    const box = h(
      "div",
      {
        class: "confirm",
        role: "alertdialog",
        "aria-modal": "true",
        "aria-label": confirm.title?.text ?? "Are you sure?",
      },
      h("h2", {}, ...textObject(confirm.title)),
      h("p", {}, ...textObject(confirm.text)),
      h("div", { class: "confirm-actions" }, no, yes),
    );
    const overlay = h("div", { class: "confirm-overlay" }, box);
    overlay.addEventListener("keydown", (event) => {
      event.stopPropagation();
      if (event.key === "Escape") answer(false);
      else trapTab(event, box);
    });
    document.body.append(overlay);
    no.focus();
  });
}
