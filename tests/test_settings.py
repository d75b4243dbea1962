"""What the bot takes from its environment and from marquee.toml, and how it says no."""

from __future__ import annotations

import re
import tomllib
from datetime import time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.domain.fields import FIELDS
from bot.settings import SettingsInvalid, Weekly, WorkingHours, load, names
from tests.surroundings import TOML, environ, key_text, loaded, refusal, same_key


def test_everything_but_the_channel_the_apps_and_the_approvers_has_a_default(
    tmp_path: Path,
) -> None:
    settings = loaded(tmp_path)
    assert settings.slack.api_url == "https://slack.com/api/"
    assert settings.asc_url == "https://api.appstoreconnect.apple.com"
    assert settings.database == tmp_path / "marquee.db"
    assert settings.port is None
    assert settings.timezone == ZoneInfo("UTC")
    assert settings.approval.quorum == 1
    assert settings.approval.expires == timedelta(days=7)
    assert not settings.approval.self_approval
    assert settings.approval.escalation == ()
    assert (settings.accounts, settings.freezes) == ((), ())
    assert (settings.public_url, settings.secret) == (None, None)
    assert settings.hours == WorkingHours(start=time(9), end=time(18), days=(0, 1, 2, 3, 4))
    assert settings.summary_at == time(18)
    assert settings.weekly == Weekly(day=0, at=time(9))
    assert settings.poll == timedelta(minutes=2)
    assert settings.check_links
    assert settings.warnings == ()


def test_an_app_without_a_channel_uses_the_general_one(tmp_path: Path) -> None:
    settings = loaded(
        tmp_path, TOML + '[[app]]\nbundle_id = "com.example.sky"\nchannel = "C0SKY"\n'
    )
    assert settings.channel_of("com.example.notes") == "C0ASO"
    assert settings.channel_of("com.example.sky") == "C0SKY"
    assert settings.channels == ("C0ASO", "C0SKY")


def test_the_whole_of_marquee_toml_is_read(tmp_path: Path) -> None:
    settings = loaded(
        tmp_path,
        'timezone = "Europe/Berlin"\ndefault_reminders = false\n'
        + TOML
        + """\
quorum = 2
approve = ["shipit"]
reject = ["no_entry"]
expires = "36h"
self_approval = true

[[approval.rule]]
app = "com.example.notes"
field = ["name", "subtitle"]
quorum = 3

[[approval.rule]]
locale = ["ja", "pt-*"]
approvers = ["S0JAPAN"]

[[reminder]]
state = "REJECTED"
after = "0s"
every = "30m"
""",
    )
    approval = settings.approval
    assert settings.timezone == ZoneInfo("Europe/Berlin")
    assert (approval.approve, approval.reject) == (("shipit",), ("no_entry",))
    assert (approval.expires, approval.self_approval) == (timedelta(hours=36), True)
    first, second = approval.rules
    assert (first.app, first.field, first.quorum, first.approvers) == (
        ("com.example.notes",),
        ("name", "subtitle"),
        3,
        None,
    )
    assert (second.locale, second.quorum, second.approvers) == (("ja", "pt-*"), None, ("S0JAPAN",))
    (reminder,) = settings.reminders
    assert (reminder.state, reminder.after, reminder.every) == (
        "REJECTED",
        timedelta(0),
        timedelta(minutes=30),
    )


@pytest.mark.parametrize(
    ("line", "who"),
    [
        ("", ()),
        ("[break_glass]", ()),
        ("[break_glass]\npeople = []", ()),
        ('[break_glass]\npeople = ["U0ANNA", "S0OWNERS"]', ("U0ANNA", "S0OWNERS")),
    ],
)
def test_nobody_pushes_without_approval_but_who_is_named(
    tmp_path: Path, line: str, who: tuple[str, ...]
) -> None:
    assert loaded(tmp_path, f"{TOML}{line}\n").break_glass == who


