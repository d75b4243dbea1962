"""Which version and app info a person edits, and why a field cannot be changed now.

Version states and what they allow: App Store Connect API, AppVersionState; App Store
Connect Help, "App and submission statuses". Apple does not say what it takes in
WAITING_FOR_REVIEW and READY_FOR_REVIEW; here both count as handed in and locked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from enum import StrEnum

from bot.domain.fields import BY_ATTRIBUTE, FIELDS, Field, Resource
from bot.domain.items import NAMES, Item
from bot.domain.listing import AppInfo, Listing, Localization, Reading, Version


class Phase(StrEnum):
    """What a state means for texts."""

    PREPARING = "preparing"
    LOCKED = "locked"
    AWAITING = "awaiting"
    LIVE = "live"
    GONE = "gone"


# Apple's state: the words of App Store Connect, and what it means for a version's texts.
VERSION_STATES: Mapping[str, tuple[str, Phase]] = {
    "PREPARE_FOR_SUBMISSION": ("Prepare for Submission", Phase.PREPARING),
    "DEVELOPER_REJECTED": ("Developer Rejected", Phase.PREPARING),
    "REJECTED": ("Rejected", Phase.PREPARING),
    "METADATA_REJECTED": ("Metadata Rejected", Phase.PREPARING),
    "INVALID_BINARY": ("Invalid Binary", Phase.PREPARING),
    "READY_FOR_REVIEW": ("Ready for Review", Phase.LOCKED),
    "WAITING_FOR_REVIEW": ("Waiting for Review", Phase.LOCKED),
    "IN_REVIEW": ("In Review", Phase.LOCKED),
    "ACCEPTED": ("Accepted", Phase.LOCKED),
    "WAITING_FOR_EXPORT_COMPLIANCE": ("Waiting for Export Compliance", Phase.LOCKED),
    "PENDING_DEVELOPER_RELEASE": ("Pending Developer Release", Phase.AWAITING),
    "PENDING_APPLE_RELEASE": ("Pending Apple Release", Phase.AWAITING),
    "PROCESSING_FOR_DISTRIBUTION": ("Processing for Distribution", Phase.LIVE),
    "READY_FOR_DISTRIBUTION": ("Ready for Distribution", Phase.LIVE),
    "REPLACED_WITH_NEW_VERSION": ("Replaced with New Version", Phase.GONE),
}

# App infos have states of their own, shared by all platforms of the app.
INFO_STATES: Mapping[str, tuple[str, Phase]] = {
    "PREPARE_FOR_SUBMISSION": ("Prepare for Submission", Phase.PREPARING),
    "DEVELOPER_REJECTED": ("Developer Rejected", Phase.PREPARING),
    "REJECTED": ("Rejected", Phase.PREPARING),
    "READY_FOR_REVIEW": ("Ready for Review", Phase.LOCKED),
    "WAITING_FOR_REVIEW": ("Waiting for Review", Phase.LOCKED),
    "IN_REVIEW": ("In Review", Phase.LOCKED),
    "ACCEPTED": ("Accepted", Phase.LOCKED),
    "PENDING_RELEASE": ("Pending Release", Phase.AWAITING),
    "READY_FOR_DISTRIBUTION": ("Ready for Distribution", Phase.LIVE),
    "REPLACED_WITH_NEW_INFO": ("Replaced with New Info", Phase.GONE),
}

STATE_WORDS: Mapping[str, str] = {
    state: words for state, (words, _) in (*INFO_STATES.items(), *VERSION_STATES.items())
}

# For a version in a phase: the phases of the app info that belongs to it, the best first.
# A version in preparation is shown beside whatever app info there is, so that its names
# can be read even while another platform has them in review.
_INFO_OF: Mapping[Phase, tuple[Phase, ...]] = {
    Phase.PREPARING: (Phase.PREPARING, Phase.LOCKED, Phase.AWAITING, Phase.LIVE),
    Phase.LOCKED: (Phase.LOCKED, Phase.AWAITING, Phase.PREPARING, Phase.LIVE),
    Phase.AWAITING: (Phase.AWAITING, Phase.LOCKED, Phase.LIVE),
    Phase.LIVE: (Phase.LIVE, Phase.AWAITING),
}


# A version may come back from these to be prepared again.
_PASSING = frozenset({Phase.LOCKED, Phase.AWAITING})
PREPARED = "PREPARE_FOR_SUBMISSION"


def state_words(state: str) -> str:
    """Return a state as App Store Connect words it; an unknown one as it is."""
    return STATE_WORDS.get(state, state)


def phase(version: Version) -> Phase:
    """Return what a version's state allows; an unknown state allows nothing."""
    return VERSION_STATES.get(version.state, ("", Phase.LOCKED))[1]


