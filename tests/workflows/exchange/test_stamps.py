"""A time-stamping authority vouches for when a checkpoint existed; nobody needs it, and no other one is believed."""

import json
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from core.exchange.stamps import read_roots
from tests.builders.authority import Authority
from tests.builders.exchange import NAMIBIA, ZAMBIA
from tests.builders.line import rows
from tests.builders.proof import bundle, changed, digits_of, kept_as
from tests.workflows.exchange.conftest import Both
from tests.workflows.exchange.test_bundles import codes
from tests.workflows.exchange.test_there_and_back import exported, say_and_answer
from transfers.service import evidence
from transfers.service.evidence_check import check
from transfers.service.proofs import Outcome
from transfers.service.proving import Proof, examine
from transfers.tables.evidence import StampRow
from workflows.stamping import NoAnswer, Stamper

pytestmark = [
    pytest.mark.skipif(shutil.which("openssl") is None, reason="no openssl to answer with"),
    pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True),
]


@pytest.fixture(scope="module")
def authorities(tmp_path_factory: pytest.TempPathFactory) -> tuple[Authority, Authority]:
    folder, now = tmp_path_factory.mktemp("authorities"), datetime.now(UTC)
    return Authority(folder / "known", "Known", now), Authority(folder / "other", "Other", now)


def proof(path: Path, both: Both, *roots: Path) -> Proof:
    known = [root for each in roots for root in read_roots(each)]
    return examine([path], digits_of(ZAMBIA, NAMIBIA), roots=known, now=both.zambia.now)


def test_a_checkpoint_is_stamped_once_and_the_stamp_is_proven_offline(
    both: Both, authorities: tuple[Authority, Authority], tmp_path: Path
) -> None:
    known, other = authorities
    say_and_answer(both)
    zambia = both.zambia
    zambia.do(lambda office: evidence.sign_checkpoint(office.session, now=zambia.now))
    stamper = Stamper(known.answer, known.roots)

    first = stamper.look(zambia.database, now=zambia.now)
    second = stamper.look(zambia.database, now=zambia.now)

    assert (first, second) == (True, False)
    assert len(rows(zambia.database, StampRow)) == 1
    lines = bundle(zambia)
    file = kept_as(tmp_path / "zm.jsonl", lines)
    assert proof(file, both, known.roots).outcome is Outcome.HOLDS
    assert "stamp" in codes(proof(file, both, known.roots))
    assert "stamp_not_compared" in codes(proof(file, both))
    assert proof(file, both, other.roots).outcome is Outcome.BROKEN
    log = exported(zambia)
    assert check(iter(log)).holds
    assert len(check(iter(log)).stamps) == 1
    at = next(n for n, line in enumerate(lines) if line.startswith('{"stamp"'))
    answer = json.loads(lines[at])["stamp"]["answer"]
    spoiled = answer[:-20] + ("A" if answer[-20] != "A" else "B") + answer[-19:]
    bad = changed(lines, at, lambda said: said["stamp"].update(answer=spoiled))
    assert proof(kept_as(tmp_path / "bad", bad), both, known.roots).outcome is Outcome.BROKEN


def test_an_answer_of_somebody_else_or_to_another_question_or_none_is_not_kept(
    both: Both, authorities: tuple[Authority, Authority]
) -> None:
    known, other = authorities
    zambia = both.zambia
    old: list[bytes] = []

    def replay(question: bytes) -> bytes:
        old.append(known.answer(question))
        return old[0]

    def silent(_question: bytes) -> bytes:
        raise NoAnswer

    earlier = Stamper(replay, known.roots)
    assert earlier.look(zambia.database, now=zambia.now)
    say_and_answer(both)
    zambia.do(lambda office: evidence.sign_checkpoint(office.session, now=zambia.now))
    for post in (replay, other.answer, silent, lambda _question: b"junk", lambda _question: b""):
        assert not Stamper(post, known.roots).look(zambia.database, now=zambia.now)
    assert not Stamper(known.answer, Path("nowhere")).look(zambia.database, now=zambia.now)

    assert len(rows(zambia.database, StampRow)) == 1


def test_an_authority_that_does_not_answer_is_left_alone_for_an_hour(
    both: Both, authorities: tuple[Authority, Authority]
) -> None:
    known, _ = authorities
    zambia = both.zambia
    asked: list[bytes] = []

    def silent(question: bytes) -> bytes:
        asked.append(question)
        raise NoAnswer

    stamper = Stamper(silent, known.roots)
    for minutes in (0, 1, 59):
        stamper.look(zambia.database, now=zambia.now + timedelta(minutes=minutes))
    zambia.run()

    assert len(asked) == 1
    stamper.post = known.answer
    assert stamper.look(zambia.database, now=zambia.now + timedelta(minutes=61))
