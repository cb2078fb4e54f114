"""The few facts about a child that the rules of assessment, report and plan ask for.

For services that have already decided that they may; nothing here is shown to anybody.
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from cases.rules.children import Relation, age_on
from cases.rules.participation import Band, Method
from cases.service.case_packs import pack_for
from cases.service.files import restricted_of
from cases.store import case_files
from cases.tables.case_file import CaseRow
from core.languages import languages
from core.packs.models import Pack
from core.worktime import local_day


@dataclass(frozen=True)
class ChildFacts:
    """What the rules need to know.

    Args:
        age_years: None when nothing is known.
        languages: in the form of ``core.languages``; empty when unknown.
        siblings: ids of linked sibling cases.
    """

    age_years: int | None
    languages: frozenset[str]
    siblings: frozenset[str]


def child_facts(session: Session, row: CaseRow, *, today: date) -> ChildFacts:
    """Return the facts on file about a child."""
    known = restricted_of(session, row)
    links = case_files.links_of(session, row.id)
    return ChildFacts(
        age_years=age_on(
            today,
            birth_date=_date(known.get("birth_date")),
            age_years=known.get("age_years"),
            age_stated_on=_date(known.get("age_stated_on")),
        ),
        languages=languages(known.get("languages") or ()),
        siblings=frozenset(link.other_id for link in links if link.relation == Relation.SIBLING),
    )


def bands_of(pack: Pack) -> tuple[Band, ...]:
    """Return the country's bands of participation. Source: DOM-3.7."""
    known = set(Method)
    return tuple(
        Band(
            band.code,
            band.start,
            tuple(Method(way) for way in band.methods if way in known),
            must_cosign=band.signs_plan,
        )
        for band in pack.ages.participation
    )


def today_of(row: CaseRow, now: datetime) -> date:
    """Return the date on the wall where the case is worked on."""
    return local_day(now, pack_for(row, on=now.date()).calendar(row.office))


def _date(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None
