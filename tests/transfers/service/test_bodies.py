"""Messages between two countries are read strictly: what does not fit is refused whole."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import BadInput
from tests.builders.messages import NO, REF, STUDY, VALUES, a_body
from transfers.rules.codes import MessageType
from transfers.service.bodies import (
    BODIES,
    LARGEST_BYTES,
    SCHEMA,
    read_message,
    schemas,
    write_message,
)

PUBLISHED = Path(__file__).resolve().parents[3] / "docs" / "exchange-messages.json"


def raw(type_: MessageType, body: Any, **changes: Any) -> bytes:
    values = {
        "schema": SCHEMA,
        "type": str(type_),
        "ref": REF,
        "no": NO,
        "reply_to": None,
        "body": body,
    }
    return json.dumps(values | changes, ensure_ascii=False).encode()


def refused(data: bytes) -> BadInput:
    with pytest.raises(BadInput) as error:
        read_message(data)
    return error.value


@pytest.mark.parametrize("type_", list(MessageType))
def test_what_is_written_is_read_again_and_nothing_else(type_: MessageType) -> None:
    body = a_body(type_)

    found = read_message(write_message(type_, body, ref=REF, no=NO))

    assert (found.type, found.ref, found.no, found.reply_to, found.body) == (
        type_,
        REF,
        NO,
        None,
        body,
    )


@pytest.mark.rule("R51")
@pytest.mark.parametrize("type_", list(MessageType))
def test_an_unknown_member_or_a_body_of_another_type_is_refused_whole(type_: MessageType) -> None:
    assert (
        refused(raw(type_, VALUES[type_] | {"name_of_child": "x"})).pointer == "/body/name_of_child"
    )
    others = [one for one in MessageType if VALUES[one] != VALUES[type_]]
    taken = []
    for other in others:
        try:
            read_message(raw(type_, VALUES[other]))
        except BadInput:
            continue
        taken.append(other)
    assert set(taken) <= ({MessageType.CLOSE, MessageType.REOPEN} - {type_})


@pytest.mark.rule("R51")
@pytest.mark.parametrize("type_", list(MessageType))
def test_every_needed_field_is_needed_and_has_one_kind_of_value(type_: MessageType) -> None:
    needed = [name for name, field in BODIES[type_].model_fields.items() if field.is_required()]
    assert needed
    for name in needed:
        missing = {key: value for key, value in VALUES[type_].items() if key != name}
        assert refused(raw(type_, missing)).pointer == f"/body/{name}"
        assert refused(raw(type_, VALUES[type_] | {name: {"x": 1}})).pointer.startswith(
            f"/body/{name}"
        )
        assert refused(raw(type_, VALUES[type_] | {name: None})).pointer.startswith(f"/body/{name}")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"\xef\xbb\xbf{}",
        b'{"schema":"bidx-message/1","schema":"bidx-message/1"}',
        b"{" * 100_000,
        '{"sché":1}'.encode(),
        b'{"body":NaN}',
        b" " * (LARGEST_BYTES + 1),
        raw(MessageType.CLOSE, {"reason": "done"}, schema="bidx-message/2"),
        raw(MessageType.CLOSE, {"reason": "done"}, ref="lower case"),
        raw(MessageType.CLOSE, {"reason": "done"}, no="../../etc"),
        raw(MessageType.CLOSE, {"reason": "done"}, more=1),
        raw(MessageType.CLOSE, {"reason": "done", "text": "turned \u202e round"}),
        raw(
            MessageType.ACCEPT, VALUES[MessageType.ACCEPT] | {"conditions": ["turned \u202e round"]}
        ),
        raw(MessageType.REOPEN, {"text": "turned \u202e round"}),
        raw(MessageType.REOPEN, {"text": "   "}),
        raw(MessageType.REOPEN, {"text": "x" * 1501}),
        raw(MessageType.REOPEN, ["text"]),
    ],
)
def test_what_is_no_message_is_refused(data: bytes) -> None:
    assert refused(data).code in {"not_a_message", "message_too_large"}


@given(data=st.binary(max_size=400))
def test_no_bytes_do_anything_but_be_refused(data: bytes) -> None:
    assert refused(data).code == "not_a_message"


@pytest.mark.parametrize(
    ("type_", "changes"),
    [
        (MessageType.ACK, {"complete": True, "missing": ["decision"]}),
        (MessageType.ACK, {"complete": False}),
        (MessageType.INFO_REPLY, {"answers": [{"no": 1}]}),
        (MessageType.INFO_REPLY, {"answers": [{"no": 1, "text": "x", "not_given": "withheld"}]}),
        (MessageType.TRAVEL_PLAN, {"arrives_at": "2026-05-20T09:00:00+00:00"}),
        (MessageType.TRAVEL_PLAN, {"departs_at": "2026-05-20T09:00:00"}),
        (MessageType.FOLLOWUP_REPORT, {"child_seen_alone": False}),
        (MessageType.ENQUIRY_REPLY, {"home_study": STUDY | {"background": "not_available"}}),
        (MessageType.ENQUIRY_REPLY, {"home_study": STUDY | {"valid_until": "2026-04-01"}}),
        (
            MessageType.ACCEPT,
            {"carer": {"kind": "kinship", "name": "A", "agreed": False, "regime": "family"}},
        ),
        (
            MessageType.ACCEPT,
            {"carer": {"kind": "kinship", "name": "A", "agreed": True, "regime": "closed"}},
        ),
    ],
)
@pytest.mark.rule("R24")
@pytest.mark.rule("R28")
def test_what_contradicts_itself_is_refused(type_: MessageType, changes: dict[str, Any]) -> None:
    assert refused(raw(type_, VALUES[type_] | changes)).code == "not_a_message"


def test_a_message_is_never_written_with_the_body_of_another_type() -> None:
    with pytest.raises(TypeError, match="not the body"):
        write_message(MessageType.ACCEPT, a_body(MessageType.ACK), ref=REF, no=NO)


def test_the_published_shapes_are_those_that_are_read() -> None:
    assert json.loads(PUBLISHED.read_text(encoding="utf-8")) == schemas()


@pytest.mark.parametrize(
    ("type_", "name"),
    [
        (MessageType.HANDOVER_NOTICE, "not_as_agreed"),
        (MessageType.INCIDENT_ALERT, "ladder"),
        (MessageType.INFO_REQUEST, "redeem"),
    ],
)
def test_a_part_added_later_stands_in_a_message_only_when_it_says_something(
    type_: MessageType, name: str
) -> None:
    field = type(a_body(type_)).model_fields[name]
    plain = a_body(type_).model_copy(update={name: field.default})

    written = json.loads(write_message(type_, plain, ref=REF, no=NO))["body"]

    assert name not in written
    assert set(written) == set(type(plain).model_fields) - {name}
