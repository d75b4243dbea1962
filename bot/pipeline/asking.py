"""The commands that ask a running bot: `check`, `diff`, `propose` and `export`."""

from __future__ import annotations

import argparse
import io
from collections.abc import Awaitable, Callable, Mapping

from bot.domain.changes import Place
from bot.domain.filling import filled_places, filling_told
from bot.errors import Invalid
from bot.exchange import Imported
from bot.pipeline import check, diff, export, propose, reports
from bot.pipeline.call import Call, chosen, reading
from bot.pipeline.client import Client, Json, connected
from bot.pipeline.connection import connection
from bot.pipeline.following import Following, Outcome, described, headline, with_its_link
from bot.pipeline.listings import changes, locales_of, texts_of, wanted
from bot.pipeline.remarks import Level, of_reading
from bot.pipeline.rhythm import patiently
from bot.pipeline.terminal import plain
from bot.pipeline.validate import report

_FAILED = 1


async def _check(call: Call) -> int:
    options = call.options
    async with connected(connection(call.environ)) as client:

        def asked() -> Awaitable[Json]:
            return client.checklist(options.app, platform=options.platform, of=options.listing)

        checklist = await patiently(asked, call.rhythm)
    return _FAILED if check.tell(checklist, options.format, call.out) else 0


async def _diff(call: Call) -> int:
    options = call.options
    imported = _read(call)
    async with connected(connection(call.environ)) as client:
        listing = await _listing(call, client)
    before = texts_of(listing)
    after = wanted(imported, locales_of(listing))
    compared = diff.Comparison(
        app=options.app,
        before=before,
        changed=changes(before, after),
        locales=locales_of(listing),
        filled=filled_places(imported.texts, after),
    )
    diff.tell(compared, options.format, call.out)
    return 1 if compared.changed and options.exit_code else 0


async def _propose(call: Call) -> int:
    if call.options.when_it_exists and not call.options.version:
        call.options.called_wrongly("--when-it-exists needs --version NUMBER, the one to wait for")
    source = reading(call)(call.options.path)
    found = report([source], chosen(call))
    if not found.ok or source.imported is None:
        form = "github" if call.environ.get("GITHUB_ACTIONS") == "true" else "human"
        reports.tell(found, form, call.out, call.environ)
        return _FAILED
    call.out.say(reports.summary(found))
    async with connected(connection(call.environ)) as client:
        texts = await _texts(call, client, source.imported)
        if filling := filling_told(filled_places(source.imported.texts, texts)):
            call.out.say(plain(filling))
        content = propose.body(_wish(call.options), texts)
        key = call.options.idempotency_key or propose.key(content, call.environ)
        answer = await patiently(lambda: client.propose(content, key=key), call.rhythm)
        if answer.get("status") == "unchanged":
            call.out.say("Nothing would change, so nothing was proposed.")
            return Outcome.PUSHED
        answer = await with_its_link(client, answer, call.rhythm)
        call.out.say(headline(answer))
        if not call.options.wait:
            if answer.get("waits_for"):
                call.out.say(f"It is {described(answer)}.")
            return Outcome.PUSHED
        following = Following(client, call.out, call.rhythm, in_parts=call.options.in_parts)
        return await following.until_it_ends(answer, call.options.timeout)


async def _export(call: Call) -> int:
    options = call.options
    if options.output is None and options.format in export.NEEDS_A_PATH:
        options.called_wrongly(f"--format {options.format} needs --output PATH")
    async with connected(connection(call.environ)) as client:
        listing = await _listing(call, client)
    raw = getattr(call.out.stream, "buffer", None) or io.BytesIO()
    call.err.say(export.write(texts_of(listing), options.format, options.output, raw))
    return 0


async def _texts(call: Call, client: Client, imported: Imported) -> Mapping[Place, str]:
    """Return what is proposed; which locales there are is asked only for a fallback's sake."""
    if not imported.fallback:
        return wanted(imported, ())
    listing = await _listing(call, client)
    return wanted(imported, locales_of(listing))


def _listing(call: Call, client: Client) -> Awaitable[Json]:
    options = call.options

    def asked() -> Awaitable[Json]:
        return client.listing(options.app, platform=options.platform, of=options.listing)

    return patiently(asked, call.rhythm)


def _wish(options: argparse.Namespace) -> propose.Wish:
    return propose.Wish(
        app=options.app,
        platform=options.platform,
        version=options.version or "",
        when_it_exists=options.when_it_exists,
        reason=options.reason,
        not_before=options.not_before or "",
        in_parts=options.in_parts,
    )


def _read(call: Call) -> Imported:
    """Return what the named file says; what is left out of it is told beside the output."""
    source = reading(call)(call.options.path)
    if source.imported is None:
        raise source.problem or Invalid(f"{source.path} holds nothing.")
    left = [remark for remark in of_reading(source) if remark.level is not Level.NOTE]
    if left:
        call.err.say("Not compared, as validate tells in full:")
        for remark in left:
            call.err.say(plain(f"  not taken: {remark.file}: {remark.where}: {remark.message}"))
    return source.imported


DEEDS: Mapping[str, Callable[[Call], Awaitable[int]]] = {
    "check": _check,
    "diff": _diff,
    "propose": _propose,
    "export": _export,
}
