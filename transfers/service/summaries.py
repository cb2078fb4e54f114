"""The case summary of a transfer: facts of the file, what an officer writes, the list, the child's wishes.

Built anew each time it is looked at and once more when it is signed, so that nothing withdrawn meanwhile goes out.

Source: DOM-5.3, DOM-R44, DOM-R48, EXP-5.5.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

import pycountry
from sqlmodel import Session

from cases.rules.consent import Receiver, Request, SharingPurpose
from cases.service import abroad
from cases.service.abroad import FactsAbroad
from cases.service.consents import may_disclose
from core.errors import Gap
from transfers.rules.code_maps import common_band, unmapped
from transfers.rules.codes import Round
from transfers.rules.summary import Cut, cut, names_in
from transfers.service import record
from transfers.service.corridor_packs import Corridor
from transfers.tables.transfer import TransferRow

ITEMS: Final[Mapping[str, str]] = {
    "child.age_band": "birth_date", "child.age_basis": "age_basis", "child.sex": "sex",
    "child.nationality": "nationalities", "child.languages": "languages",
    "child.interpreter_needed": "interpreter_needed", "child.accompaniment": "accompaniment",
    "child.linked": "linked_children", "care.type": "current_care", "care.district": "district",
    "matter.child_view": "child_view", "flags": "protection_concerns",
}  # fmt: skip
"""Fields of a summary and the item of the file that a child may withhold by its own name."""
AGE_BASES: Final = frozenset({"document", "stated", "estimated", "assessed", "disputed"})
_NOT_COMMON: Final = "unknown"


@dataclass(frozen=True)
class Written:
    """What an officer adds to the facts of the file.

    Args:
        reason: one paragraph without names, places below the district, or details of harm.
        child_view: what the child thinks of this option, in one line of its own words.
        communication: how the child communicates best.
        trigger: why a determination is needed, B-code.
        asked: what the other country is asked.
        reply_due: until when.
        contacts: offices to ask, of both sides.
    """

    reason: str
    asked: Sequence[str]
    reply_due: date
    contacts: Sequence[Mapping[str, str]]
    child_view: str = ""
    communication: str = "speech"
    trigger: str = ""


@dataclass(frozen=True)
class Draft:
    """A summary as it would go out now.

    Args:
        body: the summary of the protocol; complete only without gaps.
        gaps: what forbids it.
        unmapped: values without a common code, as ``field: value``.
    """

    body: Mapping[str, Any]
    gaps: tuple[Gap, ...]
    unmapped: tuple[str, ...]


def draft_of(
    session: Session,
    row: TransferRow,
    written: Written,
    corridor: Corridor,
    *,
    version: int,
    now: datetime,
) -> Draft:
    """Make the summary of an outbound transfer from what is on file now."""
    if row.case_id is None:
        raise ValueError("a summary without a case")
    known = abroad.facts_abroad(session, row.case_id, now=now)
    facts = _facts(known, row, written)
    local = {field: _list(facts[field]) for field in corridor.code_maps if facts.get(field)}
    missing = (*unmapped(corridor.code_maps, local), *_without_band(known))
    disclosure = may_disclose(
        session, row.case_id, _request(row, facts, on=record.today_of(row, now))
    )
    found = cut(
        _in_common_words(facts, corridor),
        corridor_allows=corridor.summary_fields,
        withheld=_withheld(facts, disclosure.withheld),
    )
    names = [
        Gap("summary_text_names", {"field": field, "kind": kind})
        for field, text in (
            ("matter.reason", written.reason),
            ("matter.child_view", written.child_view),
        )
        for kind in names_in(text, known.names)
    ]
    return Draft(_whole(found, row, version), (*found.gaps, *names), missing)


def _facts(known: FactsAbroad, row: TransferRow, written: Written) -> dict[str, Any]:
    return {
        "child.child_code": known.child_code,
        "child.age_band": common_band(age=known.age_years, local_band=known.local_band),
        "child.age_basis": known.age_basis if known.age_basis in AGE_BASES else None,
        "child.sex": known.sex,
        "child.nationality": [_alpha3(code) for code in known.nationalities][:4],
        "child.languages": [_language(code) for code in known.languages][:8],
        "child.interpreter_needed": known.interpreter_needed,
        "child.communication": written.communication,
        "child.accompaniment": known.accompaniment,
        "child.linked": [{"child_code": code, "relation": how} for code, how in known.linked][:12],
        "care.type": known.care,
        "care.district": known.district,
        "care.priority": known.priority,
        "matter.kind": row.kind,
        "matter.round": row.round,
        "matter.reason": written.reason,
        "matter.trigger": written.trigger,
        "matter.child_view": written.child_view,
        "matter.decision_sha256": row.decision_sha256 if row.round == Round.REQUEST else "",
        "flags": list(known.flags),
        "asked": list(written.asked),
        "reply_due": written.reply_due.isoformat(),
        "contacts": [dict(one) for one in written.contacts],
    }


def _without_band(known: FactsAbroad) -> tuple[str, ...]:
    """A local band that crosses a border of the common ones: somebody has to say how old the child is."""
    if common_band(age=known.age_years, local_band=known.local_band) is not None:
        return ()
    band = "-".join(str(year) for year in known.local_band) if known.local_band else _NOT_COMMON
    return (f"child.age_band: {band}",)


def _request(row: TransferRow, facts: Mapping[str, Any], *, on: date) -> Request:
    items = {ITEMS.get(field, field) for field in facts} | set(facts)
    return Request(
        purpose=SharingPurpose.CROSS_BORDER_SUMMARY,
        receiver=Receiver.PARTNER_COUNTRY,
        items=frozenset(items),
        on=on,
        partner=row.destination,
    )


def _withheld(facts: Mapping[str, Any], items: frozenset[str]) -> list[str]:
    return [field for field in facts if field in items or ITEMS.get(field, "") in items]


def _in_common_words(facts: Mapping[str, Any], corridor: Corridor) -> dict[str, Any]:
    found = dict(facts)
    for field, code_map in corridor.code_maps.items():
        value = found.get(field)
        if isinstance(value, list):
            found[field] = [code_map.out(one) for one in value if code_map.out(one)]
        elif value:
            found[field] = code_map.out(value)
    return found


def _whole(found: Cut, row: TransferRow, version: int) -> dict[str, Any]:
    return {
        "schema": "bidx-summary/1",
        "ref": row.ref,
        "summary_version": version,
        **found.body,
        "withheld": list(found.withheld),
    }


def _list(value: Any) -> list[str]:
    return list(value) if isinstance(value, list) else [value]


def _alpha3(code: str) -> str:
    country = pycountry.countries.get(alpha_2=code)
    return (
        str(country.alpha_3)
        if country
        else "stateless"
        if code == "stateless"
        else "to_be_confirmed"
    )


def _language(code: str) -> str:
    """Write a language as the protocol does: ``pt`` or ``pt-MZ``."""
    return code.replace("_", "-")
