// The modal on top of a person's stack: drawn once, then patched, so that nobody loses
// a caret, a scroll position or a word while the bot changes the view under them.

import { brings, does, refresh, refreshed } from "./api.js";
import { announce, focusable, h, keyed, setText, trapTab } from "./dom.js";
import { block as drawBlock } from "./blocks.js";
import { busy } from "./elements.js";
import { drawInput, inputKey, patchInput } from "./inputs.js";
import { page, watch } from "./state.js";

const layer = () => document.getElementById("modal-layer");
let open = null;

export function startModals() {
  watch(draw);
}

function draw() {
  const top = page.slack.modals.at(-1) ?? null;
  const identity = top && `${page.me} ${top.id}`;
  if (open && open.identity !== identity) shut();
  if (!top) return;
  if (!open) open = raise(identity, top);
  open.patch(top);
}

function shut() {
  const { back, node } = open;
  open = null;
  node.remove();
  layer().hidden = true;
  // The dialog of a stack gives way to the one below it, which takes the focus itself.
  if (!page.slack.modals.length && back?.isConnected) back.focus();
}

function raise(identity, top) {
  const modal = new Modal(top.id);
  const shown = {
    identity,
    node: modal.node,
    back: open?.back ?? document.activeElement,
    patch: (view) => {
      modal.patch(view);
      modal.settleIn();
    },
  };
  layer().replaceChildren(modal.node);
  layer().hidden = false;
  modal.patch(top);
  modal.enter();
  announce(`Dialog: ${top.view.title?.text ?? ""}`);
  return shown;
}

class Modal {
  constructor(id) {
    this.id = id;
    this.who = page.me;
    this.error = "";
    this.context = {
      act: (what) => this.act(what),
      typed: (what) => this.typed(what),
      finish: () => this.submit(),
      attach: (block_id, file) => this.next(() => this.attach(block_id, file)),
      detach: (block_id, file_id) => this.next(() => this.detach(block_id, file_id)),
      pending: new Map(),
      values: {},
      errors: {},
    };
    this.sending = Promise.resolve();
    this.title = h("h2", { id: "modal-title", class: "modal-title" });
    this.body = h("div", { class: "modal-body", "data-testid": "modal-body" });
    this.trouble = h("p", {
      class: "modal-trouble",
      role: "alert",
      hidden: true,
      "data-testid": "modal-trouble",
    });
    this.closeButton = h("button", {
      type: "button",
      class: "button",
      "data-testid": "modal-close",
      on: { click: () => this.close() },
    });
    this.submitButton = h("button", {
      type: "button",
      class: "button button-primary",
      "data-testid": "modal-submit",
      on: { click: () => this.submit() },
    });
    const cross = h(
      "button",
      {
        type: "button",
        class: "button-plain modal-cross",
        "aria-label": "Close",
        on: { click: () => this.close() },
      },
      "✕",
    );
    this.node = h(
      "div",
      {
        class: "modal",
        role: "dialog",
        "aria-modal": "true",
        "aria-labelledby": "modal-title",
        "data-testid": "modal",
        tabindex: "-1",
      },
      h(
        "header",
        { class: "modal-head" },
        h("span", { class: "app-mark", "aria-hidden": "true" }, "M"),
        this.title,
        cross,
      ),
      this.body,
      this.trouble,
      h("footer", { class: "modal-foot" }, this.closeButton, this.submitButton),
    );
    this.node.addEventListener("keydown", (event) => this.keys(event));
  }

  patch({ view, values, errors, notice }) {
    Object.assign(this.context, { values: values ?? {}, errors: errors ?? {} });
    this.tell(notice ? `${notice} (${this.error})` : "");
    setText(this.title, view.title?.text ?? "");
    setText(this.submitButton, view.submit?.text ?? "Submit");
    setText(this.closeButton, view.close?.text ?? "Close");
    const submits = Boolean(view.submit) || view.blocks.some((one) => one.type === "input");
    this.submitButton.hidden = !submits;
    const held = this.focused();
    const also = (one) => [
      one.type === "input" ? this.context.errors[one.block_id] : null,
      one.type === "input" && one.element?.type !== "file_input" ? null : heldBy(one, this.context.values),
    ];
    keyed(
      this.body,
      view.blocks.map((one, index) => ({ one, index, also: also(one) })),
      {
        key: ({ one, index }) =>
          one.type === "input" ? inputKey(one) : `${one.type} ${one.block_id ?? index}`,
        draw: ({ one }) =>
          one.type === "input" ? drawInput(one, this.context) : drawBlock(one, this.context),
        patch: (node, { one }) => (one.type === "input" ? patchInput(node, one, this.context) : false),
      },
    );
    this.holdFocus(held);
  }

