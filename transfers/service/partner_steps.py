"""Every step of trusting and distrusting a partner on record: among its steps, in the audit and the evidence log."""

from datetime import datetime

from sqlmodel import Session

from core import audit
from core.actors import Actor
from transfers.rules.partnership import Channel, Standing, State
from transfers.service import evidence
from transfers.service.evidence import PROCEDURE
from transfers.service.officers import tell
from transfers.store import partner as store
from transfers.tables.partner import PartnerRow, PartnerStepRow


def step_by(
    session: Session,
    row: PartnerRow,
    step: str,
    actor: Actor,
    now: datetime,
    *,
    channel: Channel | None = None,
    reason: str | None = None,
) -> None:
    """Note what a person did."""
    audit.record(
        session, actor, f"partner.{step}", thing="partner", thing_id=row.id,
        codes={"state": row.state, "channel": channel, "reason": reason}, now=now,
    )  # fmt: skip
    _write(session, row, step, actor.person_id, now, channel=channel, reason=reason)


def suspend_for(session: Session, row: PartnerRow, *, reason: str, now: datetime) -> None:
    """Suspend an active partner without a person, because its own words contradict each other."""
    if row.state == State.ACTIVE.value:
        row.stand(Standing(State.SUSPENDED))
        session.add(row)
        _write(session, row, "suspended", PROCEDURE, now, reason=reason)
        tell_suspended(session, row, now)


def tell_suspended(session: Session, row: PartnerRow, now: datetime) -> None:
    """Tell all trust officers, and those who confirmed this partner by name. Source: EXP-11."""
    people = {s.person_id for s in store.steps(session, row.id) if s.step.startswith("confirmed")}
    tell(
        session, topic="partner.suspended", subject=row.id, occasion=f"{row.id}:{now.isoformat()}",
        persons=people, facts={"installation": row.installation}, now=now,
    )  # fmt: skip


def _write(
    session: Session,
    row: PartnerRow,
    step: str,
    person_id: str,
    now: datetime,
    *,
    channel: Channel | None = None,
    reason: str | None = None,
) -> None:
    over = None if channel is None else channel.value
    detail = {"installation": row.installation, "state": row.state, "anchor": row.anchor["kid"]}
    said = {"channel": over, "reason": reason}
    detail |= {name: value for name, value in said.items() if value is not None}
    noted = evidence.note(
        session, f"partner.{step}", subject=row.id, actor=person_id, detail=detail, now=now
    )
    session.add(
        PartnerStepRow(
            partner_id=row.id, step=step, state=row.state, person_id=person_id, channel=over,
            reason=reason, n=noted.n, at=now,
        )
    )  # fmt: skip
    session.flush()
