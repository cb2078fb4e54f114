"""Random secrets that prove something, and the hashes under which they are kept.

The only place beside ``core.ids`` that draws chance. Every secret has 256 random bits (recovery codes 72), so a plain
SHA-256 is enough at rest: there is nothing to guess. Passwords are another matter: see ``passwords``.
"""

import hmac
import secrets
from hashlib import sha256
from typing import Final

from core.ids import UNAMBIGUOUS

RECOVERY_LETTERS: Final = 16


def new_secret() -> str:
    """Return 256 random bits as text that fits a cookie, a header or a form."""
    return secrets.token_urlsafe(32)


def digest_of(secret: str) -> str:
    """Return the hash under which a secret is kept."""
    return sha256(secret.encode()).hexdigest()


def matches(digest: str | None, presented: str | None) -> bool:
    """Whether the presented secret is the one kept; takes the same time for any wrong one."""
    if not digest or not presented:
        return False
    return hmac.compare_digest(digest, digest_of(presented))


def csrf_token_of(cookie: str) -> str:
    """Return the form token that belongs to a session: known to its browser only, and no way back to the cookie."""
    return hmac.new(cookie.encode(), b"form token", sha256).hexdigest()


def new_recovery_code() -> str:
    """Return a code to be written down, such as ``KQ7M-3RTX-9ACD-EFGH``."""
    letters = "".join(secrets.choice(UNAMBIGUOUS) for _ in range(RECOVERY_LETTERS))
    return "-".join(letters[at : at + 4] for at in range(0, RECOVERY_LETTERS, 4))


def new_digits(count: int) -> str:
    """Return a random number of so many digits, to be read out; never kept but under a key."""
    return "".join(secrets.choice("0123456789") for _ in range(count))


def plain_code(text: str) -> str:
    """Read a recovery code as people type it: any case, with or without dashes and spaces."""
    return "".join(letter for letter in text.upper() if letter.isalnum())
