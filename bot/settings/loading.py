"""Both sources together: everything is read, then everything that is wrong is said at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from bot.settings import document, environment, policy
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
    config = cwd / Path(environ.get("MARQUEE_CONFIG", "").strip() or CONFIG).expanduser()
    configuration, found = _configuration(config)
    variables = environment.Environment(environ, folder=config.parent)
    variables.refuse_unknown()
    slack = environment.slack(variables)
    key = environment.key(variables)
    asc_url = environment.asc_url(variables)
    database = environment.database(variables)
    port = environment.port(variables)
    environment.warn_of_plain_http(variables, slack.api_url, asc_url)
    problems = (*variables.problems, *found)
    if problems or key is None or configuration is None:
        raise SettingsInvalid(problems)
    return Settings(
        slack=slack,
        key=key,
        asc_url=asc_url,
        database=database,
        port=port,
        timezone=configuration.timezone,
        channel=configuration.channel,
        apps=configuration.apps,
        approval=configuration.approval,
        reminders=configuration.reminders,
        warnings=tuple(variables.warnings),
    )


def _configuration(path: Path) -> tuple[policy.Configuration | None, Sequence[Problem]]:
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
        return policy.read(top), top.document.problems
    return None, (Problem(where="MARQUEE_CONFIG", message=message, remedy=remedy),)
