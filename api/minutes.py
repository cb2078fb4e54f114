"""Minutes of a sitting: drafting, signing, correcting, proving, and the archive."""

from typing import Final

from api.bodies.decisions import MadeId, ReasonIn, SealedView, SignatureIn, VerificationView
from api.bodies.minutes import MinutesOut, MinutesView
from api.dependencies import ActorDep, NowDep, SessionDep, VersionDep
from api.fields import IdPath
from api.routing import Reach, feature_router, reach
from panels.service import minutes

router = feature_router("", "minutes")
PANEL: Final = reach(Reach.PANEL)


@router.post("/sittings/{sitting_id}/minutes", status_code=201, openapi_extra=PANEL)
def draft_minutes(sitting_id: IdPath, session: SessionDep, actor: ActorDep, now: NowDep) -> MadeId:
    """Draw the minutes up from the record."""
    return MadeId(id=minutes.draft_minutes(session, actor, sitting_id, now=now))


@router.get("/sittings/{sitting_id}/minutes", openapi_extra=PANEL)
def read_minutes(
    sitting_id: IdPath, session: SessionDep, actor: ActorDep, now: NowDep
) -> MinutesView:
    """Show every version of the minutes."""
    found = minutes.read_minutes(session, actor, sitting_id, now=now)
    return MinutesView(minutes=[MinutesOut.model_validate(one) for one in found])


@router.post("/minutes/{minutes_id}/signatures", openapi_extra=PANEL)
def sign_minutes(
    minutes_id: IdPath, body: SignatureIn, session: SessionDep, actor: ActorDep, now: NowDep
) -> SealedView:
    """Sign as chair or secretary."""
    found = minutes.sign_minutes(
        session, actor, minutes_id, content_hash=body.content_hash, now=now
    )
    return SealedView(in_force=found)


@router.post("/minutes/{minutes_id}/corrections", status_code=201, openapi_extra=PANEL)
def correct_minutes(
    minutes_id: IdPath, body: ReasonIn, session: SessionDep, actor: ActorDep, now: NowDep
) -> MadeId:
    """Draw up a new version of signed minutes."""
    found = minutes.correct_minutes(session, actor, minutes_id, reason=body.reason, now=now)
    return MadeId(id=found)


@router.get("/minutes/{minutes_id}/verification", openapi_extra=PANEL)
def verify_minutes(
    minutes_id: IdPath, session: SessionDep, actor: ActorDep, now: NowDep
) -> VerificationView:
    """Draw the record again and name what differs from what was signed."""
    return VerificationView.of(minutes.verify_minutes(session, actor, minutes_id, now=now))


@router.post("/sittings/{sitting_id}/archive", status_code=204, openapi_extra=PANEL)
def archive_sitting(
    sitting_id: IdPath, session: SessionDep, actor: ActorDep, now: NowDep, version: VersionDep
) -> None:
    """Archive a sitting; members see nothing of its cases any more."""
    minutes.archive_sitting(session, actor, sitting_id, now=now, expected_version=version)
