"""The best interests assessment: completeness, interpreters, the child's views, who approves."""

from datetime import timedelta

import pytest

from cases.rules.assessment_form import AssessmentForm, InterpreterNote, assessment_facts
from cases.rules.assessments import (
    AssessmentKind,
    InterpreterTie,
    Section,
    check_approver,
    submission,
)
from cases.rules.participation import (
    Attempt,
    Method,
    NoViewsReason,
    PlanVoice,
    band_of,
    plan_voice_gaps,
    ways_for,
)
from core.errors import NotAllowed
from tests.builders.assessments import TODAY, an_assessment, an_interview, some_views


def gaps_of(
    form: AssessmentForm,
    kind: AssessmentKind = AssessmentKind.COMPREHENSIVE,
    age: int | None = 14,
    languages: tuple[str, ...] = ("swa",),
    mandatory: tuple[str, ...] = (),
) -> list[str]:
    facts = assessment_facts(form, kind, age_years=age, child_languages=frozenset(languages))
    return [gap.code for gap in submission(facts, mandatory).gaps]


def test_a_complete_assessment_may_go_to_the_supervisor():
    assert gaps_of(an_assessment()) == []


def test_an_empty_assessment_lists_everything_at_once():
    assert set(gaps_of(AssessmentForm())) == {
        "purpose_missing", "child_interview_missing", "child_views_missing", "section_missing",
        "protective_factors_missing", "risk_factors_missing", "immediate_concern_missing",
        "priority_missing", "considered_missing", "bid_answer_missing", "recommendation_missing",
        "assessment_actions_missing",
    }  # fmt: skip


def test_a_short_assessment_asks_only_for_safety_care_and_family():
    short = dict.fromkeys((Section.SAFETY, Section.CARE, Section.FAMILY), "Seen.")

    assert gaps_of(an_assessment(sections=short), AssessmentKind.SHORT) == []
    assert gaps_of(an_assessment(sections=short)).count("section_missing") == 5


@pytest.mark.rule("R10")
def test_a_child_of_another_language_needs_an_interpreter():
    alone = an_interview(interpreter=None)

    assert gaps_of(an_assessment(interviews=(alone,))) == ["interview_interpreter_missing"]


@pytest.mark.rule("R10")
def test_leaving_the_childs_language_out_of_the_interview_does_not_help():
    trick = an_interview(interpreter=None, spoken_languages=("eng",))

    assert gaps_of(an_assessment(interviews=(trick,))) == ["interview_interpreter_missing"]


@pytest.mark.rule("R10")
@pytest.mark.parametrize("on_file", ["sw", "swa", "swh"])
def test_a_worker_who_speaks_it_needs_nobody_however_the_language_was_written(on_file):
    together = an_interview(interpreter=None, interviewer_languages=("sw",))

    assert gaps_of(an_assessment(interviews=(together,)), languages=(on_file,)) == []


@pytest.mark.rule("R10")
def test_a_worker_who_speaks_the_childs_language_needs_nobody():
    together = an_interview(interpreter=None, interviewer_languages=("eng", "swa"))

    assert gaps_of(an_assessment(interviews=(together,))) == []


@pytest.mark.rule("R10")
@pytest.mark.parametrize("signed", [None, TODAY + timedelta(days=1)])
def test_an_interpreter_without_an_undertaking_before_the_talk_is_refused(signed):
    late = an_interview(interpreter=InterpreterNote("someone", signed))

    assert gaps_of(an_assessment(interviews=(late,))) == ["interview_undertaking_missing"]


@pytest.mark.rule("R10")
@pytest.mark.parametrize("tie", sorted(set(InterpreterTie) - {InterpreterTie.NONE}))
def test_a_relative_co_traveller_or_official_never_interprets(tie):
    tied = an_interview(interpreter=InterpreterNote("someone", TODAY, tie))

    assert gaps_of(an_assessment(interviews=(tied,))) == ["interpreter_not_independent"]


@pytest.mark.rule("R7")
def test_too_young_alone_is_no_reason():
    views = some_views(words="", method=None, reason=NoViewsReason.TOO_YOUNG)

    assert gaps_of(an_assessment(views=views), age=1) == ["too_young_needs_observation"]


@pytest.mark.rule("R7")
def test_a_baby_who_was_observed_counts_as_taking_part():
    views = some_views(
        words="", method=None, reason=NoViewsReason.TOO_YOUNG, observation="Turns to the carer."
    )

    assert gaps_of(an_assessment(views=views), age=1) == []


@pytest.mark.rule("R6")
def test_a_reason_without_attempts_is_not_enough():
    views = some_views(words="", method=None, reason=NoViewsReason.CHILD_DECLINED)
    tried = some_views(
        words="",
        method=None,
        reason=NoViewsReason.CHILD_DECLINED,
        attempts=(Attempt(TODAY, Method.DRAWING),),
    )

    assert gaps_of(an_assessment(views=views)) == ["child_views_attempts_missing"]
    assert gaps_of(an_assessment(views=tried)) == []


def test_a_child_who_can_talk_is_not_only_watched():
    watched = some_views(method=Method.OBSERVATION)

    assert gaps_of(an_assessment(views=watched), age=9) == ["child_only_observed"]
    assert gaps_of(an_assessment(views=watched), age=2) == []


@pytest.mark.rule("R3")
def test_saying_no_determination_is_needed_against_a_trigger_is_a_gap():
    assert gaps_of(an_assessment(bid_required=False), mandatory=("B1",)) == [
        "bid_answer_against_trigger"
    ]


def test_an_author_never_approves_the_own_assessment():
    with pytest.raises(NotAllowed):
        check_approver("one", "one", is_human=True)

    check_approver("one", "two", is_human=True)


@pytest.mark.rule("R20")
def test_a_machine_never_approves():
    with pytest.raises(NotAllowed):
        check_approver("one", "machine", is_human=False)


@pytest.mark.parametrize(
    ("age", "code"), [(0, "0-2"), (2, "0-2"), (3, "3-6"), (7, "7-11"), (14, "12-14"), (17, "15-17"), (20, "15-17")]
)  # fmt: skip
def test_each_age_has_its_band_of_participation(age, code):
    assert band_of(age).code == code


def test_a_young_person_signs_the_plan_or_says_no():
    assert [gap.code for gap in plan_voice_gaps(PlanVoice.NOT_ASKED, 16)] == [
        "plan_child_word_missing"
    ]
    assert list(plan_voice_gaps(PlanVoice.DISAGREES, 16)) == []
    assert list(plan_voice_gaps(PlanVoice.NOT_ASKED, 12)) == []


def test_the_childs_best_means_of_communication_come_first():
    assert ways_for(13, {Method.SIGN_LANGUAGE})[0] is Method.SIGN_LANGUAGE
