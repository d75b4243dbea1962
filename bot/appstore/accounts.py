"""Several App Store Connect teams: which key reaches which app, and all of them at once.

Knows accounts by name and apps by id; each account has a key, a budget and a gate of its
own, so one that is refused or used up does not hold the others back.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from types import TracebackType
from typing import Self, TypeVar

from bot.appstore.client import AppStore
from bot.appstore.reading import together
from bot.appstore.resources import AppState
from bot.appstore.usage import UsageRow
from bot.domain.listing import App
from bot.errors import BotError, Invalid

Found = TypeVar("Found", App, AppState)
Answer = TypeVar("Answer")

log = logging.getLogger(__name__)


class Accounts:
    """One `AppStore` for each account by name; use it as an async context manager.

    Raises `Invalid` for a default or an account of a bundle that is none of `stores`.
    """

    def __init__(
        self,
        stores: Mapping[str, AppStore],
        default: str,
        *,
        accounts_of_bundles: Mapping[str, str] | None = None,
    ) -> None:
        self._stores = {default: stores[default], **stores} if default in stores else {}
        self._default = default
        self._of_bundles = dict(accounts_of_bundles or {})
        self._of_apps: dict[str, str] = {}
        # What each account saw when it last answered.
        self._seen: dict[str, frozenset[str]] = {}
        for name in (default, *self._of_bundles.values()):
            self.named(name)

    def __repr__(self) -> str:
        return f"<Accounts {', '.join(self._stores)} apps={len(self._of_apps)}>"

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close the connections of all accounts."""
        for store in self._stores.values():
            await store.aclose()

    @property
    def names(self) -> tuple[str, ...]:
        """The accounts, the default one first."""
        return tuple(self._stores)

    def named(self, name: str) -> AppStore:
        """Return an account's store; `Invalid` when there is no such account."""
        store = self._stores.get(name)
        if store is None:
            known = ", ".join(self._stores) or "none"
            raise Invalid(f"There is no account {name!r}.", remedy=f"Known accounts: {known}.")
        return store

    def account_of(self, app_id: str) -> str:
        """Return the account that an app belongs to, the default one if nobody has said."""
        return self._of_apps.get(app_id, self._default)

    def of(self, app_id: str) -> AppStore:
        """Return the store that reaches an app."""
        return self._stores[self.account_of(app_id)]

    def learn(self, app_id: str, account: str) -> None:
        """Remember whose an app is; `Invalid` when there is no such account."""
        self.named(account)
        self._of_apps[app_id] = account

    async def apps(self) -> Mapping[str, tuple[App, ...] | BotError]:
        """Return each account's apps, or why they could not be read, and learn whose they are.

        An app that two accounts see belongs to the one its bundle id was given to, else to
        the one it was known of, else to the first that answers; it is listed there only.
        """
        answers = await self._ask(lambda store: store.apps())
        return self._sorted(answers, lambda app: app)

    async def overview(
        self, *, more_for: Collection[str] | None = None
    ) -> Mapping[str, tuple[AppState, ...] | BotError]:
        """Return each account's overview, or why it could not be read, as `apps` does."""
        answers = await self._ask(lambda store: store.overview(more_for=more_for))
        return self._sorted(answers, lambda state: state.app)

    async def overview_of(
        self, name: str, *, more_for: Collection[str] | None = None
    ) -> tuple[AppState, ...] | BotError:
        """Return one account's overview, as `overview` does, whatever the others do."""
        answer = await _answer_of(name, self.named(name).overview(more_for=more_for))
        return self._sorted({name: answer}, lambda state: state.app)[name]

    def take_usage(self) -> tuple[UsageRow, ...]:
        """Return what all accounts used since the last time; see `Usage.take`."""
        return tuple(row for store in self._stores.values() for row in store.usage.take())

    async def _ask(
        self, question: Callable[[AppStore], Awaitable[tuple[Found, ...]]]
    ) -> dict[str, tuple[Found, ...] | BotError]:
        work = (_answer_of(name, question(store)) for name, store in self._stores.items())
        return dict(zip(self._stores, await together(*work), strict=True))

    def _sorted(
        self,
        answers: Mapping[str, tuple[Found, ...] | BotError],
        app_of: Callable[[Found], App],
    ) -> Mapping[str, tuple[Found, ...] | BotError]:
        listed = {name: one for name, one in answers.items() if not isinstance(one, BotError)}
        self._learn_all({name: [app_of(one) for one in some] for name, some in listed.items()})
        own = {
            name: tuple(one for one in some if self.account_of(app_of(one).id) == name)
            for name, some in listed.items()
        }
        return {name: own.get(name, answer) for name, answer in answers.items()}

    def _learn_all(self, seen: Mapping[str, Sequence[App]]) -> None:
        self._seen |= {name: frozenset(app.id for app in apps) for name, apps in seen.items()}
        for name, apps in seen.items():
            for app in apps:
                self._of_apps[app.id] = self._owner(app, name)

    def _owner(self, app: App, seer: str) -> str:
        for name in (self._of_bundles.get(app.bundle_id), self._of_apps.get(app.id)):
            # An account that does not answer keeps what it saw, or what is its own.
            if name and (name not in self._seen or app.id in self._seen[name]):
                return name
        return seer


async def _answer_of(name: str, asked: Awaitable[Answer]) -> Answer | BotError:
    try:
        return await asked
    except BotError as error:
        log.warning("account.failed account=%s error=%s", name, type(error).__name__)
        return error
