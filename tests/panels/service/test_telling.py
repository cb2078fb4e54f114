"""Messages about a decision reach those who hold the case, and no other office."""

import pytest
from sqlmodel import Session, col, select

from core import notices
from core.actors import Role, ScopeKind
from core.notices import Recipient
from core.outbox import Message, OutboxRow
from panels.rules.appeal import AppealBy, Draft
from panels.service import appeals, flags, hearers
from panels.service.panels import PanelKind
from panels.store import item as items
from panels.store import sitting as sittings
from tests.builders.appeals import in_secretariat
from tests.builders.cases import OFFICE
from tests.builders.decided import TOLD, Decided, told

COORDINATORS = Recipient(role=Role.COORDINATOR, scope=ScopeKind.OFFICE, ref=OFFICE)


def told_of(session: Session, topic: str) -> set[Recipient]:
    """Whom the messages of a topic reach."""
    rows = session.exec(select(OutboxRow).where(col(OutboxRow.topic) == topic)).all()
    return {
        notices.recipient_of(
            Message(row.id, row.topic, row.key, row.subject, row.payload, 0), country="ZM"
        )
        for row in rows
    }


def secretary_of(decided: Decided) -> Recipient:
    return Recipient(role=Role.SECRETARY, scope=ScopeKind.PANEL, ref=decided.court.panel_id)


def lodged(session: Session, decided: Decided) -> str:
    draft = Draft(AppealBy.CHILD, TOLD)
    return appeals.lodge_appeal(session, decided.worker, decided.determination_id, draft, now=TOLD)


@pytest.mark.rule("R46")
def test_a_signed_decision_is_told_to_the_office_of_the_case_and_the_panels_secretary(
    session: Session,
) -> None:
    decided = told(session)

    assert told_of(session, "determination.sealed") == {COORDINATORS, secretary_of(decided)}
    assert told_of(session, "appeal.window_opened") == {COORDINATORS}


@pytest.mark.rule("R46")
def test_an_appeal_is_told_to_the_office_and_to_those_who_hear_it(session: Session) -> None:
    body = in_secretariat(session)

    lodged(session, told(session))

    assert told_of(session, "appeal.lodged") == {COORDINATORS, Recipient(person_id=body.person_id)}


def test_an_appeal_nobody_may_hear_yet_is_told_to_the_head_who_calls_a_body(
    session: Session,
) -> None:
    decided = told(session)

    appeal_id = lodged(session, decided)

    head = Recipient(role=Role.SECRETARIAT_HEAD, scope=ScopeKind.COUNTRY, ref="ZM")
    assert told_of(session, "appeal.lodged") == {COORDINATORS, head}
    late = in_secretariat(session)
    hearers.call_hearer(session, late, appeal_id, late.person_id, now=TOLD)
    assert appeals.appeals_of(session, late, decided.case_id, now=TOLD)


def test_a_flagged_decision_is_told_to_the_office_and_the_panels_secretary(
    session: Session,
) -> None:
    decided = told(session)
    item = items.find(session, decided.court.item_id)
    sitting = sittings.find(session, decided.court.sitting_id)
    assert item is not None
    assert sitting is not None

    flags.flag_item(session, decided.court.secretary, sitting, item, reason="late", now=TOLD)

    assert told_of(session, "decision.flagged") == {COORDINATORS, secretary_of(decided)}


def test_who_is_invited_without_a_name_is_told_through_the_office_of_the_case(
    session: Session,
) -> None:
    from panels.service import procedure
    from tests.builders.sittings import convened

    court = convened(session)
    assert court.team is not None

    procedure.call_to_sitting(session, court.team.case_id, now=TOLD)

    assert told_of(session, "item.invited") == {COORDINATORS}


@pytest.mark.parametrize("how", ["taken-off", "called-off"])
def test_who_was_invited_learns_that_the_case_is_not_heard_that_day(
    session: Session, how: str
) -> None:
    from panels.service import agenda, procedure
    from panels.service import sittings as service
    from tests.builders.sittings import convened

    court = convened(session)
    assert court.team is not None
    procedure.call_to_sitting(session, court.team.case_id, now=TOLD)

    if how == "taken-off":
        agenda.withdraw_item(session, court.secretary, court.item_id, "replanned", now=TOLD)
    else:
        service.cancel_sitting(session, court.secretary, court.sitting_id, "flood", now=TOLD)

    assert told_of(session, "item.called_off") == told_of(session, "item.invited") == {COORDINATORS}


def test_the_secretary_of_the_districts_panel_learns_which_case_can_be_listed_once(
    session: Session,
) -> None:
    from cases.rules.machine import CaseState
    from panels.service import procedure
    from tests.builders.procedure import a_team
    from tests.builders.sittings import a_court

    court, elsewhere = a_court(session), a_court(session, kind=PanelKind.REVIEW)
    team = a_team(session, CaseState.BID_READY)

    assert procedure.tell_secretaries(session, team.case_id, now=TOLD)
    assert not procedure.tell_secretaries(session, team.case_id, now=TOLD)

    secretary = Recipient(role=Role.SECRETARY, scope=ScopeKind.PANEL, ref=court.panel_id)
    assert told_of(session, "case.ready_for_listing") == {secretary}
    assert elsewhere.panel_id != court.panel_id
