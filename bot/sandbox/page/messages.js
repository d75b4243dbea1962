// One message as people see it, and lists of messages that stay where they were scrolled.

import { does } from "./api.js";
import { h, keyed } from "./dom.js";
import { blocks } from "./blocks.js";
import { attachment } from "./files.js";
import { mrkdwn } from "./mrkdwn.js";
import { picker, reactionRow } from "./reactions.js";
import { avatar } from "./people.js";
import { nameOf, page, person } from "./state.js";

const NEAR_BOTTOM = 80;

/** Keep the end of `list` in sight when its size changes, for a reader who is there. */
export function pinToEnd(list) {
  list.atEnd = true;
  list.addEventListener("scroll", () => {
    if (!list.clientHeight) return;
    // A picture that came in between moved the end away; the reader did not.
    if (list.atEnd && list.scrollHeight > list.knownHeight) scrollToEnd(list);
    else list.atEnd = isNearEnd(list);
  });
  // A picture has no height until it is here; `load` does not bubble.
  list.addEventListener("load", () => list.atEnd && scrollToEnd(list), true);
  new ResizeObserver(() => list.atEnd && scrollToEnd(list)).observe(list);
}

const isNearEnd = (list) => list.scrollHeight - list.scrollTop - list.clientHeight < NEAR_BOTTOM;

function scrollToEnd(list) {
  list.scrollTop = list.scrollHeight;
  list.knownHeight = list.scrollHeight;
  list.atEnd = true;
}

/** Show `messages` in `list`; a reader at the end stays at the end. */
export function showMessages(list, messages, { channel, thread = null, openThread = null }) {
  const place = `${channel} ${thread ?? ""} ${page.me}`;
  const fresh = list.shownPlace !== place;
  const following = fresh || list.atEnd;
  list.shownPlace = place;
  keyed(list, messages.map(withRoot), {
    key: (one) => `${place} ${one.ts} ${one.ephemeral ? "e" : ""}`,
    draw: (one) => draw(one, { channel, openThread }),
    also: `${page.me} ${page.slack.people.length}`,
  });
  if (following) scrollToEnd(list);
}

/** A reply that was sent to the channel too shows what it answers, and changes with it. */
function withRoot(message) {
  if (!message.broadcast) return message;
  const everything = Object.values(page.slack.messages).flat();
  return { ...message, root: everything.find((one) => one.ts === message.thread_ts)?.text ?? "a message" };
}

function draw(message, { channel, openThread }) {
  const author = person(message.user);
  const context = { act: (what) => press(message, channel, what), values: {} };
  const shown = message.blocks?.length
    ? blocks(message.blocks, context)
    : message.text
      ? [h("div", { class: "message-text" }, ...mrkdwn(message.text))]
      : [];
  const trouble = h("p", { class: "message-trouble", role: "alert", hidden: true });
  return h(
    "article",
    {
      class: `message ${message.ephemeral ? "message-ephemeral" : ""}`,
      "data-testid": message.ephemeral ? "ephemeral" : "message",
      "data-ts": message.ts,
      "aria-label": `${nameOf(message.user)}: ${message.text || message.files?.[0]?.title || ""}`,
    },
    avatar(author),
    h(
      "div",
      { class: "message-main" },
      message.ephemeral
        ? h("p", { class: "only-you" }, h("span", { "aria-hidden": "true" }, "◌ "), "Only visible to you")
        : null,
      broadcastNote(message, openThread),
      head(message, author),
      h("div", { class: "message-body" }, ...shown, edited(message)),
      ...(message.files ?? []).map(attachment),
      trouble,
      reactionRow(message, channel),
      replies(message, openThread),
    ),
    message.ephemeral ? null : tools(message, channel, openThread),
  );
}

function broadcastNote(message, openThread) {
  if (!message.broadcast) return null;
  if (!openThread) return h("p", { class: "broadcast" }, "Also sent to the channel");
  return h(
    "p",
    { class: "broadcast" },
    "replied to a thread: ",
    h(
      "button",
      {
        type: "button",
        class: "broadcast-root",
        "data-testid": "broadcast-root",
        "data-focus": "root",
        on: { click: () => openThread(message.thread_ts) },
      },
      ...mrkdwn(message.root),
    ),
  );
}

function head(message, author) {
  return h(
    "header",
    { class: "message-head" },
    h("span", { class: "message-author" }, nameOf(message.user)),
    author.is_bot ? h("span", { class: "badge" }, "APP") : null,
    timeOf(message.ts),
  );
}

function timeOf(ts) {
  const when = new Date(Number.parseFloat(ts) * 1000);
  return h(
    "time",
    { class: "message-time", datetime: when.toISOString(), title: when.toLocaleString() },
    when.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" }),
  );
}

function edited(message) {
  return message.edited ? h("span", { class: "edited" }, " (edited)") : null;
}

function replies(message, openThread) {
  if (!openThread || !message.reply_count) return null;
  const words = message.reply_count === 1 ? "1 reply" : `${message.reply_count} replies`;
  return h(
    "button",
    {
      type: "button",
      class: "replies",
      "data-testid": "replies",
      "data-focus": "replies",
      on: { click: () => openThread(message.ts) },
    },
    words,
    h("span", { "aria-hidden": "true" }, " ›"),
  );
}

function tools(message, channel, openThread) {
  const reply = openThread
    ? h(
        "button",
        {
          type: "button",
          class: "button-plain",
          "aria-label": "Reply in a thread",
          title: "Reply in a thread",
          "data-focus": "reply",
          on: { click: () => openThread(message.broadcast ? message.thread_ts : message.ts) },
        },
        h("span", { "aria-hidden": "true" }, "↩"),
      )
    : null;
  const uses = (page.slack.shortcuts ?? []).map((one) => shortcut(one, message, channel));
  return h("div", { class: "message-tools" }, picker(message, channel), reply, ...uses);
}

/** An entry of the message's menu that belongs to an app. */
function shortcut(one, message, channel) {
  return h(
    "button",
    {
      type: "button",
      class: "button-plain",
      "aria-label": one.name,
      title: one.name,
      "data-testid": "shortcut",
      "data-focus": `shortcut ${one.callback_id}`,
      on: { click: () => does("shortcut", { channel, ts: message.ts, callback_id: one.callback_id }) },
    },
    h("span", { "aria-hidden": "true" }, "⇥"),
  );
}

async function press(message, channel, what) {
  const ack = await does("click", { channel, ts: message.ts, ...what });
  const trouble = document.querySelector(`[data-ts="${CSS.escape(message.ts)}"] .message-trouble`);
  if (!trouble) return;
  trouble.hidden = ack.ok;
  trouble.textContent = ack.ok ? "" : `This app did not respond. (${ack.error})`;
}
