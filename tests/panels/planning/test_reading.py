"""What cannot be taken is refused with its place and reason; nothing else ever comes out of reading."""

import copy
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from panels.errors import DocumentRefused
from panels.planning.answers.words import ENGLISH, sentence
from panels.planning.reading.whole import instance_of, read_instance
from tests.builders.plans import a_case, a_member, a_slot, an_instance

Document = dict[str, Any]


def refused(document: Any) -> DocumentRefused:
    with pytest.raises(DocumentRefused) as caught:
        instance_of(document)
    return caught.value


def changed(path: str, value: Any) -> Document:
    document = an_instance()
    here: Any = document
    *way, last = [int(step) if step.isdigit() else step for step in path.strip("/").split("/")]
    for step in way:
        here = here[step]
    here[last] = value
    return document


WRONG = [
    ("/format", "bid-panel-schedule/2", "other_format"),
    ("/id", "", "text_length"),
    ("/id", "a\nb", "not_printable"),
    ("/now", "2026-01-05T09:00:00", "not_an_instant"),
    ("/now", "2026-13-05T09:00:00+02:00", "not_an_instant"),
    ("/now", "0001-01-01T00:00:00+14:00", "not_an_instant"),
    ("/now", "9999-12-31T23:59:59-12:00", "not_an_instant"),
    ("/now", "1850-01-05T09:00:00+02:00", "out_of_range"),
    ("/horizon/end", "2026-01-01T00:00:00+02:00", "ends_before_it_begins"),
    ("/priorities", {}, "empty"),
    ("/priorities/standard/weight", -1, "out_of_range"),
    ("/priorities/standard/weight", 1e300, "not_whole"),
    ("/priorities/standard/weight", True, "not_whole"),
    ("/priorities/standard/notice_hours", "3", "not_a_number"),
    ("/policy/travel_minutes_per_cost", 0, "out_of_range"),
    ("/policy/objective_order", ["cost"], "order_incomplete"),
    ("/policy/objective_order", ["cost", "cost"], "twice"),
    ("/policy/sitting_price", 3, "unknown_member"),
    ("/cases", [], "empty"),
    ("/slots", [], "empty"),
    ("/panels", [], "empty"),
    ("/cases", {}, "not_a_list"),
    ("/cases/0", None, "not_an_object"),
    ("/cases/0/panels", [], "empty"),
    ("/cases/0/panels", ["Z"], "not_known"),
    ("/cases/0/priority", "never", "not_known"),
    ("/cases/0/minutes", 0, "out_of_range"),
    ("/cases/0/minutes", 20.5, "not_whole"),
    ("/cases/0/recuse", [], "unknown_member"),
    ("/cases/0/recused", [{"member": "nobody"}], "not_known"),
    ("/cases/0/attendance", {"prefer": ["noon"]}, "not_one_of"),
    ("/cases/0/attendance", {"cannot": [["2026-01-05T09:00:00+02:00"]]}, "not_a_pair"),
    ("/cases/0/id", "c2", "twice"),
    ("/slots/0/panel", "Z", "not_known"),
    ("/slots/0/end", "2026-01-12T09:00:00+02:00", "ends_before_it_begins"),
    ("/members/0/roles", ["boss"], "not_one_of"),
    ("/members/0/home", "Z", "not_known"),
    ("/members/0/max_sittings_per_week", None, "not_whole"),
    ("/panels/0/quorum", {}, "missing"),
    ("/panels/0/quorum/default/min_present", 0, "out_of_range"),
    ("/panels/0/quorum/sometimes", {"min_present": 1}, "not_known"),
    ("/panels/0/rooms", ["Z"], "not_known"),
    ("/panels/0/remote", "yes", "not_true_or_false"),
    (
        "/travel",
        [{"from": "D", "to": "E", "minutes": 1}, {"from": "E", "to": "D", "minutes": 2}],
        "two_lengths",
    ),
    ("/holidays", [{"country": "ZM", "date": "05/01/2026"}], "not_a_date"),
    ("/holidays", [{"country": "ZM", "date": "2026-02-30"}], "not_a_date"),
    ("/overrides", [{"type": "case_slot", "slot": "s1"}], "missing"),
    ("/overrides", [{"type": "slot_closed", "slot": "s9"}], "not_known"),
    ("/overrides", [{"type": "burn", "slot": "s1"}], "not_one_of"),
    ("/previous", {"sittings": [{"slot": "s9", "members": [], "cases": []}]}, "not_known"),
    (
        "/previous",
        {"sittings": [{"slot": "s1", "cases": [{"case": "c1"}, {"case": "c1"}]}]},
        "twice",
    ),
]


