"""The routes of the proposals API: who asks, how often, and what is asked for.

Knows paths and tokens; what is proposed, and by whom it may be seen, is decided elsewhere.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Awaitable, Callable, Collection, Mapping
from datetime import datetime, timedelta
from functools import cache
from http import HTTPStatus
from pathlib import Path

from aiohttp import web

from bot.clock import Clock, SteadyTime
from bot.domain.listing import App
from bot.domain.proposals import Proposal
from bot.domain.tokens import Token
from bot.errors import BotError
from bot.web.api import answers, bodies
from bot.web.api.problems import Problem
from bot.web.server import Larger
from bot.workflow.api import reaching, wishing
from bot.workflow.desk import Desk
from bot.workflow.proposal_card import proposal_card

log = logging.getLogger(__name__)

PATH = "/api/v1"
DESCRIPTION = Path(__file__).with_name("openapi.json")
# Every field of every locale at its full length is 1.3 MB of UTF-8 in Chinese, and twice that
# where a program writes each character as an escape.
LARGEST_PROPOSAL = 4 * 1024 * 1024
# So often a token may ask.
MOST = 60
SPAN = timedelta(minutes=1)
WHERE: Mapping[str, Collection[str]] = {
    "platform": bodies.PLATFORMS,
    "version": (reaching.LIVE, reaching.EDIT),
}
NOWHERE: Mapping[str, Collection[str]] = {}

Deed = Callable[[web.Request, Token], Awaitable[web.Response]]


class Pace:
    """How often each token asked lately; a token more is one that was made, so it is bounded."""

    def __init__(self, clock: Clock) -> None:
        self._time = SteadyTime(clock)
        self._asked: dict[int, deque[datetime]] = {}

    def __repr__(self) -> str:
        return f"<Pace tokens={len(self._asked)}>"

    def take(self, token: int) -> float:
        """Take a turn and return 0, or return in how many seconds there is one."""
        now, asked = self._time.now(), self._asked.setdefault(token, deque())
        while asked and asked[0] <= now - SPAN:
            asked.popleft()
        if len(asked) >= MOST:
            return (asked[0] + SPAN - now).total_seconds()
        asked.append(now)
        return 0.0


class Api:
    """The proposals API; its refusals become problems in `bot.web.api.problems`."""

    def __init__(self, desk: Desk, clock: Clock) -> None:
        self._desk = desk
        self._pace = Pace(clock)

    def __repr__(self) -> str:
        return f"<Api {self._pace!r}>"

    def routes(self) -> list[web.RouteDef]:
        """Return every route, all of them below /api/v1."""
        return [
            web.get(f"{PATH}/openapi.json", self._describe, allow_head=False),
            web.post(f"{PATH}/proposals", self._for_token(self._propose)),
            web.get(f"{PATH}/proposals/{{id}}", self._for_token(self._show), allow_head=False),
            web.post(f"{PATH}/proposals/{{id}}/withdraw", self._for_token(self._withdraw)),
            web.get(f"{PATH}/listings/{{app}}", self._for_token(self._listing), allow_head=False),
            web.get(
                f"{PATH}/listings/{{app}}/checklist",
                self._for_token(self._checklist),
                allow_head=False,
            ),
        ]

    def larger(self) -> Larger:
        """Return which bodies may be larger than others: what is proposed with a token."""
        return Larger(path=f"{PATH}/proposals", most=LARGEST_PROPOSAL, known=self._knows)

    async def _knows(self, request: web.Request) -> bool:
        try:
            await reaching.recognise(self._desk, _bearer(request))
        except BotError:
            return False
        return True

    def _for_token(self, deed: Deed) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def handle(request: web.Request) -> web.Response:
            token = await reaching.recognise(self._desk, _bearer(request))
            wait = self._pace.take(token.id)
            if wait:
                raise Problem(
                    HTTPStatus.TOO_MANY_REQUESTS,
                    f"This token asks more than {MOST} times a minute.",
                    remedy="Wait as long as Retry-After says.",
                    retry_after=wait,
                )
            return await deed(request, token)

        return handle

    async def _describe(self, request: web.Request) -> web.Response:
        bodies.query_of(request, NOWHERE)
        return web.Response(body=_description(), content_type="application/json")

    async def _listing(self, request: web.Request, token: Token) -> web.Response:
        shown = await reaching.texts_of(self._desk, *await self._version(request, token))
        return answers.answer(answers.listing(shown))

    async def _checklist(self, request: web.Request, token: Token) -> web.Response:
        checked = await reaching.checklist_of(self._desk, *await self._version(request, token))
        return answers.answer(answers.checklist(checked))

    async def _version(
        self, request: web.Request, token: Token
    ) -> tuple[App, str | None, str | None]:
        """Return the app that is asked about, and which platform and version where it is said."""
        query = bodies.query_of(request, WHERE)
        await reaching.admit(self._desk, token, fresh=False)
        app = await reaching.app_of(self._desk, token, request.match_info["app"])
        return app, query.get("platform"), query.get("version")

    async def _show(self, request: web.Request, token: Token) -> web.Response:
        bodies.query_of(request, NOWHERE)
        await reaching.admit(self._desk, token, fresh=False)
        found = await reaching.proposal_of(self._desk, token, request.match_info["id"])
        return await self._shown(found.id)

    async def _withdraw(self, request: web.Request, token: Token) -> web.Response:
        bodies.query_of(request, NOWHERE)
        await bodies.refuse_body(request)
        withdrawn = await wishing.withdraw(self._desk, token, request.match_info["id"])
        log.info("api.withdrawn proposal=%s token=%s", withdrawn.id, token.id)
        return await self._shown(withdrawn.id)

    async def _propose(self, request: web.Request, token: Token) -> web.Response:
        bodies.query_of(request, NOWHERE)
        key = bodies.key_of(request)
        document = await bodies.document_of(request)
        wish = bodies.wish_of(document)
        asked = wishing.Request(token=token.id, key=key, body=bodies.digest_of(document))
        made = await wishing.propose(self._desk, token, wish, asked)
        if made.proposal is None:
            return answers.answer(answers.UNCHANGED)
        log.info("api.proposed proposal=%s token=%s again=%s", made.proposal, token.id, made.again)
        status = HTTPStatus.OK if made.again else HTTPStatus.CREATED
        return await self._shown(made.proposal, status)

    async def _shown(self, number: int, status: HTTPStatus = HTTPStatus.OK) -> web.Response:
        card = await proposal_card(self._desk, number)
        return answers.answer(answers.proposal(card, await self._url(card.proposal)), status)

    async def _url(self, proposal: Proposal) -> str | None:
        if proposal.message_ts is None:
            return None
        try:
            return await self._desk.notifier.address(proposal.channel, proposal.message_ts)
        except BotError as error:
            log.warning("api.no_address proposal=%s error=%s", proposal.id, error)
            return None


def _bearer(request: web.Request) -> str:
    given = request.headers.getall("Authorization", [])
    scheme, _, secret = (given[0] if len(given) == 1 else "").partition(" ")
    return secret.strip() if scheme.lower() == "bearer" else ""


@cache
def _description() -> bytes:
    return DESCRIPTION.read_bytes()
