"""`/aso watch`, `unwatch`, `webhook` and `settings`: what people and channels want to hear."""

from __future__ import annotations

from bot.domain.listing import App
from bot.errors import Refused
from bot.slack.calls import Call, Command
from bot.slack.checks import Channel, SlackRefused
from bot.slack.faces.subscriptions import followed, heard_of, left
from bot.slack.faces.webhooks import webhook_answer
from bot.slack.wishes import open_settings
from bot.workflow import admission, catalogue
from bot.workflow.watch import hooks, subscribing

_INVITE = "Type `/invite @Marquee` there first, then this again."
# Slack's ids of direct messages begin with it.
_DIRECT = "D"


async def _watch(call: Call) -> None:
    if not call.words and len(await catalogue.apps(call.desk)) > 1:
        await admission.refuse_outsider(call.desk, call.user)
        await call.answer(heard_of(*await subscribing.heard_of(call.desk, call.channel)))
        return
    await admission.refuse_guest(call.desk, call.user)
    app = await catalogue.find_app(call.desk, call.words)
    _refuse_shared(call, await _there(call), app)
    new = await subscribing.follow(call.desk, app, call.channel, user=call.user)
    await call.answer(followed(app, new=new))


async def _unwatch(call: Call) -> None:
    await admission.refuse_guest(call.desk, call.user)
    followed_here, own_here = await subscribing.heard_of(call.desk, call.channel)
    if not call.words and len(followed_here) != 1:
        await call.answer(heard_of(followed_here, own_here))
        return
    app = await catalogue.find_app(call.desk, call.words or followed_here[0].bundle_id)
    was = await subscribing.leave(call.desk, app, call.channel)
    own = call.desk.rules.channel_of(app.bundle_id) == call.channel
    await call.answer(left(app, was=was, own=own))


async def _settings(call: Call) -> None:
    await admission.refuse_outsider(call.desk, call.user, fresh=False)
    await open_settings(call.desk, call.slack, call.trigger_id, call.user)


async def _webhook(call: Call) -> None:
    await admission.refuse_outsider(call.desk, call.user)
    app = await catalogue.find_app(call.desk, call.words)
    await call.answer(webhook_answer(await hooks.card(call.desk, app)))


async def _there(call: Call) -> Channel:
    """Return the command's channel; raises Refused where the bot could not post."""
    if call.channel.startswith(_DIRECT):
        raise Refused(
            "Only a channel can follow an app, and this is a direct message.",
            remedy="Type this in a channel, or choose with `/aso settings` what you get yourself.",
        )
    try:
        channel = await call.slack.channel(call.channel)
    except SlackRefused as error:
        raise Refused("Marquee is not in this channel.", remedy=_INVITE) from error
    if not channel.is_member:
        raise Refused("Marquee is not in this channel.", remedy=_INVITE)
    if channel.is_archived:
        raise Refused("This channel is archived.", remedy="Choose another one.")
    return channel


def _refuse_shared(call: Call, channel: Channel, app: App) -> None:
    """Raise Refused where others would read of unreleased versions.

    An app's own channel is the choice of whoever wrote the settings; the doctor warns of it.
    """
    own = call.desk.rules.channel_of(app.bundle_id) == call.channel
    if channel.is_shared and not own:
        raise Refused(
            "This channel is shared with another organisation, which would read of versions"
            " and texts that are not released yet.",
            remedy="Choose a channel of this workspace alone.",
        )


WATCH_COMMANDS: tuple[Command, ...] = (
    Command(
        verb="watch",
        usage="[app]",
        meaning="tell this channel too what happens to an app's versions, or see which it hears of",
        run=_watch,
    ),
    Command(
        verb="unwatch",
        usage="[app]",
        meaning="tell this channel no longer",
        run=_unwatch,
    ),
    Command(
        verb="settings",
        usage="",
        meaning="choose which notices you get as a direct message",
        run=_settings,
    ),
    Command(
        verb="webhook",
        usage="<app>",
        meaning="see, set up or end the webhook by which Apple tells of changes at once",
        run=_webhook,
    ),
)
