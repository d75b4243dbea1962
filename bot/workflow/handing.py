"""Texts and their submission in one proposal: what the submission needs, asked of Apple.

Knows the item that hands a version in once its texts are there; refuses to know how texts
are proposed, which is `bot.workflow.proposing`.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from bot.domain import wishes
from bot.domain.actions import judge
from bot.domain.awaiting import target_of
from bot.domain.changes import items
from bot.domain.items import Item, ItemState
from bot.domain.scene import Scene
from bot.domain.validation import Finding, Severity
from bot.domain.wishes import Deed, Wish
from bot.errors import Conflict
from bot.workflow import keeping
from bot.workflow.checklist import checked
from bot.workflow.desk import Desk
from bot.workflow.proposing import Extra, Submitted, submit


@dataclass(frozen=True, slots=True, kw_only=True)
class Handed:
    """What became of it: the proposal, or `lacking` with what the submission needs first."""

    submitted: Submitted | None = None
    lacking: tuple[Finding, ...] = ()


async def submit_too(desk: Desk, number: int, typed: keeping.Typed, *, user: str) -> Handed:
    """Propose a draft together with the submission of its version.

    Raises BotError as the client and `proposing.submit` do.
    """
    loaded = keeping.submitted(await keeping.load(desk, number), typed)
    live = loaded.live
    client = desk.store_of(live.app.id)
    standing, reading = await asyncio.gather(
        client.standing(live.app.id, live.version.platform),
        client.read(live.app, live.version.platform),
    )
    release = standing.release(live.version.id)
    if release is None:
        raise Conflict(
            f"Version {live.version.number} is not there any more.",
            remedy="What you typed is kept: close this form and open it again.",
        )
    changed = items(live, loaded.texts, loaded.live_texts(loaded.texts))
    handed = wishes.items_of(Deed.SUBMIT, Wish(), wishes.seen(release))
    scene = Scene(
        target=target_of(live), number=live.version.number, standing=standing, reading=reading
    )
    findings = await checked(desk, reading, standing, live.version.id, changed)
    lacking = (*_impossible(handed, scene), *_errors(findings))
    if lacking:
        return Handed(lacking=lacking)
    extra = Extra(items=handed, findings=findings)
    return Handed(submitted=await submit(desk, number, typed, user=user, extra=extra))


def _impossible(handed: tuple[Item, ...], scene: Scene) -> list[Finding]:
    verdicts = [judge(item, scene) for item in handed]
    return [
        Finding(severity=Severity.ERROR, locale="", message=verdict.problem)
        for verdict in verdicts
        if verdict.state is ItemState.FAILED
    ]


def _errors(findings: tuple[Finding, ...]) -> list[Finding]:
    return [one for one in findings if one.severity is Severity.ERROR]
