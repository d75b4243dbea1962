"""Who works in the emulated workspace: the team, its people, channels and user groups, and our app.

Plain values. What they may do is decided elsewhere, from the same flags that Slack gives.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    """A workspace; `enterprise_id` is "" outside an Enterprise Grid."""

    id: str
    name: str
    domain: str
    enterprise_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A user with the flags that Slack reports.

    `kind` is a word for the page ("proposer", "guest" ...); Slack knows nothing of it.
    """

    id: str
    name: str
    real_name: str
    title: str
    kind: str
    team_id: str
    enterprise_id: str = ""
    bot_id: str = ""
    is_bot: bool = False
    is_restricted: bool = False
    is_stranger: bool = False
    deleted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """A channel as it is at the start; `members` are user ids."""

    id: str
    name: str
    members: tuple[str, ...]
    is_private: bool = False
    is_ext_shared: bool = False
    is_archived: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class UserGroup:
    """A user group; `members` are user ids."""

    id: str
    handle: str
    name: str
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortcut:
    """An entry in the menu of every message: what people read, what the app is told."""

    name: str
    callback_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InstalledApp:
    """The app that is installed: its id, and the user and bot it acts as.

    `messages_tab` is "off", "read_only" (people read there and cannot write) or "open".
    """

    id: str
    name: str
    user: str
    bot_id: str
    commands: tuple[str, ...]
    shortcuts: tuple[Shortcut, ...] = ()
    messages_tab: str = "read_only"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """Everybody and every place of a workspace."""

    team: Team
    app: InstalledApp
    people: tuple[Person, ...] = field(repr=False)
    rooms: tuple[Room, ...] = field(repr=False)
    groups: tuple[UserGroup, ...] = field(repr=False)


TEAM = Team(id="T0TIDEWELL", name="Tidewell", domain="tidewell")
PARTNER_TEAM_ID = "T0PARTNER"
MIA, BEN, AIKO, RUTH = "U0MIA", "U0BEN", "U0AIKO", "U0RUTH"
GUEST, STRANGER, OTHER_BOT, FORMER = "U0GUEST", "U0STRANGER", "U0CIBOT", "U0FORMER"
MARQUEE = "U0MARQUEE"
ASO, NOTES, LEADS, GENERAL = "C0ASO", "C0NOTES", "C0LEADS", "C0GENERAL"

_PEOPLE = (
    Person(
        id=MIA, name="mia", real_name="Mia Lindqvist", title="ASO specialist",
        kind="proposer", team_id=TEAM.id,
    ),
    Person(
        id=BEN, name="ben", real_name="Ben Okafor", title="Product lead",
        kind="approver", team_id=TEAM.id,
    ),
    Person(
        id=AIKO, name="aiko", real_name="Aiko Tanaka", title="Japanese reviewer",
        kind="second approver", team_id=TEAM.id,
    ),
    Person(
        id=RUTH, name="ruth", real_name="Ruth Varga", title="Release manager",
        kind="release manager", team_id=TEAM.id,
    ),
    Person(
        id=GUEST, name="gus", real_name="Gus Ferreira", title="Freelance copywriter",
        kind="guest", team_id=TEAM.id, is_restricted=True,
    ),
    Person(
        id=STRANGER, name="sam", real_name="Sam Brandt", title="Partner agency",
        kind="stranger", team_id=PARTNER_TEAM_ID, is_stranger=True,
    ),
    Person(
        id=OTHER_BOT, name="buildbot", real_name="Buildbot", title="",
        kind="bot", team_id=TEAM.id, is_bot=True, bot_id="B0CIBOT",
    ),
    Person(
        id=FORMER, name="fay", real_name="Fay Moreau", title="",
        kind="deactivated", team_id=TEAM.id, deleted=True,
    ),
    Person(
        id=MARQUEE, name="marquee", real_name="Marquee", title="",
        kind="app", team_id=TEAM.id, is_bot=True, bot_id="B0MARQUEE",
    ),
)  # fmt: skip

_STAFF = (MIA, BEN, AIKO, RUTH)


def example_cast() -> Cast:
    """Return the workspace that a newcomer meets: four colleagues, four who may not decide."""
    return Cast(
        team=TEAM,
        app=InstalledApp(
            id="A0MARQUEE",
            name="Marquee",
            user=MARQUEE,
            bot_id="B0MARQUEE",
            commands=("/aso",),
            shortcuts=(
                Shortcut(name="Use as App Store text", callback_id="use_text"),
                Shortcut(name="Propose from this file", callback_id="propose_file"),
            ),
        ),
        people=_PEOPLE,
        rooms=(
            Room(
                id=ASO,
                name="aso",
                # The stranger stayed from a time when the channel was shared.
                members=(*_STAFF, GUEST, STRANGER, OTHER_BOT, MARQUEE),
            ),
            Room(id=NOTES, name="tidewell-notes", members=(*_STAFF, GUEST, MARQUEE)),
            Room(id=LEADS, name="aso-leads", members=(BEN, AIKO, MARQUEE), is_private=True),
            Room(id=GENERAL, name="general", members=(*_STAFF, GUEST)),
        ),
        groups=(
            UserGroup(id="S0ASOLEADS", handle="aso-leads", name="ASO leads", members=(BEN, AIKO)),
            UserGroup(id="S0JAPAN", handle="japan", name="Japanese reviewers", members=(AIKO,)),
        ),
    )
