"""The evidence of one transfer, taken out on both sides, proves by itself what happened; both agree, or it shows."""

import json
import random
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from cases.service.access import bar
from core.actors import Role
from core.errors import NotThere
from core.exchange import tokens
from core.exchange.keys import private_members
from core.exchange.kinds import Kind
from tests.builders.exchange import NAMIBIA, ZAMBIA, claims_of, signing_key_of
from tests.builders.line import rows
from tests.builders.partners import an_officer
from tests.builders.proof import bundle, changed, digits_of, kept_as, ref_of
from tests.builders.transfers import Office
from tests.workflows.exchange.conftest import Both
from tests.workflows.exchange.test_there_and_back import say_and_answer
from transfers.service import evidence_bundle
from transfers.service.evidence_bundle import bundle_bytes
from transfers.service.proofs import Outcome
from transfers.service.proving import Proof, examine
from transfers.store import bundles as store
from transfers.tables.delivery import DeliveryOutRow

NAMES = (ZAMBIA, NAMIBIA)
ONE_DATABASE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)  # files are all alike


def proof(*paths: Path, both: Both, heard: tuple[str, ...] = NAMES) -> Proof:
    return examine(paths, digits_of(*heard), now=both.zambia.now)


def codes(found: Proof) -> list[str]:
    every = [one for each in found.files for one in each.report.findings]
    return [one.code for one in (*every, *found.together, *found.anchors)]


def both_bundles(both: Both, folder: Path) -> tuple[Path, Path]:
    return (
        kept_as(folder / "zm.jsonl", bundle(both.zambia)),
        kept_as(folder / "na.jsonl", bundle(both.namibia)),
    )


@pytest.mark.rule("R50")
def test_both_countries_bundles_hold_and_agree(both: Both, tmp_path: Path) -> None:
    say_and_answer(both)

    ours, theirs = both_bundles(both, tmp_path)

    for one in (ours, theirs):
        alone = proof(one, both=both)
        assert alone.outcome is Outcome.HOLDS, codes(alone)
        assert {"event_received", "event_admitted", "event_viewed", "confirmed"} <= set(
            codes(alone)
        )
    together = proof(ours, theirs, both=both)
    assert together.outcome is Outcome.HOLDS, codes(together)
    assert codes(together).count("log_witnessed") == 2
    assert "agree" in codes(together)


def test_the_same_state_gives_the_same_bytes_and_taking_it_is_on_record(both: Both) -> None:
    say_and_answer(both)

    first, second = bundle(both.zambia), bundle(both.zambia)

    assert first == second
    with both.zambia.database.engine.connect() as connection:
        found = connection.execute(
            sa.text("SELECT count(*) FROM audit WHERE action = 'evidence.bundled'")
        )
        assert found.scalar() == 2


@ONE_DATABASE
def test_nothing_people_wrote_and_no_private_key_is_in_it(both: Both) -> None:
    say_and_answer(both)

    text = "\n".join(bundle(both.zambia))

    assert "manifest" not in text
    for line in text.splitlines():
        assert list(private_members(json.loads(line))) == []


def test_only_who_may_takes_it_out(both: Both) -> None:
    say_and_answer(both)
    ref, zambia = ref_of(both.zambia), both.zambia

    def take(role: Role, country: str = "ZM") -> None:
        zambia.do(
            lambda office: evidence_bundle.bundle_by_ref(
                office.session, an_officer(role, country), ref, now=zambia.now
            )
        )

    take(Role.AUDITOR)
    for role in (Role.CASEWORKER, Role.STATISTICIAN):
        with pytest.raises(NotThere):
            take(role)
    with pytest.raises(NotThere):
        take(Role.AUDITOR, "NA")


@pytest.mark.rule("R14")
def test_whoever_a_conflict_keeps_from_the_child_takes_no_evidence_out(both: Both) -> None:
    say_and_answer(both)
    ref, zambia = ref_of(both.zambia), both.zambia
    auditor = an_officer(Role.AUDITOR, "ZM")

    def take(office: Office) -> list[str]:
        return evidence_bundle.bundle_by_ref(office.session, auditor, ref, now=zambia.now)

    def conflict(office: Office) -> None:
        row = store.by_ref(office.session, ref)
        assert row is not None
        bar(
            office.session, office.head, case_id=str(row.case_id), person_id=auditor.person_id,
            ref="item", ground="relative", now=zambia.now,
        )  # fmt: skip

    assert zambia.do(take)
    zambia.do(conflict)
    with pytest.raises(NotThere):
        zambia.do(take)


