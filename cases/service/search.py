"""Finding a child by name, and hints that a child may be on file already.

Names meet as keyed hashes, written alike or sounding alike. Only cases the searcher may know of
are shown. Police and immigration do not search at all.

Source: DOM-R46, DOM-R53.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from sqlmodel import Session

from cases.errors import RoleMayNot, SearchNotForEnforcement
from cases.rules.access import Level
from cases.rules.children import Child, ExternalId, age_on
from cases.rules.duplicates import Likeness, Signal, could_be, signals
from cases.service.access import reach_into
from cases.service.files import CodedRow, coded_row, restricted_of
from cases.store import case_files, names
from cases.tables.case_file import CaseRow
from core import audit
from core.actors import Actor, Role
from core.vault import NameKeys, keyed_hash, name_keys, vault_of

MAY_SEARCH: Final = frozenset(
    {
        Role.CASEWORKER,
        Role.SUPERVISOR,
        Role.ASSESSOR,
        Role.COORDINATOR,
        Role.SECRETARIAT,
        Role.SECRETARIAT_HEAD,
    }
)
ENFORCEMENT: Final = frozenset({Role.IMMIGRATION})  # police too
CANDIDATES: Final = 200
SHOWN: Final = 20


@dataclass(frozen=True)
class Hint:
    """A case that may be about the same child, with what agrees."""

    row: CodedRow
    signals: tuple[Signal, ...]


@dataclass(frozen=True)
class Listed:
    """A case just registered from a list, for which hints are wanted."""

    case_id: str
    child: Child
    district: str


@dataclass(frozen=True)
class Hints:
    """Possible duplicates.

    Args:
        seen: cases the worker may know of, in no order of likelihood: by child code.
        elsewhere: how many more there are in offices the worker does not see into.
    """

    seen: tuple[Hint, ...]
    elsewhere: int


def find_by_name(
    session: Session,
    actor: Actor,
    name: str,
    *,
    now: datetime,
    by_sound: bool = True,
    limit: int = SHOWN,
) -> tuple[CodedRow, ...]:
    """Find children by every word of a name, among the cases the actor may know of.

    Raises:
        SearchNotForEnforcement: the actor is police or immigration.
        RoleMayNot: the actor's role does not search.

    Source: DOM-R46.
    """
    may_search(actor)
    keys = _keys(session, (name,), now)
    wanted = keys.sound if by_sound else keys.exact
    kind = "sound" if by_sound else "exact"
    rows = (
        case_files.named(session, actor, wanted, kind=kind, limit=limit, now=now) if wanted else []
    )
    audit.record(
        session, actor, "case.searched", thing="case_list", thing_id="name", now=now,
        codes={"count": len(rows), "by_sound": by_sound},
    )  # fmt: skip
    return tuple(coded_row(row) for row in rows)


def find_by_number(
    session: Session, actor: Actor, number: ExternalId, *, now: datetime
) -> tuple[CodedRow, ...]:
    """Find children by a number of another system, among the cases the actor may know of."""
    may_search(actor)
    ids = case_files.ids_by_external(session, *_number_key(session, number, now))
    seen = case_files.visible_ids(session, actor, ids, now) if ids else set()
    rows = case_files.by_ids(session, sorted(seen))
    audit.record(
        session, actor, "case.searched", thing="case_list", thing_id="number", now=now,
        codes={"count": len(rows), "kind": str(number.kind)},
    )  # fmt: skip
    return tuple(coded_row(row) for row in rows)


def duplicate_hints(
    session: Session,
    actor: Actor,
    child: Child,
    *,
    now: datetime,
    district: str = "",
    leave_out: Collection[str] = (),
) -> Hints:
    """Say which files may be about this child, before anything is saved. Nothing is ever merged here.

    Source: DOM-R53.
    """
    may_search(actor)
    new = likeness_of(session, child, district=district, now=now)
    (known,) = _candidates(session, [new], [leave_out], now)
    return _hints(session, actor, new, known, now)


def hints_of_list(
    session: Session, actor: Actor, listed: Sequence[Listed], *, now: datetime
) -> tuple[Hints, ...]:
    """Say for each of several cases just registered which earlier files may be about the same child.

    Earlier are those on file before, and those before it in the list.

    Source: DOM-R53.
    """
    may_search(actor)
    ids = [one.case_id for one in listed]
    news = [likeness_of(session, one.child, district=one.district, now=now) for one in listed]
    later = [frozenset(ids[place:]) for place in range(len(ids))]
    return tuple(
        _hints(session, actor, new, known, now)
        for new, known in zip(news, _candidates(session, news, later, now), strict=True)
    )


def _hints(
    session: Session,
    actor: Actor,
    new: Likeness,
    candidates: Iterable[tuple[CaseRow, Likeness]],
    now: datetime,
) -> Hints:
    found: list[Hint] = []
    elsewhere = 0
    for row, known in candidates:
        agreeing = signals(new, known)
        if not agreeing:
            continue
        if reach_into(session, actor, row, now=now).level >= Level.CODED:
            found.append(Hint(coded_row(row), agreeing))
        else:
            elsewhere += 1
    audit.record(
        session, actor, "case.duplicates_hinted", thing="case_list", thing_id="hints", now=now,
        codes={"count": len(found), "elsewhere": elsewhere},
    )  # fmt: skip
    found.sort(key=lambda hint: hint.row.child_code)
    return Hints(tuple(found[:SHOWN]), elsewhere)


def may_search(actor: Actor) -> None:
    """Refuse to search for anybody who enforces the law, or has no part in casework.

    Raises:
        SearchNotForEnforcement: police and immigration.
        RoleMayNot: any other role that does not search.

    Source: DOM-R46.
    """
    if actor.has(*ENFORCEMENT):
        raise SearchNotForEnforcement
    if not actor.has(*MAY_SEARCH):
        raise RoleMayNot


def likeness_of(session: Session, child: Child, *, district: str, now: datetime) -> Likeness:
    """Return what is compared of a child that may not be on file yet."""
    keys = _keys(session, child.names.words(), now)
    return Likeness(
        exact=keys.exact,
        sound=keys.sound,
        numbers=frozenset(
            "|".join(_number_key(session, number, now)) for number in child.external_ids
        ),
        age=_age(child, now.date()),
        sex=str(child.sex),
        nationality=child.nationalities[0] if child.nationalities else "undetermined",
        district=district,
    )


def index_names(session: Session, case_id: str, words: Iterable[str], *, now: datetime) -> None:
    """Keep the keyed hashes of a child's names in place of those before."""
    names.replace_keys(session, case_id, _keys(session, words, now))


