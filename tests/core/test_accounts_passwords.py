"""What may be a password, and what it costs to guess one."""

import time
from statistics import median

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.accounts import passwords
from core.errors import Answer


def _codes(answer: Answer) -> list[str]:
    return [gap.code for gap in answer.gaps]


@pytest.mark.parametrize(
    "password",
    [
        "Password1234",
        "P@ssw0rd2026!!",
        "passwordpassword",
        "welcome2024zambia",
        "123456789012",
        "abcdefghijkl",
        "qwertyuiop123",
        "aaaaaaaaaaaaaaaa",
        "1qaz2wsx3edc",
        "iloveyoujesus1",
        "childprotection2026",
        "bidpanelZambia1",
        "administrator1",
        "motdepasse2025",
    ],
)
def test_a_password_that_everybody_tries_first_is_refused(password: str) -> None:
    assert "password_too_common" in _codes(passwords.judge(password, login="t.zimba"))


@pytest.mark.parametrize(
    "password",
    ["kettle whistles at nine", "Wq7-vbn2-Lx9k-Tr", "drei Ziegen am Hang", "нужен длинный пароль"],
)
def test_a_long_uncommon_sentence_is_taken(password: str) -> None:
    assert passwords.judge(password, login="t.zimba").is_possible


def test_eleven_characters_are_too_few_and_twelve_are_enough() -> None:
    assert _codes(passwords.judge("wq7vbn2lx9k", login="t.zimba")) == ["password_too_short"]
    assert passwords.judge("wq7vbn2lx9kt", login="t.zimba").is_possible


def test_a_password_of_the_login_name_and_a_year_is_refused() -> None:
    judged = passwords.judge("Hakainde.Mweetwa2026", login="hakainde.mweetwa")

    assert _codes(judged) == ["password_too_common"]


def test_a_password_of_the_persons_own_name_is_refused() -> None:
    judged = passwords.judge("MweetwaHakainde1", login="hm", words=["Hakainde", "Mweetwa"])

    assert _codes(judged) == ["password_too_common"]


def test_a_password_longer_than_anybody_types_is_refused() -> None:
    assert "password_too_long" in _codes(passwords.judge("wq7v bn2lx " * 40, login="t.zimba"))


def test_the_shipped_list_has_some_hundred_words() -> None:
    assert len(passwords.common_words()) >= 500


def test_only_the_password_itself_fits_its_hash() -> None:
    kept = passwords.hash_of("kettle whistles at nine")

    assert kept.startswith("$argon2id$")
    assert passwords.fits(kept, "kettle whistles at nine")
    assert not passwords.fits(kept, "kettle whistles at ten")


def test_the_same_letters_typed_on_another_keyboard_fit() -> None:
    composed, decomposed = "caf\u00e9 \u00e0 la gare du nord", "cafe\u0301 a\u0300 la gare du nord"

    assert passwords.fits(passwords.hash_of(composed), decomposed)


def test_nothing_fits_where_there_is_no_hash() -> None:
    assert not passwords.fits(None, "nobody signs in with this")


def test_a_damaged_hash_lets_nobody_in() -> None:
    assert not passwords.fits("not a hash", "kettle whistles at nine")


def test_an_unknown_name_takes_as_long_as_a_wrong_password() -> None:
    kept = passwords.hash_of("kettle whistles at nine")
    passwords.fits(None, "warm up")

    def seconds(stored: str | None) -> float:
        begin = time.process_time()
        passwords.fits(stored, "a wrong password")
        return time.process_time() - begin

    wrong, unknown = zip(*((seconds(kept), seconds(None)) for _ in range(7)), strict=True)

    assert 0.4 < median(unknown) / median(wrong) < 2.5


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=60), st.text(max_size=20))
def test_judging_never_fails_and_short_ones_never_pass(password: str, login: str) -> None:
    judged = passwords.judge(password, login=login)

    assert not (judged.is_possible and len(password) < 4)


def test_a_password_is_kept_with_argon2id_at_its_recommended_cost() -> None:
    kept = passwords.REAL_COST.hash("kettle whistles at nine")

    assert kept.startswith("$argon2id$v=19$m=65536,t=3,")
    assert passwords.REAL_COST.verify(kept, "kettle whistles at nine")