def test_every_problem_is_reported_at_once_with_its_place_and_a_remedy(tmp_path: Path) -> None:
    toml = TOML.replace('"C0ASO"', '"#aso"') + 'quorum = 0\nundo_windw = "5s"\n'
    with pytest.raises(SettingsInvalid) as caught:
        loaded(
            tmp_path,
            toml,
            SLACK_BOT_TOKEN=None,
            SLACK_APP_TOKEN=None,
            ASC_KEY_ID=None,
            ASC_ISSUER_ID="studio",
            PORT="eighty",
            DATABASE_URL="postgresql://me:hush@db/marquee",
            MARQUEE_SECRET="hush",
        )
    problems = {problem.where: problem for problem in caught.value.problems}
    assert set(problems) == {
        "SLACK_BOT_TOKEN",
        "SLACK_APP_TOKEN",
        "ASC_KEY_ID",
        "ASC_ISSUER_ID",
        "PORT",
        "DATABASE_URL",
        "MARQUEE_SECRET",
        "marquee.toml:1",
        "marquee.toml:8",
        "marquee.toml:9",
    }
    assert all(problem.remedy for problem in problems.values())
    assert "hush" not in str(caught.value)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('timezon = "UTC"', "Did you mean timezone?"),
        ('timezone = "Europe/Berln"', "Did you mean Europe/Berlin?"),
        ("timezone = 2", "2 is not a text"),
        ('channel = "C0ASO"\nchannel = "C0ASO"', "not TOML"),
        ('[[acount]]\nname = "b"', "Did you mean account?"),
        ('[[app]]\nbundle_id = "com.example.notes"', "com.example.notes is named twice"),
        ("[[app]]", "bundle_id is missing"),
        ('[[app]]\nbundle_id = "a b"', '"a b" is no bundle id'),
        ('[app]\nbundle_id = "a.b"', "not TOML"),
        ('[[reminder]]\nstate = "PENDING_RELEASE"', "Did you mean PENDING_"),
        ('[[reminder]]\nevery = "0s"', "no time at all"),
        ('[[reminder]]\nafter = "soon"', '"soon" is no time span'),
        ('[[reminder]]\nafter = "9999d"', "longer than ten years"),
        ('[[approval.rule]]\nfield = "name"', "This rule changes nothing"),
        ('[[approval.rule]]\nquorum = 2\nfield = "nam"', "Did you mean name?"),
        ('[[approval.rule]]\nquorum = 2\nlocale = "German"', '"German" is no locale'),
        ('[[person]]\naccounts = ["U0MIA"]', "One account needs no joining"),
        ('[[person]]\naccounts = ["S0ASO", "U0MIA"]', "no id of a user"),
        ('[break_glass]\npeople = ["@anna"]', '"@anna" is no id of a user'),
        ('[break_glass]\nperson = ["U0ANNA"]', '"person" is unknown in [break_glass]'),
        ('[break_glass]\npeople = "U0ANNA"', "is not a list"),
        ('[[approval.rule]]\nquorum = 2\nfield = "sub?"', "no field or action"),
        ('[[approval.rule]]\nquorum = 2\napp = "com.other.*"', "not among the apps"),
        ('[[approval.rule]]\nquorum = 2\napp = "com.other"', "com.other is not among the apps"),
        ("[[approval.rule]]\nescalation = []", "The list is empty"),
        ('[[approval.rule]]\nescalation = "@ben"', '"@ben" is no id of a user'),
        ('[[approval.rule]]\nquorum = 2\nfield = "relese"', "Did you mean release?"),
        ("[[approval.rule]]\nquorum = 2\nlocale = []", "The list is empty"),
    ],
)
def test_a_mistake_in_marquee_toml_is_named_with_its_line(
    tmp_path: Path, line: str, said: str
) -> None:
    top = not line.startswith("[")
    text = f"{line}\n{TOML}" if top else f"{TOML}{line}\n"
    message = refusal(tmp_path, text)
    assert said in message
    assert "marquee.toml:" in message


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("quorum = 21", "21 is no number of approvals"),
        ('expires = "31d"', "longer than 30 days"),
        ("quorum = true", "True is no number of approvals"),
        ('self_approval = "yes"', "neither true nor false"),
        ('approve = [":+1:"]', "without colons"),
        ("approve = []", "The list is empty"),
        ('approve = "x"', "is not a list"),
        ('reject = ["+1"]', "+1 both approves and rejects"),
        ('expires = "0d"', "no time at all"),
        ('escalation = ["#leads"]', '"#leads" is no id of a user'),
        ("rule = 3", "[[approval.rule]]"),
    ],
)
def test_a_mistake_in_the_policy_is_named_with_its_line(
    tmp_path: Path, line: str, said: str
) -> None:
    message = refusal(tmp_path, TOML + line + "\n")
    assert said in message
    assert "marquee.toml:8:" in message


