from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.hooks import HookEvent, event_of, matches, signature

# Apple's own example of a signature.
SECRET, BODY = "This is my secret", b"Hello, World!"
SIGNED = "hmacsha256=7f062172b01cb00b53ca068614674a3d982a34062a0f5d37687d5e3377e54657"


def a_payload(**more: Any) -> dict[str, Any]:
    return {
        "type": "appStoreVersionAppVersionStateUpdated",
        "id": "e1",
        "version": 1,
        "attributes": {
            "newValue": "READY_FOR_REVIEW",
            "oldValue": "PREPARE_FOR_SUBMISSION",
            "timestamp": "2025-04-16T05:00:52.745Z",
        },
        "relationships": {"instance": {"data": {"type": "appStoreVersions", "id": "v1"}}},
        **more,
    }


def told(**more: Any) -> HookEvent | None:
    return event_of(json.dumps({"data": a_payload(**more)}).encode())


def test_a_signature_is_the_one_that_apple_makes() -> None:
    assert signature(SECRET, BODY) == SIGNED
    assert matches(SIGNED, secret=SECRET, body=BODY)


@pytest.mark.parametrize(
    ("header", "secret", "body"),
    [
        (None, SECRET, BODY),
        ("", SECRET, BODY),
        (SIGNED, "another", BODY),
        (SIGNED, SECRET, BODY + b" "),
        (SIGNED.partition("=")[2], SECRET, BODY),
        (SIGNED.replace("sha256", "sha1"), SECRET, BODY),
        ("hmacsha256=ü\udcff", SECRET, BODY),
        (signature("", BODY), "", BODY),
    ],
)
def test_everything_else_is_no_signature(header: str | None, secret: str, body: bytes) -> None:
    assert not matches(header, secret=secret, body=body)


def test_an_event_says_what_to_read_again_and_when_it_happened() -> None:
    assert told() == HookEvent(
        id="e1",
        type="appStoreVersionAppVersionStateUpdated",
        instance_type="appStoreVersions",
        instance_id="v1",
        new_value="READY_FOR_REVIEW",
        at=datetime(2025, 4, 16, 5, 0, 52, 745000, tzinfo=UTC),
    )


LINKS = "https://api.appstoreconnect.apple.com/v1"


@pytest.mark.parametrize(
    ("instance", "found"),
    [
        ({"type": "builds", "id": "b1"}, ("builds", "b1")),
        ({"links": {"self": f"{LINKS}/builds/b1"}}, ("builds", "b1")),
        ({"data": {"type": "builds", "id": "b1"}, "links": {}}, ("builds", "b1")),
        ({"links": {"self": f"{LINKS}/webhookEvents/1/relationships/instance"}}, ("", "")),
        ({"data": None}, ("", "")),
        (None, ("", "")),
    ],
)
def test_the_instance_is_found_wherever_it_stands(instance: Any, found: tuple[str, str]) -> None:
    event = told(relationships={"instance": instance})
    assert event is not None
    assert (event.instance_type, event.instance_id) == found


@pytest.mark.parametrize(
    "more",
    [
        {"type": "webhookPingCreated", "attributes": {"timestamp": "2025-04-16T05:00:52Z"}},
        {"attributes": {"ping": True}, "relationships": {}},
    ],
)
def test_a_ping_is_known_by_its_type_or_by_saying_so(more: Any) -> None:
    event = told(**more)
    assert event is not None
    assert event.ping


def test_an_event_without_version_attributes_or_instance_is_one_still() -> None:
    body = b'{"data": {"type": "buildUploadStateUpdated", "id": "e2"}}'
    assert event_of(body) == HookEvent(id="e2", type="buildUploadStateUpdated")


@pytest.mark.parametrize(
    "body",
    [b"", b"no", b"\xff", b"[]", b"{}", b'{"data": []}', b'{"data": {"id": 1, "type": "x"}}'],
)
def test_what_is_no_event_is_told_as_none(body: bytes) -> None:
    assert event_of(body) is None


@given(
    data=st.recursive(
        st.none() | st.integers() | st.text(max_size=9),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["data", "id", "type", "links", "self", "instance", "timestamp"]),
                inner,
            )
        ),
        max_leaves=9,
    )
)
def test_no_payload_is_too_odd_to_be_looked_at(data: Any) -> None:
    event_of(json.dumps({"data": data}))
    told(relationships=data, attributes=data)
