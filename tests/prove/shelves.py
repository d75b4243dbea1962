"""What Apple holds and in which state, as the model knows it: changed by what was seen sent."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from bot.sandbox.appstore import EmulatedAppStore
from tests.appstore.stage import TIDEWELL
from tests.prove import model

# A version or an app info, a locale, and an attribute; a locale's own is "".
Place = tuple[str, str, str]
CLOSED = ("READY_FOR_DISTRIBUTION", "REPLACED_WITH_NEW_VERSION", "REPLACED_WITH_NEW_INFO")


class Shelves:
    """The texts of one app's versions and app infos, with the states that these are in."""

    def __init__(self, apple: EmulatedAppStore) -> None:
        self._apple = apple
        self._begun = 0
        self.look()

    def look(self) -> None:
        """Take over what Apple holds by now, where somebody else changed it."""
        parents = self._parents()
        self.texts = self._texts_of(parents)
        self.states = {one["id"]: one["state"] for one in parents}
        coming = [one for one in parents if one["state"] not in CLOSED]
        self._version = next((one["id"] for one in coming if "version" in one), None)
        infos = [one["id"] for one in parents if "version" not in one]
        self._info = next((one["id"] for one in coming if "version" not in one), infos[-1])

    @staticmethod
    def _texts_of(parents: Iterable[Any]) -> dict[Place, str]:
        found: dict[Place, str] = {}
        for parent in parents:
            for locale, texts in parent["localizations"].items():
                found |= {(parent["id"], locale, name): text or "" for name, text in texts.items()}
                found[parent["id"], locale, ""] = model.PRESENT
        return found

    def homes(self) -> dict[str, tuple[str, str]]:
        """Return the localizations' ids, each with whose it is and its locale."""
        return {
            texts["id"]: (parent["id"], locale)
            for parent in self._parents()
            for locale, texts in parent["localizations"].items()
        }

    def _parents(self) -> list[Any]:
        app = self._apple.apps()[0]
        return [*(one for one in app["versions"] if one["platform"] == "IOS"), *app["infos"]]

    def home(self, version: str, field: str) -> str:
        """Return where a version's text stands: names belong to the app info that is coming."""
        return self._info if field in model.SHARED else version

    def there(self, version: str, locale: str) -> bool:
        """Return whether a version has a locale, or the names that go with it do."""
        homes = (version, self.home(version, "name"))
        return any((one, locale, "") in self.texts for one in homes)

    def pair(self, parent: str) -> tuple[str, ...]:
        """Return where a locale stands that is made for a version or an app info: in both."""
        return (parent, self._info if parent == self._version else self._version or "")

    def text(self, version: str, locale: str, field: str) -> str:
        """Return a text, "" where there is none; of a locale itself whether it is there."""
        if not field:
            return model.PRESENT if self.there(version, locale) else ""
        return self.texts.get((self.home(version, field), locale, field), "")

    def may_change(self, version: str, locale: str, field: str) -> bool:
        """Return whether Apple takes a change of a text now."""
        whole = not field or not self.there(version, locale)
        homes = {
            self.home(version, one) for one in (("name", "description") if whole else (field,))
        }
        return all(
            model.editable("" if whole else field, self.states[one]) for one in (version, *homes)
        )

    # -- what others do to them ------------------------------------------------------------

    def edit(self, locale: str, field: str, text: str) -> None:
        """Change a text as somebody else does: of the version that is coming, or is public."""
        live = self._version is None
        try:
            self._apple.edit(TIDEWELL.id, locale, field, text, platform="IOS", live=live)
        except LookupError:
            return
        self.look()

    def move(self, state: str) -> None:
        """Take the version that is coming to a state; where none is, another one begins."""
        if self._version is None:
            self._begun += 1
            self._apple.add_version(TIDEWELL.id, f"2.{4 + self._begun}.0", "IOS")
        else:
            self._apple.move(self._version, state)
        self.look()
