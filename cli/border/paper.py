"""A country without a line: what is for it goes as a sealed file, and files and a paper come back."""

from pathlib import Path
from typing import Any, Final

from cli.border import ceremony, desk, sides, words
from cli.border.desk import Course
from cli.border.leaving import Leaving
from cli.border.sides import ON_PAPER, Side
from cli.province import accounts
from cli.province.stories import Story
from cli.province.world import Astray, World
from core.accounts.system import operator_actor
from core.errors import DomainError
from core.exchange.files import file_name, write_receipts
from core.ids import new_id
from transfers.rules.delivery import Limits
from transfers.service import exchange_files
from transfers.service.incoming import Ground
from transfers.service.storage import Store
from workflows.exchange_line import LineDown

NUMBER: Final = 240 + 3
NO_RESERVE: Final = Limits(reserve_bytes=0)


class OnPaper:
    """The transfer to a country nobody can call; it keeps an installation of its own, without a line."""

    def __init__(
        self, world: World, ours: Side, folder: Path, leaving: Leaving, distance: Any
    ) -> None:
        self.world, self.ours, self.folder, self.leaving = world, ours, folder, leaving
        self._distance = distance
        self.theirs: Side | None = None
        self._carried: list[Path] = []
        self._receipts = 0

    def trust(self, _world: World) -> None:
        """Key statements went by courier, the ends of the fingerprints by letter and telephone."""
        clock = self.world.clock
        other, settings = sides.open_other(
            self.folder, clock, self._distance, ON_PAPER, is_online=False
        )
        self.theirs = theirs = Side(ON_PAPER, other, None, lambda: sides.open_database(settings))
        database = theirs.database()
        try:
            keeper = accounts.first_administrator(database, other.line, theirs.country)
        finally:
            database.dispose()
        theirs.employ(keeper, NUMBER)
        ceremony.trust_each_other(self.world, self.ours, theirs)

    def hand_over(self, _world: World) -> None:
        """Write the request as a sealed file, bring it over, take it in there, and bring the receipts back."""
        course, theirs = self._course(), self._theirs()
        course.receiver = theirs
        files = self._write(self.ours, course.ref)
        self._take(theirs, files)
        self._bring_receipts(self.ours, self._take(theirs, files))  # again: nothing changes there
        desk.stands(course, self.ours, "delivered")
        self._carried = files

    def bring_back(self, _world: World) -> None:
        """The answer: typed from paper it moves nothing that went out sealed; as a sealed file it counts."""
        course, theirs = self._course(), self._theirs()
        typed = {
            "schema": "bidx-message/1", "type": "ACCEPT", "ref": course.ref, "no": new_id(),
            "reply_to": None, "body": words.acceptance(self.world.clock.now().date()),
        }  # fmt: skip
        self.world.must_refuse(
            "A typed paper answers a request that went out sealed",
            lambda: self.ours["writer"].post(
                "/paper-messages", {"country": "CD", "message": typed, "summary": None}
            ),
        )
        desk.arrives(course)
        today = self.world.clock.now().date()
        desk.say(course, theirs, "ACCEPT", words.acceptance(today))
        answers = self._sealed(theirs, course.ref)
        self._take(self.ours, answers)
        desk.stands(course, self.ours, "accepted")
        desk.read(course, self.ours)
        self._bring_receipts(theirs, self._take(self.ours, answers))
        self._bring_receipts(self.ours, self._take(theirs, self._carried))
        files, receipts = len(self._carried) + len(answers), self._receipts
        course.notes.append(f"{files} sealed files and {receipts} receipts brought by hand")
        self.world.count("files by hand", files)
        self.close()

    def _bring_receipts(self, to: Side, receipts: list[str]) -> None:
        """Write receipts into a file and bring it to who waits for them."""
        file = self.folder / f"receipts-{self._receipts}-{to.country}.bidr"
        file.write_bytes(write_receipts(receipts))
        self._receipts += len(receipts)
        self._take(to, [file])

    def close(self) -> None:
        """End that country's installation."""
        if self.theirs is not None:
            self.theirs.world.line.close()
            self.theirs.world.service.stop()

    def _sealed(self, side: Side, ref: str) -> list[Path]:
        """Seal what waits at an installation nobody serves a line for, and write it out."""
        from workflows.exchange_run import run_exchange

        database = side.database()
        try:
            clock = side.world.clock.now
            run_exchange(database, self._ground(side), dial=_nowhere, clock=clock, holder="hand")
        finally:
            database.dispose()
        return self._write(side, ref)

    def _write(self, side: Side, ref: str) -> list[Path]:
        """Write what waits for a partner as files, as `bid exchange export` does."""
        actor, now = operator_actor(side.country), side.world.clock.now()
        database = side.database()
        try:

            def waiting() -> list[str]:
                with database.unit_of_work() as session:
                    try:
                        return exchange_files.to_hand_out(session, actor, ref)
                    except DomainError:
                        return []

            found = desk.until(waiting, side, f"a sealed package of {ref}")
            written = []
            for delivery in found:
                path = self.folder / file_name(delivery)
                with path.open("w+b") as out, database.unit_of_work() as session:
                    exchange_files.hand_out(
                        session, actor, delivery, out, storage=self._ground(side).storage, now=now
                    )
                written.append(path)
        finally:
            database.dispose()
        return written

    def _take(self, side: Side, files: list[Path]) -> list[str]:
        """Take files in, as `bid exchange import` does; returns the receipts to hand back."""
        actor, now = operator_actor(side.country), side.world.clock.now()
        given: list[str] = []
        database = side.database()
        try:
            for path in files:
                with path.open("rb") as file:
                    if path.suffix == ".bidr":
                        units = database.unit_of_work
                        exchange_files.take_receipts(units, actor, file, now=now)
                        continue
                    found = exchange_files.take_file(
                        database.unit_of_work, actor, file, ground=self._ground(side), now=now
                    )
                    given += found.receipts
        finally:
            database.dispose()
        return given

    def _ground(self, side: Side) -> Ground:
        folder = self.folder if side is self.theirs else self.folder.parent
        return Ground(Store(folder / "exchange"), NO_RESERVE)

    def _course(self) -> Course:
        return self.leaving.courses[Story.ON_PAPER]

    def _theirs(self) -> Side:
        if self.theirs is None:
            raise Astray("nobody was trusted over there")
        return self.theirs


def _nowhere(_address: str) -> Any:
    raise LineDown("no line")
