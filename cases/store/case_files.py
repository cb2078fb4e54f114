"""Queries about case files. Lists start from ``visible``: who may see it is part of the query."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from cases.rules.access import OFFICE_ONLOOKERS
from cases.rules.children import ExternalIdKind
from cases.tables.access import CaseAccessRow, CaseBarRow
from cases.tables.case_file import CaseRow, ChildLinkRow, ExternalIdRow, LocalNumberRow
from cases.tables.history import CaseErasureRow, CaseHistoryRow, CaseMergeRow
from cases.tables.names import NameKeyRow
from core import gathering
from core.actors import Actor, ScopeKind
from core.db import UtcDateTime
from core.upsert import insert_for


@dataclass(frozen=True)
class Wanted:
    """Which cases a list shows.

    Args:
        state: one state only; otherwise all open cases (or, with ``is_open=False``, ended ones).
        is_open: open or ended; ignored with a state.
        mine: only cases the person owns or was given access to.
        detained: only children in detention.
        priority: one priority only, by its rank.
    """

    state: str | None = None
    is_open: bool = True
    mine: bool = False
    detained: bool = False
    priority_rank: int | None = None


@dataclass(frozen=True)
class After:
    """The last case of the page before."""

    priority_rank: int
    opened_at: datetime
    case_id: str


def find_case(session: Session, case_id: str) -> CaseRow | None:
    """Return a case by id."""
    own = gathering.held(session, CaseRow, case_id)
    return own[0] if own else session.get(CaseRow, case_id)


def lock_case(session: Session, case_id: str) -> CaseRow | None:
    """Return a case by id and hold it until the unit of work ends; read afresh."""
    own = gathering.held(session, CaseRow, case_id)
    if own:
        return own[0]  # nobody else sees it yet
    query = select(CaseRow).where(CaseRow.id == case_id).with_for_update()
    return session.exec(query.execution_options(populate_existing=True)).first()


def id_of_code(session: Session, child_code: str) -> str | None:
    """Return the id that a child code resolves to."""
    return session.exec(select(CaseRow.id).where(CaseRow.child_code == child_code)).first()


def code_is_taken(session: Session, child_code: str) -> bool:
    """Whether a child code was issued before."""
    return id_of_code(session, child_code) is not None


def next_local_number(session: Session, series: str) -> int:
    """Count up the numbers of one office and year; two offices never wait for each other.

    Among gathered rows the first number holds the series until the end; the last one is written then.
    """
    last = gathering.noted(session, _keep_numbers, series)
    number = last + 1 if last is not None else _count_up(session, series)
    gathering.note(session, _keep_numbers, series, number)
    return number


def _count_up(session: Session, series: str) -> int:
    table = LocalNumberRow.__table__  # type: ignore[attr-defined]
    insert = insert_for(session)(table).values(series=series, last=1)
    counted = insert.on_conflict_do_update(
        index_elements=["series"], set_={"last": table.c.last + 1}
    ).returning(table.c.last)
    apart = {gathering.APART: True}  # no gathered row has to do with it
    return int(session.execute(counted, execution_options=apart).scalar_one())


def _keep_numbers(session: Session, numbers: Mapping[str, int]) -> None:
    table = LocalNumberRow.__table__  # type: ignore[attr-defined]
    for series, last in numbers.items():
        statement = sa.update(table).where(table.c.series == series).values(last=last)
        session.connection().execute(statement)


def visible(actor: Actor, now: datetime) -> list[SelectOfScalar[CaseRow]]:
    """Return one query for each way this actor comes to see cases; a case may be in several.

    Each is answered from one index. A barred case is in none of them.
    """
    return [*visible_nearby(actor, now), *visible_at_large(actor)]


def visible_nearby(actor: Actor, now: datetime) -> list[SelectOfScalar[CaseRow]]:
    """Return the queries among ``visible`` that find few cases: their own, and those of an office."""
    offices = [CaseRow.office == office for office in _seen_by_role(actor, ScopeKind.OFFICE)]
    queries = [_granted(actor, now), *(select(CaseRow).where(office) for office in offices)]
    return [query.where(~_barred(actor)) for query in queries]


def visible_at_large(actor: Actor) -> list[SelectOfScalar[CaseRow]]:
    """Return the queries among ``visible`` that find the cases of a country: too many to list by id."""
    countries = [CaseRow.country == ref for ref in _seen_by_role(actor, ScopeKind.COUNTRY)]
    return [select(CaseRow).where(country).where(~_barred(actor)) for country in countries]


def page(
    session: Session,
    actor: Actor,
    wanted: Wanted,
    *,
    after: After | None,
    limit: int,
    now: datetime,
) -> list[CaseRow]:
    """Return one page of the cases an actor sees: most urgent first, then waiting longest."""
    found: dict[str, CaseRow] = {}
    for query in page_queries(actor, wanted, after=after, limit=limit, now=now):
        found |= {row.id: row for row in session.exec(query)}
    rows = sorted(found.values(), key=lambda r: (r.priority_rank, r.opened_at, r.id))
    return rows[:limit]


def page_queries(
    actor: Actor, wanted: Wanted, *, after: After | None, limit: int, now: datetime
) -> list[SelectOfScalar[CaseRow]]:
    """Return the queries whose merged answers are one page; each is answered from one index."""
    sources = [_granted(actor, now).where(~_barred(actor))] if wanted.mine else visible(actor, now)
    return [_ordered(_filtered(source, wanted), after).limit(limit) for source in sources]


def named(
    session: Session, actor: Actor, keys: Collection[str], *, kind: str, limit: int, now: datetime
) -> list[CaseRow]:
    """Return cases the actor may know of whose names have all these hashes, by child code."""
    shared = (
        select(NameKeyRow.case_id)
        .where(col(NameKeyRow.key).in_(keys), NameKeyRow.kind == kind)
        .group_by(col(NameKeyRow.case_id))
        .having(sa.func.count(col(NameKeyRow.key)) >= len(keys))
    )
    found: dict[str, CaseRow] = {}
    for source in visible(actor, now):
        query = source.where(col(CaseRow.id).in_(shared)).order_by(col(CaseRow.child_code))
        found |= {row.id: row for row in session.exec(query.limit(limit))}
    return sorted(found.values(), key=lambda row: row.child_code)[:limit]


def visible_ids(session: Session, actor: Actor, ids: Sequence[str], now: datetime) -> set[str]:
    """Return which of these cases the actor may know of."""
    found: set[str] = set()
    for source in visible(actor, now):
        found |= {row.id for row in session.exec(source.where(col(CaseRow.id).in_(ids)))}
    return found


def by_ids(session: Session, ids: Sequence[str]) -> list[CaseRow]:
    """Return cases by id, in order of id."""
    if not ids:
        return []
    query = select(CaseRow).where(col(CaseRow.id).in_(ids)).order_by(col(CaseRow.id))
    return list(session.exec(query))


def ids_in_state_near(
    session: Session, countries: Collection[str], place: str, state: str
) -> list[str]:
    """Return the ids of cases in a state whose office or district is a place, in order of ids."""
    query = select(CaseRow.id).where(CaseRow.state == state, col(CaseRow.country).in_(countries))
    near = [query.where(CaseRow.office == place), query.where(CaseRow.district == place)]
    return sorted({found for one in near for found in session.exec(one)})


def history_of(session: Session, case_id: str) -> list[CaseHistoryRow]:
    """Return the steps of a case, oldest first."""
    query = select(CaseHistoryRow).where(CaseHistoryRow.case_id == case_id)
    return list(session.exec(query.order_by(col(CaseHistoryRow.n))))


def next_history_number(session: Session, case_id: str) -> int:
    """Return the number of the next step of a case; call with the case locked."""
    own = gathering.count(session, CaseHistoryRow, case_id)
    if own is not None:
        return own + 1
    query = select(sa.func.max(CaseHistoryRow.n)).where(CaseHistoryRow.case_id == case_id)
    return (session.exec(query).one() or 0) + 1


def links_of(session: Session, case_id: str) -> list[ChildLinkRow]:
    """Return the children linked to a child, by id of the other."""
    query = select(ChildLinkRow).where(ChildLinkRow.case_id == case_id)
    return list(session.exec(query.order_by(col(ChildLinkRow.other_id))))


def find_link(session: Session, case_id: str, other_id: str) -> ChildLinkRow | None:
    """Return the link from one child to another."""
    query = select(ChildLinkRow).where(ChildLinkRow.case_id == case_id)
    return session.exec(query.where(ChildLinkRow.other_id == other_id)).first()


def ids_by_external(session: Session, kind: str, key: str) -> list[str]:
    """Return the cases that carry this number of another system."""
    query = select(ExternalIdRow.case_id).where(ExternalIdRow.kind == kind)
    return list(session.exec(query.where(ExternalIdRow.key == key)))


def ids_by_externals(
    session: Session, keys: Collection[tuple[str, str]]
) -> dict[tuple[str, str], list[str]]:
    """Return the cases that carry these numbers (kind, key) of other systems, by number."""
    found: dict[tuple[str, str], list[str]] = {}
    if keys:
        values = {"keys": sorted({key for _kind, key in keys})}
        for kind, key, case_id in session.execute(_NUMBERED, values):
            found.setdefault((kind, key), []).append(case_id)
    return found


_NUMBERED = (  # made once: it is asked for every child that is registered
    sa.select(col(ExternalIdRow.kind), col(ExternalIdRow.key), col(ExternalIdRow.case_id))
    .where(col(ExternalIdRow.key).in_(sa.bindparam("keys", expanding=True)))
    .where(col(ExternalIdRow.kind).in_([kind.value for kind in ExternalIdKind]))
)


def external_ids_of(session: Session, case_id: str) -> list[ExternalIdRow]:
    """Return the hashed numbers of a case."""
    own = gathering.held(session, ExternalIdRow, case_id)
    if own is not None:
        return own
    return list(session.exec(select(ExternalIdRow).where(ExternalIdRow.case_id == case_id)))


def replace_external_ids(session: Session, case_id: str, keys: set[tuple[str, str]]) -> None:
    """Keep these hashed numbers of a case (kind, key) in place of those before."""
    held = {(row.kind, row.key): row for row in external_ids_of(session, case_id)}
    for gone in held.keys() - keys:
        session.delete(held[gone])
    for kind, key in sorted(keys - held.keys()):
        gathering.append(session, ExternalIdRow, case_id=case_id, kind=kind, key=key)
    session.flush()


def merges_of(session: Session, case_id: str) -> list[CaseMergeRow]:
    """Return the proposals that concern a case on either side, newest first."""
    either = sa.or_(col(CaseMergeRow.losing_id) == case_id, col(CaseMergeRow.kept_id) == case_id)
    return list(session.exec(select(CaseMergeRow).where(either).order_by(_newest(CaseMergeRow))))


def find_merge(session: Session, merge_id: str) -> CaseMergeRow | None:
    """Return a proposal to merge."""
    return session.get(CaseMergeRow, merge_id)


def merged_into(session: Session, case_id: str) -> list[str]:
    """Return the ids of the cases that were merged into this one."""
    query = select(CaseRow.id).where(CaseRow.merged_into == case_id).order_by(col(CaseRow.id))
    return list(session.exec(query))


def erasures_of(session: Session, case_id: str) -> list[CaseErasureRow]:
    """Return the requests to erase a case, newest first."""
    query = select(CaseErasureRow).where(CaseErasureRow.case_id == case_id)
    return list(session.exec(query.order_by(_newest(CaseErasureRow))))


def _newest(table: Any) -> Any:
    return sa.desc(table.asked_at)


def _seen_by_role(actor: Actor, scope: ScopeKind) -> list[str]:
    grants = [grant for grant in actor.grants if grant.role in OFFICE_ONLOOKERS]
    return sorted({grant.ref for grant in grants if grant.scope is scope})


def _granted(actor: Actor, now: datetime) -> SelectOfScalar[CaseRow]:
    """Cases of access rows. Task sheets and lone grants open no file."""
    ids = (
        select(CaseAccessRow.case_id)
        .where(CaseAccessRow.person_id == actor.person_id)
        .where(col(CaseAccessRow.closed_at).is_(None), CaseAccessRow.from_at <= now)
        .where(sa.or_(col(CaseAccessRow.until_at).is_(None), col(CaseAccessRow.until_at) > now))
        .where(col(CaseAccessRow.basis).not_in(("task", "sensitive_grant")))
    )
    return select(CaseRow).where(col(CaseRow.id).in_(ids))


def _barred(actor: Actor) -> sa.Exists:
    return (
        sa.select(sa.literal(1))
        .where(col(CaseBarRow.case_id) == col(CaseRow.id))
        .where(col(CaseBarRow.person_id) == actor.person_id)
        .where(col(CaseBarRow.lifted_at).is_(None))
        .correlate(CaseRow)
        .exists()
    )


def _filtered(query: SelectOfScalar[CaseRow], wanted: Wanted) -> SelectOfScalar[CaseRow]:
    if wanted.state is not None:
        query = query.where(CaseRow.state == wanted.state)
    else:
        query = query.where(col(CaseRow.is_open).is_(wanted.is_open))
    if wanted.detained:
        query = query.where(col(CaseRow.detained).is_(True))
    if wanted.priority_rank is not None:
        query = query.where(CaseRow.priority_rank == wanted.priority_rank)
    return query


def _ordered(query: SelectOfScalar[CaseRow], after: After | None) -> SelectOfScalar[CaseRow]:
    rank, opened_at, case_id = (
        col(CaseRow.priority_rank),
        col(CaseRow.opened_at),
        col(CaseRow.id),
    )
    if after is not None:
        place = sa.tuple_(
            sa.literal(after.priority_rank),
            sa.literal(after.opened_at, type_=UtcDateTime()),
            sa.literal(after.case_id),
        )
        query = query.where(sa.tuple_(rank, opened_at, case_id) > place)
    return query.order_by(rank, opened_at, case_id)
