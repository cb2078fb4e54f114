"""Pages of assessments and BID reports: written part by part, handed in, approved or returned."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from fastapi import APIRouter, Request, Response

from api.desk import drafts
from api.desk.children import child_line
from api.desk.draft_forms import Section
from api.desk.drafts import NEW, Draft
from api.desk.fields import Asking, Field, asked, print_of, typed_from
from api.desk.frame import to
from api.desk.merging import ASKED, CHOOSE, WAS, Merged, carried, merged, tried
from api.desk.reading import nested, read
from api.desk.visit import Refusal, Visit, given, sent, shown
from api.portal.door import Form
from cases.rules.assessments import AssessmentStatus
from cases.service import assessments, reports
from core.actors import Role
from core.errors import NotThere, StaleWrite

router = APIRouter(include_in_schema=False)
READ: Final = ["GET", "HEAD"]
REMOVE: Final = "remove"
Find = Callable[[Visit], Draft]
Turn = Callable[[Visit, Draft, Form], None]


@router.api_route("/desk/cases/{case_id}/assessments/{record_id}", methods=READ)
async def read_assessment(request: Request, case_id: str, record_id: str) -> Response:
    """An assessment as a whole: what is on file, what is missing, what comes next."""
    return await shown(request, lambda visit: _overview(visit, _bia(case_id, record_id)(visit)))


@router.post("/desk/cases/{case_id}/assessments/{record_id}")
async def turn_assessment(request: Request, case_id: str, record_id: str) -> Response:
    """Hand an assessment in, approve it, or return it."""
    return await _turned(request, _bia(case_id, record_id), _ASSESSMENT)


@router.api_route("/desk/cases/{case_id}/report", methods=READ)
async def read_report(request: Request, case_id: str) -> Response:
    """The BID report as a whole: what is on file, what is missing for listing, what comes next."""
    return await shown(request, lambda visit: _overview(visit, drafts.report_draft(visit, case_id)))


@router.post("/desk/cases/{case_id}/report")
async def turn_report(request: Request, case_id: str) -> Response:
    """Hand a report in, pass it, or return it."""
    return await _turned(request, _bid(case_id), _REPORT)


@router.api_route("/desk/cases/{case_id}/assessments/{record_id}/{section}", methods=READ)
async def read_part(request: Request, case_id: str, record_id: str, section: str) -> Response:
    """One page of an assessment."""
    return await _read(request, _bia(case_id, record_id), section, "")


@router.post("/desk/cases/{case_id}/assessments/{record_id}/{section}")
async def save_part(request: Request, case_id: str, record_id: str, section: str) -> Response:
    """Keep one page of an assessment."""
    return await _saved(request, _bia(case_id, record_id), section, "")


@router.api_route("/desk/cases/{case_id}/assessments/{record_id}/{section}/{entry}", methods=READ)
async def read_entry(
    request: Request, case_id: str, record_id: str, section: str, entry: str
) -> Response:
    """One entry of a list of an assessment."""
    return await _read(request, _bia(case_id, record_id), section, entry)


@router.post("/desk/cases/{case_id}/assessments/{record_id}/{section}/{entry}")
async def save_entry(
    request: Request, case_id: str, record_id: str, section: str, entry: str
) -> Response:
    """Keep one entry of a list of an assessment."""
    return await _saved(request, _bia(case_id, record_id), section, entry)


@router.api_route("/desk/cases/{case_id}/report/{section}", methods=READ)
async def read_report_part(request: Request, case_id: str, section: str) -> Response:
    """One page of the report."""
    return await _read(request, _bid(case_id), section, "")


@router.post("/desk/cases/{case_id}/report/{section}")
async def save_report_part(request: Request, case_id: str, section: str) -> Response:
    """Keep one page of the report."""
    return await _saved(request, _bid(case_id), section, "")


@router.api_route("/desk/cases/{case_id}/report/{section}/{entry}", methods=READ)
async def read_report_entry(request: Request, case_id: str, section: str, entry: str) -> Response:
    """One entry of a list of the report."""
    return await _read(request, _bid(case_id), section, entry)


@router.post("/desk/cases/{case_id}/report/{section}/{entry}")
async def save_report_entry(request: Request, case_id: str, section: str, entry: str) -> Response:
    """Keep one entry of a list of the report."""
    return await _saved(request, _bid(case_id), section, entry)


def _bia(case_id: str, record_id: str) -> Find:
    return lambda visit: drafts.assessment_draft(visit, case_id, record_id)


def _bid(case_id: str) -> Find:
    return lambda visit: drafts.report_draft(visit, case_id)


async def _read(request: Request, find: Find, code: str, entry: str) -> Response:
    def show(visit: Visit) -> Response:
        draft = find(visit)
        if not draft.can_write:
            return to(draft.path)
        section = draft.section(code)
        asks, fields, record = _page_of(visit, draft, section, entry)
        form = typed_from(fields, record, asks)
        note = visit.request.query_params.get("kept", "")
        return _page(visit, draft, section, entry, form, note=note)

    return await shown(request, show)


async def _saved(request: Request, find: Find, code: str, entry: str) -> Response:
    def act(visit: Visit, form: Form) -> Response:
        draft = find(visit)
        section = draft.section(code)
        asks, fields, record = _page_of(visit, draft, section, entry)
        if form.get("act") == REMOVE:
            _require_shown(draft, fields, record, form)
            drafts.remove(visit, draft, section, entry)
            return to(f"{draft.path}/{code}?kept=removed")
        mine = read(fields, form, asks)
        before = tried(fields, form, asks)
        found = merged(fields, form, mine, record, before=before)
        if found.conflicts:
            return _conflict(visit, draft, section, entry, form=form, found=found)
        kept = drafts.keep(visit, draft, section, found.values, entry)
        path = f"{draft.path}/{code}/{kept}" if kept else f"{draft.path}/{code}"
        if form.get("auto") == "yes":
            return _kept_quietly(visit, find(visit), fields, mine, path, others=found.from_others)
        return to(_next(draft, section, path, form, from_others=found.from_others))

    def again(visit: Visit, form: Form, refusal: Refusal | None) -> Response:
        draft = find(visit)
        section = draft.section(code)
        if form.get("act") == REMOVE:
            return _list(visit, draft, section, refusal)
        return _page(visit, draft, section, entry, form, refusal=refusal)

    return await sent(request, act, again)


def _require_shown(draft: Draft, fields: Sequence[Field], record: Any, form: Form) -> None:
    """Take out only the very entry somebody had before them; another may stand in its place by now.

    Raises:
        StaleWrite: it is not there any more, or says something else.
    """
    is_same = all(form.get(name) == text for name, text in carried(fields, record).items())
    if not (record and is_same):
        raise StaleWrite(kind="entry", expected=0, actual=draft.version)


def _list(visit: Visit, draft: Draft, section: Section, refusal: Refusal | None) -> Response:
    """Show the list as it is now, with what could not be taken out of it."""
    asks, fields, record = _page_of(visit, draft, section, "")
    return _page(visit, draft, section, "", typed_from(fields, record, asks), refusal=refusal)


def _page_of(
    visit: Visit, draft: Draft, section: Section, entry: str
) -> tuple[Asking, tuple[Field, ...], Any]:
    asks = drafts.asking(visit, draft, section, entry=bool(entry))
    if entry and section.entries is not None:
        return asks, section.entries.fields, drafts.entry_of(draft, section, entry)
    if entry:
        raise NotThere("entry")
    return asks, section.fields, draft.record


def _page(
    visit: Visit,
    draft: Draft,
    section: Section,
    entry: str,
    form: Form,
    *,
    refusal: Refusal | None = None,
    conflicts: Mapping[str, Any] | None = None,
    note: str = "",
) -> Response:
    asks, fields, record = _page_of(visit, draft, section, entry)
    # A form that comes back carries what it knew when it was opened, so that nothing is lost on the next try.
    marks = {name: text for name, text in form.items() if name.startswith(WAS)}
    if conflicts is not None or not marks:
        marks = carried(fields, record)
    at = draft.sections.index(section)
    return visit.page(
        "section.html",
        409 if conflicts is not None or refusal else 200,
        refusal=refusal,
        draft=draft,
        child=child_line(visit, draft.row),
        section=section.code,
        title=visit.words(f"{draft.spec}.section.{section.code}"),
        entry=entry,
        is_new=entry == NEW,
        fields=asked(fields, form, asks, conflicts),
        entries=() if entry else drafts.entry_lines(visit, draft, section),
        has_entries=section.entries is not None and not entry,
        marks=marks,
        both=",".join(conflicts or ()) or form.get(ASKED, ""),
        missing=[
            line
            for line in drafts.missing(draft)
            if line.href.partition("#")[0].startswith(f"{draft.path}/{section.code}")
        ],
        before=draft.sections[at - 1].code if at else "",
        after=draft.sections[at + 1].code if at + 1 < len(draft.sections) else "",
        note=note if note in {"yes", "both", "removed"} else "",
    )


def _conflict(
    visit: Visit, draft: Draft, section: Section, entry: str, *, form: Form, found: Merged
) -> Response:
    """Show what both wrote, side by side; what others wrote elsewhere on the page is filled in already."""
    asks, fields, _ = _page_of(visit, draft, section, entry)
    untouched = tuple(one for one in fields if one.name not in found.conflicts)
    chosen = {name: text for name, text in form.items() if name.startswith(CHOOSE)}
    mine = {name: text for name, text in form.items() if not name.startswith((WAS, CHOOSE))}
    values = nested(found.values)
    filled = {**mine, **typed_from(untouched, values, asks), **chosen}
    refusal = Refusal(
        visit.words("both.summary"),
        visit.words("both.what_now"),
        tuple(
            (visit.words("both.title", what=visit.words(f"{asks.spec}.{name}")), f"choose.{name}")
            for name in found.conflicts
        ),
    )
    return _page(visit, draft, section, entry, filled, refusal=refusal, conflicts=found.conflicts)


def _kept_quietly(
    visit: Visit,
    draft: Draft,
    fields: Sequence[Field],
    mine: Mapping[str, Any],
    path: str,
    *,
    others: bool,
) -> Response:
    """Answer a form that was kept while somebody wrote: the marks of what it shows, which others' words are not."""
    return visit.page(
        "kept.html",
        marks={f"{WAS}{one.name}": print_of(mine[one.name], one) for one in fields},
        path=path,
        when=visit.words.clock(visit.now, visit.zone),
        missing=len(draft.gaps),
        others=others,
    )


