"""Acting on a version, as proposals: what stands now, what is wished, and the items of it.

Apple is read when a form is filled and once more when it is sent. Nothing is written to
Apple here: what comes of it is a proposal, decided like any other.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.domain import wishes
from bot.domain.actions import is_action, judge
from bot.domain.changes import digest
from bot.domain.editing import listing
from bot.domain.fields import BY_ATTRIBUTE
from bot.domain.items import Item, ItemKind, ItemState
from bot.domain.listing import App, Reading
from bot.domain.proposals import (
    AT_ONCE,
    PROPOSED_AGAIN,
    UNDER_WAY,
    Proposal,
    Status,
    Target,
    Timing,
)
from bot.domain.scene import (
    Scene,
)
from bot.domain.validation import Finding, Severity, validate
from bot.errors import Conflict, Refused
from bot.storage.proposal_rows import NewProposal, NewRevision
from bot.workflow.admission import refuse_outsider
from bot.workflow.catalogue import apps
from bot.workflow.checklist import checked
from bot.workflow.desk import Desk
from bot.workflow.rivalry import deed_rival

REPLACEABLE = frozenset({Status.OPEN, *PROPOSED_AGAIN})


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """What somebody wants to propose.

    `version_id` is "" for a version that the items make; `replaces` and `reverts` name the
    proposal whose place it takes or whose opposite it is. `form` is the kept form it came from.
    `authors` are who wrote what it brings again, beside the one who proposes it.
    """

    app: App
    platform: str
    version_id: str = ""
    items: tuple[Item, ...]
    reason: str = ""
    timing: Timing = AT_ONCE
    replaces: int | None = None
    reverts: int | None = None
    form: int | None = None
    authors: tuple[str, ...] = ()


async def propose_action(desk: Desk, intent: Intent, *, user: str) -> int:
    """Check items against what Apple holds now and propose them; return the number.

    Raises Refused when the person is no member of this workspace, when Apple would not take
    an item or there is nothing to do, Conflict when it stands otherwise than the items saw
    it; BotError as the client does.
    """
    await refuse_outsider(desk, user)
    items, replaces = intent.items, intent.replaces
    authors = await _authors(desk, replaces, user)
    scene = await scene_of(desk, intent.app, intent.platform, items, version_id=intent.version_id)
    findings = await _judged(desk, scene, items)
    revision = NewRevision(
        digest=digest(scene.target, items, intent.timing),
        authors=tuple(dict.fromkeys((*intent.authors, *authors))),
        reason=intent.reason.strip(),
        items=items,
        findings=(*findings, *await _rivals(desk, scene, items, replaces)),
        timing=intent.timing,
    )
    made = await desk.store.proposals.create(
        _new(desk, intent, scene, user),
        revision,
        now=desk.clock.now(),
        replaces=replaces,
        form=intent.form,
    )
    if made is None:
        raise _moved_on(replaces)
    desk.notifier.notices_waiting()
    return made


def _new(desk: Desk, intent: Intent, scene: Scene, user: str) -> NewProposal:
    release = scene.release
    return NewProposal(
        target=scene.target,
        app_name=intent.app.name,
        bundle_id=intent.app.bundle_id,
        version_number=scene.number,
        version_state=release.version.state if release else "",
        live=False,
        proposer=user,
        channel=desk.rules.channel_of(intent.app.bundle_id),
        expires_at=desk.clock.now() + desk.rules.policy.expires,
        reverts=intent.reverts,
    )


def _moved_on(number: int | None) -> Conflict:
    return Conflict(
        f"Proposal {number} moved on meanwhile, and nothing was proposed.",
        remedy="Look at its message.",
    )


async def scene_of(
    desk: Desk, app: App, platform: str, items: Iterable[Item], *, version_id: str = ""
) -> Scene:
    """Read where an app stands, with its texts, as a proposal of `items` needs to know it."""
    client = desk.store_of(app.id)
    builds = any(item.kind is ItemKind.BUILD for item in items)
    standing, reading = await asyncio.gather(
        client.standing(app.id, platform, builds=builds), client.read(app, platform)
    )
    made = next((item.after for item in items if item.kind is ItemKind.NEW_VERSION), "")
    release = standing.release(version_id) if version_id else None
    if release is None and not made:
        raise Refused(
            "The version is not there any more.", remedy="`/aso status` shows what is there."
        )
    return Scene(
        target=Target(app_id=app.id, platform=platform, version_id=version_id),
        number=release.version.number if release else made,
        standing=standing,
        reading=reading,
    )


def texts_of(scene: Scene) -> Reading:
    """Return the texts of a scene of `scene_of`; raises ValueError for any other."""
    if scene.reading is None:
        raise ValueError("this scene was read without its texts")
    return scene.reading


async def submission_findings(
    desk: Desk, scene: Scene, items: Iterable[Item] = ()
) -> tuple[Finding, ...]:
    """Return the checklist of submitting a scene's version once `items` are there."""
    return await checked(desk, texts_of(scene), scene.standing, scene.target.version_id, items)


