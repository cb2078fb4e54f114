"""Passwords: Argon2id, at least twelve characters, and nothing that everybody tries first.

Length and unpredictability only; no demand for symbols and no forced change (both make passwords worse). A password is
judged by what is left once the words everybody uses, the login name, the words of this work, years and keyboard
runs are taken out.

Source: EXP-10.1 (Argon2id, twelve characters, checked against common passwords); the six left over are our choice.
"""

import re
import unicodedata
from collections.abc import Collection
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from core.errors import Answer, Gap, answer

SHORTEST: Final = 12
LONGEST: Final = 200
UNCOMMON_LETTERS: Final = 6
DIFFERENT_LETTERS: Final = 5
LIST: Final = Path(__file__).with_name("common_passwords.txt")
RUNS: Final = (
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "azertyuiop",
    "qsdfghjklm",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm",
)
_LOOKALIKES: Final = str.maketrans("013457@$!", "oleastasi")
REAL_COST: Final = PasswordHasher()  # Argon2id, 64 MiB, three passes
HASHER = REAL_COST


def normal(password: str) -> str:
    """Return one form for the same password typed on different keyboards; blanks at the ends do not count."""
    return unicodedata.normalize("NFKC", password).strip()


def hash_of(password: str) -> str:
    """Return the Argon2id hash to keep."""
    return HASHER.hash(normal(password))


def fits(kept: str | None, password: str) -> bool:
    """Whether the password belongs to the hash; without one a stand-in is verified and the answer is no.

    Every call costs one Argon2id verification, so an unknown name takes as long as a wrong password.

    Source: EXP-TT61.
    """
    try:
        HASHER.verify(kept if kept is not None else _stand_in(), normal(password))
    except (VerificationError, InvalidHashError):
        return False
    return kept is not None


def is_outdated(kept: str) -> bool:
    """Whether the hash was made with weaker parameters than today's."""
    return HASHER.check_needs_rehash(kept)


def judge(password: str, *, login: str, words: Collection[str] = ()) -> Answer:
    """Say what is wrong with a new password.

    Args:
        password: as typed.
        login: login name of the account; may not be what carries the password.
        words: further words an attacker would try, such as the parts of the person's name.
    """
    text = normal(password)
    return answer(
        "choose_password",
        (
            Gap("password_too_short", {"shortest": SHORTEST}) if len(text) < SHORTEST else None,
            Gap("password_too_long", {"longest": LONGEST}) if len(text) > LONGEST else None,
            Gap("password_too_common") if _is_common(text, {login, *words}) else None,
        ),
    )


def _is_common(text: str, own_words: Collection[str]) -> bool:
    folded = text.casefold()
    spellings = {folded, folded.translate(_LOOKALIKES)}
    return any(_left_over(spelling, own_words) < UNCOMMON_LETTERS for spelling in spellings) or (
        len(set(folded)) < DIFFERENT_LETTERS
    )


def _left_over(text: str, own_words: Collection[str]) -> int:
    own = {part for word in own_words for part in re.split(r"\W+|_", word.casefold())}
    known = {word for word in own | common_words() if len(word) >= 3}  # noqa: PLR2004
    for word in sorted(known, key=len, reverse=True):
        text = text.replace(word, " ")
    text = re.sub(r"(19|20)\d\d", " ", text)
    for run in RUNS:
        text = _without_runs(text, run)
    letters = [letter for letter in text if not letter.isspace()]
    repeats = sum(1 for one, two in pairwise(letters) if one == two)
    return len(letters) - repeats


def _without_runs(text: str, run: str) -> str:
    for line in (run, run[::-1]):
        for length in range(len(line), 2, -1):
            for start in range(len(line) - length + 1):
                text = text.replace(line[start : start + length], " ")
    return text


@cache
def common_words() -> frozenset[str]:
    """Return the shipped list: words and passwords that open most guessing lists, lower case."""
    lines = LIST.read_text(encoding="utf-8").splitlines()
    return frozenset(
        word for line in lines if not line.startswith("#") for word in line.casefold().split()
    )


@cache
def _stand_in() -> str:
    return HASHER.hash("nobody signs in with this")