def _next(draft: Draft, section: Section, path: str, form: Form, *, from_others: bool) -> str:
    if from_others:
        return f"{path}?kept=both"
    if form.get("act") == "go_on":
        at = draft.sections.index(section) + 1
        inside = path != f"{draft.path}/{section.code}"
        if inside:
            return f"{draft.path}/{section.code}?kept=yes"
        more = draft.sections[at].code if at < len(draft.sections) else ""
        return f"{draft.path}/{more}?kept=yes" if more else f"{draft.path}?kept=yes"
    return f"{path}?kept=yes"


async def _turned(request: Request, find: Find, turns: Mapping[str, Turn]) -> Response:
    def act(visit: Visit, form: Form) -> Response:
        turn = turns.get(form.get("act", ""))
        if turn is None:
            raise NotThere("act")
        draft = find(visit)
        turn(visit, draft, form)
        return to(f"/desk/cases/{draft.case_id}" if form.get("act") != "return" else draft.path)

    def again(visit: Visit, form: Form, refusal: Refusal | None) -> Response:
        return _overview(visit, find(visit), form=form, refusal=refusal)

    return await sent(request, act, again)


def _overview(
    visit: Visit, draft: Draft, *, form: Form | None = None, refusal: Refusal | None = None
) -> Response:
    return visit.page(
        "draft.html",
        409 if refusal else 200,
        refusal=refusal,
        draft=draft,
        child=child_line(visit, draft.row),
        author=visit.name(draft.author),
        pages=drafts.section_lines(visit, draft),
        missing=drafts.missing(draft),
        acts=_acts_of(visit, draft),
        given=form or {},
    )


