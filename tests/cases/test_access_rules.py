"""Who may see what: the table of the domain notes, written out again and compared cell by cell."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.rules.access import (
    TABLE,
    Access,
    Basis,
    Level,
    Onlooker,
    Reach,
    reach,
)
from cases.rules.children import SENSITIVE_FIELDS
from core.actors import Grant, Role, ScopeKind

# DOM-2.2 as printed: own case, other case of the same office, panel file, votes of others, exact
# address, highly sensitive, statistics.
PRINTED = """
caseworker               | F+H | C | own cases | - | yes | yes | own
supervisor               | F+H | F | yes | - | yes | with reason | office
assessor_coordinator     | F+H | C | yes | coordinator: after close | yes | yes if relevant to BID | office
chair_member             | only listed items, from papers release to archive | - | F; H only if the item needs it | after all voted | no | by item grant | panel
recused                  | nothing of that item | - | - | no | no | no | panel
secretary                | listed items | - | yes | records them | no | by item grant | panel
guardian_lawyer          | F of own child; H unless child objects | - | report and decision | result and reasons, not names | yes | yes/child's choice | -
secretariat              | cross-border cases F | C | decision + reasons | no | at travel stage | by grant | national
partner                  | S; package after acceptance | - | no | no | at travel stage | by item grant | corridor
immigration_police       | item only | - | F without H | after vote | no | no | -
interpreter_escort_carer | task sheet only | - | - | - | carer: own | travel-health only | -
administrator            | - | - | - | - | - | - | system metrics
statistician             | - | - | - | - | - | - | de-identified
"""
LETTERS = {"-": Level.NONE, "C": Level.CODED, "S": Level.SUMMARY, "F": Level.FULL}
# How each printed cell is spelt in code, column by column.
SPELT = {
    "own": {
        "F+H": "full_and_sensitive",
        "only listed items, from papers release to archive": "listed_items_from_papers_release_to_archive",
        "nothing of that item": "nothing_of_that_item",
        "listed items": "listed_items",
        "F of own child; H unless child objects": "full_sensitive_unless_child_objects",
        "cross-border cases F": "cross_border_full",
        "S; package after acceptance": "summary_package_after_acceptance",
        "item only": "item_only",
        "task sheet only": "task_sheet_only",
        "-": "none",
    },
    "panel_file": {
        "own cases": "own_cases",
        "yes": "yes",
        "no": "no",
        "F; H only if the item needs it": "full_sensitive_if_item_needs",
        "report and decision": "report_and_decision",
        "decision + reasons": "decision_and_reasons",
        "F without H": "full_without_sensitive",
        "-": "none",
    },
    "votes": {
        "coordinator: after close": "coordinator_after_close",
        "after all voted": "after_all_voted",
        "after vote": "after_vote",
        "records them": "records_them",
        "result and reasons, not names": "result_and_reasons_not_names",
        "no": "no",
        "-": "none",
    },
    "address": {
        "yes": "yes",
        "no": "no",
        "at travel stage": "at_travel_stage",
        "carer: own": "carer_own",
        "-": "none",
    },
    "sensitive": {
        "yes": "yes",
        "no": "no",
        "with reason": "with_reason",
        "yes if relevant to BID": "if_relevant_to_bid",
        "by item grant": "by_item_grant",
        "by grant": "by_grant",
        "yes/child's choice": "yes_or_childs_choice",
        "travel-health only": "travel_health_only",
        "-": "none",
    },
    "statistics": {
        "own": "own",
        "office": "office",
        "panel": "panel",
        "national": "national",
        "corridor": "corridor",
        "system metrics": "system_metrics",
        "de-identified": "de_identified",
        "-": "none",
    },
}
COLUMNS = ("own", "other", "panel_file", "votes", "address", "sensitive", "statistics")


def _cells() -> Any:
    for line in PRINTED.strip().splitlines():
        who, *cells = (part.strip() for part in line.split(" | "))
        for column, cell in zip(COLUMNS, cells, strict=True):
            yield pytest.param(Onlooker(who), column, cell, id=f"{who}-{column}")


@pytest.mark.rule("R14")
@pytest.mark.rule("R45")
@pytest.mark.parametrize(("who", "column", "cell"), list(_cells()))
def test_every_cell_of_the_table_says_what_the_domain_notes_say(who, column, cell):
    found = getattr(TABLE[who], column)

    assert found == (LETTERS[cell] if column == "other" else SPELT[column][cell])


def test_the_table_has_no_other_rows():
    assert {line.split(" ")[0] for line in PRINTED.strip().splitlines()} == {str(o) for o in TABLE}


OFFICE, COUNTRY = "ZM-07-LIV", "ZM"


def see(*, grants=(), accesses=(), barred=False) -> Reach:
    return reach(barred=barred, accesses=accesses, grants=grants, office=OFFICE, country=COUNTRY)


def in_office(role: Role, office: str = OFFICE) -> Grant:
    return Grant(role, ScopeKind.OFFICE, office)


def with_access(basis: Basis, level: Level = Level.SENSITIVE, *sections: str) -> Access:
    return Access(basis, level, frozenset(sections))


@pytest.mark.parametrize(
    ("role", "level", "address"),
    [
        (Role.CASEWORKER, Level.CODED, False),
        (Role.SUPERVISOR, Level.SENSITIVE, True),
        (Role.ASSESSOR, Level.CODED, False),
        (Role.COORDINATOR, Level.CODED, False),
        (Role.SECRETARIAT, Level.CODED, False),
        (Role.CHAIR, Level.NONE, False),
        (Role.MEMBER, Level.NONE, False),
        (Role.SECRETARY, Level.NONE, False),
        (Role.GUARDIAN, Level.NONE, False),
        (Role.IMMIGRATION, Level.NONE, False),
        (Role.DATA_PROTECTION, Level.NONE, False),
        (Role.ADMINISTRATOR, Level.NONE, False),
        (Role.STATISTICIAN, Level.NONE, False),
        (Role.AUDITOR, Level.NONE, False),
        (Role.FIRST_LINE, Level.NONE, False),
        (Role.PROCEDURE, Level.NONE, False),
    ],
)
def test_what_a_role_in_the_same_office_sees_of_a_colleagues_case(role, level, address):
    seen = see(grants=[in_office(role)])

    assert (seen.level, seen.address) == (level, address)


def test_a_supervisor_says_why_before_highly_sensitive_parts_open():
    assert see(grants=[in_office(Role.SUPERVISOR)]).purpose_needed


def test_a_caseworker_opens_everything_of_the_own_case_without_asking():
    seen = see(grants=[in_office(Role.CASEWORKER)], accesses=[with_access(Basis.OWNER)])

    assert (seen.level, seen.sections, seen.purpose_needed) == (Level.SENSITIVE, None, False)


@pytest.mark.parametrize("role", list(Role))
def test_no_role_of_another_office_sees_anything(role):
    assert not see(grants=[in_office(role, "ZM-03-CHP")]).sees


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.STATISTICIAN])
def test_administrator_and_statistician_see_no_case_of_the_whole_country(role):
    assert not see(grants=[Grant(role, ScopeKind.COUNTRY, COUNTRY)]).sees


@pytest.mark.rule("R14")
def test_the_recused_member_sees_nothing_whatever_else_they_hold():
    everything = [with_access(basis) for basis in Basis]

    seen = see(barred=True, grants=[in_office(role) for role in Role], accesses=everything)

    assert seen == Reach()


@pytest.mark.rule("R45")
def test_a_member_sees_highly_sensitive_parts_only_by_item_grant():
    papers = with_access(Basis.PANEL_ITEM, Level.FULL)
    granted = with_access(Basis.SENSITIVE_GRANT, Level.SENSITIVE, "trafficking")

    before, after = see(accesses=[papers]), see(accesses=[papers, granted])

    assert (before.level, before.sections) == (Level.FULL, frozenset())
    assert (after.level, after.sections) == (Level.SENSITIVE, frozenset({"trafficking"}))
    assert not after.address


@pytest.mark.rule("R45")
def test_a_grant_opens_nothing_once_the_papers_are_recalled():
    granted = with_access(Basis.SENSITIVE_GRANT, Level.SENSITIVE, "trafficking")

    assert not see(accesses=[granted]).sees


@pytest.mark.rule("R46")
def test_a_police_member_never_sees_highly_sensitive_parts_even_with_a_grant():
    held = [Grant(Role.MEMBER, ScopeKind.PANEL, "p"), Grant(Role.IMMIGRATION, ScopeKind.PANEL, "p")]

    seen = see(
        grants=held,
        accesses=[with_access(Basis.PANEL_ITEM), with_access(Basis.SENSITIVE_GRANT)],
    )

    assert (seen.level, seen.sections, seen.address) == (Level.FULL, frozenset(), False)


def test_a_child_who_objects_closes_highly_sensitive_parts_to_the_guardian():
    asked = see(accesses=[with_access(Basis.GUARDIAN, Level.FULL)])
    not_asked = see(accesses=[with_access(Basis.GUARDIAN)])

    assert (asked.level, not_asked.level) == (Level.FULL, Level.SENSITIVE)


def test_an_interpreter_has_a_task_sheet_and_no_file():
    assert not see(accesses=[with_access(Basis.TASK)]).sees


@given(
    roles=st.sets(st.sampled_from([role for role in Role if role is not Role.IMMIGRATION])),
    some=st.lists(st.sampled_from(list(Basis)), unique=True),
    more=st.sampled_from(list(Basis)),
)
def test_one_more_access_never_shows_less(roles, some, more):
    grants = [in_office(role) for role in roles]
    before = see(grants=grants, accesses=[with_access(basis) for basis in some])
    after = see(grants=grants, accesses=[with_access(basis) for basis in [*some, more]])

    assert after.level >= before.level
    assert (after.sections is None) or (before.sections or frozenset()) <= after.sections
    assert after.address or not before.address


@given(
    some=st.lists(st.sampled_from(list(Basis))),
    parts=st.sets(st.sampled_from(sorted(SENSITIVE_FIELDS))),
)
@pytest.mark.rule("R46")
def test_no_path_leads_police_to_highly_sensitive_parts(some, parts):
    seen = see(
        grants=[in_office(role) for role in Role],
        accesses=[Access(basis, Level.SENSITIVE, frozenset(parts)) for basis in some],
    )

    assert seen.level <= Level.FULL
    assert seen.sections == frozenset()
