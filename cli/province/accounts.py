"""Who works in the province, and their accounts: the administrator invites, each person accepts and signs in."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import pyotp

from cli.province.client import Line, Officer
from cli.province.names import officer_name
from cli.province.places import COUNTRY, SEATS, District
from core.db import Database

PASSWORD: Final = "nineteen hippos cross at dusk"  # noqa: S105  of an invented province, shown at the end
ADMIN: Final = "keeper.of.accounts"
OFFICE: Final = (
    ("worker", "caseworker"),
    ("supervisor", "supervisor"),
    ("assessor", "assessor"),
    ("coordinator", "coordinator"),
)
NATIONAL: Final = (
    ("head", "secretariat_head"),
    ("secretariat", "secretariat"),
    ("protection", "data_protection"),
)
PER_OFFICE: Final = 11  # people of one office and its panel


@dataclass
class Office:
    """A district's people: by task, and by seat of the panel."""

    district: District
    staff: dict[str, Officer] = field(default_factory=dict)
    seats: dict[str, Officer] = field(default_factory=dict)
    panel_id: str = ""
    members: dict[str, str] = field(default_factory=dict)

    def __getitem__(self, task: str) -> Officer:
        """Return who does a task."""
        return self.staff.get(task) or self.seats[task]


@dataclass
class People:
    """Everybody with an account."""

    offices: dict[str, Office] = field(default_factory=dict)
    national: dict[str, Officer] = field(default_factory=dict)

    def everybody(self) -> Iterator[Officer]:
        """Go through all of them."""
        for office in self.offices.values():
            yield from office.staff.values()
            yield from office.seats.values()
        yield from self.national.values()


def first_administrator(database: Database, line: Line, country: str = COUNTRY) -> Officer:
    """Make the first account at the server's console, as `bid user add` does; all others are invited by it."""
    from core.accounts import grants, invitations, people
    from core.accounts.people import Contact
    from core.accounts.system import operator_actor
    from core.actors import Grant, Role, ScopeKind

    now = line.clock.now()
    operator = operator_actor(country)
    keeper = Officer(line, ADMIN, "Keeper of Accounts", password=PASSWORD)
    with database.unit_of_work() as session:
        keeper.account_id = people.open_account(
            session, operator, login=ADMIN, contact=Contact(keeper.name), now=now
        )
        role = Grant(Role.ADMINISTRATOR, ScopeKind.COUNTRY, country)
        grants.give_role(session, operator, keeper.account_id, role, now=now)
        enrolment, _ = invitations.set_up_at_console(
            session, operator, keeper.account_id, password=PASSWORD, now=now
        )
    keeper.secret = enrolment.secret
    return keeper


def invite(keeper: Officer, login: str, name: str, *roles: tuple[str, str, str]) -> Officer:
    """Open an account with its roles, and let the person accept the invitation."""
    line = keeper.line
    officer = Officer(line, login, name, password=PASSWORD)
    made = keeper.post("/accounts", {"login": login, "name": name})
    officer.account_id, officer.person_id = made["account_id"], made["person_id"]
    for role, scope, ref in roles:
        grant: dict[str, Any] = {"role": role, "scope": scope, "ref": ref}
        keeper.post(f"/accounts/{officer.account_id}/grants", grant)
    token = {"token": made["token"]}
    officer.secret = line.send("POST", "/invitations/open", json=token).json()["secret"]
    code = pyotp.TOTP(officer.secret).at(line.clock.now())
    answer = line.send(
        "POST", "/invitations/accept", json={**token, "password": PASSWORD, "code": code}
    )
    answer.raise_for_status()
    officer.used_code()
    return officer


def office_staff(keeper: Officer, office: Office, number: int) -> None:
    """Invite the people of one office, and the guardian the court names there."""
    district = office.district
    for offset, (task, role) in enumerate(OFFICE):
        office.staff[task] = _invited(
            keeper, f"{district.short}.{task}", number * PER_OFFICE + offset,
            (role, "office", district.code),
        )  # fmt: skip
    office.staff["guardian"] = _invited(
        keeper, f"{district.short}.guardian", number * PER_OFFICE + 4, ("guardian", "own", "")
    )


def panel_people(keeper: Officer, office: Office, number: int) -> None:
    """Invite those who sit on an office's panel, and its secretary."""
    short, panel = office.district.short, office.panel_id
    for offset, seat in enumerate(SEATS, start=5):
        role = "member" if seat.role == "member" else "chair"
        office.seats[seat.key] = _invited(
            keeper, f"{short}.{seat.key}", number * PER_OFFICE + offset, (role, "panel", panel)
        )
    office.staff["secretary"] = _invited(
        keeper, f"{short}.secretary", number * PER_OFFICE + 10, ("secretary", "panel", panel)
    )


def national_staff(keeper: Officer, people: People) -> None:
    """Invite the people of the national secretariat."""
    for offset, (task, role) in enumerate(NATIONAL):
        people.national[task] = _invited(
            keeper, f"national.{task}", 240 + offset, (role, "country", COUNTRY)
        )


def _invited(keeper: Officer, login: str, serial: int, *roles: tuple[str, str, str]) -> Officer:
    return invite(keeper, login, officer_name(serial), *roles)
