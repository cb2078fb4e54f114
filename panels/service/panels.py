"""Panels: setting one up, its seats, the versions of its rules and of its terms of reference."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from hashlib import sha256

from sqlmodel import Session

from core import audit
from core.actors import Actor, Grant, Role, ScopeKind
from core.errors import BadInput, Incomplete, NotAllowed, NotThere
from core.packs.lookup import pack_of
from core.packs.models import Pack
from core.packs.sections import QuorumRule
from panels.rules.items import BatchLimits
from panels.rules.panel_rules import PanelRules, require_not_weaker, size_gaps
from panels.rules.quorum import Need, QuorumRules
from panels.rules.roster import SeatRole
from panels.service.standing import KEEPERS, panel_kept, panel_seen
from panels.store import member as member_store
from panels.store import panel as store
from panels.tables.panel import PanelRow, PanelRulesRow, PanelTermsRow, SeatRow


class PanelKind(StrEnum):
    """What a panel is for. Source: DOM-3.5, DOM-4.5."""

    DISTRICT = "district"
    JOINT = "joint"
    REVIEW = "review"


@dataclass(frozen=True)
class NewSeat:
    """A seat to be opened."""

    role: SeatRole
    agency: str
    sector: str
    country: str


@dataclass(frozen=True)
class NewPanel:
    """A panel to be set up; ``terms`` is the text of its terms of reference."""

    code: str
    name: str
    kind: PanelKind
    countries: tuple[str, ...]
    district: str
    terms: str
    seats: tuple[NewSeat, ...]


@dataclass(frozen=True)
class PanelView:
    """A panel with its seats and the rules in force."""

    panel: PanelRow
    seats: tuple[SeatRow, ...]
    rules: PanelRules
    terms: str


def set_up_panel(session: Session, actor: Actor, new: NewPanel, *, now: datetime) -> str:
    """Set up a panel with the rules of its country and return its id.

    Raises:
        NotAllowed: another role, or another place.
        BadInput: the code is taken, or a seat belongs to a country the panel does not have.

    Source: DOM-4.5.
    """
    if not actor.has_in(KEEPERS, office=new.district, country=new.countries[0]):
        raise NotAllowed("panel_keepers_only")
    if store.by_code(session, new.code) is not None:
        raise BadInput("/code", "taken")
    if (new.kind is PanelKind.JOINT) != (len(set(new.countries)) > 1):
        raise BadInput("/countries", "joint_needs_two")
    panel = PanelRow(
        code=new.code,
        name=new.name,
        kind=new.kind.value,
        country=new.countries[0],
        countries=list(new.countries),
        district=new.district,
        created_at=now,
    )
    session.add(panel)
    session.flush()
    _add_rules(session, actor, panel, country_rules(panel, now=now), number=1, now=now)
    _add_terms(session, actor, panel, new.terms, number=1, now=now)
    _note(session, actor, panel, "panel.set_up", now=now)
    for seat in new.seats:
        _open_seat(session, actor, panel, seat, now=now)
    return panel.id


def open_seat(
    session: Session,
    actor: Actor,
    panel_id: str,
    seat: NewSeat,
    *,
    now: datetime,
    expected_version: int | None = None,
) -> str:
    """Add a seat to a panel and return its id."""
    panel = panel_kept(session, actor, panel_id, now=now, expected_version=expected_version)
    return _open_seat(session, actor, panel, seat, now=now)


def set_rules(
    session: Session,
    actor: Actor,
    panel_id: str,
    quorum: QuorumRules,
    *,
    now: datetime,
    casting_vote: bool = False,
    expected_version: int | None = None,
) -> int:
    """Give a panel a new version of its rules and return its number.

    Sittings already convened keep the version they were convened under. A panel may be stricter than
    its country, never laxer.

    Raises:
        Incomplete: naming every value below the country's.
    """
    panel = panel_kept(session, actor, panel_id, now=now, expected_version=expected_version)
    floor = country_rules(panel, now=now)
    wanted = replace(floor, quorum=quorum, casting_vote=casting_vote and floor.casting_vote)
    require_not_weaker(wanted, floor)
    panel.rules_number += 1
    session.add(panel)
    _add_rules(session, actor, panel, wanted, number=panel.rules_number, now=now)
    _note(session, actor, panel, "panel.rules_set", now=now, number=panel.rules_number)
    return panel.rules_number


def set_terms(
    session: Session,
    actor: Actor,
    panel_id: str,
    text: str,
    *,
    now: datetime,
    expected_version: int | None = None,
) -> int:
    """Give a panel new written terms of reference; earlier ones stay readable."""
    panel = panel_kept(session, actor, panel_id, now=now, expected_version=expected_version)
    panel.terms_number += 1
    session.add(panel)
    _add_terms(session, actor, panel, text, number=panel.terms_number, now=now)
    _note(session, actor, panel, "panel.terms_set", now=now, number=panel.terms_number)
    return panel.terms_number


def require_panel(session: Session, panel_id: str, country: str) -> None:
    """Refuse a reference to a panel that the country does not have.

    Raises:
        BadInput: no such panel.
    """
    found = store.find(session, panel_id)
    if found is None or country not in {found.country, *found.countries}:
        raise BadInput("/ref", "unknown_panel")


def show_panel(session: Session, actor: Actor, panel_id: str, *, now: datetime) -> PanelView:
    """Return a panel to somebody who has to do with it.

    Raises:
        NotThere: no such panel, or nothing to do with it.
    """
    panel = panel_seen(session, actor, panel_id, now=now).panel
    terms = store.all_terms(session, panel.id)
    return PanelView(
        panel,
        tuple(store.seats(session, panel.id)),
        rules_of(session, panel.id, panel.rules_number),
        terms[-1].text,
    )


def is_kept(session: Session, actor: Actor, panel_id: str, *, now: datetime) -> bool:
    """Whether the actor sets this panel up: seats, members, terms; for pages that offer it."""
    return panel_seen(session, actor, panel_id, now=now).is_keeper


def list_panels(
    session: Session, actor: Actor, *, now: datetime, after: str = "", limit: int = 50
) -> Sequence[PanelRow]:
    """Return the panels an actor has to do with, by code, after a code."""
    del now
    roles = KEEPERS | {Role.SECRETARY}
    held = [grant for grant in actor.grants if grant.role in roles]
    mine = {row.panel_id for row in member_store.of_person(session, actor.person_id)}
    mine |= {grant.ref for grant in actor.grants if grant.scope is ScopeKind.PANEL}
    return store.page(
        session,
        countries=_refs(held, ScopeKind.COUNTRY),
        districts=_refs(held, ScopeKind.OFFICE),
        ids=mine,
        after=after,
        limit=limit,
    )


def terms_of(
    session: Session, actor: Actor, panel_id: str, *, now: datetime
) -> Sequence[PanelTermsRow]:
    """Return every version of a panel's terms of reference, oldest first."""
    panel = panel_seen(session, actor, panel_id, now=now).panel
    return store.all_terms(session, panel.id)


