"""The two-country part of the demo, day by day, and what it needs before the first."""

import os
from pathlib import Path
from typing import Any, Final

from cli.border import ceremony, sides
from cli.border.coming import Coming
from cli.border.desk import Course
from cli.border.gate import Gate, make_certificate
from cli.border.leaving import Leaving
from cli.border.paper import OnPaper
from cli.border.sides import OURS, THEIRS, Side
from cli.installation import open_installation, read_settings
from cli.province import accounts, server
from cli.province.client import Officer
from cli.province.world import Day, World

STAFF_NUMBERS: Final = (260, 270, 278)
CERTIFICATES: Final = "SSL_CERT_FILE"


class Border:
    """Both installations and every transfer between them."""

    def __init__(self, world: World, data: Path, gates: tuple[Gate, Gate], distance: Any) -> None:
        self.world, self.data, self.gates, self._distance = world, data, gates, distance
        self.ours = Side(OURS, world, gates[0], lambda: open_installation(read_settings()))
        self.theirs: Side | None = None
        self.leaving: Leaving | None = None
        self.coming: Coming | None = None
        self.paper: OnPaper | None = None

    @property
    def sides(self) -> list[Side]:
        """Every country with an installation."""
        others = [self.theirs, self.paper.theirs if self.paper else None]
        return [self.ours, *(side for side in others if side is not None)]

    def set_up(self, keeper: Officer) -> list[Day]:
        """Start the other country, let both trust each other; returns what happens on which day."""
        world, clock = self.world, self.world.clock
        world.advance("The other country", 0, 3)
        other, settings = sides.open_other(self.data / "na", clock, self._distance, THEIRS)
        self.gates[1].connect(other.service.port)
        self.theirs = theirs = Side(
            THEIRS, other, self.gates[1], lambda: sides.open_database(settings)
        )
        database = theirs.database()
        try:
            keeper_there = accounts.first_administrator(database, other.line, THEIRS[:2])
        finally:
            database.dispose()
        keeper.sign_in()
        self.ours.employ(keeper, STAFF_NUMBERS[0])
        theirs.employ(keeper_there, STAFF_NUMBERS[1])
        office = sides.region_office(keeper_there, STAFF_NUMBERS[2])
        world.advance("Two officers of each country compare a fingerprint", 1, 3)
        ceremony.trust_each_other(world, self.ours, theirs)
        self.leaving = leaving = Leaving(world, self.ours, theirs)
        self.coming = coming = Coming(self.ours, theirs, office)
        self.paper = paper = OnPaper(world, self.ours, self.data / "cd", leaving, self._distance)
        world.advance("A child over there", 2, 3)
        coming.bring_in(self.data / "na" / "import")
        return [
            Day(1, leaving.prepare), Day(2, leaving.ask), Day(3, leaving.answer),
            Day(3, coming.write), Day(4, coming.answer), Day(4, coming.take_back), Day(49, paper.trust),
            Day(50, leaving.request), Day(50, paper.hand_over), Day(51, leaving.hold_back),
            Day(51, leaving.decide_there), Day(52, leaving.release), Day(55, leaving.travel),
            Day(60, paper.bring_back),
        ]  # fmt: skip

    @property
    def courses(self) -> list[Course]:
        """Every transfer, in the order in which it is shown."""
        found = [*self.leaving.enquiries, *self.leaving.courses.values()] if self.leaving else []
        return [*found, *(self.coming.courses if self.coming else [])]

    def stop(self) -> None:
        """Close the gates and end the other country's installation."""
        for gate in self.gates:
            gate.stop()
        if self.paper is not None:
            self.paper.close()
        if self.theirs is not None:
            self.theirs.world.line.close()
            self.theirs.world.service.stop()


def open_gates(data: Path) -> tuple[Gate, Gate]:
    """Open a gate for each country; every process started from now on trusts their certificate."""
    certificate = make_certificate(data / "gates")
    os.environ[CERTIFICATES] = str(certificate[0])
    gates = tuple(Gate(server.free_port(), certificate) for _ in range(2))
    for gate in gates:
        gate.start()
    return gates[0], gates[1]
