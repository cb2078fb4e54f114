"""The head's word: an enquiry or a request leaves, when everything it stands on is true at that moment.

Whatever was checked before is checked again here, from the file as it stands: a consent withdrawn in between, a fear
told this morning or a corridor closed an hour ago keep the summary here.

Source: DOM-5.2/X0, X1, DOM-R26, DOM-R35, DOM-R44, DOM-R47, DOM-R48.
"""

from dataclasses import dataclass, field
from datetime import date, datetime

from sqlmodel import Session

from cases.errors import RoleMayNot
from cases.rules.consent import Receiver, Request, SharingPurpose
from cases.service import abroad
from cases.service.consents import may_disclose
from core.actors import Actor
from core.errors import Answer, BadInput, Gap, NotThere
from core.exchange import summaries
from core.exchange.errors import SummaryInvalid
from panels.service.implementation import standpoint
from transfers.errors import NotSent, OneOfficerAlone
from transfers.rules import sending as rules
from transfers.rules.codes import AskedOfPartner, ConsentOrder, MessageType, Round
from transfers.rules.guests import PAPER
from transfers.rules.machine import Step, TransferState
from transfers.rules.sending import Checked, Disclosure, Ground, SafeToTrace
from transfers.service import bodies, record
from transfers.service.bodies import Body, Enquiry, EnquiryReply, Terms, write_message
from transfers.service.correspondence import sending_gaps
from transfers.service.corridors import status_of
from transfers.service.drafting import corridor_for, draft_message, written_of
from transfers.service.saying import SAID, SIGNED, is_taken_back, said_in
from transfers.service.summaries import Draft, draft_of
from transfers.store import guests as guest_store
from transfers.store import transfers as store
from transfers.tables.transfer import MessageRow, TransferRow


@dataclass(frozen=True)
class RequestTerms:
    """What a request says besides its summary.

    Args:
        decided_on: the day of the decision.
        reasons_included: the report on the child and the reasons are among the parts (HC96-33).
        terms: duration, funding, supervision, contact plan, as far as the corridor asks.
    """

    decided_on: date
    reasons_included: bool
    terms: Terms = field(default_factory=Terms)


def name_receiver(
    session: Session,
    actor: Actor,
    transfer_id: str,
    installation: str,
    *,
    now: datetime,
    expected_version: int | None = None,
) -> None:
    """Note that this installation is the right receiver, and who made sure of it.

    Raises:
        NotOurStep: it has left already.
        StaleWrite: the caller read an older version.
        BadInput: the installation is of another country.
    """
    row = record.held(session, actor, transfer_id, now=now, expected_version=expected_version)
    record.our_edge(row, Step.WITHDRAW)
    if row.state not in {TransferState.DRAFT, TransferState.INTERNAL_CHECK}:
        record.our_edge(row, Step.SUBMIT)
    if not installation.startswith(f"{row.destination}."):
        raise BadInput("/installation", "another_country")
    row.partner, row.receiver_checked_by = installation, actor.person_id
    session.add(row)
    session.flush()
    record.note(session, actor, row, "transfer.receiver_checked", now=now)


def what_is_missing(
    session: Session,
    actor: Actor,
    transfer_id: str,
    *,
    terms: RequestTerms | None = None,
    now: datetime,
) -> Answer:
    """Show everything that keeps an enquiry or a request here, and note that it was read."""
    row = record.seen(session, actor, transfer_id, now=now)
    message = draft_message(session, row)
    record.note(session, actor, row, "transfer.conditions_read", now=now)
    if message is None:
        return Answer("send", (Gap("summary_not_written"),))
    draft = _draft(session, row, message, now=now)
    found = _answer(session, row, message, draft, terms, now=now)
    return Answer(found.act, (*draft.gaps, *found.gaps))


def send(
    session: Session,
    actor: Actor,
    transfer_id: str,
    *,
    terms: RequestTerms | None = None,
    now: datetime,
    expected_version: int | None = None,
) -> str:
    """Sign an enquiry or a request and let it leave; returns the id of the message.

    Raises:
        OneOfficerAlone: whoever wrote the summary signs it.
        RoleMayNot: the head of the secretariat signs.
        NotSent: with everything that is missing.
        NotOurStep: it is not at that point.
    """
    row = record.held(session, actor, transfer_id, now=now, expected_version=expected_version)
    step = record.our_edge(row, Step.SEND_ENQUIRY if row.round == Round.ENQUIRY else Step.SEND)
    if not actor.has(*step.who):
        raise RoleMayNot
    message = draft_message(session, row)
    if message is None:
        raise NotThere("summary")
    if message.written_by == actor.person_id:
        raise OneOfficerAlone
    draft = _draft(session, row, message, now=now)
    found = _answer(session, row, message, draft, terms, now=now)
    gaps = (*draft.gaps, *found.gaps) or _form_gaps(draft)
    if gaps:
        raise NotSent(found.act, gaps)
    body = _body(session, row, message, terms, now=now)
    raw = write_message(MessageType(message.type), body, ref=row.ref, no=message.no)
    message.restricted = record.seal_in_message(session, row, message, "restricted", raw.decode())
    message.summary = record.seal_in_message(session, row, message, "summary", dict(draft.body))
    message.standing, message.signed_by, message.signed_at = SIGNED, actor.person_id, now
    row.requested_by = message.written_by
    session.add(message)
    record.take(
        session, row, step, side=record.our_side(row), actor=actor, now=now, message_id=message.id
    )
    return message.id


