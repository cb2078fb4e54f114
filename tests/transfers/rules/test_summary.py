"""The summary: what is not on the list does not travel, and what is withheld does not either."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transfers.rules.code_maps import AGE_BANDS, CodeMap, collisions, common_band, unmapped
from transfers.rules.summary import ALLOWED, NEEDED, cut, names_in

FACTS: dict[str, Any] = {
    "child.child_code": "K7M2-QX94",
    "child.age_band": "10-12",
    "child.age_basis": "stated",
    "child.sex": "female",
    "child.nationality": ["NAM"],
    "child.languages": ["loz"],
    "child.interpreter_needed": True,
    "child.accompaniment": "separated",
    "care.type": "foster",
    "care.district": "ZM-07-LIV",
    "care.priority": "medium",
    "matter.kind": "family_reunification",
    "matter.round": "enquiry",
    "matter.reason": "The child wishes to live with her aunt.",
    "matter.child_view": "I want to go to school there.",
    "flags": ["disability_support"],
    "asked": ["home_study"],
    "reply_due": "2026-07-01",
    "contacts": [{"office": "Secretariat", "role": "A15"}],
}


@pytest.mark.rule("R44")
@pytest.mark.threat("TT50")
@given(extra=st.dictionaries(st.from_regex(r"[a-z]{2,8}\.[a-z]{2,12}", fullmatch=True), st.text()))
def test_a_field_nobody_listed_is_not_shared(extra: dict[str, str]) -> None:
    unknown = {field: value for field, value in extra.items() if field not in ALLOWED}

    found = cut(FACTS | unknown, corridor_allows={*ALLOWED, *unknown}, withheld=())

    assert found == cut(FACTS, corridor_allows=ALLOWED, withheld=())
    assert found.gaps == ()


@pytest.mark.rule("R44")
def test_a_corridor_can_share_less_and_never_more() -> None:
    found = cut(
        FACTS | {"child.name": "Amani"}, corridor_allows=(NEEDED | {"child.name"}), withheld=()
    )

    assert found.gaps == ()
    assert "flags" not in found.body
    assert "district" not in found.body["care"]
    assert "Amani" not in str(found.body)


@pytest.mark.rule("R48")
@pytest.mark.threat("TT50")
@pytest.mark.parametrize("field", sorted(set(FACTS) - NEEDED))
def test_what_is_withheld_is_absent_though_it_is_on_the_list(field: str) -> None:
    found = cut(FACTS, corridor_allows=ALLOWED, withheld=[field])
    section, _, name = field.partition(".")

    assert found.gaps == ()
    assert found.withheld == (name or section,)
    assert (name or section) not in (found.body.get(section, {}) if name else found.body)


@pytest.mark.rule("R48")
@pytest.mark.parametrize("field", sorted(NEEDED))
def test_where_something_needed_is_withheld_nothing_is_sent(field: str) -> None:
    found = cut(FACTS, corridor_allows=ALLOWED, withheld=[field])

    assert [(gap.code, gap.facts["field"]) for gap in found.gaps] == [
        ("summary_needs_withheld", field)
    ]


def test_a_whole_section_can_be_withheld_and_what_is_unknown_is_named() -> None:
    found = cut(FACTS | {"child.sex": None}, corridor_allows=ALLOWED, withheld=["matter"])

    codes = {(gap.code, gap.facts["field"]) for gap in found.gaps}
    assert ("summary_field_missing", "child.sex") in codes
    assert ("summary_needs_withheld", "matter.reason") in codes
    assert "matter" not in found.body


@pytest.mark.parametrize(
    ("text", "code"),
    [("x" * 1501, "summary_text_too_long"), ("turned \u202e round", "summary_text_not_plain")],
)
def test_free_text_is_short_and_plain(text: str, code: str) -> None:
    found = cut(FACTS | {"matter.reason": text}, corridor_allows=ALLOWED, withheld=())

    assert [gap.code for gap in found.gaps] == [code]


@pytest.mark.rule("R44")
@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("She wants to live with her aunt.", ()),
        ("AMANI wants to go.", ("name",)),
        ("Born 12.03.2014 or so.", ("date",)),
        ("Call +260 97 123 4567.", ("number",)),
        ("Amani, 2014-03-12, 0971234567", ("name", "date", "number")),
        ("The child is 11 years old.", ()),
    ],
)
def test_names_dates_and_numbers_in_free_text_are_found(text: str, found: tuple[str, ...]) -> None:
    assert names_in(text, ["Amani Mwila", "Jo"]) == found


@given(age=st.integers(0, 129))
def test_every_age_has_one_band_that_travels(age: int) -> None:
    code = common_band(age=age, local_band=None)

    assert [c for c, start, end in AGE_BANDS if start <= age <= end] == [code]


@pytest.mark.parametrize(
    ("local", "common"),
    [((16, 17), "16-17"), ((0, 4), "0-5"), ((5, 11), None), ((12, 14), None), ((18, 18), "18+")],
)
def test_a_local_band_that_crosses_a_border_has_no_common_one(
    local: tuple[int, int], common: str | None
) -> None:
    assert common_band(age=None, local_band=local) == common
    assert common_band(age=None, local_band=None) is None


def test_values_without_a_common_code_are_all_listed() -> None:
    maps = {"care.type": CodeMap("care.type", {"foster": "foster_care", "kinship": "kin"})}
    values = {"care.type": ["foster", "kafala", "hospital"], "child.sex": ["female"]}

    assert unmapped(maps, values) == ("care.type: kafala", "care.type: hospital")


@given(pairs=st.dictionaries(st.text("abc", min_size=1), st.text("xyz", min_size=1), max_size=8))
def test_a_map_without_collisions_reads_backwards(pairs: dict[str, str]) -> None:
    code_map = CodeMap("care.type", pairs)

    is_exact = all(code_map.back(pairs[local]) == local for local in pairs)

    assert is_exact is (collisions(code_map) == ())
