"""A child from abroad is matched by a person, from a sealed package or from paper."""

import json
from typing import Any

import pytest

from cases.errors import RoleMayNot
from cases.rules.children import Names
from cases.service import blockers, files, search
from cases.service.access import bar
from core.actors import Role
from core.errors import BadInput, NotThere, WrongState
from tests.builders.cases import a_caseworker, a_person_of_the_country, a_registered_case
from tests.builders.messages import VALUES
from tests.builders.transfers import Office, an_enquiry, carried
from tests.conftest import NOON
from transfers.rules.codes import MessageType
from transfers.service import matching, messages
from transfers.service.bodies import BODIES, write_message
from transfers.store import transfers as store

NO = "33333333-2222-4333-8444-555555555555"


def a_child_at_home(office: Office, **columns: Any) -> str:
    """A Namibian child on file over there, of the same age, found by name too."""
    row = a_registered_case(
        office.session, country="NA", office="NA-KA", district="NA-KA", nationality_code="NA",
        restricted={"names": {"given": "Amani", "family": "Mwila"}, "age_years": 10,
                    "age_stated_on": "2026-01-10", "nationalities": ["NA"]}, **columns,
    )  # fmt: skip
    search.index_names(office.session, row.id, ["Amani", "Mwila"], now=NOON)
    return row.id


def an_inbound(zambia: Office, namibia: Office) -> str:
    _, _, message_id = an_enquiry(zambia)
    return namibia.take(carried(zambia, message_id))


@pytest.mark.rule("R53")
def test_candidates_are_shown_best_first_and_nothing_is_matched_by_itself(
    zambia: Office, namibia: Office
) -> None:
    theirs = an_inbound(zambia, namibia)
    known = a_child_at_home(namibia)
    a_child_at_home(namibia, sex="not_stated")

    found = matching.candidates(
        namibia.session, namibia.writer, theirs, Names(given="Amani", family="Mwila"), now=NOON
    )

    assert found.seen[0].row.id == known
    assert "same_sex" in found.seen[0].signals
    assert found.seen[0].score == len(found.seen[0].signals) > found.seen[-1].score
    row = store.find(namibia.session, theirs)
    assert row is not None
    assert row.case_id is None


@pytest.mark.rule("R55")
def test_a_matched_child_s_case_stays_open_as_long_as_the_transfer(
    zambia: Office, namibia: Office
) -> None:
    theirs = an_inbound(zambia, namibia)
    known = a_child_at_home(namibia)

    matching.match(namibia.session, namibia.writer, theirs, known, now=NOON)

    assert "open_transfer" in blockers.blockers(namibia.session, known)
    with pytest.raises(WrongState):
        matching.match(namibia.session, namibia.writer, theirs, known, now=NOON)
    namibia.say(theirs, MessageType.ACK)
    namibia.say(theirs, MessageType.ENQUIRY_REPLY)
    assert "open_transfer" not in blockers.blockers(namibia.session, known)
    assert messages.list_messages(namibia.session, namibia.head, theirs, now=NOON)


def test_for_a_child_nobody_knows_a_case_is_opened_without_what_the_summary_says(
    zambia: Office, namibia: Office
) -> None:
    theirs = an_inbound(zambia, namibia)

    case_id = matching.open_case(namibia.session, namibia.writer, theirs, office="NA-KA", now=NOON)

    row = store.find(namibia.session, theirs)
    assert row is not None
    assert row.case_id == case_id
    opened = namibia.session.get(type(a_registered_case(namibia.session, country="NA")), case_id)
    assert opened is not None
    assert (opened.state, opened.source) == ("identified", "partner_country")
    assert "aunt" not in str(files.restricted_of(namibia.session, opened))


def test_an_outbound_transfer_is_not_matched_and_others_do_not_match(
    zambia: Office, namibia: Office
) -> None:
    _, ours, message_id = an_enquiry(zambia)
    theirs = namibia.take(carried(zambia, message_id))

    with pytest.raises(NotThere):
        matching.candidates(zambia.session, zambia.writer, ours, Names(), now=NOON)
    with pytest.raises(NotThere):
        matching.match(namibia.session, a_caseworker(country="NA"), theirs, "nothing", now=NOON)


