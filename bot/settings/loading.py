"""Both sources together: everything is read, then everything that is wrong is said at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from bot.settings import configuration, document, environment, shapes
from bot.settings.configuration import Configuration
from bot.settings.environment import Environment
from bot.settings.problems import Problem, SettingsInvalid
from bot.settings.values import Settings

CONFIG = "marquee.toml"
_BEGIN = "Copy marquee.sample.toml there and fill it in, or name the file in MARQUEE_CONFIG."


def load(environ: Mapping[str, str], *, cwd: Path) -> Settings:
    """Return the settings; raises SettingsInvalid with every problem.

    MARQUEE_CONFIG is relative to `cwd`; every other path is relative to the folder of
    marquee.toml, so that a bot finds the same key and the same database wherever it is
    started from.
    """
    config = _config(environ, cwd)
    variables = Environment(environ, folder=config.parent)
    told, found = _configuration(config, variables)
    variables.refuse_unknown()
    settings = _settings(variables, told)
    problems = (*variables.problems, *found)
    if problems or settings is None:
        raise SettingsInvalid(problems)
    return settings


def find_database(environ: Mapping[str, str], *, cwd: Path) -> Path:
    """Return where the database is; raises SettingsInvalid.

    Reads MARQUEE_CONFIG and DATABASE_URL alone: what only looks at the file needs no secrets.
    """
    variables = Environment(environ, folder=_config(environ, cwd).parent)
    path = environment.database(variables)
    if variables.problems:
        raise SettingsInvalid(variables.problems)
    return path


def find_apps(environ: Mapping[str, str], *, cwd: Path) -> frozenset[str] | None:
    """Return the bundle ids that marquee.toml names, None where it cannot be read.

    Who only wants to know these needs no secrets, and not all of the rest to be right.
    """
    path = _config(environ, cwd)
    try:
        top = document.parse(path.read_text(encoding="utf-8"), path.name)
    except (OSError, UnicodeDecodeError, SettingsInvalid):
        return None
    return frozenset(
        one for table in top.tables("app") if (one := table.read("bundle_id", shapes.text, ""))
    )


def _config(environ: Mapping[str, str], cwd: Path) -> Path:
    return cwd / Path(environ.get("MARQUEE_CONFIG", "").strip() or CONFIG).expanduser()


def _settings(variables: Environment, told: Configuration | None) -> Settings | None:
    """Read every variable, and return all settings once there is something for each."""
    slack = environment.slack(variables)
    key = environment.key(variables)
    asc_url = environment.asc_url(variables)
    database = environment.database(variables)
    port = environment.port(variables)
    public_url = environment.public_url(variables)
    secret = environment.secret(variables)
    environment.warn_of_plain_http(variables, slack.api_url, asc_url)
    if key is None or told is None:
        return None
    return Settings(
        slack=slack,
        key=key,
        asc_url=asc_url,
        database=database,
        port=port,
        public_url=public_url,
        secret=secret,
        timezone=told.timezone,
        channel=told.channel,
        accounts=told.accounts,
        apps=told.apps,
        approval=told.approval,
        reminders=told.reminders,
        freezes=told.freezes,
        break_glass=told.break_glass,
        hours=told.hours,
        summary_at=told.summary_at,
        weekly=told.weekly,
        poll=told.poll,
        check_links=told.check_links,
        warnings=tuple(variables.warnings),
    )


def _configuration(
    path: Path, variables: Environment
) -> tuple[Configuration | None, Sequence[Problem]]:
    try:
        top = document.parse(path.read_text(encoding="utf-8"), path.name)
    except SettingsInvalid as invalid:
        return None, invalid.problems
    except FileNotFoundError:
        message, remedy = f"There is no file {path}.", _BEGIN
    except UnicodeDecodeError:
        message, remedy = f"{path} is not UTF-8.", "Save it as UTF-8."
    except OSError as error:
        message, remedy = f"{path} cannot be read: {error.strerror}.", "Check its rights."
    else:
        return configuration.read(top, variables), top.document.problems
    return None, (Problem(where="MARQUEE_CONFIG", message=message, remedy=remedy),)
