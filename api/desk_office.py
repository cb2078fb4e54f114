"""Pages of whoever keeps an office running: panels, rules in force, keys, and how the installation is."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from fastapi import APIRouter, Request, Response

from api.desk import benches, upkeep
from api.desk.forms import version_of
from api.desk.frame import to
from api.desk.visit import Refusal, Visit, sent, shown
from api.portal.door import Form
from core.errors import BadInput
from panels.rules.roster import SeatRole, Sector
from panels.service import panels
from panels.service.panels import PanelKind

router = APIRouter(include_in_schema=False)
READ: Final = ["GET", "HEAD"]
SHOWN: Final = 100
ACTS: Final[Mapping[str, Callable[[Visit, str, Form, int], None]]] = {
    "member": benches.add_member,
    "end": benches.end_term,
    "seat": benches.open_seat,
    "terms": benches.set_terms,
}


@router.api_route("/desk/panels", methods=READ)
async def read_panels(request: Request, after: str = "") -> Response:
    """The panels this person has to do with."""

    def show(visit: Visit) -> Response:
        rows = panels.list_panels(
            visit.session, visit.actor, now=visit.now, after=after[:64], limit=SHOWN + 1
        )
        more = rows[SHOWN - 1].code if len(rows) > SHOWN else ""
        return visit.page("panels.html", rows=rows[:SHOWN], more=more)

    return await shown(request, show)


@router.api_route("/desk/panels/new", methods=READ)
async def read_new_panel(request: Request) -> Response:
    """The form that sets up a panel."""
    return await shown(request, lambda visit: _new(visit, {}, None))


@router.post("/desk/panels/new")
async def set_up_panel(request: Request) -> Response:
    """Set up a panel and lead to it."""
    return await sent(
        request, lambda visit, form: to(f"/desk/panels/{benches.set_up(visit, form)}"), _new
    )


@router.api_route("/desk/panels/{panel_id}", methods=READ)
async def read_panel(request: Request, panel_id: str) -> Response:
    """One panel: seats, who holds them and until when, terms of reference."""
    return await shown(request, lambda visit: _panel(visit, panel_id, {}, None))


@router.post("/desk/panels/{panel_id}")
async def keep_panel(request: Request, panel_id: str) -> Response:
    """Add a seat, give or end a term, write new terms of reference."""

    def act(visit: Visit, form: Form) -> Response:
        done = ACTS.get(form.get("act", ""))
        if done is None:
            raise BadInput("/act", "choose_one")
        done(visit, panel_id, form, version_of(form))
        return to(f"/desk/panels/{panel_id}")

    def again(visit: Visit, form: Form, refusal: Refusal | None) -> Response:
        return _panel(visit, panel_id, form, refusal)

    return await sent(request, act, again)


@router.api_route("/desk/rules", methods=READ)
async def read_rules(request: Request) -> Response:
    """The rules of the country in force, their versions, and the corridors."""

    def show(visit: Visit) -> Response:
        return visit.page(
            "rules.html",
            pack=visit.pack,
            begins=visit.words.day(visit.pack.valid_from),
            lines=upkeep.rule_lines(visit),
            limits=upkeep.limit_lines(visit),
            versions=upkeep.version_lines(visit),
            corridors=upkeep.corridor_lines(visit),
        )

    return await shown(request, show)


@router.api_route("/desk/keys", methods=READ)
async def read_keys(request: Request) -> Response:
    """Our keys towards other countries, and what is due."""

    def show(visit: Visit) -> Response:
        ours = upkeep.identity(visit)
        return visit.page("keys.html", ours_to_others=ours, lines=upkeep.key_lines(visit))

    return await shown(request, show)


@router.api_route("/desk/installation", methods=READ)
async def read_installation(request: Request) -> Response:
    """How the installation is: who moves cases, what waits, the last backup."""
    status: Any = getattr(request.app.state, "procedure_status", None)
    procedure: Mapping[str, Any] = status() if callable(status) else {}
    return await shown(
        request,
        lambda visit: visit.page("installation.html", lines=upkeep.state_lines(visit, procedure)),
    )


def _new(visit: Visit, form: Form, refusal: Refusal | None) -> Response:
    kinds = (PanelKind.DISTRICT, PanelKind.REVIEW)
    return visit.page(
        "panel_new.html",
        409 if refusal else 200,
        refusal=refusal,
        given=form,
        kinds=benches.choices(visit, "panel_kind", kinds),
        places=benches.places(visit),
    )


def _panel(visit: Visit, panel_id: str, form: Form, refusal: Refusal | None) -> Response:
    found = panels.show_panel(visit.session, visit.actor, panel_id, now=visit.now)
    seats = benches.benches(visit, found)
    return visit.page(
        "panel.html",
        409 if refusal else 200,
        refusal=refusal,
        given=form,
        panel=found.panel,
        terms=found.terms,
        seats=seats,
        place=visit.place(found.panel.district),
        kept=panels.is_kept(visit.session, visit.actor, panel_id, now=visit.now),
        seat_choice=[(one.id, one.words) for one in seats],
        seat_roles=benches.choices(visit, "seat_role", tuple(SeatRole)),
        sectors=benches.choices(visit, "sector", tuple(Sector)),
        countries=[(one, visit.words.country(one)) for one in found.panel.countries],
    )
