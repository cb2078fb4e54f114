"""The BID report: what is required for listing, who checks it, and that nothing is scored."""

from dataclasses import fields, is_dataclass, replace
from datetime import date, timedelta

import pytest

from cases.rules import report_form
from cases.rules.assessment_form import ViewsNote
from cases.rules.participation import Attempt, Method, NoViewsReason
from cases.rules.report_form import ReportForm, report_facts
from cases.rules.reports import (
    DangerResult,
    FactorGroup,
    NonRefoulement,
    Outcome,
    Part,
    check_quality_checker,
    listing,
    valid_until,
)
from core.errors import NotAllowed
from tests.builders.assessments import (
    TODAY,
    a_report,
    an_option,
    an_option_abroad,
    some_views,
)


def gaps_of(
    form: ReportForm,
    *,
    age: int | None = 14,
    checks: dict[str, NonRefoulement] | None = None,
    linked: frozenset[str] = frozenset(),
    on: date = TODAY,
) -> list[str]:
    facts = report_facts(
        form,
        age_years=age,
        child_languages=frozenset({"swa"}),
        home="ZM",
        checks=checks or {},
        linked=linked,
    )
    return [gap.code for gap in listing(facts, on).gaps]


def a_check(
    result: DangerResult = DangerResult.CLEARED, on: date = TODAY, *, qualified: bool = True
) -> dict[str, NonRefoulement]:
    return {"NA": NonRefoulement("NA", result, on, valid_until(on, 14), qualified)}


def test_a_complete_report_may_leave_its_author():
    assert gaps_of(a_report()) == []


def test_an_empty_report_lists_everything_required_for_listing():
    missing = set(gaps_of(ReportForm()))

    assert missing == {
        "report_part_missing", "sources_missing", "close_persons_missing", "child_interview_missing",
        "private_talk_not_offered", "tracing_result_missing", "options_missing", "factor_group_empty",
    }  # fmt: skip


@pytest.mark.rule("R5")
def test_one_option_needs_the_reason_why_it_is_the_only_one():
    one = a_report(options=(an_option(),))

    assert gaps_of(one) == ["second_option_missing"]
    assert gaps_of(replace(one, only_one_because="No relative anywhere.")) == []


@pytest.mark.rule("R6")
def test_the_child_is_heard_on_each_option():
    silent = an_option("O2", views=ViewsNote())

    assert gaps_of(a_report(options=(an_option(), silent))) == ["option_views_missing"]


@pytest.mark.rule("R6")
def test_a_reason_with_attempts_stands_in_for_views_on_an_option():
    tried = ViewsNote(
        reason=NoViewsReason.CHILD_DECLINED, attempts=(Attempt(TODAY, Method.FULL_TALK),)
    )

    assert gaps_of(a_report(options=(an_option(), an_option("O2", views=tried)))) == []


@pytest.mark.rule("R7")
def test_too_young_alone_does_not_bring_a_report_before_the_panel():
    young = some_views(words="", method=None, reason=NoViewsReason.TOO_YOUNG)

    assert gaps_of(a_report(options=(an_option(views=young), an_option("O2"))), age=2) == [
        "too_young_needs_observation"
    ]


@pytest.mark.rule("R19")
@pytest.mark.parametrize("group", list(FactorGroup))
def test_none_of_the_four_factor_groups_may_be_empty(group):
    factors = {one: "Reasons." for one in FactorGroup if one is not group}

    assert gaps_of(a_report(factors={**factors, group: "  "})) == ["factor_group_empty"]


@pytest.mark.rule("R23")
def test_an_option_abroad_needs_a_check_of_that_destination():
    form = a_report(options=(an_option(), an_option_abroad()))

    assert gaps_of(form) == ["non_refoulement_missing"]
    assert gaps_of(form, checks=a_check()) == []


@pytest.mark.rule("R23")
@pytest.mark.parametrize("result", [DangerResult.RISK, DangerResult.UNKNOWN])
def test_risk_or_unknown_never_counts_as_feasible(result):
    form = a_report(options=(an_option(), an_option_abroad()))
    shown = a_report(options=(an_option(), an_option_abroad(feasible=False)))

    assert gaps_of(form, checks=a_check(result)) == ["option_not_cleared"]
    assert gaps_of(shown, checks=a_check(result)) == []


@pytest.mark.rule("R23")
def test_a_check_older_than_fourteen_days_or_by_an_unqualified_person_is_no_check():
    form = a_report(options=(an_option(), an_option_abroad()))

    assert gaps_of(form, checks=a_check(on=TODAY - timedelta(days=14))) == []
    assert gaps_of(form, checks=a_check(on=TODAY - timedelta(days=15))) == [
        "non_refoulement_expired"
    ]
    assert gaps_of(form, checks=a_check(qualified=False)) == ["non_refoulement_not_qualified"]


@pytest.mark.rule("R32")
def test_the_report_speaks_of_every_linked_sibling():
    assert gaps_of(a_report(), linked=frozenset({"sister"})) == ["siblings_not_addressed"]


def test_relatives_may_go_unheard_only_with_a_reason():
    parts = {part: "Text." for part in Part if part is not Part.FAMILY_VIEWS}

    assert gaps_of(a_report(parts=parts)) == ["report_part_missing"]
    assert gaps_of(a_report(parts=parts, not_consulted={Part.FAMILY_VIEWS: "Not safe."})) == []


def test_the_checker_is_somebody_else_and_a_person():
    with pytest.raises(NotAllowed):
        check_quality_checker("author", "author", is_human=True)
    with pytest.raises(NotAllowed):
        check_quality_checker("author", "machine", is_human=False)

    check_quality_checker("author", "checker", is_human=True)


@pytest.mark.rule("R20")
def test_no_field_of_a_report_scores_ranks_or_weighs():
    forms = [value for value in vars(report_form).values() if is_dataclass(value)]
    names = {item.name for form in forms for item in fields(form)}

    assert len(forms) > 5
    assert not [n for n in names for word in ("score", "rank", "weight", "points") if word in n]


@pytest.mark.rule("R31")
def test_adoption_is_no_outcome():
    assert not [outcome for outcome in Outcome if "ADOPT" in outcome]
