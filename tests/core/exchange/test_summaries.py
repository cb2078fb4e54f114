"""The summary that crosses a border holds coded members and plain words, and nothing that was not listed."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.exchange import summaries
from core.exchange.errors import SummaryInvalid
from tests.builders.packages import a_summary
from transfers.rules.summary import ALLOWED


def pointer_of(summary: Any) -> str:
    with pytest.raises(SummaryInvalid) as caught:
        summaries.write(summary)
    return caught.value.pointer


def inside(member: str, **changes: Any) -> dict[str, Any]:
    return a_summary(**{member: {**a_summary()[member], **changes}})


def test_an_ordinary_summary_is_read_as_it_was_written() -> None:
    assert summaries.read(summaries.write(a_summary())) == a_summary()


def test_a_summary_with_everything_is_taken() -> None:
    child = {
        **a_summary()["child"], "nationality": ["to_be_confirmed"], "interpreter_needed": True,
        "communication": "sign", "linked": [{"child_code": "C-2481-7R", "relation": "sibling"}],
    }  # fmt: skip
    matter = {
        **a_summary()["matter"],
        "trigger": "T1",
        "outcome": "reunify",
        "decision_sha256": "A" * 43,
    }
    matter["reason"] = "First line.\nSecond line, \u200fعربي."

    assert summaries.write(a_summary(child=child, matter=matter, flags=["appeal_pending"]))


def test_every_object_of_the_schema_is_closed() -> None:
    def objects(value: Any) -> list[dict[str, Any]]:
        if isinstance(value, dict):
            here = [value] if value.get("type") == "object" else []
            return here + [found for item in value.values() for found in objects(item)]
        return (
            [found for item in value for found in objects(item)] if isinstance(value, list) else []
        )

    found = objects(json.loads(summaries.SCHEMA.read_text()))

    assert len(found) == 6
    assert all(each["additionalProperties"] is False for each in found)


def test_what_may_be_built_is_what_may_travel() -> None:
    schema = json.loads(summaries.SCHEMA.read_text())["properties"]
    sections = ("child", "care", "matter")
    told = {f"{name}.{inner}" for name in sections for inner in schema[name]["properties"]}
    rest = set(schema) - set(sections) - {"schema", "ref", "summary_version", "withheld"}

    assert told | rest == ALLOWED


@pytest.mark.threat("TT50")
@pytest.mark.parametrize(
    ("summary", "pointer"),
    [
        (a_summary(name="Mary"), ""),
        (inside("child", birth_date="2012-01-01"), "/child"),
        (inside("matter", narrative="x"), "/matter"),
        (inside("care", address="x"), "/care"),
        (a_summary(contacts=[{"office": "x", "role": "y", "person": "z"}]), "/contacts/0"),
        (inside("child", linked=[{"child_code": "C-2481-7R", "relation": "sibling", "name": "x"}]), "/child/linked/0"),
    ],
    ids=range(6),
)  # fmt: skip
def test_a_member_nobody_listed_does_not_travel(summary: dict[str, Any], pointer: str) -> None:
    assert pointer_of(summary) == pointer


@pytest.mark.parametrize(
    ("summary", "pointer"),
    [
        (a_summary(schema="bidx-summary/2"), "/schema"),
        (a_summary(ref="short"), "/ref"),
        (a_summary(ref="KQ7M-3RTX-9A\n"), "/ref"),
        (a_summary(summary_version=0), "/summary_version"),
        (a_summary(summary_version=True), "/summary_version"),
        (inside("child", age_band="12"), "/child/age_band"),
        (inside("child", languages=[]), "/child/languages"),
        (inside("child", languages=["english"]), "/child/languages/0"),
        (inside("child", languages=["en\n"]), "/child/languages/0"),
        (inside("child", nationality=["NAM", "ZMB", "AGO", "COD", "MOZ"]), "/child/nationality"),
        (inside("matter", reason=""), "/matter/reason"),
        (inside("matter", reason="x" * 1_501), "/matter/reason"),
        (inside("matter", child_view="x" * 301), "/matter/child_view"),
        (inside("care", type="two words"), "/care/type"),
        (a_summary(flags=["appeal_pending", "appeal_pending"]), "/flags"),
        (a_summary(flags=["hiv"]), "/flags/0"),
        (a_summary(asked=[]), "/asked"),
        (a_summary(reply_due="2026-02-30"), "/reply_due"),
        (a_summary(reply_due="20260220"), "/reply_due"),
        (a_summary(reply_due="2026-02-20\n"), "/reply_due"),
        (a_summary(contacts=[]), "/contacts"),
        (a_summary(withheld=["free text about a child"]), "/withheld/0"),
    ],
    ids=range(22),
)  # fmt: skip
def test_a_value_outside_its_list_or_length_is_refused(
    summary: dict[str, Any], pointer: str
) -> None:
    assert pointer_of(summary) == pointer


@pytest.mark.parametrize(
    "sign", ["\x00", "\x1b", "\x7f", "\x9b", "\r", "\v", "\u2028", "\u202e", "\u2066"], ids=ascii
)
def test_words_hold_no_signs_that_hide_or_turn_them(sign: str) -> None:
    assert pointer_of(inside("matter", reason=f"a{sign}b")) == "/matter/reason"
    assert pointer_of(inside("matter", child_view=f"a{sign}b")) == "/matter/child_view"


def test_a_line_ends_only_in_the_reason_and_the_view_of_the_child() -> None:
    assert summaries.write(inside("matter", reason="one\n\ttwo"))
    assert summaries.write(inside("matter", child_view="one\n\ttwo"))
    assert pointer_of(a_summary(contacts=[{"office": "a\nb", "role": "r"}])) == "/contacts/0/office"


@pytest.mark.parametrize("missing", sorted(a_summary()))
def test_every_member_that_is_needed_is_asked_for(missing: str) -> None:
    summary = a_summary()
    del summary[missing]

    assert pointer_of(summary) == ""


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"\xef\xbb\xbf{}",
        b'{"schema":"x","schema":"x"}',
        b"{" * 50,
        b" " * 300_000,
        b"\xff",
    ],
    ids=range(7),
)
def test_text_that_is_not_strict_is_refused(data: bytes) -> None:
    with pytest.raises(SummaryInvalid) as caught:
        summaries.read(data)
    assert caught.value.pointer == ""


@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_any_other_value_in_any_place_is_refused_or_comes_back(data: st.DataObject) -> None:
    summary = a_summary()
    member = data.draw(st.sampled_from(sorted(summary)))
    inner = (
        data.draw(st.sampled_from(sorted(summary[member])))
        if isinstance(summary[member], dict)
        else None
    )
    value = data.draw(st.none() | st.booleans() | st.integers() | st.text() | st.lists(st.text()))
    changed = a_summary(**{member: value}) if inner is None else inside(member, **{inner: value})

    try:
        written = summaries.write(changed)
    except SummaryInvalid:
        return
    assert summaries.read(written) == changed
