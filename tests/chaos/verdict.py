"""What has to be true in the end: store, emulated Slack and emulated Apple agree with the plan.

Each check yields a sentence for everything that does not.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from tests.chaos import plan
from tests.chaos.looking import drawn, messages_of
from tests.chaos.plan import Case, Fate
from tests.chaos.world import COMING, INFO_FIELDS, WRITES, World, app_id, bundle_id, key_of

# In which statuses a proposal may end that people voted on like this.
ENDS: dict[Fate, frozenset[str]] = {
    Fate.APPROVED: frozenset({"pushed"}),
    Fate.BY_TWO: frozenset({"pushed"}),
    Fate.EDITED: frozenset({"pushed"}),
    Fate.CONFIRMED: frozenset({"pushed"}),
    Fate.WAVERING: frozenset({"pushed", "open"}),
    Fate.REJECTED: frozenset({"rejected"}),
    Fate.WITHDRAWN: frozenset({"withdrawn"}),
}
UNDECIDED = frozenset({"open"})
CREATED = 201


def ends(case: Case) -> frozenset[str]:
    return frozenset({"withdrawn"}) if case.leaves else ENDS.get(case.fate, UNDECIDED)


def statuses(world: World) -> dict[str, str]:
    """Return mark -> status of each proposal in the store; of one that is there twice, "twice"."""
    found: dict[str, str] = {}
    for row in world.rows(
        "select r.reason, p.status from proposals p join revisions r"
        " on r.proposal_id = p.id and r.number = p.revision"
    ):
        found[row["reason"]] = "twice" if row["reason"] in found else row["status"]
    return found


def unrest(world: World, cases: tuple[Case, ...]) -> list[str]:
    """Return what has not come to rest yet; whatever stays of it in the end is wrong."""
    left = list(_lost(world, cases))
    for table, states in (("notices", "'todo', 'doing'"), ("events", "'new'")):
        many = world.rows(f"select count(*) from {table} where state in ({states})")[0][0]
        left += [f"{many} {table} are not done"] if many else []
    many = world.rows("select count(*) from pushes where state not in ('finished', 'dropped')")
    left += [f"{many[0][0]} pushes are not over"] if many[0][0] else []
    return [*left, *_not_drawn(world, cases)]


def disagreements(world: World, cases: tuple[Case, ...]) -> list[str]:
    """Return everything that the three sides and the plan do not agree on, once all is at rest."""
    world.note_requests()
    return [
        *unrest(world, cases),
        *written_unasked(world, cases),
        *_not_as_approved(world, cases),
        *_made_twice(world),
        *_history(world, cases),
        *_said(world, cases),
        *_said_of_pushes(world),
    ]


def _lost(world: World, cases: tuple[Case, ...]) -> Iterator[str]:
    stored = statuses(world)
    for case in cases:
        status = stored.get(case.mark, "nowhere")
        if status not in ends(case):
            yield f"{case.mark} ({case.fate}) is {status}, not {' or '.join(sorted(ends(case)))}"


def _not_drawn(world: World, cases: tuple[Case, ...]) -> Iterator[str]:
    stored = statuses(world)
    for case in cases:
        status = stored.get(case.mark)
        if status != drawn(world, case):
            yield f"{case.mark} is {status} and its message shows {drawn(world, case) or 'nothing'}"


def written_unasked(world: World, cases: tuple[Case, ...]) -> Iterator[str]:
    """Hold each write that Apple was ever asked for, applied or not, against the votes then."""
    owners = {
        (name, text): case for case in cases for (_, name), text in case.places.items()
    }  # fmt: skip
    for row in world.requests:
        if row["method"] not in WRITES:
            continue
        told = (row["body"] or {}).get("data", {}).get("attributes", {})
        for name, text in told.items():
            if name == "locale" or not text:
                continue
            case = owners.get((name, text))
            where = f"request {row['n']}, {row['method']} {row['path']}"
            if case is None:
                yield f"{where} has a text that nobody proposed: {text}"
            elif case.allowed is None:
                yield f"{where} has a text of {case.mark} ({case.fate}), which nobody approved"
            elif row["at"] < case.allowed:
                yield f"{where} has a text of {case.mark} before its votes were enough"


def _not_as_approved(world: World, cases: tuple[Case, ...]) -> Iterator[str]:
    """Hold all that Apple holds against the beginning and what was pushed, and nothing else."""
    stored = statuses(world)
    for app in world.apple.apps():
        number = next(n for n in range(len(world.apple.apps())) if app_id(n) == app["id"])
        wanted = {(code, name): text for code, of in plan.beginning() for name, text in of.items()}
        for case in cases:
            if case.app == number and stored.get(case.mark) == "pushed":
                wanted |= case.places
            if case.app == number:
                wanted |= case.drifted
        held = _held(app)
        for place in sorted(wanted.keys() | held.keys()):
            if wanted.get(place, "") != held.get(place, ""):
                yield (
                    f"{bundle_id(number)} {place} holds {held.get(place, '')!r}"
                    f" instead of {wanted.get(place, '')!r}"
                )


def _held(app: dict[str, object]) -> dict[plan.Place, str]:
    found: dict[plan.Place, str] = {}
    names = {"infos": INFO_FIELDS, "versions": plan.ALL}
    for kind, fields in names.items():
        for parent in app[kind]:  # type: ignore[attr-defined]
            if parent["state"] == COMING:
                for code, texts in parent["localizations"].items():
                    found |= {(code, name): texts[name] for name in fields if texts.get(name)}
    return found


def _made_twice(world: World) -> Iterator[str]:
    made: Counter[tuple[str, str, str]] = Counter()
    for row in world.requests:
        if row["method"] == "POST" and row["status"] == CREATED:
            data = row["body"]["data"]
            parents = [one["data"]["id"] for one in data.get("relationships", {}).values()]
            made[row["path"], str(parents), data["attributes"].get("locale", "")] += 1
    for place, times in made.items():
        if times > 1:
            yield f"{place} was made {times} times"


def _history(world: World, cases: tuple[Case, ...]) -> Iterator[str]:
    """One entry for each text that was pushed, and for each locale that was added."""
    told: dict[str, Counter[plan.Place]] = defaultdict(Counter)
    for row in world.rows(
        "select r.reason, h.locale, h.field, h.after from history h join proposals p"
        " on p.id = h.proposal_id join revisions r on r.proposal_id = p.id"
        " and r.number = p.revision"
    ):
        told[row["reason"]][row["locale"], row["field"]] += 1
    stored = statuses(world)
    for case in cases:
        added = {(code, ""): "" for code in case.adds}
        wanted = {**case.places, **added} if stored.get(case.mark) == "pushed" else {}
        if told[case.mark] != Counter(wanted.keys()):
            wrong = sorted(
                place
                for place in told[case.mark].keys() | wanted.keys()
                if told[case.mark][place] != (place in wanted)
            )
            yield f"the history of {case.mark} is wrong at {wrong[:5]}"


def _said(world: World, cases: tuple[Case, ...]) -> Iterator[str]:
    """Each message once, one reply for each push, and nothing that was given up."""
    keys = Counter(key for message in world.all_posted() if (key := key_of(message)))
    yield from (f"{key} was said {times} times" for key, times in keys.items() if times > 1)
    for case in cases:
        shown = len(messages_of(world, case))
        if shown != 1:
            yield f"{case.mark} has {shown} messages"
    for row in world.rows("select key, kind from notices where state = 'failed'"):
        if row["kind"] not in ("answer", "refusal"):
            yield f"{row['key']} was never said"


def _said_of_pushes(world: World) -> Iterator[str]:
    keys = {key_of(message) for message in world.all_posted()}
    pushed = {row["id"] for row in world.rows("select id from pushes where state = 'finished'")}
    for push in sorted(pushed):
        if f"result:{push}" not in keys:
            yield f"nobody was told how push {push} ended"
