"""How long printing takes: the letters of a year of one corridor, and the bundle of a long day's agenda."""

import resource
import threading
import time
from dataclasses import replace
from typing import Final, Self

from benchmarks import grounds
from benchmarks.figures import Figure, p95
from cases.rules.reports import FactorGroup, Part
from cases.service.printing import Told, report_blocks
from core import outbox
from core.db import Database, Session
from core.papers.issuing import Issued, issue
from core.papers.paper import Paper, heading, index, page_break, table, text
from core.papers.press import the_press
from core.papers.setting import NotSetYet, SetOutside
from core.papers.words import words_in
from tests.builders.accounts import OPERATOR
from tests.builders.assessments import a_report
from tests.builders.papers import a_desk, a_paper, signed
from tests.conftest import NOON

LETTERS: Final = 4_215
CASES: Final = 40
SENTENCE: Final = (
    "The child said in two talks what would feel right and why, and the panel has seen the place. "
)
KIB: Final = 1_024


def measure(*, quick: bool) -> list[Figure]:
    """Print letters one after the other, each issued, signed for and on record; then one bundle."""
    letters, cases = (5, 2) if quick else (LETTERS, CASES)
    with grounds.fresh("sqlite") as database:
        with database.unit_of_work() as session:
            _printed(session, _letter(0))  # the press is warm from here on
        taken = []
        for number in range(1, letters + 1):
            begun = time.perf_counter()
            with database.unit_of_work() as session:
                _printed(session, _letter(number))
            taken.append(time.perf_counter() - begun)
        waits = _Waits(database)
        begun = time.perf_counter()
        with waits:
            bundle = _outside(database, _bundle(cases))
        of_bundle = time.perf_counter() - begun
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KIB
    return [
        Figure(f"{letters:,} decision letters", sum(taken), "s"),
        Figure("one decision letter, 95 %", 1000 * p95(taken), "ms", at_most=100),
        Figure(f"hearing bundle of {cases} cases", of_bundle, "s", at_most=10),
        Figure(
            "longest wait of another writer meanwhile",
            1000 * waits.longest,
            "ms",
            at_most=500,
            note=f"{waits.count} written",
        ),
        Figure(f"hearing bundle of {cases} cases: size", len(bundle.content) / KIB / KIB, "MiB"),
        Figure("most memory of the process that asks", memory, "MiB"),
    ]


class _Waits:
    """Somebody who writes all the time while a bundle is printed, and the longest each had to wait."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._over = threading.Event()
        self._writer = threading.Thread(target=self._write, daemon=True)
        self.longest, self.count = 0.0, 0

    def __enter__(self) -> Self:
        self._writer.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._over.set()
        self._writer.join()

    def _write(self) -> None:
        while not self._over.is_set():
            begun = time.perf_counter()
            with self._database.unit_of_work() as session:
                outbox.post(
                    session, topic="hold.review_due", key=f"w{self.count}", subject="x", now=NOON,
                    payload={},
                )  # fmt: skip
            self.longest = max(self.longest, time.perf_counter() - begun)
            self.count += 1
            time.sleep(0.005)


def _outside(database: Database, paper: Paper) -> Issued:
    """Print as the papers' routes do: look, set with nothing held, look again, issue."""
    outside = SetOutside(the_press())
    desk = replace(a_desk(sign=signed), press=outside)
    while True:
        try:
            with database.unit_of_work() as session:
                return issue(session, OPERATOR, paper, desk, thing_id="x", case_id=None, now=NOON)
        except NotSetYet:
            outside.set_all()


def _printed(session: Session, paper: Paper) -> Issued:
    return issue(
        session, OPERATOR, paper, a_desk(sign=signed), thing_id="x", case_id=None, now=NOON
    )


def _letter(number: int) -> Paper:
    """Two pages, as most letters are."""
    parts = [block for group in FactorGroup for block in (heading(group.value), text(SENTENCE * 5))]
    actions = [(f"Action {n} of letter {number}", "Somebody", "2 April 2026") for n in range(5)]
    blocks = (*parts, table(("What", "Who", "By when"), actions))
    return replace(a_paper(*blocks), series=str(number))


def _bundle(cases: int) -> Paper:
    """Reports of a page for each part."""
    form = a_report(parts=dict.fromkeys(Part, SENTENCE * 12))
    words = words_in("en")
    blocks = [index()]
    for number in range(1, cases + 1):
        child = {"child_code": f"CODE-{number}", "names": {"given": "A", "family": "B"}}
        told = Told(words, child, form, ("B1",), level=2)
        blocks += [page_break(), heading(f"{number}. Child CODE-{number}"), *report_blocks(told)]
    return a_paper(*blocks, kind="hearing_bundle", series="bundle", only_for="somebody")
