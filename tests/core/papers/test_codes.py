"""A check code reads the same aloud, by hand and in print, and a slip never leads to another paper."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.papers.codes import LENGTH, SIGNS, code_for, grouped, read_code

KEY = bytes(range(32))
CODES = st.text(max_size=60).map(lambda content: code_for(KEY, content))


@given(CODES)
def test_a_code_is_read_as_it_is_printed_and_in_any_hand(code: str) -> None:
    assert len(code) == LENGTH
    assert not set(code) & set("01IO")
    for written in (
        code,
        grouped(code),
        grouped(code).lower(),
        f" {grouped(code).replace('-', ' ')} ",
    ):
        assert read_code(written) == code


@given(CODES, st.integers(0, LENGTH - 1), st.sampled_from(SIGNS))
def test_one_wrong_sign_is_no_code(code: str, at: int, sign: str) -> None:
    slip = code[:at] + sign + code[at + 1 :]

    assert read_code(slip) == (code if slip == code else None)


@given(CODES, st.integers(0, LENGTH - 1), st.integers(0, LENGTH - 1))
def test_two_signs_that_changed_places_are_no_code(code: str, one: int, other: int) -> None:
    signs = list(code)
    signs[one], signs[other] = signs[other], signs[one]
    slip = "".join(signs)

    assert read_code(slip) == (code if slip == code else None)


@pytest.mark.parametrize(
    "text", ["", "ABCD", "O" * 12, "ABCD-EFGH-JKLM-NPQR", "’" * 12, "ＡBCDEFGHJKLM"]
)
def test_what_is_no_code_is_none(text: str) -> None:
    assert read_code(text) is None


def test_a_code_is_not_to_be_guessed_without_the_key() -> None:
    codes = {code_for(bytes([n]) * 32, "the same content") for n in range(50)}

    assert len(codes) == 50
    assert code_for(KEY, "a", 1) != code_for(KEY, "a")
