// Choosing files: with the keyboard, the mouse, or by dropping them; and the list of what is chosen.

import { announce, h } from "./dom.js";
import { fileSize, mark } from "./files.js";

const MOST = 10;

/** The chosen files, each with a button that takes it out again. */
export function fileList(items, remove) {
  return items.map((one) =>
    h(
      "li",
      { class: `file-row ${one.busy ? "is-busy" : ""}`, "data-testid": "chosen-file" },
      mark(one.name),
      h(
        "span",
        { class: "file-words" },
        h("span", { class: "file-name", title: one.name }, one.name),
        h("span", { class: "file-about" }, one.busy ? "Uploading …" : fileSize(one.size)),
      ),
      one.busy
        ? null
        : h(
            "button",
            {
              type: "button",
              class: "button-plain file-remove",
              "aria-label": `Remove ${one.name}`,
              title: "Remove",
              "data-focus": `remove ${one.id ?? one.name}`,
              on: { click: () => remove(one) },
            },
            h("span", { "aria-hidden": "true" }, "✕"),
          ),
    ),
  );
}

/** Let files be dropped on `zone`; `take` gets them, `open` says whether any are wanted now. */
export function dropInto(zone, take, open = () => true) {
  let depth = 0;
  const light = (on) => zone.classList.toggle("is-over", on);
  const wanted = (event) => event.dataTransfer?.types.includes("Files") && open();
  zone.addEventListener("dragenter", (event) => wanted(event) && light(Boolean((depth += 1))));
  zone.addEventListener("dragover", (event) => wanted(event) && event.preventDefault());
  zone.addEventListener("dragleave", () => light((depth = Math.max(0, depth - 1)) > 0));
  zone.addEventListener("drop", (event) => {
    depth = 0;
    light(false);
    if (!wanted(event)) return;
    event.preventDefault();
    take([...event.dataTransfer.files]);
  });
}

/** A file that is dropped beside every zone leads nowhere, above all not away from this page. */
export function keepThePage() {
  for (const kind of ["dragover", "drop"]) {
    addEventListener(kind, (event) => {
      if (event.defaultPrevented || !event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = "none";
    });
  }
}

/** A `file_input`; `context` has attach(block_id, file) and detach(block_id, file_id). */
export function fileInput(one, block, context, { id }) {
  const most = one.max_files ?? MOST;
  const input = h("input", {
    id,
    type: "file",
    class: "only-heard file-native",
    multiple: most > 1,
    accept: one.filetypes?.map((kind) => `.${kind}`).join(","),
    "data-focus": `${block.block_id}/${one.action_id}`,
    "data-testid": "input",
  });
  const list = h("ul", { class: "file-list" });
  const zone = h(
    "label",
    { class: "file-zone", for: id },
    h("span", { class: "file-zone-words" }, h("b", {}, most > 1 ? "Choose files" : "Choose a file"), " or drop here"),
    h("span", { class: "file-about" }, limits(one, most)),
  );
  const node = h("div", { class: "file-input" }, list, input, zone);
  let busy = [];
  const held = () => context.values?.[block.block_id]?.[one.action_id]?.files ?? [];
  const draw = () => {
    const focused = node.contains(document.activeElement) ? document.activeElement : null;
    // A file may be in the view before its upload is answered.
    const all = [...held(), ...busy.filter((row) => held().length <= row.before)];
    const full = all.length >= most;
    list.replaceChildren(...fileList(all, remove));
    list.hidden = !all.length;
    zone.hidden = full;
    // What is still under way may be refused, and leaves nothing else to hold the focus.
    input.disabled = full && all.every((one) => !one.busy);
    if (focused && (focused.disabled || !focused.isConnected)) refocus(focused.dataset.focus, full);
  };
  /** The focus stays where it was, or goes to what is left to do here. */
  const refocus = (name, full) => {
    const same = list.querySelector(`[data-focus="${CSS.escape(name ?? "")}"]`);
    (same ?? (full ? list.querySelector("button") : input))?.focus();
  };
  const remove = async (file) => {
    await context.detach(block.block_id, file.id);
    announce(`${file.name} was removed.`);
    input.focus();
  };
  const take = async (files) => {
    for (const file of files) {
      const row = { name: file.name, size: file.size, busy: true, before: held().length };
      busy = [...busy, row];
      draw();
      const ack = await context.attach(block.block_id, file);
      busy = busy.filter((other) => other !== row);
      draw();
      if (ack.ok) announce(`${file.name}, ${fileSize(file.size)}, was added.`);
    }
  };
  input.addEventListener("change", () => {
    const files = [...input.files];
    input.value = "";
    void take(files);
  });
  dropInto(node, (files) => void take(files));
  node.patchFiles = draw;
  draw();
  return node;
}

function limits(one, most) {
  const kinds = one.filetypes?.length ? one.filetypes.map((kind) => kind.toUpperCase()).join(", ") : "";
  const count = most > 1 ? `up to ${most} files` : "";
  return [kinds, count, "10 MB a file"].filter(Boolean).join(" · ");
}

/** The files that wait in a composer, and the paper clip that chooses them. */
export class FileTray {
  constructor({ name, changed }) {
    this.files = [];
    this.changed = changed;
    this.native = h("input", {
      type: "file",
      multiple: true,
      hidden: true,
      "data-testid": `${name}-files`,
    });
    this.clip = h(
      "button",
      {
        type: "button",
        class: "button-plain composer-clip",
        "aria-label": "Attach files",
        title: "Attach files",
        "data-testid": `${name}-clip`,
        on: { click: () => this.native.click() },
      },
      h("span", { class: "clip", "aria-hidden": "true" }),
    );
    this.list = h("ul", { class: "file-list composer-files", "aria-label": "Files to send", hidden: true });
    this.native.addEventListener("change", () => {
      this.add([...this.native.files]);
      this.native.value = "";
    });
  }

  add(files) {
    this.files = [...this.files, ...files];
    if (files.length) announce(`${files.map((one) => one.name).join(", ")}: ready to send.`);
    this.draw();
  }

  /** Hand the files over; the tray is empty afterwards. */
  take() {
    const taken = this.files;
    this.files = [];
    this.draw();
    return taken;
  }

  draw() {
    this.list.hidden = !this.files.length;
    this.list.replaceChildren(
      ...fileList(this.files, (one) => {
        this.files = this.files.filter((other) => other !== one);
        announce(`${one.name} was removed.`);
        this.draw();
      }),
    );
    this.changed();
  }
}
