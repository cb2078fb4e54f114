"""The load of a panel over a year, and the children who could be heard in one exercise, in words."""

from dataclasses import dataclass

from api.desk.children import child_line
from api.desk.room import option_words
from api.desk.visit import Visit
from cases.service import files
from panels.service import mass, plan_load
from panels.service.plan_load import Narrow, Share


@dataclass(frozen=True)
class ShareLine:
    """What one member carried."""

    name: str
    seat: str
    called: int
    came: int


@dataclass(frozen=True)
class NarrowLine:
    """A sitting that nearly failed, or in which quorum was missing once."""

    sitting_id: str
    when: str
    said: str


@dataclass(frozen=True)
class Year:
    """A panel's year."""

    since: str
    sittings: int
    inquorate: int
    stood_in: int
    shares: tuple[ShareLine, ...]
    narrow: tuple[NarrowLine, ...]


@dataclass(frozen=True)
class GroupLine:
    """Children in one situation; ``situation`` is what a form sends."""

    situation: str
    said: str
    children: int


@dataclass(frozen=True)
class ApartLine:
    """A child who is heard apart, with every reason."""

    code: str
    why: tuple[str, ...]


@dataclass(frozen=True)
class Groups:
    """Who could be heard in one exercise, and who is heard apart."""

    groups: tuple[GroupLine, ...]
    apart: tuple[ApartLine, ...]


def year(visit: Visit, panel_id: str) -> Year:
    """Return how the sittings of the last year were carried.

    Raises:
        NotThere, NotAllowed: as ``plan_load.load_of``.
    """
    found = plan_load.load_of(visit.session, visit.actor, panel_id, now=visit.now)
    return Year(
        since=visit.words.day(found.since.date()),
        sittings=found.sittings,
        inquorate=found.inquorate,
        stood_in=found.stood_in,
        shares=tuple(_share(visit, one) for one in found.shares),
        narrow=tuple(_narrow(visit, one) for one in found.narrow),
    )


def _share(visit: Visit, one: Share) -> ShareLine:
    words = visit.words
    key = "seat.alternate" if one.alternate_rank else "seat.titular"
    seat = words(key, role=words.of("seat_role", one.role), sector=words.of("sector", one.sector))
    return ShareLine(one.name or words("someone"), seat, one.called, one.came)


def _narrow(visit: Visit, one: Narrow) -> NarrowLine:
    key = "year.lost" if one.lost else "year.just"
    return NarrowLine(
        one.sitting_id,
        visit.words.weekday(one.starts_at, visit.zone),
        visit.words(key, fewest=one.fewest, needed=one.needed),
    )


def groups(visit: Visit, panel_id: str) -> Groups:
    """Return the situations of the children who wait for a panel, and who is heard apart.

    Raises:
        NotThere, NotAllowed: as ``mass.waiting_groups``.
    """
    found = mass.waiting_groups(visit.session, visit.actor, panel_id, now=visit.now)
    rows = files.rows_of(visit.session, visit.actor, list(found.apart), now=visit.now)
    words = visit.words
    return Groups(
        tuple(GroupLine(one.situation, _situation(visit, one.situation), one.children) for one in found.groups),
        tuple(
            ApartLine(
                child_line(visit, rows[case_id]).code if case_id in rows else words("plan.a_child"),
                tuple(words.of("apart", one) for one in why),
            )
            for case_id, why in found.apart.items()
        ),
    )  # fmt: skip


def _situation(visit: Visit, situation: str) -> str:
    outcome, _, country = situation.partition("/")
    return option_words(visit, outcome, country)
