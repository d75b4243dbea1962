"""Single requests that act on a version, as values: what is asked of Apple, not how.

Knows which of them make something and must not be repeated blindly; refuses to know when
one is due, which is `bot.domain.actions`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class ActVerb(StrEnum):
    """What is asked of Apple; `subject` and `values` of each stand in `Act`."""

    CREATE_VERSION = "create version"
    SET_BUILD = "set build"
    SET_RELEASE = "set release"
    CREATE_TEXTS = "create texts"
    UPDATE_TEXTS = "update texts"
    CREATE_SUBMISSION = "create submission"
    ADD_ITEM = "add item"
    SUBMIT = "submit"
    CANCEL = "cancel"
    REQUEST_RELEASE = "request release"
    CREATE_PHASED = "create phased release"
    SET_PHASED = "set phased release"
    DELETE_PHASED = "delete phased release"


# A POST makes something: after an answer that was lost it is looked for, never sent again blindly.
MAKING = frozenset(
    {
        ActVerb.CREATE_VERSION,
        ActVerb.CREATE_TEXTS,
        ActVerb.CREATE_SUBMISSION,
        ActVerb.ADD_ITEM,
        ActVerb.REQUEST_RELEASE,
        ActVerb.CREATE_PHASED,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One request; `subject` is the id of what it is about, `values` what goes along.

    CREATE_VERSION: subject app id; platform, versionString. SET_BUILD: version id; build (id,
    "" for none). SET_RELEASE: version id; releaseType, earliestReleaseDate (ISO, "" for
    none). CREATE_TEXTS: version id; locale and texts by attribute. UPDATE_TEXTS: id of the
    version localization; texts. CREATE_SUBMISSION: app id; platform. ADD_ITEM: submission
    id; version (id). SUBMIT, CANCEL: submission id. REQUEST_RELEASE: version id.
    CREATE_PHASED: version id; phasedReleaseState. SET_PHASED: phased release id;
    phasedReleaseState. DELETE_PHASED: phased release id.
    """

    verb: ActVerb
    subject: str
    values: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def makes(self) -> bool:
        """Whether it makes something, so that it is looked for before it is repeated."""
        return self.verb in MAKING
