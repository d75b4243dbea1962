// Block Kit as nodes: everything but input blocks, which keep their text and live in inputs.js.

import { h } from "./dom.js";
import { element, picture, unknown } from "./elements.js";
import { mrkdwn, textObject } from "./mrkdwn.js";
import { richText } from "./richtext.js";

const DRAWERS = {
  section,
  header: (block) => h("h3", { class: "block-header" }, ...textObject(block.text)),
  divider: () => h("hr", { class: "block-divider" }),
  context: contextBlock,
  actions: (block, context) =>
    h(
      "div",
      { class: "block-actions" },
      ...(block.elements ?? []).map((one) => h("span", { class: "anchor" }, element(one, block, context))),
    ),
  context_actions: (block, context) =>
    h(
      "div",
      { class: "block-actions" },
      ...(block.elements ?? []).map((one) => element(one, block, context)),
    ),
  rich_text: richText,
  image: imageBlock,
  markdown: (block) => h("div", { class: "block-markdown" }, ...markdown(block.text ?? "")),
  alert: (block) =>
    h(
      "div",
      { class: `block-alert alert-${block.level ?? "default"}`, role: "note" },
      ...textObject(block.text),
    ),
  table,
};

/** One block as a node; `context` says what a press means here. */
export function block(one, context) {
  const draw = DRAWERS[one.type];
  const node = draw ? draw(one, context) : h("div", {}, unknown(one));
  node.classList.add("block");
  node.dataset.block = one.type;
  return node;
}

/** All blocks of a message or a Home view. */
export function blocks(all, context) {
  return (all ?? []).map((one) => block(one, context));
}

function section(one, context) {
  const text = one.text ? h("div", { class: "section-text" }, ...textObject(one.text)) : null;
  const fields = one.fields?.length
    ? h(
        "div",
        { class: "section-fields" },
        ...one.fields.map((field) => h("div", { class: "section-field" }, ...textObject(field))),
      )
    : null;
  const accessory = one.accessory
    ? h("div", { class: "section-accessory anchor" }, element(one.accessory, one, context))
    : null;
  return h("div", { class: "block-section" }, h("div", { class: "section-body" }, text, fields), accessory);
}

function contextBlock(one) {
  const parts = (one.elements ?? []).map((each) =>
    each.type === "image" ? picture(each) : h("span", { class: "context-text" }, ...textObject(each)),
  );
  return h("div", { class: "block-context" }, ...parts);
}

function imageBlock(one) {
  const title = one.title ? h("figcaption", {}, ...textObject(one.title)) : null;
  return h("figure", { class: "block-image" }, title, picture(one));
}

function table(one) {
  const rows = (one.rows ?? []).map((row, index) =>
    h(
      "tr",
      {},
      ...row.map((cell) =>
        h(
          index ? "td" : "th",
          {},
          cell.type === "rich_text" ? richText(cell) : String(cell.text ?? cell.value ?? ""),
        ),
      ),
    ),
  );
  return h("div", { class: "block-table" }, h("table", {}, ...rows));
}

/** The little of Markdown that messages use: headings, lists and what mrkdwn shares with it. */
function markdown(text) {
  return text.split(/\n{2,}/).map((paragraph) => {
    const heading = /^#{1,6}\s+(.*)$/.exec(paragraph);
    if (heading) return h("h4", {}, ...fromMarkdown(heading[1]));
    if (/^[-*]\s/m.test(paragraph) && paragraph.split("\n").every((line) => /^[-*]\s/.test(line))) {
      return h("ul", {}, ...paragraph.split("\n").map((line) => h("li", {}, ...fromMarkdown(line.slice(2)))));
    }
    return h("p", {}, ...fromMarkdown(paragraph));
  });
}

function fromMarkdown(text) {
  const told = text
    .replace(/\*\*(.+?)\*\*/g, "*$1*")
    .replace(/~~(.+?)~~/g, "~$1~")
    .replace(/\[([^\]]+)\]\(([^)\s]+)\)/g, "<$2|$1>");
  return mrkdwn(told);
}
