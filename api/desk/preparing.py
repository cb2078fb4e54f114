"""Preparing a sitting as a page: the agenda with what each child lacks, who could be put on it, who is called."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from api.desk.visit import Visit
from api.problems.catalogue import gap_sentence
from core.errors import Gap
from panels.rules.items import FINISHED_ITEM, Invited, ItemState
from panels.rules.roster import Holder
from panels.rules.sittings import SittingState, SittingType
from panels.service import preparing, sitting_views
from panels.service.panels import list_panels
from panels.service.preparing import Listed, Preparation, Ready
from panels.service.standing import is_clerk
from panels.service.who_can_sit import Called, ForChild

MOST_PANELS: Final = 200
TAKEN_OFF: Final = ("report_needs_work", "child_cannot_come", "other_sitting", "listed_by_mistake")
CALLED_OFF: Final = ("too_few_members", "no_place", "no_children", "other_reason")
HANDED_OUT: Final = frozenset({SittingState.CONVENED, SittingState.OPEN, SittingState.ADJOURNED})


@dataclass(frozen=True)
class Bench:
    """Who could sit for one child, in words.

    Args:
        lacks: what is missing for a quorum; empty when those who come are enough.
        out: who does not sit for this child, each with the reason.
        ask: of whom to ask whether there is a conflict, each with what the record suggests.
        if_so: what would be missing if they stayed away.
    """

    lacks: tuple[str, ...]
    out: tuple[str, ...]
    ask: tuple[str, ...]
    if_so: tuple[str, ...]


@dataclass(frozen=True)
class ItemLine:
    """An item of the agenda with what it still lacks."""

    id: str
    version: int
    number: int
    code: str
    case_id: str
    state: str
    priority: str
    is_over: bool
    bench: Bench
    invited: tuple[str, ...]
    uninvited: tuple[tuple[str, str], ...]
    papers_late: bool


@dataclass(frozen=True)
class ChildLine:
    """A child who could be put on the agenda."""

    case_id: str
    code: str
    priority: str
    waits: str
    due: str
    is_late: bool
    siblings: str
    needs: tuple[str, ...]
    bench: Bench
    papers_late: bool


@dataclass(frozen=True)
class Person:
    """Somebody called to the sitting: their seat, what they answered, what keeps them away."""

    name: str
    seat: str
    answer: str
    comes: bool | None
    bar: str


@dataclass(frozen=True)
class Page:
    """Everything the page of a sitting that is prepared shows.

    Args:
        may_convene: it is a draft.
        may_list: children can be put on it.
        may_change: it can be put off or called off.
        may_send: papers can be sent to those who may have them since.
        others: members in office who are not called, to call.
    """

    id: str
    version: int
    title: str
    when: str
    place: str
    link: str
    state: str
    may_convene: bool
    may_list: bool
    may_change: bool
    may_send: bool
    is_mass: bool
    missing: tuple[str, ...]
    warnings: tuple[str, ...]
    items: tuple[ItemLine, ...]
    ready: tuple[ChildLine, ...]
    more: int
    hidden: bool
    people: tuple[Person, ...]
    others: tuple[tuple[str, str], ...]
    may_not_open: bool


def prepared(visit: Visit, sitting_id: str) -> Page:
    """Return the page of a sitting that is being prepared.

    Raises:
        NotThere, NotAllowed: as ``preparing.show_preparation``.
    """
    session, actor, now, words = visit.session, visit.actor, visit.now, visit.words
    found = preparing.show_preparation(session, actor, sitting_id, now=now)
    view = sitting_views.show_sitting(session, actor, sitting_id, now=now)
    row, state = found.sitting, SittingState(found.sitting.state)
    visit.names([one.person_id for one in (*found.called.holders, *found.others)])
    return Page(
        id=row.id,
        version=row.version,
        title=words.of("sitting_type", row.type),
        when=words.weekday(row.starts_at, row.timezone),
        place=view.place,
        link=view.link,
        state=words.of("sitting", row.state),
        may_convene=state is SittingState.DRAFT,
        may_list=bool(found.ready) or state is SittingState.DRAFT,
        may_change=state in {SittingState.DRAFT, SittingState.CONVENED},
        may_send=state in HANDED_OUT,
        is_mass=row.type == SittingType.AD_HOC_BATCH,
        missing=_said(found.missing) if state is SittingState.DRAFT else (),
        warnings=_said(found.warnings),
        items=tuple(_item(visit, found, one) for one in found.listed),
        ready=tuple(_child(visit, found, one, at) for at, one in enumerate(found.ready, 1)),
        more=found.more,
        hidden=found.hidden,
        people=_people(visit, found.called),
        others=tuple(
            (one.member_id, f"{visit.name(one.person_id)}, {seat_of(visit, one)}")
            for one in found.others
        ),
        may_not_open=found.may_not_open,
    )


def kept_panels(visit: Visit) -> tuple[tuple[str, str], ...]:
    """Return the panels whose agenda this person keeps: id and name."""
    rows = list_panels(visit.session, visit.actor, now=visit.now, limit=MOST_PANELS)
    return tuple((row.id, row.name) for row in rows if is_clerk(visit.actor, row))


def _said(gaps: Iterable[Gap]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(gap_sentence(gap) for gap in gaps))


def _item(visit: Visit, found: Preparation, one: Listed) -> ItemLine:
    words = visit.words
    return ItemLine(
        id=one.item.id,
        version=one.item.version,
        number=one.item.position,
        code=one.code,
        case_id=one.item.case_id,
        state=words.of("item", one.item.state),
        priority=one.item.priority,
        is_over=ItemState(one.item.state) in FINISHED_ITEM,
        bench=_bench(visit, found.called, one.bench),
        invited=tuple(_who(visit, kind, one.languages) for kind in dict.fromkeys(one.invited)),
        uninvited=tuple((kind.value, _who(visit, kind, one.languages)) for kind in one.uninvited),
        papers_late=one.papers_late,
    )


def _child(visit: Visit, found: Preparation, one: Ready, number: int) -> ChildLine:
    words = visit.words
    return ChildLine(
        case_id=one.case_id,
        code=one.code or words("prep.child_number", number=number),
        priority=one.priority,
        waits=words("prep.waits", span=words.span(visit.now - one.ready_since)),
        due=words("prep.due", day=_day(visit, one.due_at)),
        is_late=one.due_at < visit.now,
        siblings=words.count("prep.siblings", one.siblings) if one.siblings else "",
        needs=tuple(_who(visit, kind, one.languages) for kind in one.needs),
        bench=_bench(visit, found.called, one.bench),
        papers_late=one.papers_late,
    )


def _day(visit: Visit, moment: datetime) -> str:
    return visit.words.at(moment, visit.zone)


def _who(visit: Visit, kind: Invited, languages: tuple[str, ...]) -> str:
    words = visit.words
    if kind is Invited.INTERPRETER and languages:
        spoken = ", ".join(words.said("languages", one) for one in languages)
        return words("prep.interpreter_of", languages=spoken)
    return words.of("invited", kind)


def _bench(visit: Visit, called: Called, found: ForChild) -> Bench:
    words = visit.words
    own = {member: why for member, why in found.out.items() if member not in called.out}
    return Bench(
        lacks=_said(found.missing),
        out=_named(visit, called, {member: words.of("out", why) for member, why in own.items()}),
        ask=_named(
            visit,
            called,
            {
                member: ", ".join(words.of("ground", one) for one in grounds)
                for member, grounds in found.hinted.items()
            },
        ),
        if_so=() if found.missing else _said(found.missing_without),
    )


def _named(visit: Visit, called: Called, said: Mapping[str, str]) -> tuple[str, ...]:
    people = {one.member_id: one.person_id for one in called.holders}
    return tuple(
        visit.words("prep.name_why", name=visit.name(people.get(member)), why=why)
        for member, why in said.items()
    )


def _people(visit: Visit, called: Called) -> tuple[Person, ...]:
    words = visit.words
    return tuple(
        Person(
            name=visit.name(one.person_id),
            seat=seat_of(visit, one),
            answer=words(f"answer.{_answer(called.comes.get(one.member_id))}"),
            comes=called.comes.get(one.member_id),
            bar=words.of("out", called.out[one.member_id]) if one.member_id in called.out else "",
        )
        for one in sorted(
            called.holders, key=lambda each: (each.role.value, each.sector, each.alternate_rank)
        )
    )


def _answer(comes: bool | None) -> str:
    if comes is None:
        return "none"
    return "comes" if comes else "does_not"


def seat_of(visit: Visit, holder: Holder) -> str:
    """Return the seat somebody holds, in words."""
    words = visit.words
    key = "seat.alternate" if holder.alternate_rank else "seat.titular"
    return words(
        key, role=words.of("seat_role", holder.role), sector=words.of("sector", holder.sector)
    )