def rules_of(session: Session, panel_id: str, number: int) -> PanelRules:
    """Return one version of a panel's rules.

    Raises:
        NotThere: no such version.
    """
    kept = store.rules(session, panel_id, number)
    if kept is None:
        raise NotThere("panel_rules")
    return PanelRules.of_json(kept)


def country_rules(panel: PanelRow, *, now: datetime) -> PanelRules:
    """Return what the country says; a joint panel needs somebody of each of its countries."""
    pack = pack_of(panel.country, on=now.date())
    is_joint = panel.kind == PanelKind.JOINT
    partners_vote = pack.panel.partner_members_vote != "never"
    joint = [one for one in panel.countries if partners_vote or one == panel.country]
    joint = joint if is_joint else []
    quorum = _quorum(pack, pack.panel.quorum, joint)
    emergency = pack.panel.emergency_quorum
    return PanelRules(
        quorum=quorum,
        emergency=_quorum(pack, emergency, joint) if emergency else None,
        casting_vote=pack.panel.casting_vote,
        no_casting_on=frozenset(matter.value for matter in pack.panel.no_casting_vote_on),
        undertaking_months=pack.panel.undertaking_months,
        late_conflict_days=pack.panel.late_conflict_review_working_days,
        batch=BatchLimits(pack.panel.batch.daily_cap, pack.panel.batch.min_minutes),
        consensus_first=pack.panel.consensus_first,
        abstention_needs_reason=pack.panel.abstention_needs_reason,
        size=(pack.panel.size_min, pack.panel.size_max),
        voting_countries=frozenset(joint),
    )


def _quorum(pack: Pack, rule: QuorumRule, joint: Collection[str]) -> QuorumRules:
    needs = [
        Need(frozenset(one.roles), frozenset(one.sectors), frozenset(one.countries), one.min)
        for one in rule.require
    ]
    least = pack.panel.joint_each_country_min
    needs += [Need(countries=frozenset({one}), least=least) for one in sorted(joint)]
    return QuorumRules(rule.min_present, rule.min_agencies, tuple(needs))


def _refs(grants: Collection[Grant], kind: ScopeKind) -> set[str]:
    return {grant.ref for grant in grants if grant.scope is kind}


def _open_seat(
    session: Session, actor: Actor, panel: PanelRow, seat: NewSeat, *, now: datetime
) -> str:
    if seat.country not in panel.countries:
        raise BadInput("/country", "not_of_this_panel")
    _require_room(session, panel, now)
    row = SeatRow(
        panel_id=panel.id,
        role=seat.role.value,
        agency=seat.agency,
        sector=seat.sector,
        country=seat.country,
    )
    session.add(row)
    session.flush()
    _note(session, actor, panel, "panel.seat_opened", now=now, number=0)
    return row.id


def _require_room(session: Session, panel: PanelRow, now: datetime) -> None:
    """A panel has no more voting seats than its country gives it. Source: DOM-3.5 (panel size)."""
    open_seats = sum(one.closed_on is None for one in store.seats(session, panel.id))
    gaps = size_gaps(open_seats + 1, country_rules(panel, now=now))
    too_many = tuple(gap for gap in gaps if gap.code == "panel_too_large")
    if too_many:
        raise Incomplete("open_seat", too_many)


def _add_rules(
    session: Session,
    actor: Actor,
    panel: PanelRow,
    rules: PanelRules,
    *,
    number: int,
    now: datetime,
) -> None:
    session.add(
        PanelRulesRow(
            panel_id=panel.id,
            number=number,
            rules=rules.to_json(),
            made_by=actor.person_id,
            made_at=now,
        )
    )
    session.flush()


def _add_terms(
    session: Session, actor: Actor, panel: PanelRow, text: str, *, number: int, now: datetime
) -> None:
    session.add(
        PanelTermsRow(
            panel_id=panel.id,
            number=number,
            text=text,
            sha256=sha256(text.encode()).hexdigest(),
            made_by=actor.person_id,
            made_at=now,
        )
    )
    session.flush()


def _note(
    session: Session, actor: Actor, panel: PanelRow, action: str, *, now: datetime, number: int = 1
) -> None:
    audit.record(
        session,
        actor,
        action,
        thing="panel",
        thing_id=panel.id,
        now=now,
        codes={"number": number},
    )
