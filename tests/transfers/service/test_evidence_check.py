"""An exported log is checked from its file alone: every change is named, and a cut tail against what others keep."""

import json
from contextlib import suppress
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, given, settings
from sqlmodel import Session

from core.exchange import tokens
from core.exchange.encoding import digest
from core.exchange.kinds import Kind
from core.exchange.statements import Status, WhyRevoked
from core.exchange.tokens import read_kept
from tests.builders.evidence import Lines, a_busy_log, an_export, edited, position, rechained, taken
from tests.builders.exchange import (
    CONGO,
    NAMIBIA,
    NOW,
    ZAMBIA,
    T,
    a_token,
    anchor_of,
    claims_of,
    pinned_keys_of,
    signing_key_of,
)
from tests.builders.partners import (
    a_signing_key,
    a_statement,
    an_officer,
    as_file,
    listed,
    set_up,
)
from transfers.rules.evidence_chain import BEGINNING, Fault
from transfers.service import evidence, partner_statements, partners
from transfers.service.evidence import Direction
from transfers.service.evidence_check import Verdict, check


def test_a_whole_log_holds_and_says_whose_anchors_it_rests_on(session: Session) -> None:
    a_busy_log(session)

    verdict = check(an_export(session))

    assert verdict.holds
    assert verdict.rows == evidence.head_of(session).n
    assert verdict.tokens >= 6
    assert verdict.words == 2
    assert verdict.anchors == tuple(
        (name, anchor_of(name).public.fingerprint()) for name in (NAMIBIA, ZAMBIA)
    )


@pytest.mark.rule("R51")
def test_an_installation_that_was_only_proposed_vouches_for_nothing_in_the_log(
    session: Session,
) -> None:
    """Somebody who owns the database could propose a partner of their own making and sign in its name."""
    set_up(session, NOW)
    stranger = a_signing_key("made up")
    made_up = a_statement(CONGO, anchor=a_signing_key("made up anchor"), keys=listed(stranger))
    partners.propose(session, an_officer(), as_file(made_up), now=NOW)
    forged = tokens.make(Kind.NOTICE, CONGO, claims_of(Kind.NOTICE, aud=ZAMBIA), stranger)
    evidence.keep_text(
        session, forged, Kind.NOTICE, Direction.RECEIVED, issuer=CONGO, kid=stranger.kid,
        subject="x", actor="procedure", now=NOW,
    )  # fmt: skip

    verdict = check(an_export(session))

    assert verdict.fault == Fault(evidence.head_of(session).n, "not_genuine")


@pytest.mark.threat("TT46")
@pytest.mark.rule("R50")
@pytest.mark.parametrize(
    "column", ["at", "type", "subject", "actor", "obj", "detail", "hash", "prev"]
)
def test_an_edited_row_is_named(session: Session, column: str) -> None:
    a_busy_log(session)
    lines = an_export(session)
    value = 1 if column == "at" else "x"

    verdict = check(edited(lines, position(lines, "row", 4), "row", **{column: value}))

    assert verdict.fault is not None
    assert verdict.fault.n == 4
    assert verdict.rows <= 4


@pytest.mark.threat("TT46")
def test_rows_taken_out_moved_or_put_in_are_named(session: Session) -> None:
    a_busy_log(session)
    lines = an_export(session)
    fourth, fifth = position(lines, "row", 4), position(lines, "row", 5)

    def fault(found: Lines) -> int | None:
        verdict = check(found)
        return None if verdict.fault is None else verdict.fault.n

    assert fault([*lines[:fourth], *lines[fourth + 1 :]]) == 4
    assert fault([*lines[:fourth], lines[fifth], lines[fourth], *lines[fifth + 1 :]]) in {3, 4}
    assert fault([*lines[: fourth + 1], lines[fourth], *lines[fourth + 1 :]]) in {4, 5}


