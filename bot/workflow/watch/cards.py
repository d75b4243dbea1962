"""What the watch, its reminders and its summaries show people, as values."""

from __future__ import annotations
