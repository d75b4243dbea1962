// Where a person writes: slash commands with suggestions and a history, or plain messages.

import { brings, does } from "./api.js";
import { announce, h } from "./dom.js";
import { dropInto, FileTray } from "./filepick.js";
import { channelName, isDirect, page, recall, remember } from "./state.js";

const COMMANDS = [
  { words: "/aso edit", takes: "<app> [platform] [locale]", tells: "change texts of a version" },
  { words: "/aso bulk", takes: "<app> [platform]", tells: "propose what a file changes" },
  { words: "/aso check", takes: "<app> [platform] [locale]", tells: "what could be better about a listing" },
  { words: "/aso show", takes: "<app> [platform] [locale]", tells: "the texts as the store has them" },
  { words: "/aso status", takes: "[app]", tells: "versions and where they stand" },
  { words: "/aso version", takes: "<app> [platform]", tells: "propose a new version" },
  { words: "/aso build", takes: "<app> [platform]", tells: "choose the build of a version" },
  { words: "/aso submit", takes: "<app> [platform]", tells: "the checklist, then review" },
  { words: "/aso cancel", takes: "<app> [platform]", tells: "take a version out of review" },
  { words: "/aso release", takes: "<app> [platform]", tells: "release now, or say when" },
  { words: "/aso phased", takes: "<app> [platform]", tells: "pause, resume, end a phased release" },
  { words: "/aso proposals", takes: "[app]", tells: "what waits for approval" },
  { words: "/aso history", takes: "<app> [locale]", tells: "who changed what, and when" },
  { words: "/aso failures", takes: "[app] [since]", tells: "what failed, and what to do" },
  { words: "/aso revert", takes: "<proposal>", tells: "propose the old texts again" },
  { words: "/aso break-glass", takes: "<proposal>", tells: "push it without approval" },
  { words: "/aso watch", takes: "[app]", tells: "tell this channel of its versions too" },
  { words: "/aso unwatch", takes: "[app]", tells: "tell this channel no longer" },
  { words: "/aso settings", takes: "", tells: "which notices you get yourself" },
  { words: "/aso webhook", takes: "<app>", tells: "let Apple tell of changes at once" },
  { words: "/aso apps", takes: "", tells: "the apps of this account" },
  { words: "/aso help", takes: "", tells: "everything it understands" },
];
// Whatever takes an app is offered the apps.
const VERBS = COMMANDS.filter(({ takes }) => takes.includes("app")).map(({ words }) => words.slice(5));
const TAKES_APP = new RegExp(`^/aso (${VERBS.join("|")}) (\\S*)$`);
const HISTORY = 50;
const FILE_TROUBLES = {
  file_empty: "That was not sent: a file is empty.",
  file_too_large: "That was not sent: a file may have 20 MB.",
  too_many_files: "That was not sent: a message takes ten files.",
};

/** A composer; `place()` says where its words go: {channel, thread_ts?}. */
export class Composer {
  constructor({ name, place }) {
    this.place = place;
    this.chosen = -1;
    this.back = 0;
    this.draft = "";
    const listId = `${name}-suggestions`;
    this.input = h("textarea", {
      class: "composer-input",
      rows: "1",
      role: "combobox",
      "aria-autocomplete": "list",
      "aria-expanded": "false",
      "aria-controls": listId,
      "aria-label": "Message or slash command",
      "data-testid": name,
      autocomplete: "off",
      spellcheck: "false",
      dir: "auto",
    });
    this.list = h("div", {
      class: "suggestions",
      role: "listbox",
      id: listId,
      "aria-label": "Suggestions",
      hidden: true,
    });
    this.tray = new FileTray({ name, changed: () => this.hush() });
    this.button = h(
      "button",
      {
        type: "button",
        class: "button button-primary composer-send",
        "aria-label": "Send",
        title: "Send (Enter)",
        on: { click: () => this.send() },
      },
      h("span", { "aria-hidden": "true" }, "➤"),
    );
    this.trouble = h("p", {
      class: "composer-trouble",
      role: "alert",
      hidden: true,
      "data-testid": `${name}-trouble`,
    });
    this.node = h(
      "div",
      { class: "composer" },
      this.list,
      this.trouble,
      h(
        "div",
        { class: "composer-box" },
        this.tray.list,
        h("div", { class: "composer-row" }, this.tray.clip, this.tray.native, this.input, this.button),
      ),
    );
    this.input.addEventListener("keydown", (event) => this.keys(event));
    this.input.addEventListener("input", () => this.typed());
    this.input.addEventListener("blur", () => this.suggest([]));
  }

  /** Files may be dropped anywhere on `zone`. */
  listenTo(zone) {
    dropInto(
      zone,
      (files) => {
        this.tray.add(files);
        this.input.focus();
      },
      () => this.node.getClientRects().length > 0,
    );
  }

  setHint(hint) {
    if (this.input.placeholder !== hint) this.input.placeholder = hint;
  }

  /** Put words into the composer, ready to be sent. */
  offer(text) {
    this.input.value = text;
    this.input.focus();
    this.typed();
  }

  typed() {
    this.back = 0;
    this.chosen = -1;
    this.grow();
    this.suggest(suggestionsFor(this.input.value));
  }

  grow() {
    this.input.style.height = "auto";
    this.input.style.height = `${Math.min(this.input.scrollHeight, 140)}px`;
  }

  suggest(items) {
    this.items = items;
    this.list.hidden = !items.length;
    this.input.setAttribute("aria-expanded", String(items.length > 0));
    this.list.replaceChildren(...items.map((item, index) => this.suggestion(item, index)));
    const active = this.list.children[this.chosen];
    if (active) this.input.setAttribute("aria-activedescendant", active.id);
    else this.input.removeAttribute("aria-activedescendant");
  }