@pytest.mark.parametrize(("path", "value", "code"), WRONG)
def test_a_wrong_value_is_refused_at_its_place(path: str, value: Any, code: str) -> None:
    refusal = refused(changed(path, value))

    assert refusal.code == code
    assert refusal.path.startswith("/" + path.split("/")[1])
    assert sentence(refusal.code, refusal.facts)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty_file"),
        ("  \n", "empty_file"),
        ("{", "not_json"),
        (b"\xff\xfe", "not_json"),
        ("[" * 100_000, "too_deep"),
        ('{"a": 1, "a": 2}', "member_twice"),
        ('{"a": NaN}', "not_a_number"),
        ('{"a": 1e9999, "a2": ' + "9" * 5000 + "}", "not_json"),
        ("null", "not_an_object"),
        ("{}", "missing"),
    ],
)
def test_a_text_that_is_no_instance_is_refused(text: str | bytes, code: str) -> None:
    with pytest.raises(DocumentRefused) as caught:
        read_instance(text)

    assert caught.value.code == code


def test_a_gigantic_document_is_refused_before_it_is_read(monkeypatch) -> None:
    monkeypatch.setattr("panels.planning.reading.shapes.MOST_BYTES", 10)

    with pytest.raises(DocumentRefused) as caught:
        read_instance(json.dumps(an_instance()))

    assert caught.value.code == "too_large"


def test_more_cases_than_anybody_has_are_refused(monkeypatch) -> None:
    monkeypatch.setitem(
        __import__("panels.planning.reading.whole", fromlist=["MOST"]).MOST, "cases", 2
    )

    assert refused(an_instance()).code == "too_many"


def refusal_of(document: Any) -> DocumentRefused | None:
    try:
        instance_of(document)
    except DocumentRefused as refusal:
        return refusal
    return None


PARTS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3)
    ),
    max_leaves=6,
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [path] if path else []
    steps = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    for step, inner in steps:
        found += places(inner, (*path, step))
    return found


PLACES = places(an_instance())


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(PLACES), PARTS)
def test_whatever_stands_anywhere_is_taken_or_refused_in_words(
    place: tuple[Any, ...], value: Any
) -> None:
    document = copy.deepcopy(an_instance())
    here: Any = document
    for step in place[:-1]:
        here = here[step]
    here[place[-1]] = value

    refusal = refusal_of(document)

    assert refusal is None or (refusal.path.startswith("/") and refusal.code in ENGLISH)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=60))
def test_any_text_is_refused_in_words(text: str) -> None:
    with pytest.raises(DocumentRefused) as caught:
        read_instance(text)

    assert sentence(caught.value.code, caught.value.facts)


def test_parts_that_may_be_left_out_may_be_left_out() -> None:
    document = an_instance()
    for name in (
        "policy",
        "holidays",
        "districts",
        "resources",
        "interpreters",
        "previous",
        "overrides",
    ):
        document.pop(name)
    document["cases"] = [
        {name: value for name, value in a_case("c").items() if value is not None and value != []}
    ]

    found = instance_of(document)

    assert found.policy.sitting_cost == 10
    assert found.cases[0].language is None


def test_builders_give_what_can_be_read() -> None:
    document = an_instance(slots=[a_slot("x", 13)], members=[a_member("y")])

    assert [slot.id for slot in instance_of(document).slots] == ["x"]
