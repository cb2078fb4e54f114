"""Whether a call of another installation is taken, checked in the protocol's order before its body is read.

A call that was taken is on record at once, shared by all workers, so that its token opens nothing a second time.
The reason for a refusal is for the local log. Source: EXP-4.1.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlmodel import Session

from core.exchange import tokens
from core.exchange.errors import TokenRefused
from core.exchange.kinds import Kind
from core.exchange.tokens import LEEWAY_SECONDS, Token
from transfers.errors import NotSetUp
from transfers.rules.partnership import State
from transfers.service.correspondence import Correspondent, read_from
from transfers.store import deliveries as store

HEARD_EVERY: Final = timedelta(minutes=10)


@dataclass(frozen=True)
class Caller:
    """Who calls, by a token that holds for this very call; its body is not read yet."""

    partner: Correspondent
    token: Token

    @property
    def is_suspended(self) -> bool:
        """Whether it is only told that it is suspended."""
        return self.partner.state is not State.ACTIVE


@dataclass(frozen=True)
class NotTaken:
    """A call that is not taken.

    Args:
        why: for the local log.
        hint: what the answer may say once the signature held; None before.
    """

    why: str
    hint: str | None = None


def check(
    session: Session, text: object, *, method: str, target: str, now: datetime
) -> Caller | NotTaken:
    """Check everything about a call that can be known without its body, and note that it was made.

    Args:
        session: a unit of work of its own, committed before the body is read.
        text: the token of the one ``Authorization`` header; None when there is not exactly one.
        method: of the raw request line.
        target: path with query of the raw request line.
        now: when.
    """
    try:
        partner, token = read_from(session, text, Kind.REQUEST, now=now)
        tokens.require_call(token, method=method, target=target)
    except TokenRefused as error:
        return NotTaken(str(error.reason), error.hint)
    except NotSetUp:
        return NotTaken("not_set_up")
    until = int(token.claims["exp"]) + LEEWAY_SECONDS
    kept = datetime.fromtimestamp(until, tz=now.tzinfo) + timedelta(seconds=1)
    if not store.take_call(session, token.issuer, token.claims["jti"], kept):
        return NotTaken("replay", "replay")
    store.note_called(session, partner.installation, now=now, every=HEARD_EVERY)
    return Caller(partner, token)


def forget_old(session: Session, *, now: datetime, limit: int = 1) -> int:
    """Forget calls whose token is over for everybody, with an hour to spare; for the sweep."""
    del limit
    store.forget_calls(session, now - timedelta(hours=1))
    return 0
