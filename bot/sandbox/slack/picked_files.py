"""Files that people choose in a form: what their client takes, and what it says of the rest."""

from __future__ import annotations

from bot.sandbox.slack import shapes
from bot.sandbox.slack.delivery import Ack
from bot.sandbox.slack.file_kinds import ending
from bot.sandbox.slack.files import MOST_BYTES
from bot.sandbox.slack.inputs import Input
from bot.sandbox.slack.views import View
from bot.sandbox.slack.workspace import Workspace

MOST_FILES = 10


class PickedFiles:
    """Puts files into an open view and takes them out again."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def attach(self, view: View, block_id: str, name: str, content: bytes) -> Ack:
        """Let a person choose one more file; a refusal is shown at the input.

        `no_such_element`, `file_empty`, `file_too_large`, `file_type_not_allowed` or
        `too_many_files`.
        """
        entry = _entry(view, block_id)
        if entry is None:
            return self._refused(view, block_id, "no_such_element", "")
        refusal = _refusal(entry, name, content)
        if refusal is not None:
            return self._refused(view, block_id, *refusal)
        kept = self._workspace.files.bring(view.who, name, content, in_form=True)
        self._changed(view, entry, [*entry.content, shapes.file(self._workspace, kept)])
        return Ack(ok=True, body={"file": kept.id})

    def detach(self, view: View, block_id: str, file_id: str) -> Ack:
        """Let a person take a file out of the form again; `no_such_file`."""
        entry = _entry(view, block_id)
        left = [file for file in entry.content if file["id"] != file_id] if entry else []
        if entry is None or len(left) == len(entry.content):
            return self._refused(view, block_id, "no_such_file", "")
        self._changed(view, entry, left)
        return Ack(ok=True)

    def _changed(self, view: View, entry: Input, files: list[shapes.Json]) -> None:
        view.errors.pop(entry.block["block_id"], None)
        entry.choose(files)
        self._workspace.records.changed()

    def _refused(self, view: View, block_id: str, error: str, words: str) -> Ack:
        if words:
            view.errors[block_id] = words
        self._workspace.records.refuse("attach", error, words or block_id)
        return Ack(ok=False, error=error)


def _entry(view: View, block_id: str) -> Input | None:
    held = view.inputs.held.items()
    return next((e for (at, _), e in held if at == block_id and e.kind == "file_input"), None)


def _refusal(entry: Input, name: str, content: bytes) -> tuple[str, str] | None:
    """Return why the client does not take a file, as a name and in words; None if it does."""
    most = entry.element.get("max_files") or MOST_FILES
    allowed = [kind.lower() for kind in entry.element.get("filetypes") or ()]
    if not content:
        return "file_empty", f"{name} is empty."
    if len(content) > MOST_BYTES:
        return "file_too_large", f"{name} is too large; a file may have 10 MB."
    if allowed and ending(name) not in allowed:
        return "file_type_not_allowed", f"{name} is not of these types: {', '.join(allowed)}."
    if len(entry.content) >= most:
        return "too_many_files", f"No more than {most} {'file' if most == 1 else 'files'} here."
    return None
