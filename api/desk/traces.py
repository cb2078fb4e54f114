"""The audit log as a data protection officer reads it: who did or saw what, in words; and the same as a file."""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from api.desk.forms import day_in, has_typed_day
from api.desk.visit import Visit, given
from api.problems.catalogue import for_reader, problems
from cases.service import traces
from cases.service.traces import Found
from core.accounts import people
from core.accounts.system import OPERATOR_ID, STRANGER_ID
from core.audit_search import KindOfAct, Sought
from core.errors import BadInput

SHOWN: Final = 50
MOST: Final = 5_000
"""So many rows leave in one file; whoever needs more asks for a shorter period, or exports the log at the server."""
_CODE: Final = re.compile(r"|[A-Z]+\d+")  # a number of a rule says nothing to a reader
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Line:
    """One act in words."""

    n: int
    when: str
    who: str
    what: str
    child_code: str
    case_id: str
    more: str


def search(
    visit: Visit, form: Mapping[str, str], *, export: bool = False
) -> tuple[tuple[Line, ...], int | None]:
    """Return what was found, newest first, and the number the next page begins before.

    Raises:
        BadInput: a code, name or day that nobody can look for.
    """
    before = given(form, "before", 18)
    limit = MOST if export else SHOWN + 1
    found = traces.search(
        visit.session, visit.actor, _sought(visit, form), child_code=given(form, "child_code", 40),
        before=int(before) if before.isascii() and before.isdecimal() else None, limit=limit,
        export=export, now=visit.now,
    )  # fmt: skip
    shown = found if export else found[:SHOWN]
    visit.names([one.trace.person_id for one in shown])
    more = shown[-1].trace.n if len(found) > len(shown) else None
    return tuple(_line(visit, one) for one in shown), more


def as_file(visit: Visit, lines: Sequence[Line]) -> bytes:
    """Return what was found as a table that spreadsheet programs open; no cell begins like a formula."""
    text, words = io.StringIO(), visit.words
    table = csv.writer(text)
    table.writerow(
        [words(f"traces.{one}") for one in ("number", "when", "who", "what", "child", "more")]
    )
    for one in lines:
        cells = (str(one.n), one.when, one.who, one.what, one.child_code, one.more)
        table.writerow([_plain(cell) for cell in cells])
    return text.getvalue().encode("utf-8-sig")


def kinds(visit: Visit) -> list[tuple[str, str]]:
    """Return what kinds of acts can be looked for, to whoever may look.

    Raises:
        RoleMayNot: neither data protection officer nor auditor.
    """
    traces.require_reader(visit.actor)
    return [(str(one), visit.words.of("kind_of_act", one)) for one in KindOfAct]


def act_words(visit: Visit, action: str) -> str:
    """Return an act in words: what it was about, and what was done."""
    thing, _, done = action.partition(".")
    return visit.words(
        "traces.act", thing=visit.words.of("act", thing), done=visit.words.of("did", done)
    )


def _sought(visit: Visit, form: Mapping[str, str]) -> Sought:
    kind, login = given(form, "kind", 20), given(form, "login", 64)
    if kind and kind not in set(KindOfAct):
        raise BadInput("/kind", "choose_one")
    return Sought(
        accounts=_accounts(visit, login) if login else None,
        kind=KindOfAct(kind) if kind else None,
        since=_moment(visit, _day(form, "since")),
        until=_moment(visit, _day(form, "until"), days=1),
    )


def _accounts(visit: Visit, login: str) -> tuple[str, ...]:
    person = people.person_of_login(visit.session, login, now=visit.now)
    if person is None:
        raise BadInput("/login", "unknown")
    return people.account_ids_of(visit.session, person)


def _day(form: Mapping[str, str], name: str) -> date | None:
    if not has_typed_day(form, name):
        return None
    found = day_in(form, name)
    if found is None:
        raise BadInput(f"/{name}-day", "day_needed")
    return found


def _moment(visit: Visit, day: date | None, *, days: int = 0) -> datetime | None:
    """Return the beginning of a day, or of one after it, by the clock of the country."""
    if day is None:
        return None
    return datetime.combine(day + timedelta(days), time(), ZoneInfo(visit.zone)).astimezone(UTC)


def _line(visit: Visit, found: Found) -> Line:
    trace, words = found.trace, visit.words
    known = {OPERATOR_ID: words("traces.operator"), STRANGER_ID: words("traces.stranger")}
    details = (
        words("traces.fact", name=words.of("fact_name", name), value=_value(visit, name, value))
        for name, value in trace.detail.items()
        if name in SAID and value is not None and not _CODE.fullmatch(str(value))
    )
    return Line(
        trace.n, words.at(trace.at, visit.zone),
        known.get(trace.person_id) or visit.name(trace.person_id),
        act_words(visit, trace.action), found.child_code, trace.case_id or "", "; ".join(details),
    )  # fmt: skip


SAID: Final = frozenset(
    {"purpose", "role", "reason", "finding", "ground", "count", "rows", "refusal"}
)
"""Facts of an act that tell a reader something; ids and field names are in the export of the log."""


def _value(visit: Visit, name: str, value: object) -> str:
    if name != "refusal":
        return visit.words.code_of(str(value))
    kinds = {kind.__name__: words for kind, words in problems().items()}
    known = kinds.get(str(value))
    return for_reader(known).title if known is not None else visit.words("title.refused")


def _plain(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