@pytest.mark.threat("TT46")
def test_a_token_that_was_changed_exchanged_or_taken_out_is_named(session: Session) -> None:
    a_busy_log(session)
    lines = an_export(session)
    at = next(
        i
        for i, line in enumerate(lines)
        if '"kind":"bidx-receipt+jwt"' in line and '"token"' in line[:9]
    )
    number = json.loads(lines[at])["token"]["n"]
    other = a_token(Kind.NOTICE, NAMIBIA, aud=ZAMBIA)

    assert check(edited(lines, at, "token", text="a.b.c")).fault == Fault(number, "token_changed")
    exchanged = edited(lines, at, "token", text=other, sha256=digest(other.encode()))
    assert check(exchanged).fault == Fault(number, "token_changed")
    assert check([*lines[:at], *lines[at + 1 :]]).fault == Fault(number, "token_missing")


@pytest.mark.threat("TT46")
def test_a_past_written_anew_contradicts_our_own_checkpoint(session: Session) -> None:
    a_busy_log(session)
    lines = an_export(session)

    def lie(row: dict[str, Any]) -> None:
        if row["n"] == 2:
            row["actor"] = "somebody else"

    verdict = check(rechained(lines, lie))

    assert verdict.fault is not None
    assert verdict.fault.reason == "rewritten"


@pytest.mark.threat("TT46")
def test_a_cut_tail_is_found_in_the_file_and_against_what_the_partner_remembers(
    session: Session,
) -> None:
    a_busy_log(session)
    remembered = [
        json.loads(line)["token"]["text"]
        for line in an_export(session)
        if "bidx-checkpoint" in line and line.startswith('{"token"')
    ]
    lines = an_export(session)
    cut = position(lines, "row", 6)
    head = json.loads(lines[position(lines, "row", 5)])["row"]
    restored = [*lines[:cut], json.dumps({"end": {"n": 5, "head": head["hash"]}})]

    assert check(lines[:cut]).fault == Fault(6, "tail_missing")
    assert check(restored).holds
    against = check(restored, against=remembered)
    assert against.fault == Fault(6, "tail_missing")
    assert check(lines, against=remembered).holds


@pytest.mark.threat("TT46")
def test_a_partners_whole_export_is_held_against_ours(session: Session) -> None:
    """Namibia keeps our receipts, with where our log stood, beside our statements."""
    a_busy_log(session)
    lines = an_export(session)
    log = evidence.head_of(session).claim()
    receipt = a_token(Kind.RECEIPT, ZAMBIA, log=log)
    theirs = [
        json.dumps({"format": "bid-evidence/1", "installation": NAMIBIA}),
        json.dumps({"token": {"text": receipt, "standing": "verified"}}),
        json.dumps({"token": {"text": a_token(Kind.RECEIPT, CONGO), "standing": "verified"}}),
    ]
    cut = position(lines, "row", 6)
    head = json.loads(lines[position(lines, "row", 5)])["row"]
    restored = [*lines[:cut], json.dumps({"end": {"n": 5, "head": head["hash"]}})]

    assert check(lines, against=theirs).holds
    assert check(lines, against=theirs).words == check(lines).words + 1
    assert check(restored, against=theirs).fault == Fault(6, "tail_missing")
    forged = tokens.make(
        Kind.CHECKPOINT, ZAMBIA, {"iat": T, "n": 2, "head": log["head"]}, signing_key_of(NAMIBIA)
    )
    found = check(lines, against=[forged]).fault
    assert found is not None
    assert found.reason == "word_not_genuine"


def test_a_forged_token_is_not_made_genuine_by_being_in_the_log(session: Session) -> None:
    a_busy_log(session)
    forged = tokens.make(
        Kind.NOTICE, NAMIBIA, claims_of(Kind.NOTICE, aud=ZAMBIA), signing_key_of(CONGO)
    )
    evidence.keep_text(
        session, forged, Kind.NOTICE, Direction.RECEIVED, issuer=NAMIBIA,
        kid=signing_key_of(CONGO).kid, subject="x", actor="procedure", now=NOW,
    )  # fmt: skip

    assert check(an_export(session)).fault == Fault(evidence.head_of(session).n, "not_genuine")


