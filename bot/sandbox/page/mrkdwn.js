// Slack's mrkdwn and plain text as nodes. What people wrote is only ever text.

import { h, link } from "./dom.js";
import { emoji, shownEmoji } from "./emoji.js";
import { channelName, groupName, nameOf } from "./state.js";

const ENTITIES = { "&lt;": "<", "&gt;": ">", "&amp;": "&" };
const EMOJI = /:([a-z0-9_+'-]+(?:::skin-tone-[2-6])?):/;
const STYLES = [
  { mark: "*", tag: "strong" },
  { mark: "_", tag: "em" },
  { mark: "~", tag: "s" },
];

export function decode(text) {
  return text.replace(/&(?:lt|gt|amp);/g, (entity) => ENTITIES[entity]);
}

/** A text object of Block Kit: `plain_text` or `mrkdwn`. */
export function textObject(object) {
  if (!object) return [];
  if (object.type === "mrkdwn") return mrkdwn(object.text ?? "");
  return plain(object.text ?? "", object.emoji !== false);
}

/** Plain text; names of emoji become characters unless the text object says no. */
export function plain(text, withEmoji = true) {
  return withEmoji ? emojiIn(text) : [text];
}

/** Nodes for a text in mrkdwn. */
export function mrkdwn(text) {
  const parts = text.split(/```([\s\S]*?)```/);
  return parts.flatMap((part, index) =>
    index % 2 ? [h("pre", {}, decode(part.replace(/^\n/, "")))] : lines(part),
  );
}

function lines(text) {
  const out = [];
  let quote = null;
  text.split("\n").forEach((line, index, all) => {
    const quoted = /^(?:&gt;|>)\s?(.*)$/.exec(line);
    if (quoted) {
      if (!quote) out.push((quote = h("blockquote")));
      else quote.append("\n");
      quote.append(...inline(quoted[1]));
      return;
    }
    quote = null;
    out.push(...inline(line));
    if (index < all.length - 1) out.push("\n");
  });
  return out;
}

/** Code first, then what stands in angle brackets, then styles, then emoji. */
function inline(text) {
  return text
    .split(/(`[^`\n]+`|<[^<>\n]+>)/)
    .flatMap((part) => {
      if (part.length > 2 && part.startsWith("`") && part.endsWith("`"))
        return [h("code", {}, decode(part.slice(1, -1)))];
      if (part.length > 2 && part.startsWith("<") && part.endsWith(">")) return [bracket(part.slice(1, -1))];
      return [part];
    })
    .reduce(gather, [])
    .flatMap((part) => (typeof part === "string" ? styled(part) : [part]));
}

function gather(all, part) {
  if (part !== "") all.push(part);
  return all;
}

function styled(text) {
  for (const { mark, tag } of STYLES) {
    const found = styleSpan(text, mark);
    if (found) {
      const [before, inner, after] = found;
      return [...styled(before), h(tag, {}, ...styled(inner)), ...styled(after)];
    }
  }
  return emojiIn(decode(text));
}

// A mark opens after a space or a bracket and closes before one, as in Slack.
function styleSpan(text, mark) {
  const m = mark === "*" ? "\\*" : mark;
  const found = new RegExp(
    `(^|[\\s("'\\[{—–-])${m}([^\\s${m}](?:[^${m}\\n]*[^\\s${m}])?)${m}(?=$|[\\s.,:;!?)"'\\]}—–-])`,
  ).exec(text);
  if (!found) return null;
  const start = found.index + found[1].length;
  const end = start + found[2].length + 2;
  return [text.slice(0, start), found[2], text.slice(end)];
}

function bracket(inside) {
  const [target, label] = splitOnce(inside, "|");
  if (target.startsWith("@")) return userMention(target.slice(1));
  if (target.startsWith("#")) return channelMention(target.slice(1));
  if (target.startsWith("!")) return special(target.slice(1), label);
  const shown = decode(label ?? target.replace(/^mailto:/, ""));
  return link(decode(target), ...emojiIn(shown));
}

function special(target, label) {
  const [kind, ...rest] = target.split("^");
  if (kind === "date") return dateNode(Number(rest[0]), rest[1], label);
  if (kind === "subteam")
    return h("span", { class: "mention" }, label ? decode(label) : `@${groupName(rest[0])}`);
  return h("span", { class: "mention mention-loud" }, `@${kind}`);
}

export function userMention(id) {
  return h("span", { class: "mention" }, `@${nameOf(id)}`);
}

export function channelMention(id) {
  return h("span", { class: "mention" }, `#${channelName(id)}`);
}

const DATE_PARTS = {
  date: { day: "numeric", month: "long", year: "numeric" },
  date_short: { day: "numeric", month: "short", year: "numeric" },
  date_long: { weekday: "long", day: "numeric", month: "long", year: "numeric" },
  date_num: { day: "2-digit", month: "2-digit", year: "numeric" },
  time: { hour: "2-digit", minute: "2-digit" },
  time_secs: { hour: "2-digit", minute: "2-digit", second: "2-digit" },
};

/** Slack's date tokens, in the reader's own time zone. */
export function dateNode(seconds, format = "{date_short} {time}", fallback = "") {
  const when = new Date(seconds * 1000);
  if (Number.isNaN(when.getTime())) return h("span", {}, decode(fallback));
  const shown = format.replace(/\{(\w+)\}/g, (whole, name) => {
    if (name === "ago") return ago(when);
    const parts = DATE_PARTS[name.replace(/_pretty$/, "")];
    return parts ? when.toLocaleString(undefined, parts) : whole;
  });
  return h("time", { datetime: when.toISOString(), title: when.toLocaleString() }, shown);
}

export function ago(when, now = Date.now()) {
  const seconds = Math.round((now - when.getTime()) / 1000);
  const relative = new Intl.RelativeTimeFormat(undefined, { numeric: "auto" });
  const steps = [
    ["day", 86400],
    ["hour", 3600],
    ["minute", 60],
    ["second", 1],
  ];
  const [unit, size] = steps.find(([, length]) => Math.abs(seconds) >= length) ?? ["second", 1];
  return relative.format(-Math.trunc(seconds / size), unit);
}

function emojiIn(text) {
  const found = EMOJI.exec(text);
  if (!found) return text ? [text] : [];
  const before = text.slice(0, found.index);
  const after = text.slice(found.index + found[0].length);
  const node = emoji(found[1]) ? emojiNode(found[1]) : found[0];
  return [before, node, ...emojiIn(after)].filter((part) => part !== "");
}

export function emojiNode(name) {
  return h(
    "span",
    { class: "emoji", role: "img", "aria-label": name.replaceAll("_", " "), title: `:${name}:` },
    shownEmoji(name),
  );
}

function splitOnce(text, at) {
  const index = text.indexOf(at);
  return index < 0 ? [text, undefined] : [text.slice(0, index), text.slice(index + 1)];
}