def a_paper(type_: MessageType, *, ref: str = "PAPER-0001", no: str = NO, **body: Any) -> bytes:
    value = BODIES[type_].model_validate_json(json.dumps(VALUES[type_] | body))
    return write_message(type_, value, ref=ref, no=no)


def test_a_packet_of_paper_begins_an_inbound_transfer_and_goes_on_by_paper(
    zambia: Office, namibia: Office
) -> None:
    _, _, message_id = an_enquiry(zambia)
    letter = carried(zambia, message_id)
    assert letter.summary is not None
    summary = json.loads(json.dumps(dict(letter.summary) | {"ref": "PAPER-0001"}))
    session, officer = namibia.session, namibia.writer

    theirs = matching.take_paper(
        session, officer, "ZM", a_paper(MessageType.ENQUIRY), summary, now=NOON
    )
    namibia.say(theirs, MessageType.ACK)
    matching.take_paper(
        session,
        officer,
        "ZM",
        a_paper(MessageType.WITHDRAW, no=NO.replace("3", "4", 1)),
        None,
        now=NOON,
    )

    row = store.find(session, theirs)
    assert row is not None
    assert (row.partner, row.state, row.direction) == ("ZM.paper", "withdrawn", "inbound")


def test_what_is_typed_from_paper_is_read_as_strictly_and_by_officers_alone(
    zambia: Office, namibia: Office
) -> None:
    theirs = an_inbound(zambia, namibia)
    row = store.find(namibia.session, theirs)
    assert row is not None
    session, officer = namibia.session, namibia.writer
    raw = a_paper(MessageType.ENQUIRY)

    with pytest.raises(BadInput) as refused:
        matching.take_paper(session, officer, "ZM", raw, {"schema": "bidx-summary/1"}, now=NOON)
    assert refused.value.code == "not_a_summary"
    with pytest.raises(BadInput):
        matching.take_paper(session, officer, "NA", raw, None, now=NOON)
    with pytest.raises(RoleMayNot):
        matching.take_paper(session, a_caseworker(country="NA"), "ZM", raw, None, now=NOON)
    with pytest.raises(NotThere):  # a sealed transfer is not moved by paper
        matching.take_paper(
            session, officer, "ZM", a_paper(MessageType.WITHDRAW, ref=row.ref), None, now=NOON
        )
    assert namibia.state(theirs) == "delivered"


@pytest.mark.rule("R14", "R36")
def test_paper_moves_no_transfer_that_is_closed_to_the_officer_who_types_it(
    zambia: Office, namibia: Office
) -> None:
    _, _, message_id = an_enquiry(zambia)
    letter = carried(zambia, message_id)
    assert letter.summary is not None
    summary = json.loads(json.dumps(dict(letter.summary) | {"ref": "PAPER-0001"}))
    session, officer = namibia.session, namibia.writer
    first = a_paper(MessageType.ENQUIRY)
    theirs = matching.take_paper(session, officer, "ZM", first, summary, now=NOON)
    case_id = matching.open_case(session, officer, theirs, office="NA-KA", now=NOON)
    bar(
        session, namibia.head, case_id=case_id, person_id=officer.person_id, ref=NO,
        ground="conflict", now=NOON,
    )  # fmt: skip
    elsewhere = a_person_of_the_country(Role.SECRETARIAT, country="MX")
    withdrawn = a_paper(MessageType.WITHDRAW, no=NO.replace("3", "4", 1))

    for other in (officer, elsewhere):
        for raw in (withdrawn, first):  # the second one is known: its transfer is not named either
            with pytest.raises(NotThere):
                matching.take_paper(session, other, "ZM", raw, None, now=NOON)
        with pytest.raises(NotThere):
            matching.take_paper(
                session,
                other,
                "ZM",
                a_paper(MessageType.ENQUIRY, no=NO.replace("3", "5", 1)),
                summary,
                now=NOON,
            )

    assert namibia.state(theirs) == "delivered"
    matching.take_paper(session, namibia.second, "ZM", withdrawn, None, now=NOON)
    assert namibia.state(theirs) == "withdrawn"
