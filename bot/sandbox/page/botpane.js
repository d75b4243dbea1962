// The bot's process: whether it lives, what it wrote last, and the button that ends it.

import { bot } from "./api.js";
import { fill, h, setText } from "./dom.js";
import { page } from "./state.js";

const STATES = {
  ready: ["good", "Running"],
  starting: ["warm", "Starting"],
  waiting: ["warm", "Gone, coming back"],
  stopped: ["bad", "Stopped"],
  given_up: ["bad", "Ended too often"],
  absent: ["calm", "No bot belongs to this sandbox"],
  unknown: ["calm", "Not known yet"],
};

export const botState = () => STATES[page.bot.state] ?? STATES.unknown;

export function drawBot(panel) {
  const { state, pid, restarts } = page.bot;
  fill(panel, JSON.stringify(["bot", state, pid, restarts]), () => [
    h(
      "div",
      { class: "bot-card", "data-testid": "bot-status", "data-state": state },
      h(
        "p",
        { class: `bot-state mood-${botState()[0]}` },
        h("span", { class: "dot", "aria-hidden": "true" }),
        botState()[1],
      ),
      h(
        "dl",
        { class: "bot-facts" },
        h("dt", {}, "Process"),
        h("dd", { "data-testid": "bot-pid" }, pid ? String(pid) : "none"),
        h("dt", {}, "Came back"),
        h("dd", { "data-testid": "bot-restarts" }, restarts === 1 ? "once" : `${restarts ?? 0} times`),
      ),
      h(
        "div",
        { class: "bot-actions" },
        h(
          "button",
          {
            type: "button",
            class: "button button-danger",
            disabled: !pid,
            "data-testid": "bot-kill",
            "data-focus": "kill",
            on: { click: () => bot("kill") },
          },
          "Kill -9",
        ),
        h(
          "button",
          {
            type: "button",
            class: "button",
            disabled: !["stopped", "given_up"].includes(state),
            "data-testid": "bot-start",
            "data-focus": "start",
            on: { click: () => bot("start") },
          },
          "Start",
        ),
      ),
      h(
        "p",
        { class: "panel-about" },
        "It is killed without a warning and comes back by itself. A push that was under way is finished then.",
      ),
    ),
    h("h3", { class: "panel-title" }, "What it wrote last"),
    h("pre", {
      class: "tail",
      id: "tail",
      tabindex: "0",
      "aria-label": "What the bot wrote last",
      "data-testid": "bot-tail",
    }),
  ]);
  const tail = document.getElementById("tail");
  const following = tail.scrollHeight - tail.scrollTop - tail.clientHeight < 30;
  setText(tail, page.bot.tail?.length ? page.bot.tail.join("\n") : "Nothing yet.");
  if (following) tail.scrollTop = tail.scrollHeight;
}

/** The strip over the messages that says why nobody answers. */
export function drawBotBanner(strip) {
  const silent = !["ready", "absent", "unknown"].includes(page.bot.state);
  strip.hidden = !silent;
  if (!silent) return;
  fill(strip, page.bot.state, () => [
    h("span", { class: "dot", "aria-hidden": "true" }),
    `The bot is not running (${botState()[1].toLowerCase()}): commands go unanswered until it is.`,
    ["stopped", "given_up"].includes(page.bot.state)
      ? h("button", { type: "button", class: "button", on: { click: () => bot("start") } }, "Start it")
      : null,
  ]);
}
