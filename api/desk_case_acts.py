"""Pages of acts on a case: what the person may do now as links, each a form of its own; and papers to print."""

from typing import Any, Final

from fastapi import APIRouter, Request, Response

from api.desk import care_acts, case_acts
from api.desk.acts_shown import act_of, choices_of, labels_of, typed_before
from api.desk.case_acts import At
from api.desk.case_forms import FORMS
from api.desk.children import child_line
from api.desk.choices import asking_of
from api.desk.fields import asked, is_blank
from api.desk.frame import to
from api.desk.reading import nested, read
from api.desk.registering import without_blanks
from api.desk.visit import Refusal, Visit, given, sent, shown
from api.portal.door import Form
from core.errors import NotThere

router = APIRouter(include_in_schema=False)
READ: Final = ["GET", "HEAD"]
DO: Final = {**case_acts.DO, **care_acts.DO}


@router.api_route("/desk/cases/{case_id}/acts/{code}", methods=READ)
async def ask(request: Request, case_id: str, code: str) -> Response:
    """The form of an act on a case."""
    return await shown(request, lambda visit: _form(visit, case_id, code, ""))


@router.post("/desk/cases/{case_id}/acts/{code}")
async def do(request: Request, case_id: str, code: str) -> Response:
    """Do it."""
    return await _done(request, case_id, code, "")


@router.api_route("/desk/cases/{case_id}/acts/{code}/{ref}", methods=READ)
async def ask_about(request: Request, case_id: str, code: str, ref: str) -> Response:
    """The form of an act on one thing of a case."""
    return await shown(request, lambda visit: _form(visit, case_id, code, ref))


@router.post("/desk/cases/{case_id}/acts/{code}/{ref}")
async def do_about(request: Request, case_id: str, code: str, ref: str) -> Response:
    """Do it."""
    return await _done(request, case_id, code, ref)


async def _done(request: Request, case_id: str, code: str, ref: str) -> Response:
    def act(visit: Visit, form: Form) -> Response:
        if code not in DO:
            raise NotThere("act")
        fields = FORMS[code]
        asks = asking_of(visit, code, choices_of(visit, case_id, code))
        values = _values(nested(read(fields.fields, form, asks)), fields.optional)
        version = given(form, "version", 12)
        at = At(case_id, ref, int(version) if version.isascii() and version.isdecimal() else 0)
        return to(DO[code](visit, at, values) or f"/desk/cases/{case_id}")

    def again(visit: Visit, form: Form, refusal: Refusal | None) -> Response:
        return _form(visit, case_id, code, ref, form, refusal=refusal)

    return await sent(request, act, again)


def _values(values: dict[str, Any], optional: tuple[str, ...]) -> dict[str, Any]:
    """Leave out what was left empty; a part that was begun is kept whole, with its noes."""
    plain = {name: value for name, value in values.items() if name not in optional}
    begun = {
        name: {key: one for key, one in values[name].items() if one is not None}
        for name in optional
        if any(not is_blank(one) for one in values[name].values())
    }
    noes = {name: value for name, value in plain.items() if value is False}
    return {**without_blanks(plain), **noes, **begun}


def _form(
    visit: Visit,
    case_id: str,
    code: str,
    ref: str,
    form: Form | None = None,
    *,
    refusal: Refusal | None = None,
) -> Response:
    found = act_of(visit, case_id, code, ref)
    asks = asking_of(visit, code, choices_of(visit, case_id, code))
    typed = form if form is not None else typed_before(visit, case_id, code, ref, asks)
    path = f"/desk/cases/{case_id}/acts/{code}"
    return visit.page(
        "act.html",
        409 if refusal else 200,
        refusal=refusal,
        child=child_line(visit, found.row),
        code=code,
        fields=asked(FORMS[code].fields, typed, asks),
        told=labels_of(visit, case_id, code, ref),
        version=(form or {}).get("version") or str(found.version),
        path=f"{path}/{ref}" if ref else path,
    )