  /** The action of the control that has the focus, "" for another part of this dialog. */
  focused() {
    const focused = document.activeElement;
    return this.node.contains(focused) ? (focused.dataset.action ?? "") : null;
  }

  /** Blocks without an id are drawn anew: the focus goes to the same action, or stays in the dialog. */
  holdFocus(action) {
    if (action === null || this.node.contains(document.activeElement)) return;
    const same = action && this.body.querySelector(`[data-action="${CSS.escape(action)}"]`);
    (same || this.node).focus({ preventScroll: true });
  }

  enter() {
    const first = this.firstText();
    this.awaitsText = !first;
    (first ?? focusable(this.body)[0] ?? this.node).focus({ preventScroll: true });
    this.entered = document.activeElement;
  }

  firstText() {
    return (
      this.body.querySelector("[data-first]") ??
      focusable(this.body).find((one) => one.matches(".text-input")) ??
      null
    );
  }

  /** A form that opened empty gets the focus into its first text, unless somebody moved on. */
  settleIn() {
    if (!this.awaitsText) return;
    const focused = document.activeElement;
    const first = this.firstText();
    const untouched = focused === this.entered || !this.node.contains(focused);
    this.awaitsText = untouched && !first;
    if (untouched && first) first.focus({ preventScroll: true });
  }

  keys(event) {
    if (event.key === "Escape") {
      event.stopPropagation();
      void this.close();
    } else {
      trapTab(event, this.node);
    }
  }

  /** What is typed goes out in the order it was typed, before anything else a person does. */
  typed(what) {
    for (const [node] of this.context.pending) {
      if (node.dataset.focus === `${what.block_id}/${what.action_id}`) this.context.pending.delete(node);
    }
    this.sending = this.sending.then(() => does("type", { who: this.who, view_id: this.id, ...what }));
    return this.sending;
  }

  async settle() {
    await Promise.all([...this.context.pending.values()].map((send) => send()));
    await this.sending;
  }

  async act(what) {
    await this.settle();
    const told = this.sending.then(() => does("click", { who: this.who, view_id: this.id, ...what }));
    this.sending = told;
    this.report(await told);
  }

  /** Do something after everything that was begun before it. */
  next(work) {
    const done = this.sending.then(work);
    this.sending = done;
    return done;
  }

  async attach(block_id, file) {
    const where = { who: this.who, view_id: this.id, block_id, name: file.name };
    return this.seen(await brings("attach", where, file));
  }

  async detach(block_id, file_id) {
    return this.seen(await does("detach", { who: this.who, view_id: this.id, block_id, file_id }));
  }

  async seen(ack) {
    this.report(ack);
    await refreshed();
    return ack;
  }

  async submit() {
    if (this.submitButton.hidden || this.submitButton.disabled) return;
    this.submitButton.disabled = true;
    try {
      await busy(this.submitButton, this.send());
    } finally {
      this.submitButton.disabled = false;
    }
  }

  async send() {
    await this.settle();
    this.report(await does("submit", { who: this.who, view_id: this.id }));
    await refreshed();
    this.node.querySelector('.has-error [aria-invalid="true"]')?.focus();
  }

  async close() {
    await this.settle();
    await does("close", { who: this.who, view_id: this.id });
    refresh("slack");
  }

  /** Slack's sentence comes with the view; what it leaves out is the name of the error. */
  report(ack) {
    this.error = ack.error ?? "";
    if (ack.error === "sandbox_unreachable") this.tell("The sandbox is not answering.");
  }

  tell(sentence) {
    setText(this.trouble, sentence);
    this.trouble.hidden = !sentence;
  }
}

/** What the client holds for the elements of a block; a changed choice draws the block again. */
function heldBy(one, values) {
  return values?.[one.block_id] ?? null;
}
