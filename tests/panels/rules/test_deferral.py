from datetime import timedelta

import pytest

from panels.rules.deferral import Draft, Question, emergency_due_at, is_answered, may_defer
from tests.builders.determinations import NOON, TODAY, a_deferral

LATEST = TODAY + timedelta(days=30)


def codes(draft: Draft, so_far: int = 0) -> list[str]:
    return [
        gap.code for gap in may_defer(draft, so_far=so_far, today=TODAY, latest=LATEST, most=2).gaps
    ]


@pytest.mark.rule("R21")
@pytest.mark.parametrize("so_far", [0, 1])
def test_an_item_may_be_put_off_twice(so_far):
    assert not codes(a_deferral(), so_far)


@pytest.mark.rule("R21")
@pytest.mark.parametrize("so_far", [2, 3])
def test_a_third_deferral_is_refused(so_far):
    assert codes(a_deferral(), so_far) == ["third_deferral"]


@pytest.mark.rule("R21")
@pytest.mark.parametrize(
    ("question", "code"),
    [
        (Question(" ", "secretariat", TODAY), "question_empty"),
        (Question("Is she safe?", "", TODAY), "question_owner_missing"),
        (
            Question("Is she safe?", "secretariat", TODAY - timedelta(days=1)),
            "question_due_in_the_past",
        ),
        (
            Question("Is she safe?", "secretariat", LATEST + timedelta(days=1)),
            "question_due_too_late",
        ),
    ],
)
def test_a_question_without_words_owner_or_a_day_in_time_is_refused(question, code):
    assert codes(a_deferral(questions=(question,))) == [code]


@pytest.mark.rule("R21")
def test_a_child_is_in_confirmed_safe_care_while_the_panel_waits():
    assert codes(a_deferral(interim_care_is_safe=False)) == ["interim_care_not_confirmed"]
    assert codes(a_deferral(interim_care=" ")) == ["interim_care_not_confirmed"]


@pytest.mark.rule("R21")
def test_an_item_is_not_put_off_without_a_question():
    assert codes(a_deferral(questions=())) == ["question_missing"]


def test_an_item_adjourned_for_an_unsafe_child_is_back_within_72_hours():
    assert emergency_due_at(NOON, hours=72) - NOON == timedelta(hours=72)


def test_a_deferral_is_answered_when_every_question_is():
    assert is_answered((True, True))
    assert not is_answered((True, False))
    assert not is_answered(())
