"""Whether what a grant names may be told, as the file is at this moment.

Asked when a grant is proposed, given, and redeemed: a consent withdrawn, a fear told, a hold placed, a document removed
or withheld in between is each enough to keep everything here.

Source: DOM-R26, DOM-R45, DOM-R47, DOM-R48, EXP-TT51.
"""

from collections.abc import Collection
from datetime import datetime

from sqlmodel import Session

from cases.rules.consent import SharingPurpose
from cases.service import files_abroad, movement
from core.errors import BadInput, Gap, NotThere
from core.exchange.manifests import Purpose
from transfers.errors import NotSent
from transfers.rules import disclosure as rules
from transfers.rules.codes import Redaction as Level
from transfers.service import documents, grant_content, record
from transfers.service.drafting import corridor_for
from transfers.service.grants_counting import is_standing, record_version
from transfers.store import disclosure as store
from transfers.tables.disclosure import GrantGivenRow
from transfers.tables.transfer import MessageRow, TransferRow


def standing_gaps(
    session: Session, row: TransferRow, grant: GrantGivenRow, *, now: datetime
) -> tuple[Gap, ...]:
    """Say what stands against telling what a grant names, as the file is now.

    A consent withdrawn, a fear told, a hold placed, a document removed or withheld since: each is enough.
    """
    purpose = purpose_of(Purpose(grant.purpose))
    scope = tuple(grant.scope)
    told = rules.redaction_of(scope, sensitive_papers(session, row, scope, missing_is_fine=True))
    return (
        *gaps_of(session, row, scope, purpose, told, now=now),
        *((Gap("grant_tells_more"),) if told > Level(grant.redaction) else ()),
    )


def require_tellable(
    session: Session, row: TransferRow, grant: GrantGivenRow, *, now: datetime
) -> None:
    """Refuse to give a grant when something stands against telling what it names now.

    Raises:
        NotSent: with every gap.
    """
    gaps = standing_gaps(session, row, grant, now=now)
    if grant.record_version != record_version(session, row):
        gaps = (*gaps, Gap("grant_of_earlier_version"))
    if not row.is_open:
        gaps = (*gaps, Gap("grant_transfer_over"))
    if gaps:
        raise NotSent("give_grant", gaps)


def gaps_of(
    session: Session,
    row: TransferRow,
    scope: Collection[str],
    purpose: SharingPurpose,
    level: Level,
    *,
    now: datetime,
) -> tuple[Gap, ...]:
    """Say what stands against telling these items.

    Args:
        session: the unit of work.
        row: a transfer of ours.
        scope: item codes.
        purpose: what for.
        level: how much they tell together.
        now: when.
    """
    highest = Level(corridor_for(row, now=now).highest_redaction)
    holds = sorted({one.reason.value for one in movement.open_holds(session, str(row.case_id))})
    fields = [one for one in scope if not one.startswith(rules.ATTACHMENT_PREFIX)]
    on = record.today_of(row, now)
    return (
        *documents.telling_gaps(session, row, purpose, now=now),
        *grant_content.withheld_gaps(session, row, fields, purpose, on=on),
        *_paper_gaps(session, row, scope, purpose, now=now),
        *(Gap("movement_held", {"reason": one}) for one in holds),
        *((Gap("documents_beyond_corridor", {"highest": highest.value}),) if level > highest else ()),
    )  # fmt: skip


def _paper_gaps(
    session: Session,
    row: TransferRow,
    scope: Collection[str],
    purpose: SharingPurpose,
    *,
    now: datetime,
) -> tuple[Gap, ...]:
    """Say which named documents are gone, withheld, or of a format the two countries do not exchange."""
    found, gaps = [], []
    for code in scope:
        if not code.startswith(rules.ATTACHMENT_PREFIX):
            continue
        attachment_id = code.removeprefix(rules.ATTACHMENT_PREFIX)
        file = files_abroad.find(session, str(row.case_id), attachment_id)
        if file is None:
            gaps.append(Gap("grant_item_withheld", {"item": code}))
        elif file.media not in documents.media_for(row, now=now):
            gaps.append(Gap("grant_item_format", {"item": code}))
        else:
            found.append(file)
    _, withheld = files_abroad.withheld(
        session, str(row.case_id), found, country=row.destination, purpose=purpose,
        on=record.today_of(row, now),
    )  # fmt: skip
    gaps += [
        Gap("grant_item_withheld", {"item": rules.attachment_code(one)}) for one in sorted(withheld)
    ]
    return tuple(gaps)


def require_sendable(
    session: Session, row: TransferRow, message: MessageRow, *, now: datetime
) -> None:
    """Refuse to seal what a grant gave when the grant, or what it stands on, is gone; other messages pass.

    Raises:
        NotSent: with everything that stands against it.
    """
    grant = store.given_for(session, message.id)
    if grant is None:
        documents.require_sendable(session, row, message, now=now)
        return
    gaps = standing_gaps(session, row, grant, now=now)
    if not is_standing(session, row, grant, now=now):
        gaps = (*gaps, Gap("grant_over"))
    if gaps:
        raise NotSent("give_grant", gaps)


def role_of(session: Session, row: TransferRow, attachment_id: str) -> str:
    """Return what a document is for over there."""
    file = files_abroad.find(session, str(row.case_id), attachment_id)
    return rules.ROLE_OF_KIND.get(file.kind if file is not None else "", "other")


def sensitive_papers(
    session: Session, row: TransferRow, scope: Collection[str], *, missing_is_fine: bool = False
) -> frozenset[str]:
    """Return which named documents are highly sensitive.

    Raises:
        NotThere: one is not of this child's file.
    """
    found = set()
    for code in scope:
        if not code.startswith(rules.ATTACHMENT_PREFIX):
            continue
        attachment_id = code.removeprefix(rules.ATTACHMENT_PREFIX)
        file = files_abroad.find(session, str(row.case_id), attachment_id)
        if file is None and not missing_is_fine:
            raise NotThere("attachment")
        role = "" if file is None else rules.ROLE_OF_KIND.get(file.kind, "")
        if file is not None and (file.is_sensitive or role in rules.SENSITIVE_ROLES):
            found.add(code)
    return frozenset(found)


def purpose_of(purpose: Purpose) -> SharingPurpose:
    """Return what the consent for a purpose is called.

    Raises:
        BadInput: nothing is granted for it.
    """
    if purpose is Purpose.STATISTICS:
        raise BadInput("/purpose", "not_for_a_grant")
    return SharingPurpose(purpose.value)
