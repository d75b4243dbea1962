"""What the bot is told when it starts here: environment variables and a marquee.toml.

Knows the names of the bot's settings as its documentation gives them, and nothing else
of the bot. Nothing of the surrounding environment that could lead elsewhere is passed on.
"""

from __future__ import annotations

import hashlib
import json
import os
import shlex
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

# What a Python program needs to run at all; proxies and other services' variables stay out.
PASSED_ON = ("PATH", "HOME", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR", "USER", "LOGNAME",
             "VIRTUAL_ENV", "SYSTEMROOT")  # fmt: skip
PASSED_ON_PREFIXES = ("PYTHON", "COVERAGE_", "COV_CORE_")
CONFIG = "marquee.toml"
DATABASE = "marquee.db"

SERVE = (sys.executable, "-m", "bot", "serve")
# Where `python -m bot` finds the package, installed or not.
FOLDER = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """Tokens and keys of both emulations; `app_token` is "" when Slack delivers over HTTP."""

    bot_token: str = field(repr=False)
    app_token: str = field(repr=False)
    signing_secret: str = field(repr=False)
    key_id: str
    issuer_id: str
    private_pem: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """Who decides where: a channel id, and ids of user groups by their purpose.

    Changes of the fields in `confirm` need Confirm besides. `undo_window` is how long an
    approved push waits, as the bot's settings write it.
    """

    channel: str
    approvers: tuple[str, ...]
    japanese: tuple[str, ...]
    confirm: tuple[str, ...] = ()
    undo_window: str = "0s"


def environment(
    credentials: Credentials, *, address: str, port: int, folder: Path, extra: Mapping[str, str]
) -> dict[str, str]:
    """The whole environment of the bot; `address` is the sandbox's own, without a slash."""
    told = {
        "SLACK_BOT_TOKEN": credentials.bot_token,
        "SLACK_APP_TOKEN": credentials.app_token,
        "SLACK_SIGNING_SECRET": credentials.signing_secret,
        "SLACK_API_URL": f"{address}/slack/api/",
        "ASC_KEY_ID": credentials.key_id,
        "ASC_ISSUER_ID": credentials.issuer_id,
        "ASC_PRIVATE_KEY": credentials.private_pem,
        "ASC_API_URL": f"{address}/apple",
        "DATABASE_URL": f"sqlite:///{folder / DATABASE}",
        "PORT": str(port),
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
        # The same at every start of the bot, so that webhooks outlive it, and no other's.
        "MARQUEE_SECRET": hashlib.sha256(credentials.private_pem.encode()).hexdigest(),
        "MARQUEE_CONFIG": str(folder / CONFIG),
        "PYTHONUNBUFFERED": "1",
    }
    return _surroundings() | {name: value for name, value in told.items() if value} | dict(extra)


def exported(folder: Path, port: int) -> str:
    """Return the shell's line with which `marquee` elsewhere finds the bot and its database."""
    told = {
        "MARQUEE_URL": f"http://127.0.0.1:{port}",
        "MARQUEE_CONFIG": str(folder / CONFIG),
        "DATABASE_URL": f"sqlite:///{folder / DATABASE}",
    }
    return f"export {' '.join(f'{name}={shlex.quote(value)}' for name, value in told.items())}"


def _surroundings() -> dict[str, str]:
    return {
        name: value
        for name, value in os.environ.items()
        if name in PASSED_ON or name.startswith(PASSED_ON_PREFIXES)
    }


def write_config(folder: Path, bundle_ids: Iterable[str], policy: Policy) -> Path:
    """Write marquee.toml into `folder` and return where it is."""
    apps = [
        f"[[app]]\nbundle_id = {_quoted(bundle_id)}\nchannel = {_quoted(policy.channel)}\n"
        for bundle_id in bundle_ids
    ]
    # The addresses in the listings are made up, so nobody is asked whether they answer.
    head = f"channel = {_quoted(policy.channel)}\ncheck_links = false\n{HOURS}"
    parts = [head, *apps, _approval(policy), REMINDER]
    path = folder / CONFIG
    path.write_text("\n".join(parts), encoding="utf-8")
    return path


# People try things out at any hour of any day.
HOURS = """\
working_hours = "00:00-23:59"
working_days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
poll = "1m"
"""

# Short enough to be seen in one sitting.
REMINDER = """\
[[reminder]]
state = "PENDING_DEVELOPER_RELEASE"
after = "1m"
every = "1h"
"""


def _approval(policy: Policy) -> str:
    approvers, japanese = _list(policy.approvers), _list((*policy.approvers, *policy.japanese))
    confirm = f"[[approval.rule]]\nfield = {_list(policy.confirm)}\nconfirm = true\n\n"
    return (
        f"[approval]\napprovers = {approvers}\nundo_window = {_quoted(policy.undo_window)}\n\n"
        f'[[approval.rule]]\nlocale = ["ja"]\napprovers = {japanese}\n\n'
        f"{confirm if policy.confirm else ''}"
        f"[break_glass]\npeople = {approvers}\n"
    )


def _list(words: Iterable[str]) -> str:
    return f"[{', '.join(map(_quoted, words))}]"


def _quoted(text: str) -> str:
    # A JSON string of plain words is a TOML string too.
    return json.dumps(text)