@ONE_DATABASE
def test_an_anchor_nobody_compared_is_said_and_another_one_is_refused(
    both: Both, tmp_path: Path
) -> None:
    say_and_answer(both)
    ours, _ = both_bundles(both, tmp_path)

    assert proof(ours, both=both, heard=()).outcome is Outcome.NOT_COMPARED
    assert proof(ours, both=both, heard=(ZAMBIA,)).outcome is Outcome.NOT_COMPARED
    other = proof(ours, both=both, heard=(*NAMES, "CD.minas"))
    assert other.outcome is Outcome.OTHER_ANCHOR


@ONE_DATABASE
@pytest.mark.threat("TT46")
@pytest.mark.parametrize("member", ["row", "token"])
def test_every_line_of_a_bundle_that_is_changed_is_found(
    both: Both, tmp_path: Path, member: str
) -> None:
    say_and_answer(both)
    lines = bundle(both.zambia)
    whole = proof(kept_as(tmp_path / "whole", lines), both=both)
    places = [at for at, line in enumerate(lines) if line.startswith(f'{{"{member}"')]
    assert len(places) > 5

    for at in places:

        def spoil(said: dict[str, Any]) -> None:
            name = "actor" if member == "row" else "text"
            said[member][name] = "x" + said[member][name]

        file = kept_as(tmp_path / "changed", changed(lines, at, spoil))
        assert proof(file, both=both).outcome is Outcome.BROKEN
    assert whole.outcome is Outcome.HOLDS


@ONE_DATABASE
@pytest.mark.threat("TT46")
def test_every_token_that_is_taken_out_is_found_alone_or_beside_the_other_side(
    both: Both, tmp_path: Path
) -> None:
    say_and_answer(both)
    lines = bundle(both.zambia)
    theirs = kept_as(tmp_path / "theirs", bundle(both.namibia))

    for at, line in enumerate(lines):
        if not line.startswith('{"token"'):
            continue
        alone = kept_as(tmp_path / "alone", [*lines[:at], *lines[at + 1 :]])
        assert proof(alone, both=both).outcome in {Outcome.MISSING, Outcome.BROKEN}
        if "keys+jwt" in line or "checkpoint" in line:
            continue
        with_row = kept_as(tmp_path / "row", [*lines[: at - 1], *lines[at + 1 :]])
        found = proof(with_row, theirs, both=both)
        may_be_on_its_way = '"received"' in line and "receipt+jwt" in line
        wanted = {Outcome.MISSING, Outcome.HOLDS} if may_be_on_its_way else {Outcome.MISSING}
        if may_be_on_its_way:
            assert "on_its_way" in codes(found)
        assert found.outcome in wanted, codes(found)


@pytest.mark.threat("TT46")
def test_a_backup_that_was_restored_is_found_against_the_partners_file_and_our_own_older_one(
    both: Both, tmp_path: Path
) -> None:
    """The database goes back to before the answer came; what was signed since then is with the partner."""
    from tests.builders.transfers import an_enquiry

    both.zambia.do(an_enquiry)
    both.zambia.run()
    old = bundle(both.zambia)
    log_then = json.loads(old[-1])["end"]["n"]
    early = kept_as(tmp_path / "early", old)
    _answer(both)
    late = kept_as(tmp_path / "late", bundle(both.zambia))
    theirs = kept_as(tmp_path / "theirs", bundle(both.namibia))

    found = proof(early, theirs, both=both)

    assert proof(late, theirs, both=both).outcome is Outcome.HOLDS
    assert found.outcome is Outcome.MISSING
    assert "log_shorter" in codes(found)
    assert "signed_and_gone" in codes(found)
    assert proof(early, late, both=both).outcome is Outcome.HOLDS
    restored = _told_later(old, both, log_then)
    again = proof(kept_as(tmp_path / "restored", restored), late, both=both)
    assert again.outcome is Outcome.BROKEN
    assert {"log_cut", "log_rewritten", "gone_since"} <= set(codes(again))


def _answer(both: Both) -> None:
    from tests.builders.transfers import Office
    from transfers.rules.codes import MessageType
    from transfers.service import viewing
    from transfers.tables.delivery import DeliveryInRow

    (came,) = rows(both.namibia.database, DeliveryInRow)

    def say(office: Office) -> None:
        viewing.note_viewed(office.session, [came.message_id], now=both.namibia.now)
        office.say(came.transfer_id, MessageType.ACK)

    both.namibia.do(say)
    both.namibia.run()
    (back,) = rows(both.zambia.database, DeliveryInRow)
    both.zambia.do(
        lambda office: viewing.note_viewed(office.session, [back.message_id], now=both.zambia.now)
    )
    both.zambia.run()