def stands(version: Version) -> str:
    """Return where a version stands, as in "2.4.0 is In Review"."""
    return f"{version.number} is {state_words(version.state)}"


def is_live(version: Version) -> bool:
    """Return whether the version is public, or on its way without a further step."""
    return phase(version) is Phase.LIVE


def editable_version(reading: Reading) -> Version | None:
    """Return the version in preparation, None when there is none."""
    return _first(reading, Phase.PREPARING)


def live_version(reading: Reading) -> Version | None:
    """Return the public version, None before the first release."""
    return _first(reading, Phase.LIVE)


def choices(reading: Reading) -> tuple[Version, ...]:
    """Return the versions of which some text can change: in preparation, live, to be released."""
    phases = (Phase.PREPARING, Phase.LIVE, Phase.AWAITING)
    found = (_first(reading, wanted) for wanted in phases)
    return tuple(version for version in found if version)


def why_no_choice(reading: Reading) -> str | None:
    """Return a sentence why no version can be edited, None when `choices` has one."""
    if choices(reading):
        return None
    there = on_platform(reading)
    if not there:
        return f"{reading.app.name} has no version on this platform yet."
    newest = there[0]
    words = state_words(newest.state)
    return f"Version {newest.number} is in the state {words}; nothing of it can be changed now."


def listing(reading: Reading, version_id: str) -> Listing:
    """Join a version's texts with the app info that belongs to it.

    A version is the app's first when the platform has no other and it was never released:
    replaced versions are not part of a reading. Raises KeyError for an id not in `reading`.
    """
    version = {version.id: version for version in reading.versions}[version_id]
    info = info_for(reading, phase(version))
    alone = all(other.id == version_id for other in on_platform(reading))
    return Listing(
        app=reading.app,
        version=version,
        app_info=info,
        first_version=alone and not is_live(version),
        localizations=_joined(reading, version, info),
    )


def info_for(reading: Reading, wanted: Phase) -> AppInfo | None:
    """Return the app info that belongs to a version in that phase, None where there is none."""
    for candidate in _INFO_OF.get(wanted, ()):
        for info in reading.app_infos:
            if info_phase(info) is candidate:
                return info
    return None


def why_not(listing: Listing, attribute: str) -> str | None:
    """Return a sentence why a field cannot be changed now, None when it can."""
    field = BY_ATTRIBUTE[attribute]
    version = listing.version
    if (reason := _why_not_version(version, field)) is not None:
        return reason
    if field.resource is Resource.APP_INFO:
        return _why_not_info(listing.app_info, field)
    if attribute == "whatsNew" and listing.first_version:
        return f"{field.label} cannot be set on an app's first version: nothing came before it."
    return None


def can_change_locale(listing: Listing, item: Item) -> str | None:
    """Return a sentence why a locale item cannot be carried out now, None when it can.

    What leaves alone what all platforms share depends on the version only.
    """
    if NAMES not in (item.before, item.after):
        return can_add_locale(listing)
    return _locales_locked(listing.version)


def can_add_locale(listing: Listing) -> str | None:
    """Return a sentence why a locale cannot be added or removed now, None when it can."""
    if (reason := _locales_locked(listing.version)) is not None:
        return reason
    info = listing.app_info
    if info is None or info_phase(info) is not Phase.PREPARING:
        return _why_not_shared("The set of locales", info)
    return None


