"""What a whole journey leaves in the log and on the disk: ids and texts where they belong."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import logs
from bot.sandbox.appstore import Fault as AppleFault
from bot.sandbox.cast import BEN, MIA
from tests.journeys.ticking import run
from tests.workspace import NEW_KEY, a_workspace

TEXT, OTHER, WHY = "Geheimnisvolles Heft", "Verschwiegenes Buch", "Unveröffentlichte Gründe"


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Begin the log as the process does, then ask every library for all that it has to say."""
    loggers = [logging.getLogger(), *map(logging.getLogger, logging.root.manager.loggerDict)]
    before = [(one, one.handlers[:], one.level) for one in loggers]
    stream = io.StringIO()
    logs.begin(stream)
    logging.getLogger().setLevel(logging.DEBUG)
    yield stream
    for one, handlers, level in before:
        one.handlers[:], one.level = handlers, level
        one.manager._clear_cache()  # type: ignore[attr-defined]  # what a level lets pass is kept


async def test_a_whole_journey_leaves_no_text_and_no_secret_in_the_log_nor_a_secret_on_the_disk(
    tmp_path: Path, log: io.StringIO
) -> None:
    async with a_workspace(tmp_path) as team:
        await team.open_form(MIA, "edit tidewell de-DE")
        await team.fill(MIA, Subtitle=TEXT * 2)
        await team.submit(MIA)
        assert team.errors(MIA)
        await team.fill(MIA, Subtitle=TEXT)
        await team.fill_in(MIA, "Why", WHY)
        await team.submit(MIA)
        message = await team.until(lambda: team._seeded(set()))
        fault = team.apple.faults.add(AppleFault(kind="refused", match="PATCH"))
        await team.react(BEN, message)
        await team.says(message, "Retry failed")
        team.apple.faults.remove(fault)
        await team.press(MIA, message, "Retry failed")
        await team.says(message, "read back")
        await team.propose(MIA, "edit tidewell de-DE", Subtitle=OTHER, why=WHY)
        await team.command(MIA, f"show {OTHER}")
        await run(team, "watch", "reconcile", "failures")
        await team.restart()
        told = [one.body async for one in team.bot.desk.store.record.entries()]
        secrets = [one.reveal() for one in team.settings.secrets]
    lines = log.getvalue()
    assert "DEBUG" in lines
    assert "push.finished" in lines
    for text in (TEXT, OTHER, WHY):
        assert text.encode() not in lines.encode()
        assert ascii(text)[1:-1] not in lines
        assert any(text in body for body in told)

    kept = b"".join(path.read_bytes() for path in tmp_path.glob("marquee.db*"))
    key = NEW_KEY.private_pem.splitlines()[1]
    assert len(secrets) == 2
    for secret in (*secrets, key, "eyJ"):
        assert secret not in lines
        assert secret.encode() not in kept
