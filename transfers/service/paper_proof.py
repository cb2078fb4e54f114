"""The installation's own word about a paper it printed: signed with the key it signs everything else with.

Source: decision 0020.
"""

from datetime import datetime

from sqlmodel import Session

from core.exchange import tokens
from core.exchange.kinds import Kind
from core.papers.issuing import Signed, ToSign
from transfers.errors import NoKeyCounts, NotSetUp
from transfers.service import installation


def sign(session: Session, paper: ToSign, now: datetime) -> Signed | None:
    """Sign for a printed paper; None while the installation has no name or no key that counts.

    Such a paper is checked by its code alone.
    """
    try:
        statement = installation.current_statement(session)
        key = installation.signing_key(session, now=now)
    except (NotSetUp, NoKeyCounts):
        return None
    claims = {
        "iat": int(now.timestamp()), "code": paper.code, "kind": paper.kind,
        "obj": paper.sha256,
    }  # fmt: skip
    return Signed(tokens.make(Kind.PAPER, statement.issuer, claims, key), statement.text)
