"""How many seats a panel has and whose members vote is what the country says."""

from typing import Any

import pytest
from sqlmodel import Session

from core.errors import Incomplete
from panels.errors import NotEligible
from panels.rules.roster import SeatRole
from panels.rules.sittings import SittingType
from panels.service import panels, sittings
from panels.service.panels import NewPanel, NewSeat, PanelKind
from panels.service.sittings import NewSitting
from tests.builders.cases import OFFICE
from tests.builders.own_pack import Says, country
from tests.builders.sittings import (
    SEATS,
    STARTS,
    Court,
    a_court,
    a_head,
    a_listed_item,
    a_sitting,
    add_person,
    in_deliberation,
    of_panel,
)
from tests.conftest import NOON

__all__ = ["country"]
SEAT = NewSeat(SeatRole.MEMBER, "prison", "prisons", "ZM")


def codes(refused: pytest.ExceptionInfo[Incomplete]) -> list[str]:
    return [gap.code for gap in refused.value.gaps]


@pytest.mark.parametrize(("most", "fits"), [(5, False), (6, True)])
def test_a_panel_has_no_more_seats_than_the_country_gives_it(
    session: Session, country: Says, most: int, *, fits: bool
) -> None:
    country(f"[panel]\nsize_max = {most}\n")
    court = a_court(session)

    if fits:
        assert panels.open_seat(session, court.head, court.panel_id, SEAT, now=NOON)
    else:
        with pytest.raises(Incomplete) as refused:
            panels.open_seat(session, court.head, court.panel_id, SEAT, now=NOON)
        assert codes(refused) == ["panel_too_large"]


@pytest.mark.parametrize(("fewest", "fits"), [(3, True), (4, True), (5, False)])
def test_a_sitting_is_convened_with_as_many_seats_as_the_country_asks_for(
    session: Session, country: Says, fewest: int, *, fits: bool
) -> None:
    country(f"[panel]\nsize_min = {fewest}\n")
    court = a_court(session)
    four = tuple(court.members[name] for name in ("chair", "deputy", "welfare", "police"))
    court = a_listed_item(session, a_sitting(session, court, roster=four))

    if fits:
        sittings.convene_sitting(session, court.secretary, court.sitting_id, now=NOON)
    else:
        with pytest.raises(Incomplete) as refused:
            sittings.convene_sitting(session, court.secretary, court.sitting_id, now=NOON)
        assert codes(refused) == ["panel_too_small"]


def a_panel_of_two_countries(session: Session, **given: Any) -> Court:
    """Five seats, the last of them of Namibia."""
    from core.actors import Role

    head = a_head()
    new = NewPanel("P-2", "Panel", PanelKind.JOINT, ("ZM", "NA"), OFFICE, "Terms.", ())
    panel_id = panels.set_up_panel(session, head, new, now=NOON)
    court = Court(panel_id, head, of_panel(panel_id, Role.SECRETARY), {}, {}, {})
    for name, (role, agency, sector) in SEATS.items():
        seat = NewSeat(role, agency, sector, "NA" if name == "school" else "ZM")
        court.seats[name] = panels.open_seat(session, head, panel_id, seat, now=NOON)
        add_person(session, court, name, name)
    new_sitting = NewSitting(
        SittingType.JOINT, given.pop("mode", sittings.SittingMode.IN_PERSON), STARTS, 120,
        "Africa/Lusaka", "Boma",
    )  # fmt: skip
    court.sitting_id = sittings.plan_sitting(
        session, court.secretary, panel_id, new_sitting, now=NOON
    )
    court = a_listed_item(session, court)
    sittings.convene_sitting(session, court.secretary, court.sitting_id, now=NOON)
    return in_deliberation(session, court=court)


def test_members_of_the_partner_country_vote_where_the_country_has_it_so(
    session: Session, country: Says
) -> None:
    country('[panel]\npartner_members_vote = "joint_only"\n')
    court = a_panel_of_two_countries(session)

    assert court.vote(session, "school")


def test_members_of_the_partner_country_sit_in_without_a_vote_where_the_country_has_it_so(
    session: Session, country: Says
) -> None:
    country('[panel]\npartner_members_vote = "never"\n')
    court = a_panel_of_two_countries(session)

    with pytest.raises(NotEligible) as refused:
        court.vote(session, "school")
    for name in ("chair", "deputy", "welfare", "police"):
        court.vote(session, name)

    assert refused.value.rule == "partner_has_no_vote"
    from panels.service import voting

    assert len(voting.outcome(session, court.item_id, now=STARTS).voters) == 4