def test_nobody_may_approve_only_when_that_is_written_down(tmp_path: Path) -> None:
    assert loaded(tmp_path, TOML.replace('["S0ASOLEADS", "U0BEN"]', "[]")).approval.approvers == ()
    missing = TOML.replace('approvers = ["S0ASOLEADS", "U0BEN"]\n', "")
    assert "marquee.toml:6: approvers is missing." in refusal(tmp_path, missing)


def test_approvers_are_ids_not_names(tmp_path: Path) -> None:
    assert '"@ben" is no id of a user' in refusal(tmp_path, TOML.replace("U0BEN", "@ben"))


def test_a_rule_may_name_actions_and_set_nothing_but_who_is_told_next(tmp_path: Path) -> None:
    rule = f"[[approval.rule]]\nfield = {list(names.ACTIONS)}\nescalation = ['U0ANNA']\n"
    approval = loaded(tmp_path, f'{TOML}escalation = ["S0LEADS"]\n{rule}').approval
    assert approval.escalation == ("S0LEADS",)
    (read,) = approval.rules
    assert read.field == names.ACTIONS
    assert (read.quorum, read.approvers, read.escalation) == (None, None, ("U0ANNA",))


def test_a_line_is_found_behind_lists_and_texts_that_span_lines(tmp_path: Path) -> None:
    toml = TOML.replace('["S0ASOLEADS", "U0BEN"]', '[\n  "S0ASOLEADS",  # leads ]\n  "U0BEN",\n]')
    assert "marquee.toml:11: quorum:" in refusal(tmp_path, toml + "quorum = -1\n")


def test_a_missing_file_says_where_it_was_looked_for(tmp_path: Path) -> None:
    with pytest.raises(SettingsInvalid, match="There is no file") as caught:
        load(environ(), cwd=tmp_path)
    assert str(tmp_path / "marquee.toml") in str(caught.value)


def test_paths_are_relative_to_the_folder_of_marquee_toml(tmp_path: Path) -> None:
    home, elsewhere = tmp_path / "home", tmp_path / "elsewhere"
    home.mkdir()
    elsewhere.mkdir()
    (home / "marquee.toml").write_text(TOML)
    (home / "key.p8").write_text(key_text())
    (home / "key.p8").chmod(0o600)
    variables = environ(
        MARQUEE_CONFIG=str(home / "marquee.toml"),
        ASC_PRIVATE_KEY="file:key.p8",
        DATABASE_URL="sqlite:///data/it.db",
    )
    settings = load(variables, cwd=elsewhere)
    assert same_key(settings)
    assert settings.database == home / "data" / "it.db"


def test_four_slashes_make_an_absolute_database_path(tmp_path: Path) -> None:
    settings = loaded(tmp_path, DATABASE_URL="sqlite:////var/lib/marquee.db")
    assert settings.database == Path("/var/lib/marquee.db")


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///", "sqlite:///:memory:", "marquee.db"])
def test_a_database_that_is_no_file_is_refused(tmp_path: Path, url: str) -> None:
    assert "DATABASE_URL:" in refusal(tmp_path, DATABASE_URL=url)