@ONE_DATABASE
@pytest.mark.threat("TT46")
def test_any_sign_that_is_changed_is_found_but_for_the_makers_own_words(
    both: Both, tmp_path: Path
) -> None:
    """Numbers of other transfers and the reference are the maker's word, and said to be."""
    say_and_answer(both)
    data = bundle_bytes(bundle(both.zambia))
    chance = random.Random(46)
    first_line = data.index(b"\n")
    ref = data.index(ref_of(both.zambia).encode())
    file = tmp_path / "changed"

    for _ in range(80):
        at = chance.randrange(len(data))
        sign = bytes([chance.choice(b'aZ09-_"{}:,\n \xff')])
        file.write_bytes(data[:at] + sign + data[at + 1 :])
        found = proof(file, both=both)
        is_word = ref <= at < first_line or data[at : at + 1] == sign
        assert is_word or found.outcome is not Outcome.HOLDS, data[at - 40 : at + 20]


def beside(row: dict[str, Any], text: str) -> dict[str, Any]:
    """A token line as it stands behind its row."""
    said = json.loads(row["detail"])
    return {
        "n": row["n"], "sha256": row["obj"], "kind": said["kind"], "issuer": said["issuer"],
        "direction": row["type"].removeprefix("token."), "standing": "verified",
        "subject": row["subject"], "text": text,
    }  # fmt: skip


def _told_later(lines: list[str], both: Both, n: int) -> list[str]:
    """What a restored installation would hand out a day later: an old log under a new date, honestly signed."""
    from core.exchange.encoding import canonical, digest
    from transfers.rules.evidence_chain import Entry, hash_of

    end = json.loads(lines[-1])["end"]
    second = int(both.zambia.now.timestamp()) + 86_400
    said = {"iat": second, "n": n, "head": end["head"]}
    text = tokens.make(Kind.CHECKPOINT, ZAMBIA, said, signing_key_of(ZAMBIA))
    detail = canonical({"kind": str(Kind.CHECKPOINT), "issuer": ZAMBIA}).decode()
    last = next(json.loads(line)["row"] for line in reversed(lines) if line.startswith('{"row"'))
    entry = Entry(
        last["n"] + 1, second, "token.sent", ZAMBIA, "procedure", digest(text.encode()), detail
    )
    row = {**vars(entry), "prev": last["hash"], "hash": hash_of(last["hash"], entry)}
    token = beside(row, text)
    return [*lines[:-1], json.dumps({"row": row}), json.dumps({"token": token}), lines[-1]]


@ONE_DATABASE
def test_a_forged_receipt_in_a_bundle_proves_nothing(both: Both, tmp_path: Path) -> None:
    """Whoever owns the database writes a row and a token of their own making."""
    from core.exchange.encoding import canonical, digest
    from transfers.rules.evidence_chain import Entry, hash_of

    say_and_answer(both)
    lines = bundle(both.zambia)
    out = rows(both.zambia.database, DeliveryOutRow)[0]
    said = claims_of(Kind.RECEIPT, aud=ZAMBIA, sub=out.id, pkg=out.package_id, obj=out.token_sha256)
    text = tokens.make(Kind.RECEIPT, NAMIBIA, said, signing_key_of("CD.minas"))
    number = json.loads(lines[-2]).get("token", {}).get("n", 1_000) + 5
    detail = canonical({"kind": str(Kind.RECEIPT), "issuer": NAMIBIA}).decode()
    entry = Entry(number, 1, "token.received", out.id, "procedure", digest(text.encode()), detail)
    prev = digest(b"before")
    row = {**vars(entry), "prev": prev, "hash": hash_of(prev, entry)}
    forged = [
        *lines[:-1], json.dumps({"row": row}),
        json.dumps({"token": beside(row, text)}), lines[-1],
    ]  # fmt: skip

    found = proof(kept_as(tmp_path / "forged", forged), both=both)

    assert found.outcome is Outcome.BROKEN
    assert "not_genuine" in codes(found)


@ONE_DATABASE
def test_files_about_different_things_are_not_taken_for_two_sides_of_one(
    both: Both, tmp_path: Path
) -> None:
    say_and_answer(both)
    ours, theirs = both_bundles(both, tmp_path)
    lines = bundle(both.namibia)
    other = changed(lines, 0, lambda said: said.update(ref="AAAA-BBBB-CC"))

    found = proof(ours, kept_as(tmp_path / "other", other), both=both)

    assert "other_transfer" in codes(found)
    assert found.outcome is Outcome.BROKEN
    assert "same_side" in codes(proof(theirs, theirs, both=both))
