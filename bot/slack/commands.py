"""`/aso`: the table of what can be typed, and one short deed for each row."""

from __future__ import annotations

from difflib import get_close_matches
from functools import cache

from bot.domain.listing import App
from bot.domain.policy import Verb
from bot.errors import Refused
from bot.slack import ids
from bot.slack.calls import Call, Command
from bot.slack.checking import CHECK
from bot.slack.edit import Request
from bot.slack.faces import answers
from bot.slack.faces.messages import Message
from bot.slack.faces.status_view import status_answer
from bot.slack.file_forms import open_bulk
from bot.slack.glass import open_form
from bot.slack.summary_commands import tell_failures
from bot.slack.turning import tell_proposals
from bot.slack.version_commands import VERSION_COMMANDS
from bot.slack.voice.announcements import answer_notice
from bot.slack.watch_commands import WATCH_COMMANDS
from bot.workflow import admission, catalogue, reverting, showing, status

# What people type where a reaction is meant.
VOTES = {"approve": Verb.APPROVE, "reject": Verb.REJECT}


async def _break_glass(call: Call) -> None:
    await open_form(call, as_number(call.words, verb="break-glass"))


async def _help(call: Call) -> None:
    await call.answer(help_message())


async def _apps(call: Call) -> None:
    await call.answer(answers.apps_answer(await catalogue.refreshed_apps(call.desk)))


async def _show(call: Call) -> None:
    words = await catalogue.understand(call.desk, call.words)
    listing = await catalogue.shown(call.desk, words)
    await call.answer(answers.show_answer(listing, words.locale or listing.app.primary_locale))


async def _edit(call: Call) -> None:
    request = Request(words=call.words, response_url=call.response_url)
    await call.editor.open(call.trigger_id, call.user, request)


async def _status(call: Call) -> None:
    app = await _app_or_all(call)
    await call.answer(status_answer(await status.status_card(call.desk, app)))


async def _proposals(call: Call) -> None:
    app = await _app_or_all(call)
    await tell_proposals(call, app.id if app else None)


async def _history(call: Call) -> None:
    words = await catalogue.understand(call.desk, call.words)
    entries = await showing.history(call.desk, words.app, locale=words.locale)
    total = await showing.changes(call.desk, words.app, locale=words.locale)
    where = f"{words.app.name} in {words.locale}" if words.locale else words.app.name
    await call.answer(answers.history_answer(entries, where, total=total))


async def _revert(call: Call) -> None:
    await admission.refuse_outsider(call.desk, call.user)
    number = await reverting.revert(call.desk, as_number(call.words), user=call.user)
    notice = answer_notice(number, 1, user=call.user, url=call.response_url)
    await call.desk.say([notice])


COMMANDS: tuple[Command, ...] = (
    Command(verb="help", usage="", meaning="this list", run=_help),
    Command(verb="apps", usage="", meaning="the apps you can work on", run=_apps),
    Command(
        verb="show",
        usage="<app> [platform] [locale]",
        meaning="a locale's texts as Apple has them, with counts",
        run=_show,
    ),
    CHECK,
    Command(
        verb="edit",
        usage="<app> [platform] [locale]",
        meaning="change texts and propose the change",
        run=_edit,
    ),
    Command(
        verb="bulk",
        usage="<app> [platform]",
        meaning="see what a file would change (CSV, XLSX, JSON, fastlane), and propose it",
        run=open_bulk,
    ),
    *VERSION_COMMANDS,
    Command(
        verb="status",
        usage="[app]",
        meaning="versions with their states, and what is left of Apple's hourly requests",
        run=_status,
    ),
    Command(
        verb="proposals",
        usage="[app]",
        meaning="proposals and what each waits for",
        run=_proposals,
    ),
    Command(
        verb="history",
        usage="<app> [locale]",
        meaning="what reached Apple, who proposed it and who approved",
        run=_history,
    ),
    Command(
        verb="failures",
        usage="[app] [since]",
        meaning="what failed for good in the last seven days, and what to do",
        run=tell_failures,
    ),
    Command(
        verb="revert",
        usage="<proposal>",
        meaning="propose the opposite of what a proposal changed",
        run=_revert,
    ),
    Command(
        verb="break-glass",
        usage="<proposal>",
        meaning="push a proposal without approval; for the few whom marquee.toml names",
        run=_break_glass,
    ),
    *WATCH_COMMANDS,
)

BY_VERB = {command.verb: command for command in COMMANDS}


@cache
def help_message() -> Message:
    """Return the answer to `/aso help`; drawn once, and changed by nobody."""
    return answers.help_answer([(command.typed, command.meaning) for command in COMMANDS])


def split(text: str) -> tuple[str, str]:
    """Return verb and the rest; nothing typed is a call for help.

    Slack escapes & < > in a command's text, and phones type curly quotes.
    """
    words = text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    words = words.strip("“”„\"'‘’ ")
    verb, _, rest = words.strip().partition(" ")
    return verb.casefold() or "help", rest.strip().strip("“”„\"'‘’ ")


async def run(call: Call, verb: str) -> None:
    """Do what was typed; raises Refused with a suggestion for an unknown verb."""
    if verb in VOTES:
        policy = call.desk.rules.policy
        emoji = policy.approve if VOTES[verb] is Verb.APPROVE else policy.reject
        await call.answer(answers.vote_answer(verb, emoji))
        return
    command = BY_VERB.get(verb)
    if command is None:
        near = get_close_matches(verb, BY_VERB, n=1, cutoff=0.5)
        await call.answer(answers.unknown_command(verb, [_mended(one, call.words) for one in near]))
        return
    await command.run(call)


def _mended(verb: str, words: str) -> str:
    """Return what was typed with its verb put right, the usage where nothing followed it."""
    return f"{ids.COMMAND} {verb} {words}" if words else BY_VERB[verb].typed


def as_number(words: str, *, verb: str = "revert") -> int:
    """Return a proposal's number; raises Refused, with `verb` in its example, for anything else."""
    digits = words.strip().lstrip("#")
    if not digits.isdecimal() or len(digits) > 9:
        raise Refused(
            f"“{words}” is not the number of a proposal." if words else "Which proposal?",
            remedy="The number stands after “Proposal” in its message, as in "
            f"`{ids.COMMAND} {verb} 12`.",
        )
    return int(digits)


async def _app_or_all(call: Call) -> App | None:
    if not call.words:
        return None
    return (await catalogue.understand(call.desk, call.words)).app
