"""The page on which what is on file about a child is corrected; two people at it lose nothing of each other."""

from collections.abc import Mapping
from typing import Any, Final

from fastapi import APIRouter, Request, Response

from api.bodies.children import ChildChanges
from api.desk.children import child_line
from api.desk.choices import asking_of
from api.desk.fields import Asking, Field, asked, print_of, typed_from, value_at
from api.desk.frame import to
from api.desk.merging import ASKED, CHOOSE, WAS, Merged, carried, merged
from api.desk.reading import checked, nested, read
from api.desk.registering import CHILD
from api.desk.visit import Refusal, Visit, sent, shown
from api.portal.door import Form
from cases.rules.access import Level
from cases.service import details, files
from cases.service.files import CaseFile
from core.errors import NotThere

router = APIRouter(include_in_schema=False)
READ: Final = ["GET", "HEAD"]
SPEC: Final = "register.child"
FIELDS: Final = tuple(
    Field(one.name.removeprefix("child."), one.kind, one.of)
    for one in CHILD
    if one.name != "child.external_ids"
)
ASKS: Final = tuple({one.name.partition(".")[0]: "" for one in FIELDS})


@router.api_route("/desk/cases/{case_id}/facts", methods=READ)
async def read_facts(request: Request, case_id: str) -> Response:
    """What is on file about a child, to be corrected."""

    def show(visit: Visit) -> Response:
        file, record = _record(visit, case_id)
        return _page(visit, file, typed_from(FIELDS, record, _asking(visit)), record)

    return await shown(request, show)


@router.post("/desk/cases/{case_id}/facts")
async def correct_facts(request: Request, case_id: str) -> Response:
    """Keep what was corrected; fields nobody touched stay as they are."""

    def act(visit: Visit, form: Form) -> Response:
        file, record = _record(visit, case_id)
        mine = read(FIELDS, form, _asking(visit))
        found = merged(FIELDS, form, mine, record)
        if found.conflicts:
            return _both(visit, file, form, found, record)
        changes = _changes(visit, found.values, record)
        if changes:
            body = checked(ChildChanges, changes)
            details.amend_child(
                visit.session, visit.actor, case_id, body.changes(), now=visit.now,
                expected_version=file.row.version,
            )  # fmt: skip
        return to(f"/desk/cases/{case_id}")

    def again(visit: Visit, form: Form, refusal: Refusal | None) -> Response:
        file, record = _record(visit, case_id)
        return _page(visit, file, form, record, refusal=refusal)

    return await sent(request, act, again)


def _record(visit: Visit, case_id: str) -> tuple[CaseFile, Mapping[str, Any]]:
    file = files.open_file(visit.session, visit.actor, case_id, now=visit.now, fields=ASKS)
    if file.level < Level.FULL:
        raise NotThere("case")
    coded = {"sex": file.row.sex, "accompaniment": file.row.accompaniment}
    return file, {**file.facts, **coded}


def _changes(visit: Visit, values: Mapping[str, Any], record: Mapping[str, Any]) -> dict[str, Any]:
    """Return what differs from the record, whole fields at a time; an age is as old as its being told."""
    touched = {
        one.name.partition(".")[0]
        for one in FIELDS
        if print_of(values[one.name], one) != print_of(value_at(record, one.name), one)
    }
    wanted = nested(values)
    changes = {name: wanted[name] for name in touched if not (name in _CODED and not wanted[name])}
    if changes.get("age_years") is not None:
        changes["age_stated_on"] = visit.now.date().isoformat()
    return changes


def _both(
    visit: Visit, file: CaseFile, form: Form, found: Merged, record: Mapping[str, Any]
) -> Response:
    asks = _asking(visit)
    untouched = tuple(one for one in FIELDS if one.name not in found.conflicts)
    kept = {name: text for name, text in form.items() if not name.startswith(WAS)}
    filled = {**kept, **typed_from(untouched, nested(found.values), asks)}
    items = tuple(
        (visit.words("both.title", what=visit.words(f"{SPEC}.{name}")), f"{CHOOSE}{name}")
        for name in found.conflicts
    )
    refusal = Refusal(visit.words("both.summary"), visit.words("both.what_now"), items)
    return _page(visit, file, filled, record, refusal=refusal, conflicts=found.conflicts)


def _page(
    visit: Visit,
    file: CaseFile,
    form: Form,
    record: Mapping[str, Any],
    *,
    refusal: Refusal | None = None,
    conflicts: Mapping[str, Any] | None = None,
) -> Response:
    marks = {name: text for name, text in form.items() if name.startswith(WAS)}
    if conflicts is not None or not marks:
        marks = carried(FIELDS, record)
    return visit.page(
        "facts.html",
        409 if refusal else 200,
        refusal=refusal,
        child=child_line(visit, file.row),
        fields=asked(FIELDS, form, _asking(visit), conflicts),
        marks=marks,
        both=",".join(conflicts or ()) or form.get(ASKED, ""),
    )


def _asking(visit: Visit) -> Asking:
    return asking_of(visit, SPEC)


_CODED: Final = frozenset({"sex", "accompaniment"})
