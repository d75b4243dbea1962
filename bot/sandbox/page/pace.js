// How fast time passes at Apple, and what happens by itself at that speed.

import { store } from "./api.js";
import { h } from "./dom.js";
import { part } from "./controls.js";
import { page } from "./state.js";

const HOUR = 3600;
// Seconds at Apple that pass in one.
const SPEEDS = [
  [0, "Off: reviews stand still"],
  [60, "1 minute is an hour at Apple"],
  [3600, "1 second is an hour at Apple"],
  [86400, "1 second is a day at Apple"],
];
// What goes on by itself, and how long it takes at Apple.
const STEPS = [
  ["Waiting for review", 8 * HOUR],
  ["Review, which approves", HOUR],
  ["On its way to the App Store", HOUR / 2],
  ["Processing of a build", HOUR / 4],
];
const DAY = 24 * HOUR;

/** The part of the panel; its sign is `page.apple.speed`. */
export function pace(told) {
  const now = page.apple.speed ?? 0;
  const set = (event) => {
    const speed = Number(event.target.value);
    store("speed", { speed }).then((answer) =>
      told(answer, speed ? "Apple goes on by itself at this speed." : "Apple waits for you again."),
    );
  };
  const known = SPEEDS.some(([value]) => value === now);
  const options = known ? SPEEDS : [...SPEEDS, [now, `1 second is ${spanWords(now)} at Apple`]];
  return part(
    "Speed",
    "",
    h(
      "select",
      {
        class: "select select-wide",
        "aria-label": "How fast time passes at Apple",
        "aria-describedby": "pace-steps",
        "data-testid": "speed",
        "data-focus": "speed",
        on: { change: set },
      },
      ...options.map(([value, words]) =>
        h("option", { value: String(value), selected: value === now }, words),
      ),
    ),
    h("div", { id: "pace-steps" }, now ? steps(now) : still()),
  );
}

const still = () =>
  h(
    "p",
    { class: "panel-about pace-still" },
    "Reviews and builds wait for you; only the days of a phased release pass, one in 24 hours.",
  );

function steps(speed) {
  const all = [...STEPS, ["A day of a phased release", DAY]];
  return h(
    "dl",
    { class: "facts pace-steps" },
    ...all.flatMap(([what, takes]) => [h("dt", {}, what), h("dd", {}, spanWords(takes / speed))]),
  );
}

/** "8 hours", "15 minutes", "1.3 seconds". */
export function spanWords(seconds) {
  const [size, name] =
    seconds >= HOUR ? [HOUR, "hour"] : seconds >= 60 ? [60, "minute"] : [1, "second"];
  const count = Number((seconds / size).toFixed(seconds < 10 ? 1 : 0));
  return count ? `${count} ${name}${count === 1 ? "" : "s"}` : "at once";
}
