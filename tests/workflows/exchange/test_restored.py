"""An old backup is put in place of a whole installation: its log is shorter than it was, and others remember."""

import io
from dataclasses import replace
from pathlib import Path

import pytest

from core.actors import Role
from core.backup import restore_backup, write_backup
from core.db import Database
from migrations.metadata import load_tables
from tests.builders.exchange import NAMIBIA, ZAMBIA
from tests.builders.installations import Installation, join
from tests.builders.line import rows
from tests.builders.partners import an_officer
from tests.builders.proof import bundle, digits_of, kept_as
from tests.builders.transfers import an_enquiry
from tests.databases import make_quick
from tests.workflows.exchange.conftest import Both
from tests.workflows.exchange.test_failing import told
from tests.workflows.exchange.test_there_and_back import exported, require_complete
from transfers.rules.codes import MessageType
from transfers.service import evidence_export, exchange_files
from transfers.service.evidence_check import check
from transfers.service.proofs import Outcome
from transfers.service.proving import examine
from transfers.tables.delivery import DeliveryInRow, DeliveryOutRow, ExchangeLifeRow


def backed_up(one: Installation, file: Path) -> Path:
    write_backup(
        one.database.engine, load_tables(), one.folder / "files", file, revision="r",
        progress=lambda *_: None,
    )  # fmt: skip
    return file


def restored(one: Installation, backup: Path, template: Path, folder: Path) -> Installation:
    """The same installation from a backup, on a new SQLite database; its storage folder is what it was."""
    path = folder / "restored.sqlite3"
    path.write_bytes(template.read_bytes())
    database = make_quick(Database(f"sqlite:///{path}", one.database.vault))
    restore_backup(
        database.engine, load_tables(), folder / "files", backup, revision="r",
        progress=lambda *_: None,
    )  # fmt: skip
    return replace(one, database=database)


@pytest.mark.threat("TT46")
@pytest.mark.rule("R50")
def test_an_old_backup_is_found_by_the_partner_at_the_next_receipt_and_from_files(
    both: Both, tmp_path: Path, sqlite_template: Path
) -> None:
    zambia, namibia = both.zambia, both.namibia
    zambia.do(an_enquiry)
    zambia.run()
    backup = backed_up(zambia, tmp_path / "old.zip")
    _answer_and_read(both)
    require_complete(both)
    newer = kept_as(tmp_path / "newer", bundle(zambia))
    theirs = kept_as(tmp_path / "theirs", bundle(namibia))

    again = restored(zambia, backup, sqlite_template, tmp_path)
    join(again, namibia)
    log = exported(again)
    again.later(hours=1)
    namibia.now = again.now
    (came,) = rows(namibia.database, DeliveryInRow)
    namibia.do(lambda office: office.say(came.transfer_id, MessageType.INFO_REQUEST))
    namibia.run()
    again.run()

    verdict = check(iter(log), against=iter(exported(namibia)))
    assert check(iter(log)).holds
    assert verdict.fault is not None
    assert verdict.fault.reason in {"tail_missing", "rewritten"}
    assert "partner.log_differs" in told(namibia)
    older = kept_as(tmp_path / "older", bundle(again))
    for beside in (theirs, newer):
        found = examine([older, beside], digits_of(ZAMBIA, NAMIBIA), now=again.now)
        assert found.outcome in {Outcome.MISSING, Outcome.BROKEN}
    again.database.dispose()


@pytest.mark.threat("TT46")
def test_after_an_old_backup_numbers_begin_anew_and_the_partner_takes_what_is_said(
    both: Both, tmp_path: Path, sqlite_template: Path
) -> None:
    zambia, namibia = both.zambia, both.namibia
    backup = backed_up(zambia, tmp_path / "old.zip")
    zambia.do(an_enquiry)
    zambia.run()
    (before,) = rows(zambia.database, DeliveryOutRow)

    again = restored(zambia, backup, sqlite_template, tmp_path)
    join(again, namibia)
    again.do(an_enquiry)
    again.run()

    (after,) = rows(again.database, DeliveryOutRow)
    assert (before.seq, after.seq) == (1, 1)
    assert before.chain != after.chain
    assert after.state == "admitted"
    assert len(rows(namibia.database, DeliveryInRow)) == 2
    assert len(rows(again.database, ExchangeLifeRow)) == 1
    again.database.dispose()


def _answer_and_read(both: Both) -> None:
    from transfers.service import viewing

    zambia, namibia = both.zambia, both.namibia
    (came,) = rows(namibia.database, DeliveryInRow)
    namibia.do(lambda o: viewing.note_viewed(o.session, [came.message_id], now=namibia.now))
    namibia.do(lambda office: office.say(came.transfer_id, MessageType.ACK))
    namibia.run()
    (back,) = rows(zambia.database, DeliveryInRow)
    zambia.do(lambda o: viewing.note_viewed(o.session, [back.message_id], now=zambia.now))
    zambia.run()
    namibia.run()


@pytest.mark.threat("TT46")
def test_a_checkpoint_handed_over_finds_a_log_that_was_cut_where_no_receipt_ever_went(
    both: Both, tmp_path: Path, sqlite_template: Path
) -> None:
    """Zambia only sends and never has to sign a receipt; what it handed over on paper is remembered."""
    zambia, namibia = both.zambia, both.namibia
    backup = backed_up(zambia, tmp_path / "old.zip")
    zambia.do(an_enquiry)
    zambia.run()

    assert taken(namibia, checkpoint(zambia)) == (1, ())
    again = restored(zambia, backup, sqlite_template, tmp_path)
    again.later(hours=1)
    namibia.now = again.now
    assert "partner.log_differs" not in told(namibia)
    assert taken(namibia, checkpoint(again)) == (1, ())

    assert "partner.log_differs" in told(namibia)
    assert taken(namibia, checkpoint(namibia)) == (0, ("unknown-partner",))
    found = check(iter(exported(again)), against=iter(exported(namibia)))
    assert found.fault is not None
    again.database.dispose()


def checkpoint(one: Installation) -> str:
    actor = an_officer(Role.ADMINISTRATOR, one.country)
    return str(one.do(lambda o: evidence_export.own_checkpoint(o.session, actor, now=one.now)))


def taken(one: Installation, text: str) -> tuple[int, tuple[str, ...]]:
    actor = an_officer(Role.ADMINISTRATOR, one.country)
    return exchange_files.take_receipts(
        one.database.unit_of_work, actor, io.BytesIO(text.encode()), now=one.now
    )
