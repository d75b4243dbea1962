"""The tables, as numbered migrations that are recorded and run once.

Texts are people's own, times ISO 8601 in UTC, lists and maps JSON.
"""

from __future__ import annotations

# Steps are taken in the order in which they are read.
from bot.storage import schema_trust
from bot.storage.schema_start import migrations

__all__ = ["migrations", "schema_trust"]
