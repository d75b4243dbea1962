// Reactions under a message: chips that can be pressed, and a small picker.

import { does } from "./api.js";
import { h } from "./dom.js";
import { emojiNode } from "./mrkdwn.js";
import { HANDY, shownEmoji } from "./emoji.js";
import { page, shortName } from "./state.js";

/** The row of chips; nothing when there are none. */
export function reactionRow(message, channel) {
  const all = message.reactions ?? [];
  if (!all.length) return null;
  return h(
    "div",
    { class: "reactions", role: "group", "aria-label": "Reactions" },
    ...all.map((one) => chip(one, message, channel)),
    picker(message, channel, "chip chip-add"),
  );
}

function chip(one, message, channel) {
  const mine = one.users.includes(page.me);
  const who = one.users.map(shortName).join(", ");
  return h(
    "button",
    {
      type: "button",
      class: "chip",
      "aria-pressed": String(mine),
      "aria-label": `${one.name.replaceAll("_", " ")}, ${one.count}, from ${who}`,
      title: `${who} · :${one.name}:`,
      "data-testid": "reaction",
      "data-name": one.name,
      "data-focus": `reaction ${one.name}`,
      on: { click: () => toggle(one.name, mine, message, channel) },
    },
    h("span", { class: "emoji", "aria-hidden": "true" }, shownEmoji(one.name)),
    h("span", { class: "chip-count" }, String(one.count)),
  );
}

function toggle(name, mine, message, channel) {
  return does(mine ? "unreact" : "react", { channel, ts: message.ts, name });
}

/** The button that opens the picker. */
export function picker(message, channel, style = "button-plain") {
  const button = h(
    "button",
    {
      type: "button",
      class: style,
      "aria-label": "Add a reaction",
      title: "Add a reaction",
      "aria-haspopup": "dialog",
      "data-testid": "add-reaction",
      "data-focus": `picker ${style}`,
    },
    h("span", { "aria-hidden": "true" }, "☺︎⁺"),
  );
  button.addEventListener("click", () => openPicker(button, message, channel));
  return h("span", { class: "anchor" }, button);
}

function openPicker(anchor, message, channel) {
  const choose = (name) => {
    close();
    const mine = (message.reactions ?? []).some((one) => one.name === name && one.users.includes(page.me));
    void toggle(name, mine, message, channel);
  };
  const input = h("input", {
    class: "text-input",
    placeholder: "or a name, such as eyes",
    "aria-label": "Name of an emoji",
    autocomplete: "off",
    spellcheck: "false",
  });
  const free = h(
    "form",
    {
      class: "picker-free",
      on: {
        submit: (event) => {
          event.preventDefault();
          if (input.value.trim()) choose(input.value.trim().replaceAll(":", ""));
        },
      },
    },
    input,
  );
  const handy = h(
    "div",
    { class: "picker-grid" },
    ...HANDY.map((name) =>
      h(
        "button",
        {
          type: "button",
          class: "picker-emoji",
          title: `:${name}:`,
          "data-testid": "pick",
          "data-name": name,
          "aria-label": name.replaceAll("_", " "),
          on: { click: () => choose(name) },
        },
        emojiNode(name),
      ),
    ),
  );
  const box = h("div", { class: "picker", role: "dialog", "aria-label": "Choose a reaction" }, handy, free);
  let open = true;
  const close = (back = true) => {
    // Taking the focus away is itself a reason to close; once is enough.
    if (!open) return;
    open = false;
    if (back) anchor.focus();
    box.remove();
  };
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    close();
  });
  box.addEventListener("focusout", (event) => {
    if (!box.contains(event.relatedTarget)) close(false);
  });
  anchor.after(box);
  const below = anchor.getBoundingClientRect().bottom;
  if (below + box.offsetHeight + 12 > window.innerHeight - 80) box.classList.add("picker-above");
  box.querySelector("button").focus();
}
