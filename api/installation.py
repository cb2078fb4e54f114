"""This installation towards others, as its officers see it: name, fingerprint to read out, keys."""

from typing import Final

from api.bodies.partners import InstallationView, OwnKeyList
from api.dependencies import ActorDep, NowDep, SessionDep
from api.routing import Reach, feature_router, reach
from transfers.service import installation, keys

router = feature_router("/installation", "partners")
ADMIN: Final = reach(Reach.ADMIN)


@router.get("", openapi_extra=ADMIN)
def read_installation(session: SessionDep, actor: ActorDep, now: NowDep) -> InstallationView:
    """Show what a partner has to hear from us, and the statement to hand over."""
    return InstallationView.of(installation.identity(session, actor, now=now))


@router.get("/keys", openapi_extra=ADMIN)
def list_own_keys(session: SessionDep, actor: ActorDep, now: NowDep) -> OwnKeyList:
    """Show every key of ours, the oldest first."""
    return OwnKeyList.of(keys.list_keys(session, actor, now=now))
