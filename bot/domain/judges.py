"""One judge for each kind of item that acts on a version: what is left to do about it.

A judge is asked before a proposal, before its push, after every request and at the end, so
that a push may stop anywhere and go on. The baseline is what people saw; where Apple holds
neither it nor the wish, the item is stale.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.domain.acts import Act, ActVerb
from bot.domain.awaiting import NOT_COPIED
from bot.domain.editing import Phase, is_live, phase, state_words
from bot.domain.fields import Resource, attributes
from bot.domain.items import Item, ItemState
from bot.domain.listing import Localization, Version
from bot.domain.releases import CANCELLABLE, DRAFT, Release, ReleaseType, Submission
from bot.domain.returning import what_stays
from bot.domain.scene import (
    DONE,
    HANDED_IN,
    WAITS,
    Scene,
    Verdict,
    moment_of,
    release_text,
    why_no_new_version,
    why_not_number,
)
from bot.domain.text import normalise

# What a version is once it was taken out of review. Any other state that can be edited is
# Apple's own decision, which came first.
TAKEN_BACK = frozenset({"DEVELOPER_REJECTED", "PREPARE_FOR_SUBMISSION"})


def _failed(problem: str) -> Verdict:
    return Verdict(state=ItemState.FAILED, problem=problem)


def _stale(live_now: str, problem: str) -> Verdict:
    return Verdict(state=ItemState.STALE, live_now=live_now, problem=problem)


def _send(*acts: Act) -> Verdict:
    return Verdict(state=ItemState.WAITING, acts=acts)


def gone(scene: Scene) -> Verdict:
    """Return the verdict where the version is not there: it may be on its way, or gone."""
    if scene.target.version_id:
        return _failed(f"Version {scene.number} is not there any more.")
    return WAITS


def new_version(item: Item, scene: Scene) -> Verdict:
    """Judge a version that is not there yet."""
    versions = [one.version for one in scene.standing.releases]
    reason = why_no_new_version(scene.standing) or why_not_number(item.after, versions)
    if reason is not None:
        return _failed(reason)
    values = {"platform": scene.target.platform, "versionString": item.after}
    return _send(Act(verb=ActVerb.CREATE_VERSION, subject=scene.target.app_id, values=values))


def copied(item: Item, scene: Scene, release: Release) -> Verdict:
    """Judge the texts that a new version takes over: each that it lacks is written."""
    if scene.reading is None:
        return WAITS
    texts = scene.reading.version_localizations
    source = next((one for one in scene.reading.versions if one.number == item.after), None)
    if source is None:
        return _failed(f"Version {item.after}, whose texts were to be copied, is not there.")
    if release.version.id not in texts:
        return WAITS
    lasting = {code: _lasting(old, scene) for code, old in texts[source.id].items()}
    acts = tuple(_copies(lasting, texts[release.version.id], release.version.id))
    return _send(*acts) if acts else DONE


def _lasting(old: Localization, scene: Scene) -> dict[str, tuple[str, str]]:
    """Return each text that is to be taken over, with what stays of it.

    One that has an end gives way to what returns after it: the new version may be in review
    when its time is over, and nobody could bring it back there.
    """
    copied = [name for name in attributes(Resource.VERSION) if name not in NOT_COPIED]
    found = {}
    for name in copied:
        if text := old.texts.get(name):
            item = Item(locale=old.locale, field=name, before=text, after="")
            found[name] = (text, what_stays(item, scene.brought))
    return found


def _copies(
    source: Mapping[str, Mapping[str, tuple[str, str]]],
    there: Mapping[str, Localization],
    version_id: str,
) -> Iterator[Act]:
    for locale, texts in source.items():
        new = there.get(locale)
        if new is None:
            values = {name: stays for name, (_, stays) in texts.items() if stays}
            values = {"locale": locale, **values}
            yield Act(verb=ActVerb.CREATE_TEXTS, subject=version_id, values=values)
        elif missing := dict(_missing(texts, new.texts)):
            yield Act(verb=ActVerb.UPDATE_TEXTS, subject=new.id, values=missing)


def _missing(
    texts: Mapping[str, tuple[str, str]], there: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    """Yield what a locale lacks; Apple itself takes texts over, and those with an end, too."""
    for name, (text, stays) in texts.items():
        now = there.get(name, "")
        taken_over = bool(now) and stays != text and normalise(now) == normalise(text)
        if taken_over or (stays and not now):
            yield name, stays


def build(item: Item, scene: Scene, release: Release) -> Verdict:
    """Judge a build: chosen while the version is prepared, from those Apple has finished."""
    now = release.build.label if release.build else ""
    if now == item.after:
        return DONE
    if phase(release.version) is not Phase.PREPARING:
        return _failed(_only_preparing("A build", release.version))
    if now != item.before:
        return _stale(now, "Another build was chosen since this was proposed.")
    values = {"build": ""}
    if item.after:
        build = next((one for one in scene.standing.builds if one.label == item.after), None)
        if build is None:
            return _failed(f"Build {item.after} is not there any more, or cannot be used.")
        values = {"build": build.id}
    return _send(Act(verb=ActVerb.SET_BUILD, subject=release.version.id, values=values))


def release_type(item: Item, scene: Scene, release: Release) -> Verdict:
    """Judge when an approved version is released."""
    now = release_text(release.version)
    if now == item.after:
        return DONE
    if is_live(release.version):
        return _failed(f"Version {release.version.number} is released already.")
    # A version that this very push makes begins with whatever Apple sets.
    if scene.target.version_id and now != item.before:
        return _stale(now, "The way it is released was changed since this was proposed.")
    moment = moment_of(item.after)
    values = {
        "releaseType": item.after.partition(" ")[0],
        "earliestReleaseDate": moment.isoformat() if moment else "",
    }
    return _send(Act(verb=ActVerb.SET_RELEASE, subject=release.version.id, values=values))


def phased(item: Item, _scene: Scene, release: Release) -> Verdict:
    """Judge a phased release: made, begun, paused, resumed, completed or taken away."""
    phased = release.phased
    now = phased.state if phased else ""
    if now == item.after or (item.after, now) == ("INACTIVE", "ACTIVE"):
        return DONE
    if now != item.before:
        return _stale(now, "The phased release has moved on since this was proposed.")
    values = {"phasedReleaseState": item.after}
    if phased is None:
        return _send(Act(verb=ActVerb.CREATE_PHASED, subject=release.version.id, values=values))
    if not item.after:
        return _send(Act(verb=ActVerb.DELETE_PHASED, subject=phased.id))
    return _send(Act(verb=ActVerb.SET_PHASED, subject=phased.id, values=values))


def submit(item: Item, scene: Scene, release: Release) -> Verdict:
    """Judge a submission: made or adopted, filled, handed in, with the build people saw."""
    now = release.build.label if release.build else ""
    handed_in = release.version.state in HANDED_IN
    if now != item.before:
        # What is in review with another build is not what people approved.
        return _stale(now, _other_build(now, handed_in=handed_in))
    if handed_in:
        return DONE
    found = scene.standing.submission(release.version.id)
    if found is None:
        values = {"platform": scene.target.platform}
        subject = scene.target.app_id
        return _send(Act(verb=ActVerb.CREATE_SUBMISSION, subject=subject, values=values))
    if found.state == "CANCELING":
        return WAITS
    return _into(found, release)


def _other_build(now: str, *, handed_in: bool) -> str:
    if handed_in:
        return f"It was handed in with build {now or 'unknown'} since this was proposed."
    return "Another build was chosen since this was proposed."


def _into(found: Submission, release: Release) -> Verdict:
    version = release.version
    inside = version.id in found.version_ids
    if inside and (found.state == "UNRESOLVED_ISSUES" or version.state == DRAFT):
        return _send(Act(verb=ActVerb.SUBMIT, subject=found.id))
    if inside:
        return WAITS
    if found.state != DRAFT:
        return _failed("Another submission of this platform is in review; Apple takes one.")
    if found.version_ids or found.others:
        return _failed(
            "A draft submission with other items waits in App Store Connect."
            " Submit it or empty it there, then retry."
        )
    values = {"version": version.id}
    return _send(Act(verb=ActVerb.ADD_ITEM, subject=found.id, values=values))


def cancel(_item: Item, scene: Scene, release: Release) -> Verdict:
    """Judge taking a version out of review."""
    version = release.version
    carrying = [one for one in scene.standing.submissions if version.id in one.version_ids]
    found = next((one for one in carrying if one.open), None)
    if found and found.state in CANCELLABLE:
        return _send(Act(verb=ActVerb.CANCEL, subject=found.id))
    if found and found.state == "CANCELING":
        return WAITS
    if version.state in TAKEN_BACK:
        return DONE
    return _stale(version.state, f"It is {state_words(version.state)} and not in review.")


def release(item: Item, _scene: Scene, release: Release) -> Verdict:
    """Judge releasing an approved version."""
    version = release.version
    if is_live(version) or _apple_releases(version):
        return DONE
    if version.state != item.before:
        return _stale(version.state, f"It is {state_words(version.state)} now.")
    return _send(Act(verb=ActVerb.REQUEST_RELEASE, subject=version.id))


def _apple_releases(version: Version) -> bool:
    """Return whether Apple releases it without a further step; one that is scheduled waits."""
    scheduled = version.release_type == ReleaseType.SCHEDULED
    return version.state == "PENDING_APPLE_RELEASE" and not scheduled


def _only_preparing(subject: str, version: Version) -> str:
    words = state_words(version.state)
    sentence = f"{subject} can only be chosen while a version is being prepared"
    return f"{sentence}; {version.number} is in the state {words}."
