"""What a filled-in answer form proposes, and everything about it that only a person may settle."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from api.portal.forms import FORMS
from core.papers.sheet import BOTTOM, BOX_SIDE, CORNERS, MARK_SIDE, PAGE
from transfers.rules.answer_sheets import (
    ANSWER,
    BECOMES,
    DATE_ROWS,
    SHEETS,
    AnswerSheet,
    Doubt,
    Fault,
    PaperAnswer,
    propose,
)
from transfers.service.answer_forms import laid_out

NEAR = date(2026, 3, 2)
REQUEST = SHEETS["R1"]
DAY = ("day_tens:1", "day_units:5", "month:4", "year:6")


def test_an_acceptance_with_its_date_is_proposed_as_it_was_ticked() -> None:
    ticked = ("answer:accept", "carer.kind:relative", "carer.regime:family", *DAY)

    found = propose(REQUEST, ticked, (), near=NEAR)

    assert found.answer is PaperAnswer.ACCEPT
    assert found.values == {"carer.kind": ("relative",), "carer.regime": ("family",)}
    assert found.on == date(2026, 4, 15)
    assert found.doubts == ()


def test_accepting_and_declining_at_once_is_said_and_proposes_neither() -> None:
    found = propose(
        REQUEST, ("answer:accept", "answer:decline", "reason:NO_CAPACITY"), (), near=NEAR
    )

    assert found.answer is None
    assert found.values == {}
    assert {one.fault for one in found.doubts} == {Fault.SEVERAL_ANSWERS, Fault.NOT_OF_THIS_ANSWER}


def test_a_ground_for_declining_beside_an_acceptance_is_said() -> None:
    found = propose(REQUEST, ("answer:accept", "reason:UNSAFE_AREA"), (), near=NEAR)

    assert found.answer is PaperAnswer.ACCEPT
    assert found.doubts == (Doubt(Fault.NOT_OF_THIS_ANSWER, "reason"),)


def test_a_box_that_is_not_clear_leaves_the_answer_open() -> None:
    found = propose(REQUEST, ("answer:accept",), ("answer:decline",), near=NEAR)

    assert found.answer is None
    assert found.doubts == (Doubt(Fault.UNCLEAR_BOX, "answer", "decline"),)


def test_an_empty_form_and_two_grounds_are_said() -> None:
    empty = propose(REQUEST, (), (), near=NEAR)
    grounds = ("answer:decline", "reason:NO_CAPACITY", "reason:LEGAL_BAR")
    several = propose(REQUEST, grounds, (), near=NEAR)

    assert empty.doubts == (Doubt(Fault.NOTHING_TICKED, "answer"),)
    assert several.values == {}
    assert several.doubts == (Doubt(Fault.SEVERAL_TICKED, "reason"),)


def test_a_day_that_is_none_or_half_a_day_is_said_and_never_guessed() -> None:
    answers = {
        ticked: propose(REQUEST, ("answer:accept", *ticked), (), near=NEAR)
        for ticked in (
            ("day_tens:3", "day_units:1", "month:2", "year:6"),
            ("day_tens:3", "day_units:1"),
            (*DAY, "month:5"),
        )
    }

    assert [one.on for one in answers.values()] == [None] * 3
    assert [one.doubts[0].fault for one in answers.values()] == [
        Fault.DATE_IS_NONE, Fault.DATE_UNCLEAR, Fault.DATE_UNCLEAR,
    ]  # fmt: skip


@given(st.dates(date(2001, 1, 1), date(2090, 12, 31)), st.integers(-1, 7))
def test_a_day_within_the_years_of_a_form_reads_back_as_it_was_ticked(
    near: date, ahead: int
) -> None:
    on = date(near.year + ahead, 2, 9)
    ticked = ("day_tens:0", "day_units:9", "month:2", f"year:{on.year % 10}")

    assert propose(REQUEST, ("answer:accept", *ticked), (), near=near).on == on


@st.composite
def _forms(draw: st.DrawFn) -> tuple[AnswerSheet, list[str], list[str]]:
    sheet = draw(st.sampled_from(sorted(SHEETS.values(), key=lambda one: one.name)))
    boxes = [box.name for box in laid_out()[sheet.name].boxes]
    ticked = draw(st.lists(st.sampled_from(boxes), unique=True, max_size=12))
    rest = [one for one in boxes if one not in ticked]
    some = st.lists(st.sampled_from(rest), unique=True, max_size=3) if rest else st.just([])
    return sheet, ticked, draw(some)


@given(_forms())
def test_whatever_is_ticked_nothing_is_proposed_that_was_not_and_no_doubt_is_hidden(
    form: tuple[AnswerSheet, list[str], list[str]],
) -> None:
    sheet, ticked, unclear = form

    found = propose(sheet, ticked, unclear, near=NEAR)

    proposed = {f"{field}:{one}" for field, many in found.values.items() for one in many}
    assert proposed <= set(ticked)
    if found.answer is not None:
        first = [one for one in (*ticked, *unclear) if one.startswith(f"{ANSWER}:")]
        assert first == [f"{ANSWER}:{found.answer}"]
    told = {(one.field, one.option) for one in found.doubts}
    for box in unclear:
        field, _, option = box.partition(":")
        assert (field, option) in told or field in DATE_ROWS
    if found.on is None and any(one.partition(":")[0] in DATE_ROWS for one in (*ticked, *unclear)):
        assert ("date", "") in told


def test_no_box_lies_on_a_mark_or_beside_the_page_and_each_answer_becomes_a_message() -> None:
    for sheet in laid_out().values():
        for box in sheet.boxes:
            assert 5 < box.x < PAGE[0] - BOX_SIDE - 5
            assert box.y + BOX_SIDE < BOTTOM
            for x, y in CORNERS.values():
                beside = abs(box.x - x) > MARK_SIDE + 1 or abs(box.y - y) > MARK_SIDE + 1
                assert beside
        assert len({(box.x, box.y) for box in sheet.boxes}) == len(sheet.boxes)
    assert set(BECOMES) == {*PaperAnswer}


def test_every_box_on_a_form_is_a_field_of_the_answer_it_becomes() -> None:
    for answer in PaperAnswer:
        assert FORMS[answer.value].type is BECOMES[answer]
    for sheet in SHEETS.values():
        for question in sheet.questions:
            for answer in question.of:
                field = next(one for one in FORMS[answer].fields if one.name == question.field)
                assert set(question.options) == {str(one) for one in field.options}, question.field
