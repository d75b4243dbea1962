"""The emulated Slack: a workspace over real sockets that says no as often as the real one.

Knows Slack's protocols and nothing of the bot that talks to it.
"""

from bot.sandbox.slack.delivery import Ack
from bot.sandbox.slack.emulated import EmulatedSlack

__all__ = ["Ack", "EmulatedSlack"]
