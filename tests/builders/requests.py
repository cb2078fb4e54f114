"""A request to receive a child and what both countries say until the child arrives, each on the day it would be said."""

from datetime import UTC, datetime, timedelta
from typing import Any

from cases.rules.consent import Assent, GivenBy
from cases.rules.tracing import SafeToTrace
from cases.service import consents, files, tracing
from cases.service.consents import NewConsent
from cases.tables.placement import PlacementRow
from tests.builders.abroad import checked as found_safe
from tests.builders.abroad import told_abroad
from tests.builders.decided import WINDOW_OVER, Decided
from tests.builders.exchange import NAMIBIA
from tests.builders.messages import HANDOVER, VALUES
from tests.builders.procedure import Team
from tests.builders.transfers import Office, employed
from transfers.rules.codes import MessageType, Round, TransferKind, TransferReason
from transfers.service import drafting, sending, travel
from transfers.service.drafting import NewTransfer
from transfers.service.sending import RequestTerms
from transfers.service.summaries import Written
from transfers.store import transfers as store

START = WINDOW_OVER + timedelta(days=1)
LEAVES = START + timedelta(days=9)
DAY = LEAVES.date()
THERE = datetime(DAY.year, DAY.month, DAY.day, 13, tzinfo=UTC)
"""The hour both sides agreed for the handover."""


def drafted(zambia: Office) -> tuple[Decided, str]:
    """A request that was written and checked, and says nothing of its receiver yet."""
    session = zambia.session
    decided = told_abroad(session)
    team = decided.court.team
    assert team is not None
    known = files.restricted_of(session, team.row) | {"age_basis": "stated"}
    files.seal_into(session, team.row, restricted=known)
    consents.record_consent(
        session, team.worker, team.case_id,
        NewConsent(
            given_by=GivenBy.GUARDIAN, assent=Assent.YES, given_on=START.date(),
            purposes=("cross_border_summary", "package"), share_with=("partner_country",),
            partners=("NA",), language="loz",
        ), now=START,
    )  # fmt: skip
    tracing.open_tracing(
        session, team.worker, team.case_id, sought="An aunt.", safe=SafeToTrace.YES,
        because="No danger.", now=START,
    )  # fmt: skip
    session.add(
        PlacementRow(
            case_id=team.case_id, care="foster", started_on=START.date(), started_at=START,
            started_by_person=team.worker.person_id, review_due=DAY, restricted=b"",
        )
    )  # fmt: skip
    session.flush()
    new = NewTransfer(
        "NA", Round.REQUEST, TransferKind.FAMILY_REUNIFICATION, TransferReason.CHILD_MOVING,
        zambia.writer.person_id,
    )  # fmt: skip
    employed(zambia)
    ours = drafting.open_transfer(session, team.coordinator, team.case_id, new, now=START)
    written = Written(
        reason="The panel decided that the child should live with an aunt.",
        asked=("accept_placement",), reply_due=DAY + timedelta(days=60),
        contacts=({"office": "Secretariat", "role": "A15"},),
    )  # fmt: skip
    draft = drafting.write_summary(session, zambia.writer, ours, written, now=START)
    assert (draft.gaps, draft.unmapped) == ((), ())
    drafting.submit(session, zambia.writer, ours, now=START)
    drafting.check(session, zambia.second, ours, now=START)
    return decided, ours


def sent_to(zambia: Office, ours: str, receiver: str) -> str:
    """The request signed for this receiver; returns the message."""
    session = zambia.session
    sending.name_receiver(session, zambia.second, ours, receiver, now=START)
    terms = RequestTerms(decided_on=START.date() - timedelta(days=41), reasons_included=True)
    return sending.send(session, zambia.head, ours, terms=terms, now=START)


def a_request_sent(zambia: Office) -> tuple[Decided, str, str]:
    """A request that was signed: the decision behind it, the transfer and the message."""
    decided, ours = drafted(zambia)
    return decided, ours, sent_to(zambia, ours, NAMIBIA)


def an_acceptance() -> dict[str, Any]:
    """What the receiving country says when it accepts."""
    study = VALUES[MessageType.ACCEPT]["home_study"]
    valid = {"valid_until": (DAY + timedelta(days=90)).isoformat()}
    return {"valid_until": DAY + timedelta(days=30), "home_study": study | valid}


def a_handover() -> dict[str, Any]:
    """Who takes the child over, where and when, in the same words on both sides."""
    return HANDOVER | {"at": THERE.isoformat()}


def a_travel_plan() -> dict[str, Any]:
    """How the child is to travel."""
    return {
        "departs_at": _leaves(), "arrives_at": THERE,
        "handover": a_handover(), "child_asked_on": DAY - timedelta(days=2),
    }  # fmt: skip


def a_confirmation() -> dict[str, Any]:
    """What the receiving country confirms before the child travels."""
    return {"handover": a_handover(), "carer_confirmed_on": DAY - timedelta(days=3)}


def everything_found(office: Office, transfer_id: str, team: Team, *, leave_out: str = "") -> None:
    """Every line of the checklist looked at and found good, but one."""
    session, officer = office.session, office.writer
    answers = {
        travel.Fact.CHILD_WILLING: "yes", travel.Fact.CHILD_TOLD: "yes",
        travel.Fact.GUARDIAN_INFORMED: "yes", travel.Fact.ESCORT_CHECKED: "yes",
        travel.Fact.FIT_TO_TRAVEL: "yes", travel.Fact.MEDICINES_READY: "yes",
    }  # fmt: skip
    row = store.find(session, transfer_id)
    assert row is not None
    papers = drafting.corridor_for(row, now=LEAVES).documents[TransferKind.FAMILY_REUNIFICATION]
    for fact, answer in (answers | {f"document:{p}": "yes" for p in papers}).items():
        if fact != leave_out:
            travel.record_fact(
                session, officer, transfer_id, str(fact), answer, found_on=DAY, now=LEAVES
            )
    found_safe(session, team, "NA", now=LEAVES)


def _leaves() -> datetime:
    return datetime(DAY.year, DAY.month, DAY.day, 7, tzinfo=UTC)
