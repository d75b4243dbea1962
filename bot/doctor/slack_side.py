"""The doctor on Slack: its tokens and scopes, channels, approvers, quorums, owners of tokens."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass, field

from bot.clock import WallClock
from bot.doctor import owners
from bot.doctor.lines import Line, failed, failure, ok, warning
from bot.domain.electorate import Person, able, reachable, why_not_eligible
from bot.domain.items import Item, ItemKind
from bot.domain.policy import Members, Policy, Requirement, requirement, requirements
from bot.errors import BotError
from bot.settings import ApprovalSettings, Settings
from bot.slack.checks import SCOPES, Identity, SlackRefused, SlackSide
from bot.slack.probe import trials
from bot.workflow.policy import policy_of

_REINSTALL = "In the app's settings paste manifest.yml under App Manifest, then reinstall the app."
_INVITE = "Invite it there: /invite @Marquee"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Roll:
    """The approvers that were found, ineligible people left out of every list."""

    members: dict[str, frozenset[str]] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)


async def examine(settings: Settings, probe: str | None) -> AsyncIterator[Line]:
    """Yield a line for each thing that Slack was asked."""
    async with SlackSide(settings.slack) as slack:
        try:
            identity = await slack.identity()
        except BotError as error:
            yield failed("Bot token", error, "Copy the Bot User OAuth Token once more.")
            return
        yield ok(f"Slack takes the bot token of {identity.team}.")
        yield _scopes(identity)
        if settings.slack.app_token is not None:
            yield await _app_token(slack)
        for channel in settings.channels:
            yield await _channel(slack, channel)
        async for line in _people_of(slack, identity, settings):
            yield line
        if probe is not None:
            async for line in _probe(slack, probe, identity):
                yield line


async def _people_of(
    slack: SlackSide, identity: Identity, settings: Settings
) -> AsyncIterator[Line]:
    async for line in _approvals(slack, identity, settings):
        yield line
    for who in settings.break_glass:
        yield await _enrol(slack, identity, who, _Roll(), may="break the glass")
    async for line in owners.examine(slack, identity, settings.database, WallClock().now()):
        yield line


def _scopes(identity: Identity) -> Line:
    if not identity.scopes:
        return warning("Slack did not say which scopes the token has.", _REINSTALL)
    if missing := sorted(SCOPES - identity.scopes):
        return failure(f"The bot token lacks {', '.join(missing)}.", _REINSTALL)
    return ok(f"The bot token has the {len(SCOPES)} scopes it needs.")


async def _app_token(slack: SlackSide) -> Line:
    try:
        await slack.open_socket()
    except BotError as error:
        return failed(
            "App-level token",
            error,
            "Make one with the scope connections:write, and turn Socket Mode on.",
        )
    return ok("Socket Mode can be opened with the app-level token.")


async def _channel(slack: SlackSide, channel_id: str) -> Line:
    try:
        channel = await slack.channel(channel_id)
    except BotError as error:
        return failed(f"Channel {channel_id}", error, _INVITE)
    name = f"#{channel.name} ({channel.id})"
    if channel.is_archived:
        return failure(f"Channel {name} is archived.", "Unarchive it, or name another one.")
    if not channel.is_member:
        return failure(f"The bot is not in channel {name}.", _INVITE)
    if channel.is_shared:
        return failure(
            f"Channel {name} is shared with another organisation: no votes count in it.",
            "Name a channel of your own.",
        )
    return ok(f"The bot is in channel {name}.")


async def _approvals(
    slack: SlackSide, identity: Identity, settings: Settings
) -> AsyncIterator[Line]:
    policy = policy_of(settings.approval)
    wanted = requirements(policy, [app.bundle_id for app in settings.apps])
    named = dict.fromkeys(who for each in wanted for who in each.approvers)
    roll = _Roll()
    for approver in named:
        yield await _enrol(slack, identity, approver, roll)
    for place, who in _second_lists(settings.approval):
        where = f" of the second list ({place})"
        yield await _enrol(slack, identity, who, _Roll(people=roll.people), where=where)
    for each, example in wanted.items():
        yield _quorum(each, example, policy, roll.members)
    for line in _releases(policy, settings, roll.members):
        yield line


def _second_lists(approval: ApprovalSettings) -> Iterator[tuple[str, str]]:
    """Yield each one who may decide once the first list is silent, after where that is said."""
    for who in approval.escalation:
        yield "[approval] escalation", who
    for number, rule in enumerate(approval.rules, start=1):
        for who in rule.escalation or ():
            yield f"escalation of [[approval.rule]] number {number}", who


async def _enrol(
    slack: SlackSide,
    identity: Identity,
    approver: str,
    roll: _Roll,
    *,
    may: str = "approve",
    where: str = "",
) -> Line:
    is_group = approver.startswith("S")
    kind = "User group" if is_group else "Approver" if may == "approve" else "Person"
    named = f"{kind} {approver}{where}"
    try:
        users = await slack.members(approver) if is_group else frozenset({approver})
        reasons = {user: await _reason(slack, identity, user, roll) for user in sorted(users)}
    except BotError as error:
        roll.members[approver] = frozenset()
        return failed(named, error, "Mend it in marquee.toml.")
    able_ones = frozenset(user for user, reason in reasons.items() if reason is None)
    roll.members[approver] = able_ones
    if not able_ones:
        why = next((reason for reason in reasons.values() if reason), "It has no members.")
        return failure(f"{named} cannot {may}: {why}", "Name somebody else.")
    refused = [f"{user}: {reason}" for user, reason in reasons.items() if reason]
    if refused:
        left_out = "Their votes do not count." if may == "approve" else f"They cannot {may}."
        return warning(f"{named}: {' '.join(refused)}", left_out)
    count = f" has {_people(len(able_ones))} who may {may}." if is_group else f" may {may}."
    return ok(f"{named}{count}")


async def _reason(slack: SlackSide, identity: Identity, user: str, roll: _Roll) -> str | None:
    if user not in roll.people:
        roll.people[user] = await slack.person(user)
    return why_not_eligible(
        roll.people[user], team_id=identity.team_id, enterprise_id=identity.enterprise_id
    )


def _quorum(
    wanted: Requirement, example: str, policy: Policy, members: Mapping[str, frozenset[str]]
) -> Line:
    approvals = "1 approval" if wanted.quorum == 1 else f"{wanted.quorum} approvals"
    what = f"{example} needs {approvals}"
    voters = able(wanted, members)
    if not reachable(wanted, members, policy):
        return failure(
            f"{what}, and only {_people(len(voters))} may give one.",
            "Name more approvers, or lower the quorum.",
        )
    if not policy.self_approval and (stuck := _stuck(wanted, members, policy)):
        return warning(
            f"{what}, which cannot be reached when {' or '.join(stuck)} proposes.",
            "Name one more approver; for a team of one set self_approval = true.",
        )
    return ok(f"{what}; {_people(len(voters))} may give one.")


def _stuck(wanted: Requirement, members: Members, policy: Policy) -> list[str]:
    """Return the approvers without whom the quorum cannot be reached."""
    voters = sorted(able(wanted, members))
    return [user for user in voters if not reachable(wanted, members, policy, without={user})]


def _releases(policy: Policy, settings: Settings, members: Members) -> Iterator[Line]:
    """Yield what stops releases with self-approval, which does not count for them."""
    if not policy.self_approval:
        return
    release = Item(kind=ItemKind.RELEASE, locale="", before="", after="")
    for app in settings.apps:
        wanted = requirement(policy, release, app.bundle_id)
        stuck = _stuck(wanted, members, policy)
        if stuck and reachable(wanted, members, policy):
            yield warning(
                f"Release of {app.bundle_id} cannot be reached when {' or '.join(stuck)} proposes.",
                "Name one more approver: nobody approves a release they proposed, also with"
                " self_approval.",
            )


def _people(count: int) -> str:
    return "1 person" if count == 1 else f"{count or 'no'} people"


async def _probe(slack: SlackSide, channel: str, identity: Identity) -> AsyncIterator[Line]:
    try:
        if not (await slack.channel(channel)).is_member:
            raise SlackRefused("not_in_channel")
    except BotError as error:
        yield failed(f"Probe in {channel}", error, _INVITE)
        return
    for trial in await trials(slack, channel, bot_user=identity.user_id):
        told = f"Probe: {trial.name}. {trial.found}"
        if trial.holds:
            yield ok(told)
        else:
            state = "This is not so here." if trial.holds is False else "This stays open."
            yield warning(told, f"{state} docs/assumptions.md says what the bot does then.")