def _locales_locked(version: Version) -> str | None:
    if phase(version) is Phase.PREPARING:
        return None
    return _only_while_preparing("The set of locales", version)


def locked_for_now(listing: Listing, attribute: str) -> str | None:
    """Return what has to pass before a field can be changed, as in "2.4.0 is In Review".

    None when it can be changed now, and when no later state of this version lets it: it is
    public, or gone. `attribute` "" asks for the set of locales.
    """
    why = why_not(listing, attribute) if attribute else can_add_locale(listing)
    current, info = phase(listing.version), listing.app_info
    if why is None:
        return None
    if current in _PASSING:
        return stands(listing.version)
    shared = not attribute or BY_ATTRIBUTE[attribute].resource is Resource.APP_INFO
    if current is Phase.PREPARING and shared and info and info_phase(info) in _PASSING:
        return f"the app information is {state_words(info.state)}"
    return None


def as_prepared(listing: Listing) -> Listing:
    """Return a listing as it is once it can be changed again, where only its states keep it."""
    version, info = listing.version, listing.app_info
    if phase(version) in _PASSING:
        version = replace(version, state=PREPARED)
    if info is not None and info_phase(info) in _PASSING:
        info = replace(info, state=PREPARED)
    return replace(listing, version=version, app_info=info)


def _first(reading: Reading, wanted: Phase) -> Version | None:
    found = [version for version in on_platform(reading) if phase(version) is wanted]
    # A version still being processed becomes the live one; until then the old one is public.
    found.sort(key=lambda version: version.state == "PROCESSING_FOR_DISTRIBUTION")
    return found[0] if found else None


def on_platform(reading: Reading) -> list[Version]:
    """Return the versions of a reading's own platform, newest first."""
    return [version for version in reading.versions if version.platform == reading.platform]


def info_phase(info: AppInfo) -> Phase:
    """Return what an app info's state allows; an unknown state allows nothing."""
    return INFO_STATES.get(info.state, ("", Phase.LOCKED))[1]


def _joined(
    reading: Reading, version: Version, info: AppInfo | None
) -> dict[tuple[Resource, str], Localization]:
    of_version = reading.version_localizations.get(version.id, {})
    of_info = reading.info_localizations.get(info.id, {}) if info else {}
    return {
        **{(Resource.VERSION, locale): entry for locale, entry in of_version.items()},
        **{(Resource.APP_INFO, locale): entry for locale, entry in of_info.items()},
    }


def _subject(field: Field) -> str:
    """Return a field as a sentence begins with it; What's new takes no article."""
    if field.attribute == "whatsNew":
        return field.label
    return "The " + field.label[:1].lower() + field.label[1:]


def _why_not_version(version: Version, field: Field) -> str | None:
    current = phase(version)
    if current is Phase.PREPARING:
        return None
    if field.editable_when_live and current in {Phase.LIVE, Phase.AWAITING}:
        return None
    return _only_while_preparing(_subject(field), version)


def _only_while_preparing(subject: str, version: Version) -> str:
    words = state_words(version.state)
    stands = f"is live ({words})" if is_live(version) else f"is in the state {words}"
    sentence = f"{subject} can only be changed while a version is being prepared"
    return f"{sentence}; {version.number} {stands}.{_meanwhile(version)}"


def _meanwhile(version: Version) -> str:
    if phase(version) not in {Phase.LIVE, Phase.AWAITING}:
        return ""
    free = ", ".join(_subject(field).lower() for field in FIELDS if field.editable_when_live)
    return f" Until the next version, only {free} can change."


def _why_not_info(info: AppInfo | None, field: Field) -> str | None:
    if info is not None and info_phase(info) is Phase.PREPARING:
        return None
    return _why_not_shared(_subject(field), info)


def _why_not_shared(subject: str, info: AppInfo | None) -> str:
    shared = f"{subject} is shared by all platforms of the app and can only be changed while"
    if info is None:
        return f"{shared} its app information is being prepared; Apple has none for this version."
    words = state_words(info.state)
    return f"{shared} its app information is being prepared; that is in the state {words}."
