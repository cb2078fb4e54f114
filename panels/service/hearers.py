"""The body that hears an appeal: to whom the child's file opens, until when, and who is never in it.

The file opens to the members of the country's review panel and to the head of the secretariat when an
appeal is lodged, and to whoever the head calls later. It closes when the appeal has its result; those
who replaced the decision keep it until their own decision is signed.

Source: DOM-3.3 (T15), DOM-2.3, DOM-3.1/UNDER_APPEAL; who sits in the body is our choice, where law is silent.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Final

from sqlmodel import Session

from cases.rules.access import Basis, Level
from cases.service import access, steps
from cases.service.papers import report_for_panel
from core import audit
from core.accounts import store as accounts
from core.actors import Actor, Role, ScopeKind
from core.db import check_version
from core.errors import NotThere, WrongState
from panels.rules.appeal import APPEAL_RULE, may_be_called
from panels.rules.conflicts import Conflict, ConflictState, closed_to
from panels.rules.roster import bars_to_sitting
from panels.service import telling
from panels.service.child import Child, child_of
from panels.store import appeal as store
from panels.store import conflict as conflicts
from panels.store import determination as determinations
from panels.store import member as members
from panels.store import panel as panels
from panels.tables.appeal import AppealRow
from panels.tables.determination import DeterminationRow

TABLE: Final = "appeal"
HEADS: Final = frozenset({Role.SECRETARIAT_HEAD})


def open_to_body(
    session: Session, actor: Actor, child: Child, row: AppealRow, *, now: datetime
) -> tuple[str, ...]:
    """Open the child's file to those who hear an appeal; return them, nobody when there is no one.

    Source: DOM-2.3, DOM-R14.
    """
    decision = _decision(session, row)
    apart = took_part(session, decision, now=now) | {row.lodged_by}
    heads = _of_secretariat(session, child.country, Role.SECRETARIAT_HEAD, now=now)
    body = (heads | _review_panel(session, child, decision)) - apart
    body = body or _of_secretariat(session, child.country, Role.SECRETARIAT, now=now) - apart
    for person_id in sorted(body):
        _open(session, actor, row, person_id, now=now)
    row.hearers = sorted(body)
    session.add(row)
    session.flush()
    return tuple(row.hearers)


def call_hearer(
    session: Session,
    actor: Actor,
    appeal_id: str,
    person_id: str,
    *,
    now: datetime,
    expected_version: int | None = None,
) -> None:
    """Call one more person to hear an appeal; the head of the secretariat does. Twice is once.

    Raises:
        NotThere: no such appeal, or not of the actor's country.
        RoleMayNot: not the head of the secretariat.
        WrongState: it was decided already.
        Incomplete: the person took part in the decision, or neither sits on a panel nor works in
            the secretariat.
        StaleWrite: the caller read an older version.

    Source: DOM-2.3.
    """
    row = store.find(session, appeal_id)
    if row is None:
        raise NotThere(TABLE)
    level = Level.CODED if actor.has(*HEADS) else Level.FULL  # who sees a row knows of no appeal
    try:
        access.case_for(session, actor, row.case_id, roles=HEADS, now=now, level=level)
    except NotThere as error:
        raise NotThere(TABLE) from error
    session.refresh(row)
    check_version(row, TABLE, expected_version)
    if row.open_case is None:
        raise WrongState(TABLE, row.result, "call_hearer")
    child = child_of(session, row.case_id, now=now)
    apart = took_part(session, _decision(session, row), now=now) | {row.lodged_by}
    may_be_called(
        took_part=person_id in apart, is_eligible=_is_eligible(session, child, person_id, now=now)
    ).require()
    if person_id in row.hearers:
        return
    _open(session, actor, row, person_id, now=now)
    row.hearers = sorted({*row.hearers, person_id})
    session.add(row)
    session.flush()
    audit.record(
        session,
        actor,
        "appeal.hearer_called",
        thing=TABLE,
        thing_id=row.id,
        case_id=row.case_id,
        now=now,
        codes={"person": person_id},
    )
    steps.wake(session, row.case_id, now=now)


def close_to_body(session: Session, actor: Actor, row: AppealRow, *, now: datetime) -> int:
    """Close the file to everybody to whom this appeal opened it; return how many."""
    return access.close_access(
        session, actor, case_id=row.case_id, basis=Basis.APPEAL, ref=row.id, now=now
    )


def close_after_replacement(
    session: Session, actor: Actor, decision: DeterminationRow, *, now: datetime
) -> None:
    """Close the file once the decision of those who heard an appeal waits for no signature of theirs."""
    if decision.rule_used != APPEAL_RULE:
        return
    for row in store.of_case(session, decision.case_id):
        if row.open_case is None:
            close_to_body(session, actor, row, now=now)


def took_part(session: Session, decision: DeterminationRow, *, now: datetime) -> frozenset[str]:
    """Return who voted on, prepared, checked, recorded or signed a decision, or had a conflict with it."""
    report = report_for_panel(session, decision.case_id, now=now)
    prepared = {report.author, report.bia_author, report.bia_approver, report.quality_checker}
    signed = {one.person_id for one in determinations.signatures(session, decision.id)}
    found = {*decision.voters, *signed, decision.recorded_by, *report.involved, *prepared}
    return frozenset(one for one in found if one) | _with_conflict(session, decision)


def _with_conflict(session: Session, decision: DeterminationRow) -> frozenset[str]:
    rows = conflicts.of_item(session, decision.item_id) if decision.item_id else ()
    return closed_to(Conflict(one.person_id, ConflictState(one.state)) for one in rows)


def _decision(session: Session, row: AppealRow) -> DeterminationRow:
    decision = determinations.find(session, row.determination_id)
    if decision is None:
        raise NotThere(TABLE)
    return decision


def _open(session: Session, actor: Actor, row: AppealRow, person_id: str, *, now: datetime) -> None:
    access.grant_access(
        session,
        actor,
        case_id=row.case_id,
        person_id=person_id,
        basis=Basis.APPEAL,
        level=Level.FULL,
        ref=row.id,
        now=now,
    )


def _of_secretariat(session: Session, country: str, role: Role, *, now: datetime) -> set[str]:
    return set(accounts.holders(session, role, ScopeKind.COUNTRY, country, now=now))


def _review_panel(session: Session, child: Child, decision: DeterminationRow) -> set[str]:
    """Return who may sit on the country's review panel today; nobody when it decided itself."""
    panel = panels.review_panel(session, child.country)
    if panel is None or panel.id == telling.panel_of(session, decision.item_id):
        return set()
    return _sworn(
        session, [one.id for one in members.in_office(session, panel.id, child.today)], child
    )


def _sworn(session: Session, member_ids: Collection[str], child: Child) -> set[str]:
    return {
        holder.person_id
        for holder in members.holders(session, member_ids)
        if not bars_to_sitting(holder, child.today)
    }


def _is_eligible(session: Session, child: Child, person_id: str, *, now: datetime) -> bool:
    """Whether a person works in the secretariat, or may sit on a panel of the country today."""
    for role in (Role.SECRETARIAT_HEAD, Role.SECRETARIAT):
        if person_id in _of_secretariat(session, child.country, role, now=now):
            return True
    terms = members.of_person(session, person_id)
    here = [one.id for one in terms if _is_of(session, one.panel_id, child.country)]
    return person_id in _sworn(session, here, child)


def _is_of(session: Session, panel_id: str, country: str) -> bool:
    panel = panels.find(session, panel_id)
    return panel is not None and panel.country == country
