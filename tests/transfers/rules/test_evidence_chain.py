"""A log whose rows were edited, taken out, moved or put in says which row is the first that does not fit."""

import hashlib
import json
from dataclasses import asdict
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import given

from core.exchange.encoding import b64
from transfers.rules.evidence_chain import BEGINNING, Chain, Entry, Fault, first_fault, hash_of


def a_log(length: int) -> list[dict[str, Any]]:
    prev, rows = BEGINNING, []
    for n in range(1, length + 1):
        entry = Entry(
            n, 1_772_452_800 + n, "partner.proposed", f"partner {n}", "agnes", None, '{"n":1}'
        )
        made = hash_of(prev, entry)
        rows.append({**asdict(entry), "prev": prev, "hash": made})
        prev = made
    return rows


def test_the_hash_is_that_of_the_text_anybody_can_write_down() -> None:
    row = a_log(1)[0]
    members = {k: v for k, v in row.items() if k not in {"prev", "hash"}}
    text = json.dumps(members, sort_keys=True, separators=(",", ":"), ensure_ascii=False)

    assert row["prev"] == "A" * 43
    assert row["hash"] == b64(hashlib.sha256(("A" * 43 + text).encode()).digest())


def test_an_untouched_log_holds() -> None:
    assert first_fault(a_log(20)) is None
    assert first_fault([]) is None


@pytest.mark.threat("TT46")
@pytest.mark.rule("R50")
@given(
    at=st.integers(0, 9),
    change=st.sampled_from(
        ["at", "type", "subject", "actor", "obj", "detail", "prev", "hash", "n"]
    ),
)
def test_an_edited_row_is_named(at: int, change: str) -> None:
    rows = a_log(10)
    rows[at] = {**rows[at], change: 7 if change in {"at", "n"} and rows[at][change] != 7 else "x"}

    fault = first_fault(rows)

    assert fault is not None
    assert fault.n == at + 1


@pytest.mark.threat("TT46")
@given(first=st.integers(0, 8), second=st.integers(0, 8))
def test_a_row_taken_out_moved_or_put_in_is_named(first: int, second: int) -> None:
    whole = a_log(10)
    without = [row for row in whole if row["n"] != first + 1]
    twice = [*whole[: first + 1], whole[first], *whole[first + 1 :]]
    moved = list(whole)
    moved[first], moved[second] = moved[second], moved[first]

    assert first_fault(without) == Fault(first + 1, "missing")
    assert first_fault(twice) == Fault(first + 2, "missing")
    expected = None if first == second else Fault(min(first, second) + 1, "missing")
    assert first_fault(moved) == expected


@pytest.mark.threat("TT46")
def test_a_log_written_anew_holds_alone_and_not_against_what_others_remember() -> None:
    chain, remembered = Chain(), a_log(10)
    for row in a_log(6):
        assert chain.take(row) is None

    assert chain.agrees_with(6, remembered[5]["hash"]) is None
    assert chain.agrees_with(10, remembered[9]["hash"]) == Fault(7, "tail_missing")
    assert chain.agrees_with(3, remembered[5]["hash"]) == Fault(3, "rewritten")
