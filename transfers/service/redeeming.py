"""A partner redeems a grant of ours: one sealed package for one grant, and the same again whenever it asks.

Every reason for which nothing is given has one answer. What is told is judged anew at this moment; what was given once
is given again without being a use. Source: EXP-6, EXP-9, EXP-TT51, EXP-TT52.
"""

import logging
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlmodel import Session

from cases.service import steps
from core.actors import Role
from core.errors import DomainError, Incomplete, NotThere
from core.exchange import grants as wire
from core.exchange.errors import CannotMake, ContentRefused, GrantRefused, SummaryInvalid
from core.exchange.keys import PinnedKeys
from core.exchange.shelves import BOX
from core.vault import Erased, Unreadable
from transfers.errors import NoKeyCounts, NotSent
from transfers.rules import disclosure as rules
from transfers.rules.codes import MessageType
from transfers.rules.delivery import OutState
from transfers.service import (
    evidence,
    grant_content,
    grants,
    grants_judging,
    installation,
    sealing,
)
from transfers.service.bodies import Summary
from transfers.service.correspondence import Correspondent
from transfers.service.grants_counting import is_standing
from transfers.service.incoming import Refused
from transfers.service.officers import tell
from transfers.service.storage import Store
from transfers.store import deliveries as delivery_store
from transfers.store import disclosure as store
from transfers.store import transfers as transfer_store
from transfers.tables.delivery import DeliveryOutRow
from transfers.tables.disclosure import DocumentOutRow, GrantGivenRow
from transfers.tables.transfer import TransferRow

REFUSED: Final = Refused("grant-refused")
LATER: Final = Refused("try-later")
GIVEN: Final = frozenset(OutState) - {
    OutState.RESEALED, OutState.CANCELLED, OutState.EXPIRED, OutState.RECALL_SENT,
    OutState.RECALLED, OutState.RECALL_DECLINED, OutState.REFUSED, OutState.DELETED,
}  # fmt: skip
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Redeemed:
    """The sealed package of a grant; its parts are fetched from the mailbox."""

    delivery: str
    keys: str


def redeem(
    session: Session, partner: Correspondent, text: object, *, storage: Store, now: datetime
) -> Redeemed | Refused:
    """Give what a grant names, to the partner it names and to nobody else.

    Args:
        session: the unit of work; commit it whatever is answered.
        partner: whose signature the call carries.
        text: the grant; anything.
        storage: where sealed bytes and sealed files lie.
        now: when.
    """
    found = _standing(session, partner, text, now=now)
    if isinstance(found, str):
        log.info("exchange.grant_refused", extra={"partner": partner.partner_id, "why": found})
        _tell_refused(session, partner, now=now)
        return REFUSED
    row, grant = found
    if grant.content_id is None:
        refused = _make(session, row, grant, storage=storage, now=now)
        if refused is not None:
            return refused
    given = _delivery(session, grant)
    if given is None:
        return REFUSED
    try:
        with storage.sent(given.id).open(BOX) as file:
            box = file.read().decode("ascii")
    except FileNotFoundError:  # bytes were lost with their folder; they are sealed anew
        return LATER
    given.is_offered = True
    session.add(given)
    session.flush()
    evidence.note(
        session, "grant.redeemed", subject=grant.id, actor=evidence.PROCEDURE,
        obj=grant.token_sha256, detail={"delivery": given.id}, now=now,
    )  # fmt: skip
    return Redeemed(given.token, box)


def prepare(
    session: Session, partner: Correspondent, text: object, *, transfer_id: str, now: datetime
) -> bool:
    """Make ready what a grant of ours gives, to leave like any message of ours; False: nothing is given.

    For a grant that came back in a package (``grants_carried``). One that was redeemed gives nothing besides what it
    gave: its package is on its way or has arrived.
    """
    found = _standing(session, partner, text, now=now)
    if isinstance(found, str) or found[0].id != transfer_id:
        log.info("exchange.grant_refused", extra={"partner": partner.partner_id})
        return False
    row, grant = found
    if grant.content_id is None:
        try:
            with session.begin_nested():
                _fix(session, row, grant, now=now)
        except (ContentRefused, NotSent, SummaryInvalid, Unreadable) as error:
            log.warning("exchange.grant_not_made: %s by %s", grant.id, type(error).__name__)
            return False
    evidence.note(
        session, "grant.redeemed", subject=grant.id, actor=evidence.PROCEDURE,
        obj=grant.token_sha256, detail={"message": str(grant.content_id)}, now=now,
    )  # fmt: skip
    return True


