"""Set the province up through the API: people first, then panels, seats, members and undertakings."""

from collections.abc import Sequence
from datetime import timedelta
from hashlib import sha256
from typing import Final

from cli.province import accounts
from cli.province.accounts import Office
from cli.province.client import Officer
from cli.province.places import COUNTRY, SEATS, District
from cli.province.world import World

TERMS: Final = (
    "The panel decides, for one child at a time, on what is in her best interests. It sits with at least three "
    "voting members of two agencies, hears what the child wants, gives reasons, and keeps what it hears."
)
ROLE_OF: Final = {"chair": "chair", "deputy": "chair"}
FACILITY_PLACES: Final = 12


def people_and_panels(world: World, keeper: Officer, districts: Sequence[District]) -> None:
    """Invite everybody and set all panels up."""
    world.advance("National secretariat", 0, 1)
    accounts.national_staff(keeper, world.people)
    world.people.national["head"].sign_in()
    for district in districts:
        world.people.offices[district.code] = Office(district)
    numbered = list(enumerate(world.people.offices.values()))
    world.side_by_side(
        "People and panels",
        [[one] for one in numbered],
        lambda one: _set_up_panel(world, keeper, number=one[0], office=one[1]),
    )
    keeper.post("/sign-out")


def _set_up_panel(world: World, keeper: Officer, *, office: Office, number: int) -> None:
    district = office.district
    accounts.office_staff(keeper, office, number)
    head = world.people.national["head"]
    seats = [
        {"role": seat.role, "agency": seat.agency, "sector": seat.sector, "country": COUNTRY}
        for seat in SEATS
    ]
    body = {
        "code": f"PANEL-{district.short.upper()}", "name": district.panel, "kind": "district",
        "countries": [COUNTRY], "district": district.code, "terms": TERMS, "seats": seats,
    }  # fmt: skip
    office.panel_id = head.post("/panels", body)["id"]
    opened = head.get(f"/panels/{office.panel_id}")["seats"]
    accounts.panel_people(keeper, office, number)
    today = world.clock.now().date()
    for seat in SEATS:
        seat_id = next(one["id"] for one in opened if one["agency"] == seat.agency)
        member = {
            "seat_id": seat_id, "person_id": office.seats[seat.key].person_id,
            "term_from": (today - timedelta(days=30)).isoformat(),
        }  # fmt: skip
        member_id = head.post(f"/panels/{office.panel_id}/members", member)["id"]
        office.members[seat.key] = member_id
        paper = sha256(f"undertaking of {member_id}".encode()).hexdigest()
        signed = {"signed_on": today.isoformat(), "document_sha256": paper}
        head.post(f"/panels/members/{member_id}/undertakings", signed)
    world.count("panels")
    world.count("members", len(SEATS))