def test_a_receipt_about_something_that_is_not_here_is_named(session: Session) -> None:
    a_busy_log(session)
    taken(session, a_token(Kind.RECEIPT, NAMIBIA, aud=ZAMBIA), Direction.RECEIVED, NAMIBIA)

    assert check(an_export(session)).fault == Fault(
        evidence.head_of(session).n, "receipt_of_nothing"
    )


@pytest.mark.threat("TT22")
def test_what_came_before_a_key_was_compromised_stays_evidence(session: Session) -> None:
    pair = a_busy_log(session)
    gone = listed(
        signing_key_of(NAMIBIA), status=Status.REVOKED, revoked_at=T, why=WhyRevoked.COMPROMISED,
        compromised_since=T,
    )  # fmt: skip
    new = a_statement(seq=2, keys=(*gone, *listed(a_signing_key("fresh"))))
    partner_statements.load_statement(session, pair.first, pair.partner_id, as_file(new), now=NOW)
    assert check(an_export(session)).holds

    late = read_kept(
        a_token(Kind.NOTICE, NAMIBIA, aud=ZAMBIA), Kind.NOTICE, pinned_keys_of(NAMIBIA)
    )
    evidence.keep(session, late, Direction.RECEIVED, subject="x", actor="procedure", now=NOW)

    assert check(an_export(session)).fault == Fault(evidence.head_of(session).n, "not_genuine")


def test_a_statement_that_was_refused_is_kept_and_breaks_nothing(session: Session) -> None:
    pair = a_busy_log(session)
    bad = a_statement(seq=9, anchor=a_signing_key("somebody in between"))
    partner_statements.load_statement(session, pair.first, pair.partner_id, as_file(bad), now=NOW)

    lines = an_export(session)

    assert any(bad.text in line for line in lines)
    assert check(lines).holds


@pytest.mark.parametrize(
    "lines",
    [
        [],
        ["junk"],
        ["[]"],
        ["{}"],
        ['{"format":"bid-evidence/2","installation":"x"}'],
        ['{"row":{}}'],
    ],
)
def test_a_file_that_is_no_export_is_not_taken_for_one(lines: Lines) -> None:
    verdict: Verdict = check(lines)

    assert verdict.fault is not None
    assert verdict.rows == 0


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=5,
)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_nothing_in_a_file_makes_checking_fall_over(session: Session, data: st.DataObject) -> None:
    if evidence.head_of(session).n == 0:
        a_busy_log(session)
    lines = an_export(session)
    at = data.draw(st.integers(0, len(lines) - 1))
    said = json.loads(lines[at])
    kind = next(iter(said))
    inner = said[kind]
    if isinstance(inner, dict) and data.draw(st.booleans()):
        inner[data.draw(st.sampled_from(sorted(inner)))] = data.draw(JUNK)
    else:
        said[kind] = data.draw(JUNK)
    changed = [*lines[:at], json.dumps(said), *lines[at + 1 :]]

    def nothing(_row: dict[str, Any]) -> None:
        """Leave the row; only the chain is made whole."""

    verdicts = [check(changed)]
    with suppress(TypeError, KeyError, AttributeError, ValueError):  # the forger's own bench
        verdicts.append(check(rechained(changed, nothing)))
    texts = st.lists(JUNK.map(json.dumps), max_size=3)
    verdicts.append(check(lines, against=data.draw(texts)))

    assert all(isinstance(verdict, Verdict) for verdict in verdicts)


@pytest.mark.threat("TT46")
def test_a_log_cut_to_nothing_is_found_against_what_the_partner_remembers(session: Session) -> None:
    a_busy_log(session)
    lines = an_export(session)
    remembered = [
        json.loads(line)["token"]["text"]
        for line in lines
        if "bidx-checkpoint" in line and '"text"' in line
    ]
    empty = [lines[0], json.dumps({"end": {"n": 0, "head": BEGINNING}})]

    assert check(empty).holds
    found = check(empty, against=remembered)
    assert found.fault == Fault(1, "word_not_genuine")
