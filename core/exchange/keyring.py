"""The keys of one installation over time: which one counts, on a day, for what.

Signing keys verify what was signed while they counted; one encryption key is sealed to at a time. Source: EXP-3.4.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from core.exchange import tokens
from core.exchange.errors import Reason, TokenRefused
from core.exchange.keys import PinnedKeys, SealingKey, VerifyingKey
from core.exchange.kinds import Kind
from core.exchange.statements import ListedKey, Statement, Status
from core.exchange.tokens import Token


@dataclass(frozen=True)
class KeyRing:
    """Every key one installation listed, as its statements leave it; never one that was an anchor.

    The newest word counts. A key that a later statement no longer lists verifies what was signed before that
    statement; a revoked key stays revoked.

    Args:
        issuer: whose keys these are.
        keys: one entry for each key.
    """

    issuer: str
    keys: tuple[ListedKey, ...] = ()

    @classmethod
    def of(cls, issuer: str, statements: Iterable[Statement]) -> "KeyRing":
        """Gather what these statements leave, in whatever order they come."""
        found: dict[str, ListedKey] = {}
        ordered = sorted(statements, key=lambda one: one.seq)
        anchors = {statement.anchor.kid for statement in ordered}
        for statement in ordered:
            listed = {key.kid: key for key in statement.keys if key.kid not in anchors}
            for kid in found.keys() - listed.keys():
                end = min(found[kid].expires, statement.issued_at)
                found[kid] = replace(found[kid], expires=end)
            for kid, key in listed.items():
                found[kid] = _latest(found.get(kid), key)
        return cls(issuer, tuple(found.values()))

    def find(self, kid: str) -> ListedKey | None:
        """Return the key of this name."""
        return next((key for key in self.keys if key.kid == kid), None)

    def pinned(self) -> PinnedKeys:
        """Return the keys whose signatures are looked at; ``require_counts`` asks the rest."""
        return PinnedKeys(
            self.issuer,
            signing=tuple(
                listed.key
                for listed in self.keys
                if isinstance(listed.key, VerifyingKey) and not listed.is_compromised
            ),
        )

    def require_counts(self, token: Token) -> None:
        """Refuse a token signed outside the life of its key.

        Raises:
            TokenRefused: before its first second, after its end, or after it was revoked.
        """
        key = self.find(token.kid)
        if key is None or not key.verifies(token.claims["iat"]):
            raise TokenRefused(Reason.KEY)

    def read(self, text: object, kind: Kind, *, audience: str | None, now: datetime) -> Token:
        """Read a token of this installation that has just come in.

        Raises:
            TokenRefused: with the reason, for the local log.
        """
        token = tokens.read(text, kind, self.pinned(), audience=audience, now=now)
        self.require_counts(token)
        return token

    def read_kept(self, text: object, kind: Kind) -> Token:
        """Read a token that was received when this ring counted; its own end and addressee are not asked.

        Raises:
            TokenRefused: with the reason.
        """
        token = tokens.read_kept(text, kind, self.pinned())
        self.require_counts(token)
        return token

    def sealing_key(self, now: datetime) -> SealingKey | None:
        """Return the key to seal to: an active one that has begun, the youngest; else one that is retiring.

        Source: EXP-3.4.
        """
        second = int(now.timestamp())
        usable = [
            (listed.status is Status.ACTIVE, listed.not_before, listed.kid, listed.key)
            for listed in self.keys
            if isinstance(listed.key, SealingKey) and listed.is_usable(second)
        ]
        return max(usable, key=lambda found: found[:3])[3] if usable else None

    def compromised(self) -> tuple[ListedKey, ...]:
        """Return the keys somebody else may have."""
        return tuple(key for key in self.keys if key.is_compromised)


def _latest(known: ListedKey | None, said: ListedKey) -> ListedKey:
    """The newer word on one key; being revoked is never taken back."""
    if known is None or known.status is not Status.REVOKED:
        return said
    if said.is_compromised and not known.is_compromised:
        return said
    return known