def _acts_of(visit: Visit, draft: Draft) -> tuple[str, ...]:
    """Return what this person may do with the record as a whole; the service judges it again."""
    if draft.can_write:
        return ("submit",)
    actor, row = visit.actor, draft.row
    waits, roles = _JUDGES[draft.spec]
    judges = actor.has_in(roles, office=row.office, country=row.country)
    is_other = draft.author != actor.person_id
    return ("approve", "return") if draft.status == waits and judges and is_other else ()


def _version(form: Form) -> int:
    text = given(form, "version", 12)
    return int(text) if text.isascii() and text.isdecimal() else 0


def _assessed(act: Callable[..., Any]) -> Turn:
    def turn(visit: Visit, draft: Draft, form: Form) -> None:
        record_id = draft.path.rpartition("/")[2]
        words = (form.get("points", ""),) if act is assessments.return_assessment else ()
        act(
            visit.session, visit.actor, draft.case_id, record_id, *words,
            now=visit.now, expected_version=_version(form),
        )  # fmt: skip

    return turn


def _reported(act: Callable[..., Any]) -> Turn:
    def turn(visit: Visit, draft: Draft, form: Form) -> None:
        words = (form.get("points", ""),) if act is reports.return_report else ()
        act(
            visit.session, visit.actor, draft.case_id, *words,
            now=visit.now, expected_version=_version(form),
        )  # fmt: skip

    return turn


_ASSESSMENT: Final[Mapping[str, Turn]] = {
    "submit": _assessed(assessments.submit_assessment),
    "approve": _assessed(assessments.approve_assessment),
    "return": _assessed(assessments.return_assessment),
}
_REPORT: Final[Mapping[str, Turn]] = {
    "submit": _reported(reports.submit_report),
    "approve": _reported(reports.pass_report),
    "return": _reported(reports.return_report),
}
_JUDGES: Final[Mapping[str, tuple[str, frozenset[Role]]]] = {
    "assess": (AssessmentStatus.PENDING_REVIEW.value, frozenset({Role.SUPERVISOR})),
    "report": (reports.SUBMITTED, frozenset({Role.COORDINATOR})),
}