def index_numbers(
    session: Session, case_id: str, numbers: Iterable[ExternalId], *, now: datetime
) -> None:
    """Keep the keyed hashes of the numbers other systems gave, in place of those before."""
    keys = {_number_key(session, number, now) for number in numbers}
    case_files.replace_external_ids(session, case_id, keys)


def cases_with_number(session: Session, number: ExternalId, *, now: datetime) -> list[str]:
    """Return the cases that carry a number of another system, for services that already may."""
    return case_files.ids_by_external(session, *_number_key(session, number, now))


def _candidates(
    session: Session, news: Sequence[Likeness], leave_out: Sequence[Collection[str]], now: datetime
) -> list[list[tuple[CaseRow, Likeness]]]:
    """Return for each child the files worth comparing; the database is asked for all children together."""
    most = CANDIDATES + max(map(len, leave_out), default=0)
    named = names.meeting(session, [new.sound for new in news], limit=most)
    numbered = _numbered(session, news)
    wanted = [
        {*ids, *(case_id for number in new.numbers for case_id in numbered.get(number, ()))}
        - set(without)
        for new, ids, without in zip(news, named, leave_out, strict=True)
    ]
    known = _known(session, set().union(*wanted), numbered)
    close = [
        [
            known[case_id]
            for case_id in sorted(ids & known.keys())
            if could_be(new, known[case_id][1])
        ]
        for new, ids in zip(news, wanted, strict=True)
    ]
    # Only now are files opened.
    vault_of(session).open_keys(session, {row.id for found in close for row, _ in found})
    today = now.date()
    return [
        [(row, replace(one, age=_age_on_file(session, row, today))) for row, one in found]
        for found in close
    ]


def _numbered(session: Session, news: Iterable[Likeness]) -> dict[str, list[str]]:
    """Return the cases that carry a number of one of these children, by number."""
    asked = [number for new in news for number in new.numbers]
    keys = {(kind, key) for kind, _, key in (number.partition("|") for number in asked)}
    found = case_files.ids_by_externals(session, keys)
    return {f"{kind}|{key}": ids for (kind, key), ids in found.items()}


def _known(
    session: Session, ids: Collection[str], numbered: Mapping[str, Collection[str]]
) -> dict[str, tuple[CaseRow, Likeness]]:
    keys = names.keys_of(session, ids)
    carried: dict[str, set[str]] = {}
    for number, case_ids in numbered.items():
        for case_id in case_ids:
            carried.setdefault(case_id, set()).add(number)
    return {
        row.id: (row, _coded(row, keys.get(row.id), carried.get(row.id, set())))
        for row in case_files.by_ids(session, sorted(ids))
        if row.erased_at is None and row.merged_into is None
    }


def _coded(row: CaseRow, keys: NameKeys | None, numbers: set[str]) -> Likeness:
    return Likeness(
        exact=keys.exact if keys else frozenset(),
        sound=keys.sound if keys else frozenset(),
        numbers=frozenset(numbers),
        sex=row.sex,
        nationality=row.nationality_code,
        district=row.district,
    )


def _age_on_file(session: Session, row: CaseRow, today: date) -> int | None:
    facts = restricted_of(session, row)
    born, stated = facts.get("birth_date"), facts.get("age_stated_on")
    return age_on(
        today,
        birth_date=date.fromisoformat(born) if born else None,
        age_years=facts.get("age_years"),
        age_stated_on=date.fromisoformat(stated) if stated else None,
    )


def _age(child: Child, today: date) -> int | None:
    return age_on(
        today,
        birth_date=child.birth_date,
        age_years=child.age_years,
        age_stated_on=child.age_stated_on,
    )


def _keys(session: Session, words: Iterable[str], now: datetime) -> NameKeys:
    return name_keys(vault_of(session).index_key(session, now=now), words)


def _number_key(session: Session, number: ExternalId, now: datetime) -> tuple[str, str]:
    key = vault_of(session).index_key(session, now=now)
    plain = "".join(number.value.casefold().split())
    return str(number.kind), keyed_hash(key, f"number:{number.kind}", plain)
