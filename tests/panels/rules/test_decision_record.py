from dataclasses import replace

import pytest

from cases.rules.placements import CareType
from cases.rules.reports import DangerResult, Outcome
from panels.rules.decision_record import (
    Dissent,
    Identity,
    Made,
    draft_of,
    grounded,
    may_correct,
    record_of,
    words_of,
)
from panels.rules.outcomes import Destination
from panels.rules.sealing import seal_hash
from tests.builders.determinations import HOME, NOON, TODAY, a_draft, going_abroad

IDENTITY = Identity("case-1", "report-1", 1, NOON, TODAY)
MADE = Made("majority", ("p2", "p1"), 2, 1, dissents=(Dissent("p3", "I would wait."),))
REASON = "The day of the second action was wrong."


@pytest.mark.parametrize("draft", [a_draft(), going_abroad(secondary=Outcome.LOCAL_INTEGRATION)])
def test_a_decision_reads_back_as_it_was_written(draft):
    assert draft_of(words_of(draft)) == draft


@pytest.mark.rule("R22")
def test_the_same_decision_always_has_the_same_hash():
    one = record_of(IDENTITY, a_draft(), MADE)
    other = record_of(IDENTITY, a_draft(), replace(MADE, voters=("p1", "p2")))

    assert seal_hash(one) == seal_hash(other)


@pytest.mark.rule("R18", "R22")
def test_a_changed_dissent_changes_the_hash():
    softened = replace(MADE, dissents=(Dissent("p3", "I agree."),))

    assert seal_hash(record_of(IDENTITY, a_draft(), MADE)) != seal_hash(
        record_of(IDENTITY, a_draft(), softened)
    )


@pytest.mark.rule("R2")
def test_two_children_never_share_one_record():
    other = replace(IDENTITY, case_id="case-2")

    assert seal_hash(record_of(IDENTITY, a_draft(), MADE)) != seal_hash(
        record_of(other, a_draft(), MADE)
    )


@pytest.mark.rule("R22")
def test_a_correction_has_a_reason_and_leaves_the_decision_as_it_was():
    mended = a_draft(interim_care="Stays with the same foster family until the move.")
    elsewhere = a_draft(destination=Destination(Outcome.CARE_PLACEMENT, HOME, CareType.FOSTER))

    assert may_correct(a_draft(), mended, REASON).is_possible
    assert not may_correct(a_draft(), mended, "typo").is_possible
    assert not may_correct(a_draft(), elsewhere, REASON).is_possible


@pytest.mark.rule("R23")
def test_nobody_clears_a_country_by_writing_it_into_the_decision():
    draft = grounded(going_abroad(), danger=DangerResult.RISK, tracing_closed=False)

    assert draft.support.non_refoulement is DangerResult.RISK
