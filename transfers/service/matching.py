"""A child another country writes about: is the child known here? Candidates are shown, a person decides.

Nothing is matched by itself, and nothing from abroad is written into a child's file: matching only ties the transfer
to a case, which then stays open as long as the transfer is. A packet of paper begins an inbound transfer too, typed
in by an officer who answers for it.

Source: DOM-5.7, DOM-R53, DOM-R55.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pycountry
from sqlmodel import Session

from cases.rules.access import Level
from cases.rules.children import Alert, Child, Names, Sex, Source
from cases.rules.closing import Blocker
from cases.service import blockers, registration, search, steps
from cases.service.access import reach_of
from cases.service.files import CodedRow
from core.actors import Actor
from core.errors import BadInput, NotThere, WrongState
from core.exchange import summaries
from core.exchange.errors import SummaryInvalid
from transfers.errors import SecondOfficerNeeded
from transfers.rules.code_maps import AGE_BANDS
from transfers.rules.codes import Direction, MessageType
from transfers.rules.guests import PAPER
from transfers.service import receiving, record, viewing
from transfers.service.receiving import Arrived
from transfers.store import transfers as store
from transfers.tables.transfer import TransferRow


@dataclass(frozen=True)
class Candidate:
    """A case here that may be about the same child.

    Args:
        row: its coded row, as the reader may see it.
        signals: what agrees.
        score: how many signals agree; it orders the list and decides nothing.
    """

    row: CodedRow
    signals: tuple[str, ...]
    score: int


@dataclass(frozen=True)
class Candidates:
    """Candidates, best first; ``elsewhere`` counts those in offices the reader does not see into."""

    seen: tuple[Candidate, ...]
    elsewhere: int


def candidates(
    session: Session, actor: Actor, transfer_id: str, names: Names, *, now: datetime
) -> Candidates:
    """Show which children on file may be the one a transfer is about.

    Args:
        session: the unit of work.
        actor: an officer of the secretariat.
        transfer_id: an inbound transfer.
        names: from an identity disclosure or a paper; empty when none was sent.
        now: when.

    Raises:
        NotThere, RoleMayNot: as ``record.held`` says; also when it is not inbound.
    """
    row = _inbound(session, actor, transfer_id, now=now)
    found = search.duplicate_hints(
        session, actor, _child(_summary(session, actor, row, now=now), names, now.date()), now=now
    )
    ranked = [
        Candidate(hint.row, tuple(str(one) for one in hint.signals), len(hint.signals))
        for hint in found.seen
    ]
    ranked.sort(key=lambda one: (-one.score, one.row.child_code))
    return Candidates(tuple(ranked), found.elsewhere)


def match(session: Session, actor: Actor, transfer_id: str, case_id: str, *, now: datetime) -> None:
    """Tie an inbound transfer to a child on file. A person's word; it is not taken back, only corrected by merging.

    Raises:
        NotThere: no such transfer or case, or not yours.
        WrongState: it is tied to a case already, or the case is at its end.
    """
    row = _inbound(session, actor, transfer_id, now=now)
    if reach_of(session, actor, case_id, now=now).level < Level.CODED:
        raise NotThere("case")
    case = steps.lock(session, case_id)
    if not case.is_open:
        raise WrongState("case", case.state, "match_transfer")
    _tie(session, actor, row, case_id, "transfer.matched", now=now)


def open_case(
    session: Session, actor: Actor, transfer_id: str, *, office: str, now: datetime
) -> str:
    """Open a case at an office for a child nobody knows here, and return its id; workers register the child.

    Raises:
        NotThere, RoleMayNot: as ``record.held`` says.
        WrongState: the transfer is tied to a case already.
        BadInput: no such office.
    """
    row = _inbound(session, actor, transfer_id, now=now)
    alert = Alert(office=office, source=Source.PARTNER_COUNTRY, words=f"Transfer {row.ref}.")
    opened = registration.raise_alert(session, actor, alert, now=now)
    _tie(session, actor, row, opened.case_id, "transfer.case_opened", now=now)
    return opened.case_id


def take_paper(
    session: Session,
    actor: Actor,
    country: str,
    raw: bytes,
    summary: Mapping[str, Any] | None,
    *,
    now: datetime,
) -> str:
    """Take in what came on paper from a country, as an officer typed it; returns the transfer's id.

    The officer stands in for signature and seal, and the record says so. What is typed is read as strictly as what
    comes sealed.

    Raises:
        RoleMayNot: not an officer of the secretariat.
        BadInput: not a message, or not a summary.
        SecondOfficerNeeded: whoever wrote or signed the enquiry or request types its answer.
        NotThere: it belongs to a reference that did not come on paper, or to a transfer that is closed to the officer.
    """
    record.require_officer(actor)
    if country == actor.country or pycountry.countries.get(alpha_2=country) is None:
        raise BadInput("/country", "another_country_needed")
    if summary is not None:
        try:
            summaries.require_valid(summary)
        except SummaryInvalid as error:
            raise BadInput(f"/summary{error.pointer}", "not_a_summary") from None
    arrived = Arrived(f"{country}.{PAPER}", country, raw, summary, "")
    known = receiving.transfer_known(session, arrived)
    if known is not None:  # what is closed to the officer is not there
        record.held(session, actor, known, now=now)
        _require_another(session, actor, known)
    transfer_id = receiving.take_in(session, actor, arrived, now=now)
    row = store.find(session, transfer_id)
    if row is not None:
        record.note(session, actor, row, "message.taken_from_paper", now=now)
    return transfer_id


def _require_another(session: Session, actor: Actor, transfer_id: str) -> None:
    """Whoever wrote or signed what was asked does not also type the answer to it. Source: DOM-2.3, DOM-R36."""
    asked = (one for one in store.messages(session, transfer_id) if one.is_ours)
    if any(
        actor.person_id in {one.written_by, one.signed_by}
        for one in asked
        if one.type in {MessageType.ENQUIRY, MessageType.REQUEST}
    ):
        raise SecondOfficerNeeded("paper_typed_by_another")


def _inbound(session: Session, actor: Actor, transfer_id: str, *, now: datetime) -> TransferRow:
    row = record.held(session, actor, transfer_id, now=now)
    if row.direction != Direction.INBOUND:
        raise NotThere("transfer")
    return row


def _tie(
    session: Session, actor: Actor, row: TransferRow, case_id: str, action: str, *, now: datetime
) -> None:
    if row.case_id is not None:
        raise WrongState("transfer", "matched", "match_transfer")
    row.case_id = case_id
    session.add(row)
    session.flush()
    if row.is_open:
        blockers.block(session, case_id, Blocker.OPEN_TRANSFER, row.id, now=now)
    record.note(session, actor, row, action, now=now)


def _summary(
    session: Session, actor: Actor, row: TransferRow, *, now: datetime
) -> Mapping[str, Any]:
    found = store.messages(session, row.id)
    closed = viewing.open_for(session, actor, found, now=now)
    for message in found:
        if message.summary is not None and message.id not in closed:
            told: Mapping[str, Any] = record.open_in_message(
                session, row, message, "summary", message.summary
            )
            return told
    return {}


def _child(summary: Mapping[str, Any], names: Names, today: date) -> Child:
    told = summary.get("child", {})
    first = {code: start for code, start, _ in AGE_BANDS}.get(told.get("age_band", ""))
    return Child(
        names=names,
        sex=Sex(told.get("sex", Sex.NOT_STATED)),
        age_years=first,
        age_stated_on=today if first is not None else None,
        nationalities=tuple(_alpha2(code) for code in told.get("nationality", ())),
        languages=tuple(told.get("languages", ())),
    )


def _alpha2(code: str) -> str:
    country = pycountry.countries.get(alpha_3=code)
    return str(country.alpha_2) if country else "undetermined"
