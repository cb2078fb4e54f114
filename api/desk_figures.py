"""Pages of figures: indicators by sex, age and accompaniment, what waits, and the sheet of two countries."""

from typing import Any, Final

from fastapi import APIRouter, Request, Response

from api.desk import figures
from api.desk.printing import printed
from api.desk.visit import Visit, shown
from cases.rules.indicators import FROM_CASES, Indicator, Period
from core.errors import NotThere
from core.papers.issuing import Desk, Issued
from core.worktime import local_day
from transfers.service import printed_sheet

router = APIRouter(include_in_schema=False)
READ: Final = ["GET", "HEAD"]


@router.api_route("/desk/figures", methods=READ)
async def read_figures(request: Request) -> Response:
    """Every indicator of a period, and what waits now."""

    def show(visit: Visit) -> Response:
        figures.require_reader(visit)
        is_reader = figures.sees_numbers(visit)
        return visit.page(
            "figures.html",
            **_asked(visit),
            lines=figures.overview(visit, _period(visit)) if is_reader else [],
            waiting=figures.waiting(visit) if is_reader else [],
            workload=figures.workload(visit) if is_reader else None,
            partners=figures.partners(visit) if figures.sees_sheets(visit) else [],
        )

    return await shown(request, show)


@router.api_route("/desk/figures/indicators/{code}", methods=READ)
async def read_figure(request: Request, code: str) -> Response:
    """One indicator with its splits."""

    def show(visit: Visit) -> Response:
        if code not in {one.value for one in FROM_CASES}:
            raise NotThere("indicator")
        found = figures.table(visit, Indicator(code), _period(visit))
        return visit.page("figure.html", **_asked(visit), code=code, table=found)

    return await shown(request, show)


@router.api_route("/desk/figures/countries/{partner}", methods=READ)
async def read_sheet(request: Request, partner: str) -> Response:
    """What two countries did for children between them in a period."""

    def show(visit: Visit) -> Response:
        found = figures.sheet(visit, partner, _period(visit))
        name = visit.words.country(partner)
        return visit.page("sheet.html", **_asked(visit), rows=found, partner=partner, other=name)

    return await shown(request, show)


@router.get("/desk/figures/countries/{partner}/paper")
async def print_sheet(request: Request, partner: str) -> Response:
    """The same as an official paper."""

    def make(visit: Visit, desk: Desk) -> Issued:
        period = _period(visit).code
        return printed_sheet.printed_sheet(
            visit.session, visit.actor, partner, period, language="", desk=desk, now=visit.now
        )

    return await printed(request, make)


def _period(visit: Visit) -> Period:
    asked = visit.request.query_params
    today = local_day(visit.now, visit.pack.calendar())
    return figures.asked_period(asked.get("year", ""), asked.get("quarter", ""), today)


def _asked(visit: Visit) -> dict[str, Any]:
    words, today = visit.words, local_day(visit.now, visit.pack.calendar())
    year, _, quarter = _period(visit).code.partition("-")
    return {
        "years": [(str(one), str(one)) for one in figures.years(today)],
        "quarters": [(one, words.of("quarter", one)) for one in figures.QUARTERS[1:]],
        "year": year,
        "quarter": quarter,
        "span": words("figures.span_quarter", quarter=words.of("quarter", quarter), year=year)
        if quarter
        else year,
    }
