from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from random import Random
from typing import Any

import pytest
from aiohttp import web

from bot.appstore import Accounts, AppStore, NotAuthorized
from bot.errors import BotError, Invalid
from tests.appstore.stage import a_key, served
from tests.appstore.told import found, thing
from tests.clock import HandClock


class Team:
    """One account at Apple: `apps` by id with their bundle ids, a refusal while `refused`."""

    def __init__(self, apps: Mapping[str, str]) -> None:
        self.apps = dict(apps)
        self.refused = False

    async def serve(self, request: web.Request) -> web.Response:
        if self.refused:
            return web.json_response({"errors": []}, status=401)
        apps = [thing("apps", id_, bundleId=bundle) for id_, bundle in self.apps.items()]
        return web.json_response(found(*apps)[1])


@asynccontextmanager
async def accounts_of(
    *, bundles: Mapping[str, str] | None = None, **teams: Team
) -> AsyncIterator[Accounts]:
    async with AsyncExitStack() as stack:
        stores = {}
        for name, team in teams.items():
            route = web.route("*", "/{path:.*}", team.serve)
            url = await stack.enter_async_context(served([route]))
            clock = HandClock(auto=True)
            stores[name] = AppStore(
                a_key(), base_url=url, clock=clock, chance=Random(7), account=name
            )
        names = Accounts(stores, next(iter(teams)), accounts_of_bundles=bundles)
        yield await stack.enter_async_context(names)


def ids(answers: Mapping[str, tuple[Any, ...] | BotError]) -> dict[str, list[str] | str]:
    return {
        name: type(answer).__name__ if isinstance(answer, BotError) else [one.id for one in answer]
        for name, answer in answers.items()
    }


async def test_an_app_is_reached_by_the_account_that_sees_it() -> None:
    async with accounts_of(main=Team({"1": "a"}), labs=Team({"2": "b"})) as accounts:
        assert accounts.names == ("main", "labs")
        assert accounts.of("2") is accounts.named("main")
        assert ids(await accounts.apps()) == {"main": ["1"], "labs": ["2"]}
        assert accounts.of("1") is accounts.named("main")
        assert accounts.of("2") is accounts.named("labs")


async def test_one_account_that_fails_does_not_fail_the_others() -> None:
    team = Team({"1": "a"})
    async with accounts_of(main=team, labs=Team({"2": "b"})) as accounts:
        team.refused = True
        answers = await accounts.apps()
        assert isinstance(answers["main"], NotAuthorized)
        assert ids(answers) == {"main": "NotAuthorized", "labs": ["2"]}


async def test_an_overview_is_told_by_account_and_teaches_as_well() -> None:
    class Seen(Team):
        async def serve(self, request: web.Request) -> web.Response:
            links = {"appStoreVersions": [], "appInfos": [], "reviewSubmissions": []}
            app = thing("apps", "2", links, bundleId="b")
            return web.json_response(found(app)[1])

    async with accounts_of(main=Team({}), labs=Seen({})) as accounts:
        answers = await accounts.overview(more_for=())
        (state,) = answers["labs"] if not isinstance(answers["labs"], BotError) else ()
        assert state.app.id == "2"
        assert accounts.account_of("2") == "labs"


async def test_an_app_of_two_accounts_belongs_to_the_first_and_is_listed_once() -> None:
    async with accounts_of(main=Team({"1": "a"}), labs=Team({"1": "a"})) as accounts:
        assert ids(await accounts.apps()) == {"main": ["1"], "labs": []}


async def test_a_bundle_that_was_given_to_an_account_is_that_accounts() -> None:
    teams = {"main": Team({"1": "a"}), "labs": Team({"1": "a"})}
    async with accounts_of(bundles={"a": "labs"}, **teams) as accounts:
        assert ids(await accounts.apps()) == {"main": [], "labs": ["1"]}
        teams["labs"].refused = True
        assert ids(await accounts.apps()) == {"main": [], "labs": "NotAuthorized"}
        assert accounts.account_of("1") == "labs"


async def test_an_app_stays_with_its_account_until_that_no_longer_sees_it() -> None:
    teams = {"main": Team({"1": "a"}), "labs": Team({"1": "a"})}
    async with accounts_of(**teams) as accounts:
        accounts.learn("1", "labs")
        await accounts.apps()
        assert accounts.account_of("1") == "labs"
        teams["labs"].apps.clear()
        await accounts.apps()
        assert accounts.account_of("1") == "main"


async def test_usage_is_told_by_account() -> None:
    async with accounts_of(main=Team({}), labs=Team({})) as accounts:
        await accounts.apps()
        assert [(row.account, row.requests) for row in accounts.take_usage()] == [
            ("main", 1),
            ("labs", 1),
        ]


async def test_an_account_that_there_is_not_is_told_with_those_that_there_are() -> None:
    async with accounts_of(main=Team({})) as accounts:
        with pytest.raises(Invalid, match=r"no account 'labs'\. Known accounts: main\."):
            accounts.named("labs")
        with pytest.raises(Invalid):
            accounts.learn("1", "labs")
        with pytest.raises(Invalid):
            Accounts({"main": accounts.named("main")}, "main", accounts_of_bundles={"a": "labs"})
        with pytest.raises(Invalid):
            Accounts({}, "main")
