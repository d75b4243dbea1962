// Building and patching nodes. Text only ever becomes text: nothing here reads markup.

const SAFE_LINK = /^(https?:|mailto:)/i;

/** An element; `props` are attributes, `on` holds listeners, children are nodes or text. */
export function h(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) setProp(node, name, value);
  node.append(
    ...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false),
  );
  return node;
}

function setProp(node, name, value) {
  if (value === undefined || value === null || value === false) return;
  if (name === "on") {
    for (const [event, listener] of Object.entries(value)) node.addEventListener(event, listener);
  } else if (name === "value" || name === "checked" || name === "selected" || name === "disabled") {
    node[name] = value;
  } else {
    node.setAttribute(name, value === true ? "" : String(value));
  }
}

/** A link that can only lead to a web or mail address; anything else stays text. */
export function link(address, ...children) {
  const shown = children.length ? children : [address];
  if (!SAFE_LINK.test(address)) return h("span", {}, ...shown);
  return h("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, ...shown);
}

/** Replace the text of a node only when it differs, so that live regions stay quiet. */
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/**
 * Make `parent` hold one node for each item, in order, keeping nodes whose item is unchanged.
 * `draw(item)` builds; `patch(node, item)`, when given, changes a node in place instead.
 */
export function keyed(parent, items, { key, draw, patch, also = "" }) {
  const old = new Map();
  for (const node of parent.children) old.set(node.dataset.key, node);
  let cursor = parent.firstElementChild;
  for (const item of items) {
    const name = String(key(item));
    const existing = old.get(name);
    const node = settle(existing, item, { name, draw, patch, also });
    old.delete(name);
    // A node that was redrawn stands where the old one stood.
    if (existing === cursor) cursor = node;
    if (node === cursor) cursor = cursor.nextElementSibling;
    else parent.insertBefore(node, cursor);
  }
  for (const node of old.values()) node.remove();
}

function settle(existing, item, { name, draw, patch, also }) {
  const sign = JSON.stringify(item) + also;
  if (existing && existing.keyedSign === sign) return existing;
  if (existing && patch && patch(existing, item) !== false) {
    existing.keyedSign = sign;
    return existing;
  }
  const node = draw(item);
  node.dataset.key = name;
  node.keyedSign = sign;
  if (existing) swap(existing, node);
  return node;
}

/** Put `fresh` where `stale` was; the focus goes to the same control in the new node. */
export function swap(stale, fresh) {
  const focused = stale.contains(document.activeElement) ? document.activeElement : null;
  const name = focused?.closest("[data-focus]")?.dataset.focus;
  stale.replaceWith(fresh);
  if (name) fresh.querySelector(`[data-focus="${CSS.escape(name)}"]`)?.focus();
}

/** Replace everything in a container unless the sign says it shows the same already. */
export function fill(container, sign, draw) {
  if (container.filledSign === sign) return;
  container.filledSign = sign;
  const focused = container.contains(document.activeElement)
    ? document.activeElement.closest("[data-focus]")?.dataset.focus
    : null;
  container.replaceChildren(...[draw()].flat(Infinity).filter(Boolean));
  if (focused) container.querySelector(`[data-focus="${CSS.escape(focused)}"]`)?.focus();
}

const announcer = () => document.getElementById("announcer");

/** Say something to people who listen to the page instead of looking at it. */
export function announce(sentence) {
  const node = announcer();
  if (node) node.textContent = sentence;
}

/** The elements inside `root` that Tab reaches, in order. */
export function focusable(root) {
  const all = root.querySelectorAll(
    'a[href], button, input, select, textarea, summary, [tabindex]:not([tabindex="-1"])',
  );
  return [...all].filter((node) => !node.disabled && node.getClientRects().length > 0);
}

/** Keep Tab inside `root`; hang this on its keydown. */
export function trapTab(event, root) {
  if (event.key !== "Tab") return;
  const stops = focusable(root);
  if (!stops.length) return;
  const [first, last] = [stops[0], stops[stops.length - 1]];
  const leaving = event.shiftKey ? first : last;
  if (document.activeElement === leaving || !root.contains(document.activeElement)) {
    event.preventDefault();
    (event.shiftKey ? last : first).focus();
  }
}