def _standing(
    session: Session, partner: Correspondent, text: object, *, now: datetime
) -> tuple[TransferRow, GrantGivenRow] | str:
    """Return what a grant is about, locked; or a code, for our log alone, of why it does not count."""
    own = installation.name_of(session)
    keys = PinnedKeys(own, signing=installation.verifying_keys(session))
    try:
        shown = wire.require_redeemable(text, keys, us=own, partner=partner.installation, now=now)
    except GrantRefused:
        return "not_theirs"
    found = _locked(session, shown.id)
    if found is None or found[1].token_sha256 != shown.token.digest:
        return "not_as_given"
    row, grant = found
    try:
        gaps = grants_judging.standing_gaps(session, row, grant, now=now)
    except (Erased, NotThere):  # the file was erased meanwhile
        return "gone"
    if gaps:
        return gaps[0].code
    is_used_up = grant.content_id is None and grant.used >= grant.uses
    if is_used_up or not is_standing(session, row, grant, now=now):
        return "over"
    return row, grant


def _locked(session: Session, grant_id: str) -> tuple[TransferRow, GrantGivenRow] | None:
    """Lock a grant with what it is about: the case first, then the transfer."""
    known = store.given(session, grant_id)
    found = None if known is None else transfer_store.find(session, known.transfer_id)
    if found is None or found.case_id is None:
        return None
    steps.lock(session, found.case_id)
    row = transfer_store.lock(session, found.id)
    grant = store.given(session, grant_id, lock=True)
    return None if row is None or grant is None else (row, grant)


def _make(
    session: Session, row: TransferRow, grant: GrantGivenRow, *, storage: Store, now: datetime
) -> Refused | None:
    """Make and seal the package of a grant; nothing of it is left when that cannot be done."""
    try:
        with session.begin_nested():
            made = _fix(session, row, grant, now=now)
            sealing.seal(session, made, storage=storage, now=now)
    except (CannotMake, ContentRefused, NotSent, SummaryInvalid, Unreadable) as error:
        _failed(session, row, grant, error, now=now)
        return REFUSED
    except (Incomplete, NoKeyCounts):
        return LATER
    return None


def _fix(session: Session, row: TransferRow, grant: GrantGivenRow, *, now: datetime) -> str:
    """Fix what a grant gives, once, as a signed message; returns its id."""
    body = Summary(grant=grant.id, items=tuple(grant.scope))
    message = grants.signed_message(
        session, row, grant, MessageType.SUMMARY, body, reply_to=None, by=grant.answered_by, now=now
    )
    message.redaction = grant.redaction
    session.add(message)
    _attach(session, row, grant, message.id, now=now)
    grant_content.fix_content(session, row, grant)
    grant.used, grant.content_id, grant.redeemed_at = grant.used + 1, message.id, now
    session.add(grant)
    session.flush()
    return message.id


def _attach(
    session: Session, row: TransferRow, grant: GrantGivenRow, message_id: str, *, now: datetime
) -> None:
    sensitive = grants_judging.sensitive_papers(session, row, grant.scope)
    named = [code for code in grant.scope if code.startswith(rules.ATTACHMENT_PREFIX)]
    for number, code in enumerate(named, start=1):
        attachment_id = code.removeprefix(rules.ATTACHMENT_PREFIX)
        role = grants_judging.role_of(session, row, attachment_id)
        session.add(
            DocumentOutRow(
                message_id=message_id, number=number, attachment_id=attachment_id, role=role,
                grant_id=grant.id if code in sensitive else None, chosen_by=grant.proposed_by,
                chosen_at=now,
            )
        )  # fmt: skip
    session.flush()


def _delivery(session: Session, grant: GrantGivenRow) -> DeliveryOutRow | None:
    """Return the newest delivery of what a grant gave, unless it was taken back."""
    sealed = delivery_store.out_of_message(session, str(grant.content_id))
    if not sealed or OutState(sealed[-1].state) not in GIVEN:
        return None
    return delivery_store.out(session, sealed[-1].id, lock=True)


def _tell_refused(session: Session, partner: Correspondent, *, now: datetime) -> None:
    """Tell officers once a day that a partner used a grant that does not count."""
    tell(
        session, topic="exchange.grant_refused_here", subject=partner.partner_id,
        occasion=f"{partner.partner_id}:{now.date().isoformat()}", role=Role.SECRETARIAT,
        facts={"installation": partner.installation}, now=now,
    )  # fmt: skip


def _failed(
    session: Session, row: TransferRow, grant: GrantGivenRow, error: DomainError, *, now: datetime
) -> None:
    log.warning("exchange.grant_not_sealed: %s by %s", grant.id, type(error).__name__)
    tell(
        session, topic="exchange.needs_attention", subject=row.id, role=Role.SECRETARIAT,
        occasion=f"{grant.id}:not-sealed", now=now,
        facts={"installation": row.partner, "code": "not-sealed"},
    )  # fmt: skip