def test_a_signing_secret_alone_means_http_on_bolts_port(tmp_path: Path) -> None:
    settings = loaded(tmp_path, SLACK_APP_TOKEN=None, SLACK_SIGNING_SECRET="5ecret")
    assert settings.slack.app_token is None
    assert settings.port == 3000


def test_a_token_of_another_kind_is_refused_without_showing_it(tmp_path: Path) -> None:
    message = refusal(tmp_path, SLACK_BOT_TOKEN="xoxp-very-secret", SLACK_APP_TOKEN="xoxb-hidden")
    assert "SLACK_BOT_TOKEN: This is not a bot token" in message
    assert "SLACK_APP_TOKEN: This is not an app-level token" in message
    assert "secret" not in message
    assert "hidden" not in message


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("SLACK_API_URL", "https://slack.com/", "does not end in /api/"),
        ("SLACK_API_URL", "slack.com/api/", "no base address"),
        ("ASC_API_URL", "https://api.appstoreconnect.apple.com/v1", "Leave /v1 out"),
        ("ASC_API_URL", "https://me:hush@example.com", "no base address"),
        ("ASC_KEYID", "2X9R4HXF34", "Did you mean ASC_KEY_ID?"),
        ("ASC_KEY_ID", "two words", "no key id"),
        ("MARQUEE_PASSWORD", "hush", "unknown"),
        ("PORT", "0", "no port"),
    ],
)
def test_a_variable_that_cannot_be_used_is_named(
    tmp_path: Path, name: str, value: str, said: str
) -> None:
    message = refusal(tmp_path, **{name: value})
    assert f"{name}: " in message
    assert said in message
    assert "hush" not in message


def test_variables_of_other_programs_are_left_alone(tmp_path: Path) -> None:
    assert loaded(tmp_path, PUBLIC_HOST="x", SLACK_TEAM="y", PATH="/bin").port is None


def test_an_empty_variable_counts_as_unset(tmp_path: Path) -> None:
    settings = loaded(tmp_path, ASC_ISSUER_ID="", PORT=" ", SLACK_API_URL="")
    assert settings.key.issuer_id is None
    assert settings.port is None


def test_tokens_that_travel_unencrypted_are_warned_about(tmp_path: Path) -> None:
    near = loaded(tmp_path, SLACK_API_URL="http://127.0.0.1:8484/slack/api")
    assert near.slack.api_url == "http://127.0.0.1:8484/slack/api/"
    assert near.warnings == ()
    far = loaded(tmp_path, ASC_API_URL="http://proxy.example/apple/")
    assert far.asc_url == "http://proxy.example/apple"
    assert far.warnings == ("Tokens travel to proxy.example unencrypted. Use https.",)


def test_the_sample_file_is_valid_as_it_stands_and_with_every_line_uncommented(
    tmp_path: Path,
) -> None:
    sample = (Path(__file__).parents[1] / "marquee.sample.toml").read_text()
    assert loaded(tmp_path, sample).channel == "C0ASO"
    uncommented = re.sub(r"^# (?=\[|[a-z_]+ = )", "", sample, flags=re.MULTILINE)
    document = tomllib.loads(uncommented)
    for table, keys in names.TABLES.items():
        assert {key for one in tables(document, table) for key in one} == set(keys), table
    (tmp_path / "studio-b.p8").write_text(key_text(passphrase="open sesame"))
    settings = loaded(tmp_path, uncommented, STUDIO_B_PASSPHRASE="open sesame")
    assert len(settings.approval.rules) == 2
    assert len(settings.freezes) == 2


def tables(document: Any, name: str) -> list[dict[str, object]]:
    """Every table of a parsed document that is called `name`."""
    found = [document]
    for part in filter(None, name.split(".")):
        inner = [one[part] for one in found]
        found = [each for one in inner for each in (one if isinstance(one, list) else [one])]
    return found


def test_the_fields_that_rules_may_name_are_the_fields_that_exist() -> None:
    assert tuple(field.attribute for field in FIELDS) == names.FIELDS
