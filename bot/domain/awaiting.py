"""A version that Apple does not have yet: how it will begin, and how it is known once it is there.

Apple begins a version with the texts of the newest one before it on its platform, save What's
new, and with an app info that takes over what the app's names are by then.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from bot.domain.editing import PREPARED, Phase, info_for, info_phase, on_platform, phase
from bot.domain.listing import AppInfo, Listing, Localization, Reading, Version
from bot.domain.platforms import platform_name
from bot.domain.proposals import UNDER_WAY, Proposal, Target
from bot.domain.scene import is_number, same_number, why_not_number

# Every new version tells anew what is new in it.
NOT_COPIED = frozenset({"whatsNew"})
# Where a version's id stands; Apple's have no blanks in them.
_PLANNED = "planned "


def planned(reading: Reading, number: str) -> tuple[Reading, Version]:
    """Return a reading with a version that is not there yet, as it would begin now, and it."""
    made = f"{_PLANNED}{number}"
    version = Version(
        id=made,
        app_id=reading.app.id,
        platform=reading.platform,
        number=number,
        state=PREPARED,
    )
    newest = next(iter(on_platform(reading)), None)
    texts = reading.version_localizations.get(newest.id, {}) if newest else {}
    begun = replace(
        reading,
        versions=(version, *reading.versions),
        version_localizations={**reading.version_localizations, made: _copied(texts)},
    )
    return _with_info(begun, made), version


def is_planned(version: Version) -> bool:
    """Return whether a version is one that Apple does not have yet."""
    return version.id.startswith(_PLANNED)


def target_of(live: Listing) -> Target:
    """Return what a proposal about a listing's version is about."""
    version = live.version
    there = not is_planned(version)
    return Target(
        app_id=live.app.id,
        platform=version.platform,
        version_id=version.id if there else "",
        awaited="" if there else version.number,
    )


def known_as(target: Target, versions: Iterable[Version]) -> Version | None:
    """Return the version that a target waits for, None while there is none.

    None, too, for a target that names its version by an id.
    """
    if not target.awaits:
        return None
    wanted = (target.app_id, target.platform, target.awaited)
    return next((one for one in versions if (one.app_id, one.platform, one.number) == wanted), None)


def same_version(one: Target, other: Target) -> bool:
    """Return whether two proposals are about the same version, there or not."""
    return replace(one, awaited="") == replace(other, awaited="") and (
        bool(one.version_id) or one.awaited == other.awaited
    )


def why_not_awaited(number: str, versions: Iterable[Version]) -> tuple[str, str] | None:
    """Return why no version of that number can come, and what to do; None where one may.

    `versions` are those of its platform; none of them has that number.
    """
    there = tuple(versions)
    twin = next((one.number for one in there if same_number(one.number, number)), None)
    if twin is not None:
        return f"Apple takes {number} and {twin} as the same, and has {twin}.", f"Write {twin}."
    why = why_not_number(number, there)
    if why is None:
        return None
    if not is_number(number):
        return why, "Write the number exactly as the version will have it."
    return why, "Write the number of a version that is still to come."


def why_public(version: Version) -> tuple[str, str] | None:
    """Return why nothing waits for a version any more, and what to do; None where it may."""
    if phase(version) not in (Phase.LIVE, Phase.GONE):
        return None
    return (
        f"Version {version.number} is public already.",
        "Name the next version; what may change on a public one is proposed without waiting.",
    )


def why_never(target: Target, versions: Iterable[Version]) -> str:
    """Return why what was approved for a version to come is not for any, "" where it may be.

    `versions` are what Apple has now. One that is public when it is first seen is not taken:
    nobody approved a text that is public at once.
    """
    if not target.awaits:
        return ""
    own = [
        one for one in versions if (one.app_id, one.platform) == (target.app_id, target.platform)
    ]
    version = known_as(target, own)
    why = why_public(version) if version else why_not_awaited(target.awaited, own)
    return f"{why[0]} This was proposed for version {target.awaited} to come." if why else ""


def awaited_version(proposal: Proposal) -> str:
    """Return the version that a proposal waits for: "version 3.2 of Tidewell (iOS)".

    "" once it is there or can come no more, and once the proposal has ended.
    """
    if not proposal.target.awaits or proposal.status not in UNDER_WAY or proposal.stale:
        return ""
    platform = platform_name(proposal.target.platform)
    return f"version {proposal.target.awaited} of {proposal.app_name} ({platform})"


def awaited_words(proposal: Proposal) -> str:
    """Return the same with why it is waited for, "" where it is not."""
    named = awaited_version(proposal)
    return f"{named}, which does not exist yet" if named else ""


def absent(proposal: Proposal) -> str:
    """Return why a proposal that awaits its version is not pushed, as a clause."""
    return f"{awaited_version(proposal)} does not exist yet"


def _with_info(reading: Reading, made: str) -> Reading:
    """Return a reading with the app info that comes with a new version, where none is prepared."""
    info = info_for(reading, Phase.PREPARING)
    if info is not None and info_phase(info) is Phase.PREPARING:
        return reading
    texts = reading.info_localizations.get(info.id, {}) if info else {}
    new = AppInfo(id=made, app_id=reading.app.id, state=PREPARED)
    return replace(
        reading,
        app_infos=(new, *reading.app_infos),
        info_localizations={**reading.info_localizations, made: _copied(texts)},
    )


def _copied(texts: Mapping[str, Localization]) -> dict[str, Localization]:
    return {
        locale: replace(
            old,
            id="",
            texts={name: "" if name in NOT_COPIED else text for name, text in old.texts.items()},
        )
        for locale, old in texts.items()
    }
