// What the page knows, in one place, and who wants to hear when it changes.

export const page = {
  me: null,
  session: null,
  view: { kind: "channel", id: null },
  thread: null,
  slack: {
    channels: [],
    direct: null,
    people: [],
    groups: [],
    shortcuts: [],
    messages: {},
    threads: {},
    modals: [],
    home: null,
    log: [],
    refusals: [],
  },
  apple: { apps: [], log: [], faults: [], speed: 0, webhook_trouble: {}, conditions: {} },
  bot: { state: "unknown", running: false, ready: false, restarts: 0, tail: [] },
  notes: [],
  connected: true,
};

const watchers = new Set();
let scheduled = false;

/** Call `draw` once after each change, however many changes come together. */
export function watch(draw) {
  watchers.add(draw);
}

/** Change what the page knows and draw again before the next frame. */
export function change(differences) {
  Object.assign(page, differences);
  if (scheduled) return;
  scheduled = true;
  queueMicrotask(() => {
    scheduled = false;
    for (const draw of watchers) draw(page);
  });
}

/** The person of that id, or somebody nameless. */
export function person(id) {
  return page.slack.people.find((one) => one.id === id) ?? { id, name: id, real_name: id };
}

/** The name people see. */
export function nameOf(id) {
  const one = person(id);
  return one.real_name || one.name || id;
}

/** The name for short: the first word of it. */
export function shortName(id) {
  return nameOf(id).split(/\s+/)[0];
}

export function groupName(id) {
  return page.slack.groups.find((one) => one.id === id)?.handle ?? id;
}

/** Whether a conversation is somebody's direct messages with the app. */
export function isDirect(id) {
  return /^D/.test(id ?? "");
}

export function channelName(id) {
  if (isDirect(id)) return "Marquee";
  return page.slack.channels.find((one) => one.id === id)?.name ?? id;
}

/** A value kept for this sitting of this sandbox only. */
export function remember(name, value) {
  try {
    sessionStorage.setItem(`marquee:${page.session}:${name}`, JSON.stringify(value));
  } catch {
    // A browser that stores nothing still shows everything.
  }
}

export function recall(name, otherwise) {
  try {
    const found = sessionStorage.getItem(`marquee:${page.session}:${name}`);
    return found === null ? otherwise : JSON.parse(found);
  } catch {
    return otherwise;
  }
}
