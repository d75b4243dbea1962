// Slack's rich_text blocks: sections, lists, quotes and preformatted text.

import { h, link } from "./dom.js";
import { channelMention, dateNode, emojiNode, userMention } from "./mrkdwn.js";
import { emoji } from "./emoji.js";
import { groupName } from "./state.js";

const STYLE_TAGS = [
  ["code", "code"],
  ["strike", "s"],
  ["italic", "em"],
  ["bold", "strong"],
  ["underline", "u"],
];

const INLINE = {
  text: (element) => element.text ?? "",
  link: (element) => link(element.url ?? "", element.text || element.url || ""),
  emoji: (element) =>
    emoji(element.name ?? "") || !element.unicode
      ? emojiNode(element.name ?? "")
      : fromUnicode(element.unicode),
  user: (element) => userMention(element.user_id),
  channel: (element) => channelMention(element.channel_id),
  usergroup: (element) => h("span", { class: "mention" }, `@${groupName(element.usergroup_id)}`),
  broadcast: (element) => h("span", { class: "mention mention-loud" }, `@${element.range}`),
  date: (element) => dateNode(element.timestamp, element.format, element.fallback),
  color: (element) => h("code", {}, element.value ?? ""),
};

const OUTER = {
  rich_text_section: (element) => h("p", {}, ...elements(element)),
  rich_text_quote: (element) => h("blockquote", {}, ...elements(element)),
  rich_text_preformatted: (element) => h("pre", {}, ...elements(element)),
  rich_text_list: (element) =>
    h(
      element.style === "ordered" ? "ol" : "ul",
      {
        class: `indent-${Math.min(element.indent ?? 0, 4)}`,
        start: element.offset ? element.offset + 1 : null,
      },
      ...(element.elements ?? []).map((item) => h("li", {}, ...elements(item))),
    ),
};

/** The nodes of one rich_text block. */
export function richText(block) {
  return h(
    "div",
    { class: "rich-text" },
    ...(block.elements ?? []).map((element) => OUTER[element.type]?.(element) ?? unknown(element)),
  );
}

function elements(parent) {
  return (parent.elements ?? []).map((element) =>
    styled(INLINE[element.type]?.(element) ?? unknown(element), element.style),
  );
}

function styled(node, style = {}) {
  return STYLE_TAGS.reduce((inner, [name, tag]) => (style?.[name] ? h(tag, {}, inner) : inner), node);
}

function fromUnicode(codes) {
  const points = codes.split("-").map((code) => Number.parseInt(code, 16));
  return points.some(Number.isNaN) ? `:${codes}:` : String.fromCodePoint(...points);
}

function unknown(element) {
  return h("span", { class: "unknown" }, `[${element.type}]`);
}
