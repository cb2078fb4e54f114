"""The keys of this installation over time: listed, followed by others, revoked, destroyed; statements about them.

Every change is said in a new statement, so the anchor is brought from its safe for each. Whoever keeps the keys is
not who trusts partners. Source: EXP-3.2, EXP-3.4.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from core import audit
from core.actors import Actor, Role
from core.errors import BadInput, NotThere, WrongState
from core.exchange import statements
from core.exchange.keys import (
    OpeningKey,
    SigningKey,
    VerifyingKey,
    read_sealing_key,
    read_verifying_key,
)
from core.exchange.kinds import Kind
from core.exchange.statements import ListedKey, Statement, Status, WhyRevoked
from core.vault import vault_of
from transfers.errors import AnchorNotOurs
from transfers.rules import key_life
from transfers.rules.key_life import Term, begins_after, is_rotation_due, may_be_destroyed, retires
from transfers.service import evidence, installation
from transfers.service.evidence import Direction
from transfers.service.installation import SIG
from transfers.service.officers import KEY_KEEPERS, READERS, require, tell
from transfers.store import installation as store
from transfers.tables.installation import ExchangeKeyRow, OwnStatementRow


@dataclass(frozen=True)
class KeyView:
    """One key of ours as its keeper sees it; ``held`` says whether its private half is still here."""

    kid: str
    use: str
    status: Status
    begins_at: datetime
    ends_at: datetime
    retires_at: datetime | None
    revoked_at: datetime | None
    reason: str | None
    held: bool


def list_keys(session: Session, actor: Actor, *, now: datetime) -> list[KeyView]:
    """Show every key of ours, the oldest first, and note that it was read.

    Raises:
        NotThere: not somebody who has to do with keys or partners.
    """
    require(actor, READERS)
    name = installation.name_of(session)
    audit.record(session, actor, "keys.read", thing="installation", thing_id=name, now=now)
    return [_view(row) for row in store.keys(session)]


def issue(session: Session, actor: Actor, anchor: SigningKey, *, now: datetime) -> Statement:
    """Sign a new statement about the keys as they stand, for example because the old one comes to its end.

    Its number is the second of its making, or one more than the last: a database restored from a backup does not
    give a number twice.

    Raises:
        NotThere: not somebody who keeps keys.
        AnchorNotOurs: another anchor than the one partners know.
    """
    require(actor, KEY_KEEPERS)
    row = installation.own_row(session, lock=True)
    if anchor.kid != installation.anchor_of(row).kid:
        raise AnchorNotOurs
    second = int(now.timestamp())
    last = store.newest_statement(session)
    following = None if row.next_anchor is None else read_verifying_key(row.next_anchor)
    made = statements.make_statement(
        anchor,
        issuer=row.id,
        seq=second if last is None else max(second, last.seq + 1),
        keys=_listed(store.keys(session), second),
        issued_at=second,
        expires_at=int((now + key_life.STATEMENT_LIFE).timestamp()),
        base_url=row.base_url,
        next_anchor=following,
    )
    _publish(session, actor, made, anchor.kid, now)
    return made


def set_address(session: Session, actor: Actor, base_url: str | None, *, now: datetime) -> None:
    """Note where partners reach us; they learn it from the next statement.

    Raises:
        NotThere: not somebody who keeps keys.
    """
    require(actor, KEY_KEEPERS)
    row = installation.own_row(session, lock=True)
    row.base_url = base_url
    session.add(row)
    audit.record(
        session, actor, "installation.address", thing="installation", thing_id=row.id, now=now
    )


def rotate(
    session: Session,
    actor: Actor,
    fresh: SigningKey | OpeningKey,
    anchor: SigningKey,
    *,
    lead_days: int = key_life.USUAL_LEAD_DAYS,
    now: datetime,
) -> Statement:
    """List the successor of the key of one use; the present one goes on until that begins.

    Args:
        session: the unit of work.
        actor: who keeps the keys.
        fresh: the new key; its kind says which use.
        anchor: from its safe.
        lead_days: how long before its first use partners are told, 14 at least.
        now: when, aware.

    Raises:
        NotThere: not somebody who keeps keys.
        AnchorNotOurs: another anchor than the one partners know.
        WrongState: a successor is listed already.
        BadInput: sooner than partners have to be told.
    """
    require(actor, KEY_KEEPERS)
    installation.own_row(session, lock=True)
    begins = begins_after(now, lead_days)
    use = _use_of(fresh)
    for row in _in_force(session, use):
        if row.begins_at > now:
            raise WrongState("key", "listed", "rotate")
        _retire(session, row, begins)
    _add(session, actor, fresh, key_life.term_from(begins), now)
    return issue(session, actor, anchor, now=now)


def revoke(
    session: Session,
    actor: Actor,
    kid: str,
    anchor: SigningKey,
    fresh: SigningKey | OpeningKey | None,
    *,
    why: WhyRevoked,
    since: datetime | None = None,
    now: datetime,
) -> Statement:
    """End a key before its time; a fresh one takes its place at once when no other of its use counts today.

    Args:
        session: the unit of work.
        actor: who keeps the keys.
        kid: the key to end.
        anchor: from its safe.
        fresh: a key of the same use, thrown away when none is needed.
        why: superseded, lost, or compromised.
        since: from when somebody else may have had it; with compromised and only then.
        now: when, aware.

    Raises:
        NotThere: not somebody who keeps keys, or no such key.
        AnchorNotOurs: another anchor than the one partners know.
        WrongState: it was revoked before.
        BadInput: no fresh key of this use although one is needed, or a day that does not fit the reason.
    """
    require(actor, KEY_KEEPERS)
    installation.own_row(session, lock=True)
    row = store.key(session, kid)
    if row is None:
        raise NotThere("key")
    if row.revoked_at is not None:
        raise WrongState("key", "revoked", "revoke")
    compromised = why is WhyRevoked.COMPROMISED
    if (since is not None) != compromised or (since is not None and since > now):
        raise BadInput("/since", "with_compromised_only")
    row.revoked_at, row.reason, row.compromised_since = now, str(why), since
    row.retires_at = min(row.retires_at or now, now)
    session.add(row)
    codes = {"kid": kid, "use": row.use, "reason": str(why)}
    _note(session, actor, "key.revoked", codes, now)
    _replace(session, actor, row.use, fresh, now)
    return issue(session, actor, anchor, now=now)


def announce_anchor(
    session: Session, actor: Actor, anchor: SigningKey, following: VerifyingKey, *, now: datetime
) -> Statement:
    """Tell partners which anchor is to follow; it counts once they see the statement signed by both.

    Raises:
        NotThere: not somebody who keeps keys.
        AnchorNotOurs: another anchor than the one partners know.
    """
    require(actor, KEY_KEEPERS)
    row = installation.own_row(session, lock=True)
    row.next_anchor = following.public_jwk()
    session.add(row)
    _note(session, actor, "anchor.announced", {"kid": following.kid}, now)
    return issue(session, actor, anchor, now=now)


def take_anchor(
    session: Session, actor: Actor, following: SigningKey, *, now: datetime
) -> tuple[Statement, str]:
    """Sign the announced statement with the new anchor too, which is ours from now on.

    Returns:
        The announcing statement and the same signed by the new anchor; partners need both.

    Raises:
        NotThere: not somebody who keeps keys.
        AnchorNotOurs: not the announced one, or none was announced.
    """
    require(actor, KEY_KEEPERS)
    row = installation.own_row(session, lock=True)
    if row.next_anchor is None or read_verifying_key(row.next_anchor).kid != following.kid:
        raise AnchorNotOurs
    announced = installation.current_statement(session)
    text = statements.countersign(announced, following)
    row.anchor, row.next_anchor = following.public.public_jwk(), None
    session.add(row)
    session.flush()
    again = statements.read_signed(text, issuer=row.id, anchor=following.public)
    _publish(session, actor, again, following.kid, now)
    _note(session, actor, "anchor.taken", {"kid": following.kid}, now)
    return announced, text


def destroy_old(session: Session, actor: Actor, *, now: datetime) -> list[str]:
    """Destroy private keys that retired ninety days ago, and say so in the log; return their names.

    Raises:
        NotThere: not somebody who keeps keys.
    """
    require(actor, KEY_KEEPERS)
    installation.own_row(session, lock=True)
    last = now - key_life.KEPT_AFTER_RETIRING
    old = [
        r for r in store.keys_retired_before(session, last) if may_be_destroyed(r.retires_at, now)
    ]
    for row in old:
        vault_of(session).erase(session, installation.owner_of(row.kid), now=now)
        row.sealed, row.destroyed_at = None, now
        session.add(row)
        installation.forget(row.kid)
        _note(session, actor, "key.destroyed", {"kid": row.kid, "use": row.use}, now)
    return [row.kid for row in old]


def remind(session: Session, *, now: datetime, limit: int = 100) -> int:
    """Tell the administrators of keys to be followed, to be destroyed, and of a statement near its end; how many.

    Nothing is destroyed or made by a clock. For the sweep.
    """
    name = installation.name_if_any(session)
    newest = store.newest_statement(session)
    if name is None or newest is None:
        return 0
    rows = store.keys(session)[:limit]
    told = [
        _tell_keeper(session, "keys.rotation_due", row.kid, now)
        for row in rows
        if row.retires_at is None and is_rotation_due(row.begins_at, now)
    ]
    told += [
        _tell_keeper(session, "keys.destruction_due", row.kid, now)
        for row in rows
        if row.sealed is not None and may_be_destroyed(row.retires_at, now)
    ]
    if is_rotation_due(newest.made_at, now):
        told.append(_tell_keeper(session, "keys.statement_due", str(newest.number), now))
    return sum(told)


def _tell_keeper(session: Session, topic: str, key: str, now: datetime) -> bool:
    return tell(session, topic=topic, subject=key, occasion=key, role=Role.ADMINISTRATOR, now=now)


def _publish(
    session: Session, actor: Actor, made: Statement, anchor_kid: str, now: datetime
) -> None:
    last = store.newest_statement(session)
    row = OwnStatementRow(
        number=1 if last is None else last.number + 1,
        seq=made.seq,
        anchor_kid=anchor_kid,
        text=made.text,
        made_at=now,
        expires_at=datetime.fromtimestamp(made.expires_at, now.tzinfo),
    )
    session.add(row)
    session.flush()
    audit.record(
        session, actor, "statement.issued", thing="installation", thing_id=made.issuer,
        codes={"seq": made.seq}, now=now,
    )  # fmt: skip
    evidence.keep_text(
        session, made.text, Kind.KEYS, Direction.SENT, issuer=made.issuer, kid=anchor_kid,
        subject=made.issuer, actor=actor.person_id, detail={"seq": made.seq}, now=now,
    )  # fmt: skip


def _listed(rows: Sequence[ExchangeKeyRow], second: int) -> list[ListedKey]:
    """Return what a statement says of keys that have not come to their end."""
    return [_as_listed(row) for row in rows if _second(row.ends_at) > second]


def _as_listed(row: ExchangeKeyRow) -> ListedKey:
    read = read_verifying_key if row.use == SIG else read_sealing_key
    return ListedKey(
        read(row.jwk),
        _second(row.begins_at),
        _second(row.ends_at),
        _status(row),
        None if row.revoked_at is None else _second(row.revoked_at),
        None if row.reason is None else WhyRevoked(row.reason),
        None if row.compromised_since is None else _second(row.compromised_since),
    )


def _status(row: ExchangeKeyRow) -> Status:
    if row.revoked_at is not None:
        return Status.REVOKED
    return Status.ACTIVE if row.retires_at is None else Status.RETIRING


def _view(row: ExchangeKeyRow) -> KeyView:
    return KeyView(
        row.kid, row.use, _status(row), row.begins_at, row.ends_at, row.retires_at, row.revoked_at,
        row.reason, row.sealed is not None,
    )  # fmt: skip


def _in_force(session: Session, use: str) -> list[ExchangeKeyRow]:
    """Return the keys of a use that nothing follows yet."""
    return [row for row in store.keys(session) if row.use == use and row.retires_at is None]


def _replace(
    session: Session,
    actor: Actor,
    use: str,
    fresh: SigningKey | OpeningKey | None,
    now: datetime,
) -> None:
    """Put a key in the place of one that was revoked, until the one that is listed already begins."""
    good = [row for row in store.keys(session) if row.use == use and row.revoked_at is None]
    if any(_counts(row, now) for row in good):
        return
    if fresh is None or _use_of(fresh) != use:
        raise BadInput("/use", "another_use")
    made = _add(session, actor, fresh, key_life.term_from(now), now)
    listed = [row.begins_at for row in good if row.begins_at > now]
    if listed:
        _retire(session, made, min(listed))


def _counts(row: ExchangeKeyRow, now: datetime) -> bool:
    followed = row.retires_at is not None and row.retires_at <= now
    return not followed and row.begins_at <= now < row.ends_at


def _retire(session: Session, row: ExchangeKeyRow, begins: datetime) -> None:
    term: Term = retires(begins)
    row.retires_at, row.ends_at = term.begins, term.ends
    session.add(row)


def _add(
    session: Session, actor: Actor, key: SigningKey | OpeningKey, term: Term, now: datetime
) -> ExchangeKeyRow:
    row = installation.add_key(session, key, term, now=now)
    _note(session, actor, "key.made", {"kid": row.kid, "use": row.use}, now)
    return row


def _note(session: Session, actor: Actor, what: str, codes: dict[str, str], now: datetime) -> None:
    subject = codes["kid"]
    audit.record(session, actor, what, thing="key", thing_id=subject, codes={**codes}, now=now)
    evidence.note(session, what, subject=subject, actor=actor.person_id, detail=codes, now=now)


def _use_of(key: SigningKey | OpeningKey) -> str:
    return installation.SIG if isinstance(key, SigningKey) else installation.ENC


def _second(moment: datetime) -> int:
    return int(moment.timestamp())
