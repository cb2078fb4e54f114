"""The quarterly sheet of two countries."""

from collections.abc import Mapping
from typing import Annotated, Final

from fastapi import Query

from api.dependencies import ActorDep, NowDep, SessionDep
from api.fields import Country, View
from api.routing import Reach, feature_router, reach
from api.statistics import PeriodQuery
from transfers.service import bilateral

router = feature_router("/bilateral-sheets", "transfers")
OFFICE: Final = reach(Reach.OFFICE)
PartnerQuery = Annotated[Country, Query(description="The other country, two capital letters.")]


class SpansView(View):
    """How many times are known, median and 90th percentile in hours; null where none is."""

    count: int
    median_hours: float | None
    p90_hours: float | None


class SheetView(View):
    """One way between the two countries. ``unanswered`` are requests nobody has answered: no refusals."""

    enquiries: int
    requests: int
    accepted: int
    declined: int
    acceptance_percent: int | None
    declined_for: Mapping[str, int]
    unanswered: int
    received: Mapping[str, int]
    reunified: int
    to_acknowledge: SpansView
    to_answer: SpansView
    to_handover: SpansView
    reports_due: int
    reports_on_time: int
    reports_alone_percent: int | None


class StandingView(View):
    """What is open now, both ways: by direction and place, late answers, alarms, disagreements."""

    open_transfers: Mapping[str, int]
    late: int
    alarms: Mapping[str, int]
    disagreements: int


class BilateralSheetView(View):
    """One period between this country and another, from this country's record."""

    country: str
    partner: str
    period: str
    outbound: SheetView
    inbound: SheetView
    open_now: StandingView


@router.get("", openapi_extra=OFFICE)
def read_bilateral_sheet(
    *,
    partner: PartnerQuery,
    period: PeriodQuery,
    session: SessionDep,
    actor: ActorDep,
    now: NowDep,
) -> BilateralSheetView:
    """Read what two countries did for children between them in a period; exact numbers, not for publishing."""
    found = bilateral.read_sheet(session, actor, partner, period, now=now)
    return BilateralSheetView.model_validate(found)
