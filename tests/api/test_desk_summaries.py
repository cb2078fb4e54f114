"""Pages on which a transfer begins, and where two countries disagree: nobody alone, everything typed stays."""

from datetime import timedelta

import pytest

from tests.api.abroad import (
    VERSION,
    Person,
    Secretariat,
    a_request,
    an_enquiry_sent,
    bare,
    day,
    seen,
    they_say,
    zambia,
)
from tests.builders.accounts import named
from tests.builders.exchange import NAMIBIA
from tests.builders.requests import START
from tests.builders.transfers import a_child_to_tell_of
from transfers.rules.codes import MessageType
from transfers.tables.transfer import TransferRow

__all__ = ["zambia"]
pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
NEW = {
    "destination": "NA",
    "round": "enquiry",
    "kind": "family_reunification",
    "reason": "better_placed",
}
WORDS = {
    "reason": "The child wishes to live with an aunt.", "child_view": "I want to go.",
    "asked": "home_study", "office-0": "Secretariat", "communication": "speech", "trigger": "B1",
    **day("reply", START.date() + timedelta(days=40)),
}  # fmt: skip


def acted(person: Person, path: str, act: str, **values: str) -> str:
    """Press one button of the summary's page; returns what was refused, or nothing."""
    page = person.open(path).text
    version = VERSION.search(page)
    assert version, page
    answer = person.fill(path, {"act": act, "version": version[1], **values})
    return "" if answer.status_code == 303 else seen(answer)


@pytest.fixture
def begun(zambia: Secretariat) -> str:
    """An enquiry a coordinator began and the writer took on; the address of its summary."""
    with zambia.database.unit_of_work() as session:
        team = a_child_to_tell_of(session)
        named(session, team.coordinator.person_id, "Chanda Mwape")
        held, case_id = team.coordinator.grants, team.case_id
    clerk = zambia.desks.holding("c.z", *held, person_id=team.coordinator.person_id)
    coordinator = Person(clerk.client)
    path = f"/desk/cases/{case_id}/transfer"
    assert "Ask another country about this child" in seen(
        coordinator.open(f"/desk/cases/{case_id}")
    )
    assert "Choose one" in seen(coordinator.fill(path, NEW | {"kind": ""}))
    answer = coordinator.fill(path, NEW | {"officer": zambia.office.writer.person_id})
    assert answer.status_code == 303, seen(answer)
    return answer.headers["location"] + "/summary"


@pytest.mark.rule("R44")
def test_an_enquiry_is_written_read_by_a_second_officer_and_signed_by_the_head(
    zambia: Secretariat, begun: str
) -> None:
    nothing = acted(zambia.writer, begun, "write", **(WORDS | {"reason": ""}))
    assert acted(zambia.writer, begun, "write", **WORDS) == ""
    assert acted(zambia.writer, begun, "submit") == ""
    alone = acted(zambia.writer, begun, "check")
    too_soon = acted(zambia.head, begun, "send")
    assert acted(zambia.second, begun, "check") == ""
    assert acted(zambia.second, begun, "receiver", receiver=NAMIBIA) == ""
    ready = zambia.head.open(begun)
    assert acted(zambia.head, begun, "send") == ""

    assert "Write it in words" in nothing or "words" in nothing
    assert "Joseph Phiri" not in alone
    assert alone
    assert "second officer" in too_soon or "checked" in too_soon
    assert "Read and found right by Mutale Banda" in seen(ready)
    assert bare(ready) == []
    with zambia.database.unit_of_work() as session:
        row = session.get(TransferRow, begun.split("/")[3])
        assert row is not None
        assert row.state == "sent"


def test_what_was_typed_into_a_summary_stays_when_it_is_refused(
    zambia: Secretariat, begun: str
) -> None:
    answer = zambia.writer.fill(begun, {"act": "write", "version": "1", **WORDS, "asked": ""})

    assert answer.status_code == 409
    assert "The child wishes to live with an aunt." in answer.text


@pytest.mark.rule("R45")
def test_a_grant_is_proposed_by_one_and_given_by_the_head(zambia: Secretariat) -> None:
    path = f"/desk/transfers/{an_enquiry_sent(zambia)}/grants"
    form = {
        "act": "propose", "items": "identity.names", "purpose": "tracing", "office": "registry",
        "role": "A17", "reason": "To find the aunt.",
    }  # fmt: skip

    wrong = zambia.writer.fill(path, form | {"purpose": ""})
    two_words = zambia.writer.fill(path, form | {"office": "Civil registry"})
    made = zambia.writer.fill(path, form)
    own, heads = zambia.writer.open(path), zambia.head.open(path)
    grant = heads.text.split('name="grant" value="')[1][:36]
    given = zambia.head.fill(path, {"act": "give", "grant": grant})
    after = seen(zambia.writer.open(path))

    assert 'value="registry"' in wrong.text
    assert "write one word without spaces" in seen(two_words)
    assert 'value="Civil registry"' in two_words.text
    assert made.status_code == 303, seen(made)
    assert "The head gives it or refuses it" in seen(own)
    assert "Give it" in seen(heads)
    assert given.status_code == 303, seen(given)
    assert "Names of the child" in after
    assert "Given" in after
    assert bare(heads) == []


def test_a_disagreement_shows_both_versions_and_what_is_missing_before_it_goes_higher(
    zambia: Secretariat,
) -> None:
    path = f"/desk/transfers/{a_request(zambia)}/disagreement"

    zambia.writer.fill(path, {"act": "begin", "words": "We see it otherwise."})
    first = zambia.writer.open(path)
    dispute = first.text.split('name="dispute" value="')[1][:36]
    version = VERSION.search(first.text)
    assert version
    said = {"dispute": dispute, "version": version[1]}
    early = zambia.writer.fill(path, said | {"act": "climb"})
    zambia.writer.fill(path, said | {"act": "entry", "kind": "their_view", "words": "The uncle."})
    higher = zambia.writer.fill(path, said | {"act": "climb"})
    by_officer = zambia.writer.fill(path, said | {"act": "end", "end": "agreed", "words": "Yes."})

    assert "Missing before it goes higher" in seen(first)
    assert early.status_code == 409
    assert higher.status_code == 303, seen(higher)
    assert by_officer.status_code == 409
    assert "Joint case conference" in seen(zambia.writer.open(path))
    assert bare(zambia.writer.open(path)) == []


def test_terms_of_theirs_are_held_against_the_decision_of_the_panel(zambia: Secretariat) -> None:
    transfer = a_request(zambia)
    they_say(
        zambia, transfer, MessageType.ACCEPT, valid_until=START.date() + timedelta(days=60),
        proposals=[
            {"what": "care_type", "asked": "kinship", "proposed": "residential"},
            {"what": "costs", "asked": "", "proposed": "Each pays its own."},
        ],
    )  # fmt: skip

    page = zambia.writer.open(f"/desk/transfers/{transfer}/terms")

    assert "The panel has to sit again" in seen(page)
    assert "Each pays its own." in seen(page)
    assert "for the two secretariats to agree on" in seen(page)
    assert bare(page) == []
