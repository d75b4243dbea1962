// Files as people see them: what a message carries, and how long a file is in words.

import { announce, h } from "./dom.js";
import { stored } from "./elements.js";
import { page } from "./state.js";

const STEPS = ["bytes", "KB", "MB"];
// Texts that somebody opened, by file: a message is drawn again whenever it changes.
const opened = new Map();

/** "1.2 KB" for 1234. */
export function fileSize(bytes) {
  let [value, step] = [bytes, 0];
  while (value >= 1000 && step < STEPS.length - 1) [value, step] = [value / 1000, step + 1];
  const shown = step && value < 100 ? value.toFixed(1).replace(/\.0$/, "") : Math.round(value);
  return bytes === 1 ? "1 byte" : `${shown} ${STEPS[step]}`;
}

/** The end of a name as a mark beside it, which says nothing that the name does not. */
export function mark(name) {
  const dot = name.lastIndexOf(".");
  const ending = dot > 0 ? name.slice(dot + 1, dot + 5) : "";
  return h("span", { class: "file-mark", "aria-hidden": "true" }, ending.toUpperCase() || "···");
}

/** Where this person may fetch a file. */
export function fileAddress(id) {
  return `/page/slack/file/${encodeURIComponent(id)}?${new URLSearchParams({ as: page.me })}`;
}

/** A file of a message: a picture with its words, a text with its beginning, or only its name. */
export function attachment(file) {
  if (file.mode === "tombstone") return frame("file-gone", "This file was deleted.");
  if (file.mimetype.startsWith("image/")) {
    const picture = stored(file.id, file.alt_txt || file.title);
    return frame("", head(file), picture);
  }
  if (file.preview === undefined) return frame("file-card", head(file, mark(file.name)));
  return frame("file-card", head(file, mark(file.name)), ...text(file));
}

function frame(kind, ...parts) {
  return h("div", { class: `attachment ${kind}`, "data-testid": "attachment" }, ...parts);
}

function head(file, before = null) {
  const lines = file.lines === undefined ? null : `${file.lines} ${file.lines === 1 ? "line" : "lines"}`;
  const told = [file.title === file.name ? null : file.name, file.pretty_type, fileSize(file.size), lines];
  return h(
    "div",
    { class: "file-head" },
    before,
    h(
      "div",
      { class: "file-words" },
      h("p", { class: "attachment-title" }, file.title),
      h("p", { class: "file-about" }, told.filter(Boolean).join(" · ")),
    ),
    h(
      "a",
      {
        class: "button-plain file-download",
        href: fileAddress(file.id),
        download: file.name,
        title: "Download",
        "aria-label": `Download ${file.name}`,
        "data-focus": `download ${file.id}`,
        "data-testid": "download",
      },
      h("span", { "aria-hidden": "true" }, "⤓"),
    ),
  );
}

function text(file) {
  const shown = h("pre", { class: "file-text", "aria-label": `Text of ${file.name}` });
  const more = h("button", {
    type: "button",
    class: "file-more",
    "data-focus": `more ${file.id}`,
    "data-testid": "file-more",
  });
  const draw = () => {
    const whole = opened.get(file.id);
    shown.replaceChildren(...lines(whole ?? file.preview, file.filetype));
    shown.classList.toggle("is-whole", whole !== undefined);
    // A whole text may be longer than its frame, which is then moved with the arrows.
    if (whole === undefined) shown.removeAttribute("tabindex");
    else shown.tabIndex = 0;
    more.textContent = whole === undefined ? `Show ${file.lines_more} more lines` : "Show less";
    if (file.lines_more === 1 && whole === undefined) more.textContent = "Show one more line";
    more.setAttribute("aria-expanded", String(whole !== undefined));
  };
  more.addEventListener("click", async () => {
    if (!opened.delete(file.id)) await open(file.id);
    draw();
  });
  draw();
  return [shown, file.lines_more ? more : null];
}

async function open(id) {
  try {
    const answer = await fetch(fileAddress(id), { cache: "no-store" });
    if (!answer.ok) throw new Error(String(answer.status));
    opened.set(id, await answer.text());
  } catch {
    announce("The file cannot be fetched now.");
  }
}

/** Lines of a text; those of a diff say by their colour what their first character says. */
function lines(shown, filetype) {
  const each = shown.replace(/\n$/, "").split("\n");
  return each.map((line) => h("span", { class: `line ${filetype === "diff" ? sort(line) : ""}` }, `${line}\n`));
}

function sort(line) {
  if (/^(\+\+\+|---|@@)/.test(line)) return "line-head";
  return { "+": "line-added", "-": "line-taken" }[line[0]] ?? "";
}
