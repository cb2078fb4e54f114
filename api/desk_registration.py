"""Pages on which a child is registered, and on which an alert is passed on."""

from typing import Final

from fastapi import APIRouter, Request, Response

from api.desk import registering
from api.desk.fields import asked
from api.desk.frame import to
from api.desk.reading import read
from api.desk.registering import ALERT_ONLY, KNOWN_CASE, NEW, Step
from api.desk.visit import Refusal, Visit, given, sent, shown, typed
from api.portal.door import Form
from cases.service import files
from core.errors import NotThere

router = APIRouter(include_in_schema=False)
READ: Final = ["GET", "HEAD"]
OURS: Final = frozenset({"step", "act", "known", "version"})


@router.api_route("/desk/register", methods=READ)
async def begin_registration(request: Request) -> Response:
    """The first step of registering a child nobody has told of yet."""
    return await shown(request, lambda visit: _step(visit, {}, ""))


@router.post("/desk/register")
async def register_new(request: Request) -> Response:
    """The next step, or the child registered."""
    return await _sent(request, "")


@router.api_route("/desk/cases/{case_id}/register", methods=READ)
async def begin_registration_of(request: Request, case_id: str) -> Response:
    """The first step of registering a child somebody has told of."""
    return await shown(request, lambda visit: _step(visit, {}, case_id))


@router.post("/desk/cases/{case_id}/register")
async def register_of(request: Request, case_id: str) -> Response:
    """The next step, or the child registered."""
    return await _sent(request, case_id)


@router.api_route("/desk/alert", methods=READ)
async def begin_alert(request: Request) -> Response:
    """Word of a child who may need protection."""
    return await shown(request, lambda visit: _alert(visit, {}, None))


@router.post("/desk/alert")
async def pass_alert_on(request: Request) -> Response:
    """Pass the alert on, and say which code to quote."""

    def act(visit: Visit, form: Form) -> Response:
        code = registering.pass_on(visit, form)
        visit.shows_no_child = True
        return visit.page("alerted.html", code=code)

    return await sent(request, act, _alert)


async def _sent(request: Request, case_id: str) -> Response:
    steps = KNOWN_CASE if case_id else NEW

    def act(visit: Visit, form: Form) -> Response:
        step = registering.step_of(steps, form.get("step", ""))
        at = steps.index(step)
        if form.get("act") == "back":
            return _step(visit, form, case_id, steps[max(0, at - 1)])
        if form.get("act") == "stay":
            return _step(visit, form, case_id, steps[0])
        read(step.fields, form, registering.asking(visit))
        district = registering.district_of(visit, form, case_id)
        found, elsewhere, mark = registering.candidates(visit, form, district, case_id)
        if mark and form.get("known") != mark:
            return visit.page(
                "known.html",
                candidates=found,
                elsewhere=elsewhere,
                mark=mark,
                step=step.code,
                kept=_kept(form, ()),
                version=form.get("version", ""),
                path=_path(case_id),
            )
        if at + 1 < len(steps):
            return _step(visit, form, case_id, steps[at + 1])
        version = given(form, "version", 12)
        number = int(version) if version.isascii() and version.isdecimal() else 0
        return to(f"/desk/cases/{registering.register(visit, form, case_id, number)}")

    def again(visit: Visit, form: Form, refusal: Refusal | None) -> Response:
        step = registering.step_of(steps, form.get("step", ""))
        return _step(visit, form, case_id, step, refusal)

    return await sent(request, act, again)


def _step(
    visit: Visit,
    form: Form,
    case_id: str,
    step: Step | None = None,
    refusal: Refusal | None = None,
) -> Response:
    steps = KNOWN_CASE if case_id else NEW
    step = step or steps[0]
    return visit.page(
        "register.html",
        409 if refusal else 200,
        refusal=refusal,
        step=step.code,
        number=steps.index(step) + 1,
        of=len(steps),
        fields=asked(step.fields, registering.begun(visit, form), registering.asking(visit)),
        kept=_kept(form, tuple(one.name for one in step.fields)),
        known=form.get("known", ""),
        version=form.get("version", "") or _version(visit, case_id),
        path=_path(case_id),
    )


def _version(visit: Visit, case_id: str) -> str:
    if not case_id:
        return ""
    row = files.rows_of(visit.session, visit.actor, [case_id], now=visit.now).get(case_id)
    if row is None:
        raise NotThere("case")
    return str(row.version)


def _kept(form: Form, here: tuple[str, ...]) -> dict[str, str]:
    """Return what was typed on other steps, to travel with this one."""
    return {
        name: text
        for name, text in typed(form).items()
        if name not in OURS
        and text
        and not any(name == one or name.startswith((f"{one}.", f"{one}-")) for one in here)
    }


def _path(case_id: str) -> str:
    return f"/desk/cases/{case_id}/register" if case_id else "/desk/register"


def _alert(visit: Visit, form: Form, refusal: Refusal | None) -> Response:
    return visit.page(
        "alert.html",
        409 if refusal else 200,
        refusal=refusal,
        fields=asked(
            ALERT_ONLY[0].fields, registering.begun(visit, form), registering.asking(visit)
        ),
    )
