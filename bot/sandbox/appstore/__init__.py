"""The emulated App Store Connect: its state, its rules, its refusals and its faults.

It speaks the App Store Connect API over a socket, below /apple, and shares no
code with whoever talks to it.
"""

from bot.sandbox.appstore.conditions import Conditions
from bot.sandbox.appstore.faults import Fault, FaultBoard
from bot.sandbox.appstore.log import RequestLog
from bot.sandbox.appstore.seeding import Seed, SeedApp, SeedBuild, SeedInfo, SeedVersion
from bot.sandbox.appstore.service import EmulatedAppStore
from bot.sandbox.appstore.tokens import Key
from bot.sandbox.appstore.webhooks.sender import Trouble

__all__ = [
    "Conditions",
    "EmulatedAppStore",
    "Fault",
    "FaultBoard",
    "Key",
    "RequestLog",
    "Seed",
    "SeedApp",
    "SeedBuild",
    "SeedInfo",
    "SeedVersion",
    "Trouble",
]