def _form_gaps(draft: Draft) -> tuple[Gap, ...]:
    """The last look, by the very schema the other country reads with."""
    try:
        summaries.require_valid(draft.body)
    except SummaryInvalid as error:
        return (Gap("summary_field_missing", {"field": error.pointer}),)
    return ()


def _answer(
    session: Session,
    row: TransferRow,
    message: MessageRow,
    draft: Draft,
    terms: RequestTerms | None,
    *,
    now: datetime,
) -> Answer:
    standing = abroad.standing_abroad(session, str(row.case_id), row.destination, now=now)
    disclosure = Disclosure(
        destination=row.destination,
        corridor=status_of(session, row.origin, row.destination, now=now),
        partner_active=_is_reachable(session, row, now=now),
        receiver_checked=bool(row.receiver_checked_by),
        consent=_consents(session, row, on=standing.today),
        fears_destination=standing.fears,
        dangers=standing.dangers,
        checked=Checked(message.written_by, message.checked_by),
        unmapped=draft.unmapped,
    )
    ground = _ground(session, row, standing, terms, now=now)
    if row.round == Round.ENQUIRY:
        return rules.may_enquire(disclosure, ground)
    order = ConsentOrder(corridor_for(row, now=now).consent_order)
    return rules.may_request(disclosure, ground, order, on=standing.today)


def _is_reachable(session: Session, row: TransferRow, *, now: datetime) -> bool:
    """Whether its installation is trusted, or, in a country without one, somebody there is verified."""
    if row.partner == f"{row.destination}.{PAPER}":
        return guest_store.is_anybody_verified(
            session, row.country, row.destination, on=record.today_of(row, now)
        )
    return bool(row.partner) and sending_gaps(session, row.partner, now=now).is_possible


def _consents(session: Session, row: TransferRow, *, on: date) -> bool:
    request = Request(
        purpose=SharingPurpose.CROSS_BORDER_SUMMARY, receiver=Receiver.PARTNER_COUNTRY,
        items=frozenset(), on=on, partner=row.destination,
    )  # fmt: skip
    return may_disclose(session, str(row.case_id), request).answer.is_possible


def _ground(
    session: Session,
    row: TransferRow,
    standing: abroad.StandingAbroad,
    terms: RequestTerms | None,
    *,
    now: datetime,
) -> Ground:
    decided = standpoint(session, str(row.case_id), now=now)
    is_ours = decided is not None and decided.determination_id == row.determination_id
    abroad_only = decided if decided is not None and decided.is_abroad and is_ours else None
    asked = corridor_for(row, now=now).request_terms
    given = terms.terms.model_dump() if terms else {}
    return Ground(
        assessment_approved=standing.assessment_approved,
        safe_to_trace=SafeToTrace.YES if standing.safe_to_trace else SafeToTrace.NOT_YET,
        decision_final=bool(
            abroad_only and abroad_only.is_final and not abroad_only.reversed_later
        ),
        decided_for=abroad_only.destination if abroad_only else "",
        valid_until=abroad_only.valid_until if abroad_only else None,
        reasons_included=bool(terms and terms.reasons_included),
        terms_missing=[term for term in asked if not given.get(term)],
        enquiry_answered_yes=has_consented(session, row),
    )


def has_consented(session: Session, row: TransferRow) -> bool:
    """Whether that State has given its signed consent to an enquiry about this child."""
    for earlier in store.of_case(session, str(row.case_id)):
        same_way = earlier.destination == row.destination and earlier.round == Round.ENQUIRY
        if not same_way or earlier.state != TransferState.ANSWERED_POSITIVE:
            continue
        for message in store.messages(session, earlier.id):
            if message.is_ours or message.type != MessageType.ENQUIRY_REPLY:
                continue
            if message.standing not in SAID or is_taken_back(session, message):
                continue
            body = said_in(session, earlier, message).body
            if isinstance(body, EnquiryReply) and body.consents:
                return True
    return False


def _body(
    session: Session,
    row: TransferRow,
    message: MessageRow,
    terms: RequestTerms | None,
    *,
    now: datetime,
) -> Body:
    written = written_of(session, row, message)
    asked = tuple(AskedOfPartner(one) for one in written.asked)
    if row.round == Round.ENQUIRY:
        return Enquiry(asked=asked, reply_due=written.reply_due)
    decided = standpoint(session, str(row.case_id), now=now)
    if terms is None or decided is None:
        raise NotSent("send_request", ())
    return bodies.Request(
        asked=asked, reply_due=written.reply_due, decision_sha256=row.decision_sha256,
        decided_on=terms.decided_on, decision_valid_until=decided.valid_until,
        responsibility=corridor_for(row, now=now).responsibility, terms=terms.terms,
    )  # fmt: skip


def _draft(session: Session, row: TransferRow, message: MessageRow, *, now: datetime) -> Draft:
    version = 1 + sum(one.summary is not None for one in store.messages(session, row.id))
    return draft_of(
        session, row, written_of(session, row, message), corridor_for(row, now=now),
        version=version, now=now,
    )  # fmt: skip
