"""Decisions on the database, brought to a point by the people who would have done it."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session

from cases.rules.access import Basis
from cases.rules.placements import CareType
from cases.rules.reports import Outcome
from cases.service.access import grant_access
from cases.service.guardians import GuardianKind, NewGuardian, appoint_guardian
from core.actors import Actor, Role
from panels.rules.communication import Conversation, Reaction
from panels.rules.determination import Action, Draft
from panels.rules.items import Invited
from panels.rules.outcomes import Destination, Support
from panels.rules.sittings import SittingMode, SittingType
from panels.service import (
    agenda,
    communication,
    determinations,
    listing,
    papers,
    procedure,
    sittings,
)
from panels.service.listing import Invitation
from panels.service.sittings import NewSitting
from panels.store import determination as store
from panels.tables.determination import DeterminationRow
from tests.builders.cases import a_person
from tests.builders.determinations import CHILD_VERSION, a_draft
from tests.builders.procedure import a_ready_report
from tests.builders.sittings import STARTS, Court, a_court, arrive, declare, in_deliberation
from tests.conftest import NOON

DECIDED = STARTS + timedelta(hours=1)
SIGNED = DECIDED + timedelta(hours=1)
TOLD = SIGNED + timedelta(days=1)
WINDOW_OVER = TOLD + timedelta(days=40)
DAY = DECIDED.date()


@dataclass
class Decided:
    """A decision with the people around it."""

    court: Court
    determination_id: str
    guardian: Actor

    @property
    def case_id(self) -> str:
        """The child's case."""
        assert self.court.team is not None
        return self.court.team.case_id

    @property
    def worker(self) -> Actor:
        """The caseworker."""
        assert self.court.team is not None
        return self.court.team.worker

    @property
    def coordinator(self) -> Actor:
        """The coordinator."""
        assert self.court.team is not None
        return self.court.team.coordinator

    def row(self, session: Session) -> DeterminationRow:
        """The decision as it is stored now."""
        row = store.find(session, self.determination_id)
        assert row is not None
        session.refresh(row)
        return row


def a_decision(**changes: Any) -> Draft:
    """The first option of the ordinary report, worded on the day of the sitting."""
    draft = a_draft(
        destination=Destination(Outcome.CARE_PLACEMENT, "ZM", CareType.KINSHIP),
        option_ref="O1",
        child_version_language="swa",
        actions=(Action("Move to the relatives", "0" * 36, DAY + timedelta(days=10)),),
        support=Support(review_on=DAY + timedelta(days=60)),
        valid_until=DAY + timedelta(days=80),
    )
    return replace(draft, **changes)


def with_guardian(session: Session, court: Court) -> Actor:
    """A guardian in law with an account, who sees the child's file."""
    assert court.team is not None
    guardian = a_person(Role.GUARDIAN)
    appoint_guardian(
        session,
        court.team.supervisor,
        court.team.case_id,
        NewGuardian(
            kind=GuardianKind.GUARDIAN,
            name="A. Guardian",
            contact="at the court",
            appointed_by="court",
            from_on=NOON.date(),
            independent=True,
            person_id=guardian.person_id,
        ),
        now=NOON,
    )
    return guardian


def voted(session: Session, *present: str, **options: str) -> Court:
    """An item on which everybody present has voted; keywords name votes other than O1."""
    court = in_deliberation(session, *present)
    for name in present or tuple(court.people):
        option = options.get(name, "O1")
        court.vote(session, name, option, opinion="I would wait." if option != "O1" else "")
    return court


def recorded(session: Session, *present: str, **changes: Any) -> Decided:
    """A recorded decision that waits for signatures."""
    court = voted(session, *present)
    guardian = with_guardian(session, court)
    found = determinations.record_determination(
        session, court.people["chair"], court.item_id, a_decision(**changes), now=DECIDED
    )
    return Decided(court, found, guardian)


def sign(session: Session, decided: Decided, *names: str, now: datetime = SIGNED) -> bool:
    """Let members sign; True when the last signature put the decision in force."""
    result = False
    for name in names:
        result = determinations.sign_determination(
            session,
            decided.court.people[name],
            decided.determination_id,
            content_hash=decided.row(session).content_hash,
            now=now,
        )
    return result


def in_force(session: Session, **changes: Any) -> Decided:
    """A signed decision; the case waits for the talk with the child."""
    decided = recorded(session, **changes)
    assert sign(session, decided, "chair", "deputy", "welfare")
    procedure.enter_decision(session, decided.case_id, now=SIGNED)
    return decided


def a_talk(**changes: Any) -> Conversation:
    """The child is told the day after, in an own language."""
    talk = Conversation(
        told_at=TOLD,
        language="swa",
        explained_by="caseworker",
        present=("guardian",),
        reaction=Reaction.AGREES,
        reaction_words="Smiled.",
        note=CHILD_VERSION,
        complaint_route_explained=True,
        appeal_route_explained=True,
    )
    return replace(talk, **changes)


def told(session: Session, **changes: Any) -> Decided:
    """A decision the child was told."""
    decided = in_force(session, **changes)
    communication.communicate_determination(
        session, decided.worker, decided.determination_id, a_talk(), now=TOLD
    )
    procedure.open_appeal_window(session, decided.case_id, now=TOLD)
    return decided


def seen_by(session: Session, decided: Decided, person: Actor, basis: Basis) -> None:
    """Let another person see the case."""
    grant_access(
        session,
        decided.worker,
        case_id=decided.case_id,
        person_id=person.person_id,
        basis=basis,
        now=NOON,
    )


def ready(session: Session) -> Court:
    """A case whose report is ready, on no list yet, open to the members of a panel."""
    court = a_court(session)
    court.team = a_ready_report(session)
    for person in court.people.values():
        grant_access(
            session,
            court.team.worker,
            case_id=court.team.case_id,
            person_id=person.person_id,
            basis=Basis.PANEL_ITEM,
            now=NOON,
        )
    return court


def heard_again(session: Session, court: Court, *, starts: datetime, now: datetime) -> None:
    """List the case for another sitting of the panel and bring its item into deliberation there."""
    assert court.team is not None
    new = NewSitting(
        SittingType.ORDINARY,
        SittingMode.IN_PERSON,
        starts_at=starts,
        minutes=120,
        timezone="Africa/Lusaka",
        place="Boma",
    )
    court.sitting_id = sittings.plan_sitting(session, court.secretary, court.panel_id, new, now=now)
    court.item_id = listing.list_case(
        session,
        court.secretary,
        court.sitting_id,
        court.team.case_id,
        invited=(Invitation(Invited.GUARDIAN), Invitation(Invited.INTERPRETER)),
        now=now,
    )
    sittings.convene_sitting(session, court.secretary, court.sitting_id, now=now)
    arrive(session, court, *court.people, now=starts)
    sittings.open_sitting(session, court.people["chair"], court.sitting_id, now=starts)
    for name in court.people:
        papers.open_papers(session, court.people[name], court.item_id, now=starts)
    declare(session, court, *court.people, now=starts)
    agenda.call_item(session, court.people["chair"], court.item_id, now=starts)
    agenda.open_deliberation(session, court.people["chair"], court.item_id, now=starts)
