"""Installations as a file knows them: the anchor each rests on, and the statements that follow from it.

Statements are heard in the order in which they came, so that what was signed by keys listed then stays genuine.
Source: EXP-3.2, EXP-8.
"""

from collections.abc import Iterable

from core.exchange import statements
from core.exchange.errors import Reason, TokenRefused
from core.exchange.keyring import KeyRing
from core.exchange.keys import VerifyingKey
from core.exchange.kinds import Kind
from core.exchange.statements import ListedKey, Statement
from core.exchange.tokens import Token


class Side:
    """One installation under one partnership: its anchors, the last of which counts, and what it stated by now."""

    def __init__(self, first: Statement, *, is_trusted: bool) -> None:
        self.issuer = first.issuer
        self.anchors: list[VerifyingKey] = [first.anchor]
        self.statements: list[Statement] = [first]
        self.is_trusted = is_trusted
        self._ring: KeyRing | None = None

    def hear(self, text: str) -> Statement:
        """Take one more statement: by the anchor that counts, or by the one announced in the last, which counts then.

        Raises:
            TokenRefused: neither of them signed it.
        """
        found = self._next(text)
        self.statements.append(found)
        self._ring = None
        return found

    def trust(self) -> None:
        """Two people confirmed it."""
        self.is_trusted = True
        self._ring = None

    def ring(self) -> KeyRing:
        """Return its keys; none before two people confirmed it."""
        if self._ring is None:
            self._ring = KeyRing.of(self.issuer, self.statements if self.is_trusted else ())
        return self._ring

    def read_kept(self, text: str, kind: Kind) -> Token:
        """Read a token by the keys stated by now.

        Raises:
            TokenRefused: none of them signed it.
        """
        return self.ring().read_kept(text, kind)

    def stating(self, kid: str) -> Statement | None:
        """Return the first statement that lists a key."""
        listed = (one for one in self.statements if any(key.kid == kid for key in one.keys))
        return next(listed, None)

    def key(self, kid: str) -> ListedKey | None:
        """Return a key as the newest word has it."""
        return self.ring().find(kid)

    def fingerprints(self) -> tuple[str, ...]:
        """Return the digits of each anchor, the first one first."""
        return tuple("".join(anchor.fingerprint()) for anchor in self.anchors)

    def _next(self, text: str) -> Statement:
        last = self.statements[-1]
        try:
            return statements.read_pinned(text, issuer=self.issuer, anchor=self.anchors[-1])
        except TokenRefused:
            if last.next_anchor is None:
                raise
        found = statements.read_signed(text, issuer=self.issuer, anchor=last.next_anchor)
        if not found.says_the_same_as(last):
            raise TokenRefused(Reason.KEY)
        self.anchors.append(last.next_anchor)
        return found


def gather(texts: Iterable[str]) -> list[Side]:
    """Hear statements that lie together in no order; those of one anchor, and of what it announced, are one side.

    What no anchor it names signed begins nothing, and texts that are no statement are passed over: they vouch for
    nothing.
    """
    found = [one for text in dict.fromkeys(texts) if (one := _read(text)) is not None]
    sides: list[Side] = []
    for one in sorted(found, key=lambda each: (each.seq, each.signed_by != each.anchor.kid)):
        if any(_hears(side, one) for side in sides):
            continue
        if one.signed_by == one.anchor.kid:
            sides.append(Side(one, is_trusted=True))
    return sides


def _hears(side: Side, one: Statement) -> bool:
    if side.issuer != one.issuer:
        return False
    try:
        side.hear(one.text)
    except TokenRefused:
        return False
    return True


def _read(text: str) -> Statement | None:
    try:
        return statements.read_stored(text)
    except TokenRefused:
        return None
