"""What a grant gives: the summary as it would go out now, and the named items; nothing that was not named.

What is told is fixed when the grant is redeemed, and stays the same when it is asked for again.

Source: DOM-5.3, DOM-R44, DOM-R45, DOM-R48, EXP-5.2, EXP-9.
"""

import io
from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any, Final

from sqlmodel import Session

from cases.rules.consent import Receiver, Request, SharingPurpose
from cases.service import abroad
from cases.service.consents import HIGHLY_SENSITIVE, may_disclose
from core.errors import Gap
from core.exchange import summaries as wire
from core.exchange.encoding import canonical
from core.exchange.errors import SummaryInvalid
from core.exchange.manifests import PartRole
from core.exchange.media import JSON
from core.exchange.packages import PlainPart
from core.vault import Place, seal, unseal
from transfers.errors import NotSent
from transfers.rules.disclosure import (
    HEALTH,
    IDENTITY,
    SENSITIVE,
    SENSITIVE_PREFIX,
    SUMMARY,
    name_of,
)
from transfers.service import record
from transfers.service.drafting import corridor_for
from transfers.service.summaries import Written, draft_of
from transfers.store import transfers as store
from transfers.tables.disclosure import GrantGivenRow
from transfers.tables.transfer import TransferRow

SCHEMA: Final = "bidx-items/1"
NAMES_ON_FILE: Final = {
    "identity.names": "names",
    "identity.parents": "family_links",
    "identity.origin": "separation",
    "identity.birth_year": "birth_date",
}
"""Under which names a child or guardian withholds what an identity disclosure holds."""


def withheld_gaps(
    session: Session, row: TransferRow, items: Collection[str], purpose: SharingPurpose, *, on: date
) -> tuple[Gap, ...]:
    """Say which of these items are not on file, or withheld by child or guardian from that country. Source: DOM-R48."""
    names = {item: _names(item) for item in items}
    request = Request(
        purpose=purpose, receiver=Receiver.PARTNER_COUNTRY,
        items=frozenset().union(*names.values()), on=on, partner=row.destination,
    )  # fmt: skip
    withheld = may_disclose(session, str(row.case_id), request).withheld
    there = {SUMMARY, *_told(session, row, items)}
    return tuple(
        Gap("grant_item_withheld", {"item": item})
        for item in sorted(names) if names[item] & withheld or item not in there
    )  # fmt: skip


def summary_of(session: Session, row: TransferRow, *, now: datetime) -> Mapping[str, Any]:
    """Return the summary with the words of the last one that left and the facts of the file as it is now.

    Raises:
        NotSent: none has left yet, or it may not go out as it would be now.
    """
    told = [one for one in store.messages(session, row.id) if one.is_ours and one.summary]
    if not told:
        raise NotSent("give_grant", (Gap("grant_without_summary"),))
    last: dict[str, Any] = record.open_in_message(
        session, row, told[-1], "summary", told[-1].summary or b""
    )
    corridor = corridor_for(row, now=now)
    draft = draft_of(
        session, row, _written(last, corridor.maps), corridor, version=1 + len(told), now=now
    )
    gaps = (
        *draft.gaps,
        *(Gap("value_without_common_code", {"value": one}) for one in draft.unmapped),
    )
    if gaps:
        raise NotSent("give_grant", gaps)
    try:
        wire.require_valid(draft.body)
    except SummaryInvalid as error:
        raise NotSent(
            "give_grant", (Gap("summary_field_missing", {"field": error.pointer}),)
        ) from None
    return draft.body


def fix_content(session: Session, row: TransferRow, grant: GrantGivenRow) -> None:
    """Keep the named fields as they are on file now."""
    told = _told(session, row, grant.scope)
    keep_words(session, row, grant, words_of(session, row, grant) | {"content": told})


def parts_for(
    session: Session, row: TransferRow, grant: GrantGivenRow, *, first: int
) -> tuple[PlainPart, ...]:
    """Return the named fields as parts: one identity disclosure, one part for each highly sensitive field."""
    told: dict[str, Any] = words_of(session, row, grant).get("content", {})
    identity = {item: value for item, value in told.items() if item in IDENTITY}
    chosen: list[tuple[PartRole, dict[str, Any], str | None]] = []
    if set(grant.scope) & IDENTITY:
        chosen.append((PartRole.IDENTITY, identity, None))
    for item in sorted(told.keys() - identity.keys()):
        is_health = item.removeprefix(SENSITIVE_PREFIX) in HEALTH
        role = PartRole.MEDICAL if is_health else PartRole.OTHER
        chosen.append((role, {item: told[item]}, grant.id))
    return tuple(
        PlainPart(
            name_of(number, role.value, JSON), JSON, role,
            io.BytesIO(canonical({"schema": SCHEMA, "ref": row.ref, "items": items})), hs_grant,
        )
        for number, (role, items, hs_grant) in enumerate(chosen, start=first)
    )  # fmt: skip


def words_of(session: Session, row: TransferRow, grant: GrantGivenRow) -> dict[str, Any]:
    """Open what people wrote about a grant, and what it told."""
    if not grant.restricted:
        return {}
    found: dict[str, Any] = unseal(
        session, owner=record.owner_of(row), place=_place(grant), sealed=grant.restricted
    )
    return found


def keep_words(
    session: Session, row: TransferRow, grant: GrantGivenRow, words: Mapping[str, Any]
) -> None:
    """Seal what people wrote about a grant, and what it told."""
    grant.restricted = seal(
        session, owner=record.owner_of(row), place=_place(grant), value=dict(words)
    )
    session.add(grant)


def _told(session: Session, row: TransferRow, scope: Collection[str]) -> dict[str, Any]:
    """Return the named fields that are on file; what was not named is not even looked at."""
    items = set(scope)
    told: dict[str, Any] = {}
    if items & IDENTITY:
        known = abroad.identity_abroad(session, str(row.case_id))
        told |= {item: known[item] for item in sorted(items & IDENTITY) if item in known}
    fields = {
        item.removeprefix(SENSITIVE_PREFIX) for item in items if item.startswith(SENSITIVE_PREFIX)
    } & SENSITIVE
    if fields:
        sealed = abroad.sensitive_abroad(session, str(row.case_id), fields)
        told |= {SENSITIVE_PREFIX + name: value for name, value in sealed.items()}
    return told


def _written(last: Mapping[str, Any], maps: Collection[str]) -> Written:
    matter, child = last["matter"], last["child"]
    trigger = matter.get("trigger", "")
    return Written(
        reason=matter["reason"], asked=tuple(last["asked"]),
        reply_due=date.fromisoformat(last["reply_due"]), contacts=tuple(last["contacts"]),
        child_view=matter.get("child_view", ""),
        communication=child.get("communication", "speech"),
        trigger="" if "matter.trigger" in maps else trigger,
    )  # fmt: skip


def _names(item: str) -> frozenset[str]:
    """Every name under which an item may be withheld."""
    found = {item, NAMES_ON_FILE.get(item, item)}
    if item.startswith(SENSITIVE_PREFIX):
        found |= {item.removeprefix(SENSITIVE_PREFIX), HIGHLY_SENSITIVE}
    return frozenset(found)


def _place(grant: GrantGivenRow) -> Place:
    return Place("grant_given", "restricted", grant.id)
