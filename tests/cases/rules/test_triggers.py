"""When a determination is required, and that nobody waves it away."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.rules.triggers import (
    Considered,
    Requirement,
    Trigger,
    TriggerFacts,
    mandatory_triggers,
    waive,
)
from core.errors import NotAllowed

CASES = [
    (TriggerFacts("unaccompanied", frozenset({Considered.DURABLE_SOLUTION})), {"B1"}),
    (TriggerFacts("separated", frozenset({Considered.COMPLEMENTARY_PATHWAY})), {"B1"}),
    (TriggerFacts("accompanied", frozenset({Considered.DURABLE_SOLUTION})), set()),
    (TriggerFacts("accompanied", frozenset({Considered.TEMPORARY_CARE}), exceptional_risk=True), {"B2"}),
    (TriggerFacts("accompanied", frozenset({Considered.TEMPORARY_CARE})), set()),
    (TriggerFacts("accompanied", frozenset({Considered.SEPARATION_FROM_CARERS}), against_carers_will=True), {"B3"}),
    (TriggerFacts("accompanied", frozenset({Considered.SEPARATION_FROM_CARERS})), set()),
    (TriggerFacts("accompanied", frozenset({Considered.FAMILY_REUNIFICATION}), custody_open=True), {"B4"}),
    (TriggerFacts("separated", frozenset({Considered.MOVEMENT_ABROAD})), {"B5"}),
    (TriggerFacts("accompanied", frozenset({Considered.MOVEMENT_ABROAD})), set()),
    (TriggerFacts("accompanied", frozenset({Considered.SERVICES_ONLY}), earlier_determination=True), {"B6"}),
    (TriggerFacts("unaccompanied", frozenset({Considered.SERVICES_ONLY})), set()),
]  # fmt: skip


@pytest.mark.parametrize(("facts", "codes"), CASES)
def test_triggers_follow_from_the_facts(facts, codes):
    assert mandatory_triggers(facts) == codes


def test_a_trigger_the_country_does_not_know_is_not_raised():
    facts = TriggerFacts("separated", frozenset({Considered.MOVEMENT_ABROAD}))

    assert mandatory_triggers(facts, in_force=("B1",)) == set()


@pytest.mark.rule("R3")
def test_no_role_waives_a_mandatory_trigger():
    requirement = Requirement(mandatory=frozenset({Trigger.STATE_ARRANGED_MOVEMENT}))

    with pytest.raises(NotAllowed):
        waive(requirement, Trigger.STATE_ARRANGED_MOVEMENT)


def test_a_supervisor_may_take_back_what_a_supervisor_added():
    requirement = Requirement(added=frozenset({Trigger.EXCEPTIONAL_RISK}))

    assert not waive(requirement, Trigger.EXCEPTIONAL_RISK).is_required


@pytest.mark.rule("R3")
@given(
    considered=st.frozensets(st.sampled_from(list(Considered))),
    more=st.frozensets(st.sampled_from(list(Considered))),
    flags=st.tuples(st.booleans(), st.booleans(), st.booleans(), st.booleans()),
    who=st.sampled_from(["unaccompanied", "separated", "accompanied", "unknown"]),
)
def test_considering_more_never_makes_a_trigger_go_away(considered, more, flags, who):
    few = mandatory_triggers(TriggerFacts(who, considered, *flags))
    many = mandatory_triggers(TriggerFacts(who, considered | more, *flags))

    assert few <= many
