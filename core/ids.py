"""Identifiers that carry no meaning."""

import secrets
import uuid
from typing import Final

# No 0/O, 1/I/L, 2/Z, 5/S, 8/B, U/V: read aloud or copied by hand they are mistaken for one another.
UNAMBIGUOUS: Final = "34679ACDEFGHJKMNPQRTWXY"


def new_id() -> str:
    """Return a random UUID v4 as lower-case text."""
    return str(uuid.uuid4())


def new_child_code() -> str:
    """Return a random child code such as ``KQ7M-3RTX-9A``.

    Built from nothing about the child; ten characters from 23 give about 45 bits. Uniqueness is
    the database's to enforce. Fits the shared reference form ``^[A-Z0-9-]{6,32}$``.

    Source: DOM-4.1/child_code, DOM-R49.
    """
    letters = "".join(secrets.choice(UNAMBIGUOUS) for _ in range(10))
    return f"{letters[:4]}-{letters[4:8]}-{letters[8:]}"


def new_reference(prefix: str) -> str:
    """Return a random reference such as ``CP-7K3M9QTX`` for people to quote."""
    return f"{prefix}-{''.join(secrets.choice(UNAMBIGUOUS) for _ in range(8))}"