async def _judged(desk: Desk, scene: Scene, items: Sequence[Item]) -> list[Finding]:
    """Return what to tell beside the items; raises Refused or Conflict where one cannot be."""
    _refuse_incomplete(scene, items)
    _refuse_hopeless(scene, [item for item in items if is_action(item)], alone=len(items))
    found = _facts(scene)
    texts = tuple(item for item in items if not is_action(item))
    if texts:
        found += _without_errors(
            validate(texts, listing(texts_of(scene), scene.target.version_id)), "cannot be changed"
        )
    if any(item.kind is ItemKind.SUBMIT for item in items):
        found += _without_errors(await submission_findings(desk, scene, texts), "is missing")
    return found


def _refuse_hopeless(scene: Scene, items: Sequence[Item], *, alone: int) -> None:
    verdicts = [judge(item, scene) for item in items]
    for verdict in verdicts:
        if verdict.state is ItemState.FAILED:
            raise Refused(verdict.problem)
        if verdict.state is ItemState.STALE:
            raise Conflict(verdict.problem, remedy="Look at what stands here now, and send again.")
    if len(items) == alone and all(verdict.state is ItemState.DONE for verdict in verdicts):
        raise Refused("There is nothing to do: it stands like this at Apple already.")


def _without_errors(findings: Iterable[Finding], what: str) -> list[Finding]:
    """Return warnings; raises Refused with the first of the errors where there are any."""
    found = list(findings)
    errors = [one for one in found if one.severity is Severity.ERROR]
    if errors:
        named = [f"{_labelled(one)} {one.remedy}".strip() for one in errors[:3]]
        more = f" And {len(errors) - 3} more." if len(errors) > 3 else ""
        raise Refused(f"Something {what} for this.", remedy=" ".join(named) + more)
    return found


def _labelled(finding: Finding) -> str:
    field = BY_ATTRIBUTE.get(finding.field)
    return f"{field.label}: {finding.message}" if field else finding.message


def _refuse_incomplete(scene: Scene, items: Sequence[Item]) -> None:
    """Refuse what a version that is still to be made could not be given later."""
    if scene.target.version_id:
        return
    number = scene.number
    if scene.release is not None:
        raise Refused(f"Version {number} is there already.", remedy="`/aso status` shows it.")
    labels = {build.label for build in scene.standing.builds}
    for item in items:
        if item.kind is ItemKind.BUILD and item.after not in labels:
            raise Refused(f"Build {item.after} is not there any more, or cannot be used.")


def _facts(scene: Scene) -> list[Finding]:
    """Return what approvers should know of how a version stands."""
    release = scene.release
    phased = release.phased if release else None
    if phased is None or phased.state not in ("ACTIVE", "PAUSED"):
        return []
    message = f"The phased release is on day {phased.day}: {phased.percent} % of automatic updates."
    remedy = f"It may be paused for {phased.pause_left} more days."
    return [
        Finding(
            severity=Severity.WARNING,
            locale="",
            field=wishes.FIELD_OF[ItemKind.PHASED],
            message=message,
            remedy=remedy,
        )
    ]


async def _authors(desk: Desk, replaces: int | None, user: str) -> tuple[str, ...]:
    """Return who wrote what a new proposal replaces, and who writes that one."""
    if replaces is None:
        return (user,)
    old = await desk.store.proposals.get(replaces)
    if old is None or old.status not in REPLACEABLE:
        raise _moved_on(replaces)
    return tuple(dict.fromkeys((*old.authors, user)))


async def _rivals(
    desk: Desk, scene: Scene, items: Sequence[Item], replaces: int | None
) -> list[Finding]:
    kinds = {item.kind for item in items}
    waiting = await desk.store.proposals.listed(statuses=UNDER_WAY, app_id=scene.target.app_id)
    same = [
        other
        for other in waiting
        if other.id != replaces
        and other.target.platform == scene.target.platform
        and scene.target.version_id == other.target.version_id
        and kinds & {item.kind for item in other.items}
    ]
    return [deed_rival(other.id) for other in same]


async def app_of(desk: Desk, proposal: Proposal) -> App:
    """Return the app of a proposal, as it is known now."""
    known = {one.id: one for one in await apps(desk)}
    target = proposal.target
    other = App(id=target.app_id, bundle_id=proposal.bundle_id, name=proposal.app_name)
    return known.get(target.app_id, other)