  suggestion(item, index) {
    const node = h(
      "div",
      {
        role: "option",
        class: "suggestion",
        id: `${this.list.id}-${index}`,
        "aria-selected": String(index === this.chosen),
        "data-testid": "suggestion",
      },
      h(
        "span",
        { class: "suggestion-words" },
        item.words,
        " ",
        h("span", { class: "suggestion-takes" }, item.takes),
      ),
      h("span", { class: "suggestion-tells" }, item.tells),
    );
    node.addEventListener("mousedown", (event) => {
      event.preventDefault();
      this.accept(item);
    });
    return node;
  }

  accept(item) {
    this.input.value = item.takes ? `${item.words} ` : item.words;
    this.input.focus();
    this.typed();
  }

  keys(event) {
    if (event.isComposing) return;
    const listed = !this.list.hidden;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      if (listed && this.chosen >= 0) this.accept(this.items[this.chosen]);
      else void this.send();
    } else if (event.key === "Tab" && listed && !event.shiftKey) {
      event.preventDefault();
      this.accept(this.items[Math.max(0, this.chosen)]);
    } else if (event.key === "Escape" && listed) {
      event.stopPropagation();
      this.suggest([]);
    } else if (event.key === "ArrowUp" || event.key === "ArrowDown") {
      this.arrow(event, event.key === "ArrowUp" ? -1 : 1, listed);
    }
  }

  arrow(event, step, listed) {
    // The history comes first in an empty line and while somebody is leafing through it.
    if (this.back || (step < 0 && this.input.value === "")) return this.leaf(event, step);
    if (!listed) return undefined;
    event.preventDefault();
    const count = this.items.length;
    this.chosen = this.chosen < 0 ? (step > 0 ? 0 : count - 1) : (this.chosen + step + count) % count;
    return this.suggest(this.items);
  }

  leaf(event, step) {
    const past = recall("history", []);
    const next = Math.max(0, Math.min(past.length, this.back - step));
    if (next === this.back) return;
    event.preventDefault();
    if (!this.back) this.draft = this.input.value;
    this.back = next;
    this.input.value = next ? past[past.length - next] : this.draft;
    this.grow();
    this.suggest([]);
  }

  async send() {
    const text = this.input.value.trim();
    if (!text && !this.tray.files.length) return;
    const command = text.startsWith("/");
    if (command && this.tray.files.length) {
      this.tell("Files go with a message, not with a command.");
      return;
    }
    this.input.value = "";
    this.back = 0;
    this.grow();
    this.suggest([]);
    if (text)
      remember("history", [...recall("history", []).filter((one) => one !== text), text].slice(-HISTORY));
    const files = this.tray.take();
    this.say(await this.deliver(text, files), text, files);
  }

  deliver(text, files) {
    const place = this.place();
    if (files.length) {
      const told = JSON.stringify(files.map((one) => [one.name, one.size]));
      return brings("share", { text, ...place, files: told }, new Blob(files));
    }
    if (!text.startsWith("/")) return does("say", { text, ...place });
    if (place.thread_ts) return { ok: false, error: "not_in_threads" };
    this.button.classList.add("is-busy");
    return does("command", { text, channel: place.channel }).finally(() =>
      this.button.classList.remove("is-busy"),
    );
  }

  say(ack, text, files) {
    const sentence = ack.ok ? "" : troubleSentence(text, ack.error);
    // What could not be sent is given back, ready to be sent again.
    if (sentence && files.length) this.tray.add(files);
    if (sentence && !this.input.value) this.input.value = text;
    this.tell(sentence);
  }

  tell(sentence) {
    this.trouble.hidden = !sentence;
    this.trouble.textContent = sentence;
    if (sentence) announce(sentence);
  }

  hush() {
    this.tell("");
  }
}

/** What nobody else says: a command that failed is answered in the channel, as in Slack. */
function troubleSentence(text, error) {
  const command = text.split(/\s/)[0];
  if (error === "not_in_threads") return `${command} is not supported in threads. Sorry!`;
  if (error in FILE_TROUBLES) return FILE_TROUBLES[error];
  if (error === "sandbox_unreachable") return "The sandbox is not answering.";
  return text.startsWith("/") ? "" : `That was not sent: “${error}”.`;
}

/** What fits what has been typed so far. */
export function suggestionsFor(typed) {
  if (!typed.startsWith("/")) return [];
  const app = TAKES_APP.exec(typed);
  if (app) return appSuggestions(app[1], app[2].toLowerCase());
  return COMMANDS.filter((one) => one.words.startsWith(typed.trimEnd()) && one.words !== typed);
}

function appSuggestions(verb, begun) {
  return page.apple.apps
    .map((one) => ({ bundle: one.bundle_id, name: one.name ?? "" }))
    .filter(
      ({ bundle, name }) =>
        bundle !== begun && (bundle.includes(begun) || name.toLowerCase().includes(begun)),
    )
    .map(({ bundle, name }) => ({
      words: `/aso ${verb} ${bundle}`,
      takes: restOf(verb),
      tells: name,
    }));
}

/** What a command takes after the app. */
function restOf(verb) {
  const { takes } = COMMANDS.find(({ words }) => words === `/aso ${verb}`);
  return takes.replace(/^\S+ ?/, "");
}

/** The words an empty composer shows. */
export function composerHint(channel) {
  return `Message ${isDirect(channel) ? "" : "#"}${channelName(channel)}, or type / for commands`;
}
