"""Bearer tokens as Apple checks them: signature, claims and the role behind the key.

It knows public keys only and no clock of its own. Rules: "Generating Tokens for
API Requests"; a token lives at most 1,200 s (exp - iat) and is never from the future.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import jwt

from bot.sandbox.appstore.refusals import UNAUTHORIZED, RefusalError, refusal

AUDIENCE = "appstoreconnect-v1"
LONGEST_LIFE = 1200
WRITERS = frozenset({"ADMIN", "APP_MANAGER", "MARKETING"})
REMEMBERED = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """A key Apple knows: a team key with `issuer_id`, an individual key without one."""

    key_id: str
    public_pem: str
    issuer_id: str | None = None
    role: str = "APP_MANAGER"

    @property
    def may_write(self) -> bool:
        """Whether the role lets its holder change texts."""
        return self.role in WRITERS


class KeyRing:
    """The keys of the emulated team and the tokens whose signature was seen already."""

    def __init__(self, keys: Iterable[Key]) -> None:
        self._keys = {key.key_id: key for key in keys}
        self._seen: dict[str, tuple[Key, Mapping[str, Any]]] = {}

    def add(self, key: Key) -> None:
        """Let `key` in from now on."""
        self._keys[key.key_id] = key

    def revoke(self, key_id: str) -> None:
        """Refuse every token of `key_id` from now on."""
        self._keys.pop(key_id, None)
        self._seen.clear()

    def holder(self, authorization: str, now: float) -> Key:
        """Return the key behind an Authorization header at `now` (seconds since 1970).

        Raises RefusalError with status 401, in the same words whatever is wrong.
        """
        scheme, _, token = authorization.partition(" ")
        if scheme != "Bearer" or not token:
            raise _unauthorized()
        known = self._seen.get(token)
        if known is None:
            known = self._opened(token)
            if len(self._seen) >= REMEMBERED:
                self._seen.clear()
            self._seen[token] = known
        key, claims = known
        if not _is_timely(claims, now):
            raise _unauthorized()
        return key

    def _opened(self, token: str) -> tuple[Key, Mapping[str, Any]]:
        try:
            header = jwt.get_unverified_header(token)
            key = self._keys.get(str(header.get("kid", "")))
            if key is None or header.get("alg") != "ES256":
                raise _unauthorized()
            claims = jwt.decode(
                token,
                key.public_pem,
                algorithms=["ES256"],
                audience=AUDIENCE,
                options={
                    "require": ["iat", "exp", "aud"],
                    "verify_exp": False,
                    "verify_iat": False,
                    "verify_nbf": False,
                    "verify_sub": False,
                },
            )
        except jwt.PyJWTError:
            raise _unauthorized() from None
        if not _is_by(key, claims):
            raise _unauthorized()
        return key, claims


def _is_by(key: Key, claims: Mapping[str, Any]) -> bool:
    if key.issuer_id is None:
        return "iss" not in claims and claims.get("sub") == "user"
    return bool(claims.get("iss") == key.issuer_id)


def _is_timely(claims: Mapping[str, Any], now: float) -> bool:
    issued, expires = claims["iat"], claims["exp"]
    if not (isinstance(issued, int | float) and isinstance(expires, int | float)):
        return False
    return issued <= now < expires and 0 < expires - issued <= LONGEST_LIFE


def _unauthorized() -> RefusalError:
    return refusal("NOT_AUTHORIZED", UNAUTHORIZED)
