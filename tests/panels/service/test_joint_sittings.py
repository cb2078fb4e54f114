"""Two panels of one country in one sitting: each brings its own quorum, for every item."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session

from core.actors import Role
from core.errors import BadInput, Incomplete, NotAllowed, NotThere
from panels.rules.items import ItemState
from panels.rules.sittings import SittingType
from panels.service import (
    agenda,
    conflicts,
    determinations,
    papers,
    sitting_views,
    sittings,
    voting,
)
from panels.store import item as items
from tests.builders.decided import DECIDED, a_decision, with_guardian
from tests.builders.sittings import (
    STARTS,
    Court,
    a_court,
    a_listed_item,
    a_sitting,
    arrive,
    declare,
    in_deliberation,
    leave,
    of_panel,
)
from tests.conftest import NOON

GUESTS = ("guest_chair", "guest_deputy", "guest_welfare", "guest_police", "guest_school")
AT = STARTS + timedelta(minutes=20)


def two_panels(session: Session) -> tuple[Court, Court]:
    """A panel that calls and one that comes; one secretary keeps the agenda of both."""
    host, guest = a_court(session), a_court(session)
    both = of_panel(guest.panel_id, Role.SECRETARY).grants | host.secretary.grants
    host.secretary = replace(host.secretary, grants=both)
    return host, guest


def joint(session: Session, host: Court, guest: Court, **given: Any) -> Court:
    """A planned joint sitting; the guests are among its people under names of their own."""
    a_sitting(session, host, type=SittingType.JOINT, partners=(guest.panel_id,), **given)
    host.people |= {f"guest_{name}": who for name, who in guest.people.items()}
    host.members |= {f"guest_{name}": who for name, who in guest.members.items()}
    return host


def convened(session: Session) -> Court:
    court = a_listed_item(session, joint(session, *two_panels(session)))
    sittings.convene_sitting(session, court.secretary, court.sitting_id, now=NOON)
    return court


def deliberating(session: Session, *present: str) -> Court:
    court = convened(session)
    return in_deliberation(session, *(present or tuple(court.people)), court=court)


def gaps(refused: Any) -> list[str]:
    return [gap.code for gap in refused.value.gaps]


def state(session: Session, court: Court) -> str:
    item = items.find(session, court.item_id)
    assert item is not None
    session.refresh(item)
    return item.state


def test_members_of_both_panels_read_the_papers_and_decide_together(session: Session) -> None:
    court = deliberating(session)
    with_guardian(session, court)
    for name in court.people:
        court.vote(session, name)

    found = voting.outcome(session, court.item_id, now=DECIDED)
    made = determinations.record_determination(
        session, court.people["chair"], court.item_id, a_decision(), now=DECIDED
    )

    assert (found.rule_used, found.tally["O1"], len(found.voters)) == ("consensus", 10, 10)
    assert made


@pytest.mark.rule("R17")
@pytest.mark.parametrize("missing", ["host", "guest"])
def test_a_joint_sitting_opens_only_when_each_panel_has_a_quorum_of_its_own(
    session: Session, missing: str
) -> None:
    court = convened(session)
    whole = GUESTS if missing == "host" else ("chair", "deputy", "welfare", "police", "school")
    part = ("chair", "welfare") if missing == "host" else ("guest_chair", "guest_welfare")
    arrive(session, court, *whole, *part)

    with pytest.raises(Incomplete) as refused:
        sittings.open_sitting(session, court.people["chair"], court.sitting_id, now=STARTS)

    assert gaps(refused)[:2] == ["panel_quorum_missing", "voters_missing"]
    assert gaps(refused).count("panel_quorum_missing") == 1


@pytest.mark.rule("R17")
def test_the_mix_is_asked_of_each_panel(session: Session) -> None:
    court = convened(session)
    arrive(session, court, "chair", "deputy", "welfare")
    arrive(session, court, "guest_welfare", "guest_police", "guest_school")

    with pytest.raises(Incomplete) as refused:
        sittings.open_sitting(session, court.people["chair"], court.sitting_id, now=STARTS)

    assert gaps(refused) == ["panel_quorum_missing", "presiding_missing"]


@pytest.mark.rule("R14", "R17")
def test_a_recusal_in_one_panel_takes_the_quorum_from_that_panel_alone(session: Session) -> None:
    few = ("guest_chair", "guest_deputy", "guest_welfare")
    court = deliberating(session, "chair", "deputy", "welfare", "police", "school", *few)

    conflicts.declare_conflict(
        session, court.people["guest_welfare"], court.item_id,
        ground=conflicts.Ground.RELATIVE, words="", now=AT,
    )  # fmt: skip

    assert state(session, court) == ItemState.LOST_QUORUM
    with pytest.raises(NotThere):
        papers.open_papers(session, court.people["guest_welfare"], court.item_id, now=AT)
    with pytest.raises(Incomplete) as refused:
        agenda.call_item(session, court.people["chair"], court.item_id, now=AT)
    assert "panel_quorum_missing" in gaps(refused)


@pytest.mark.rule("R14", "R17")
def test_a_recusal_that_leaves_each_panel_its_quorum_lets_both_go_on(session: Session) -> None:
    court = deliberating(session)

    conflicts.declare_conflict(
        session, court.people["guest_police"], court.item_id,
        ground=conflicts.Ground.RELATIVE, words="", now=AT,
    )  # fmt: skip
    for name in court.people:
        if name != "guest_police":
            court.vote(session, name)

    assert state(session, court) == ItemState.IN_DELIBERATION
    assert len(voting.outcome(session, court.item_id, now=DECIDED).voters) == 9


def test_the_panel_that_calls_leads_and_its_deputy_steps_in_before_any_guest(
    session: Session,
) -> None:
    court = convened(session)
    arrive(session, court, "deputy", "welfare", "police", *GUESTS)

    with pytest.raises(NotAllowed):
        sittings.open_sitting(session, court.people["guest_chair"], court.sitting_id, now=STARTS)
    sittings.open_sitting(session, court.people["deputy"], court.sitting_id, now=STARTS)


def test_guests_find_the_joint_sitting_among_those_of_their_own_panel(session: Session) -> None:
    host, guest = two_panels(session)
    court = joint(session, host, guest)

    found = sitting_views.list_sittings(session, guest.people["police"], guest.panel_id, now=NOON)

    assert [row.id for row in found] == [court.sitting_id]
    assert sitting_views.show_sitting(session, guest.people["police"], court.sitting_id, now=NOON)


def test_a_guest_who_leaves_takes_the_quorum_of_the_guests(session: Session) -> None:
    few = ("guest_chair", "guest_deputy", "guest_welfare")
    court = deliberating(session, "chair", "deputy", "welfare", "police", *few)

    leave(session, court, "guest_deputy", now=AT)

    assert state(session, court) == ItemState.LOST_QUORUM


def test_who_keeps_one_agenda_does_not_call_the_members_of_another_panel(session: Session) -> None:
    host, guest = a_court(session), a_court(session)

    with pytest.raises(NotAllowed):
        joint(session, host, guest)


@pytest.mark.parametrize(
    ("given", "pointer"),
    [
        ({"type": SittingType.JOINT}, "/type"),
        ({"partners": ("nobody",), "type": SittingType.JOINT}, "/partners"),
        ({"partners": ("nobody",)}, "/partners"),
    ],
)
def test_a_joint_sitting_needs_another_panel_of_the_country(
    session: Session, given: dict[str, Any], pointer: str
) -> None:
    with pytest.raises(BadInput) as refused:
        a_sitting(session, a_court(session), **given)

    assert refused.value.pointer == pointer


def test_members_of_a_panel_that_was_not_called_see_no_joint_sitting(session: Session) -> None:
    court, third = convened(session), a_court(session)

    with pytest.raises(NotThere):
        declare(session, replace_people(court, third), "chair")


def replace_people(court: Court, other: Court) -> Court:
    return replace(court, people=other.people)
