"""An assessment or a report as people write it: pages that are kept part by part, and what is still missing.

Drafts live in the record, sealed under the child's key, as the services keep them. Nothing typed is lost, and
nothing others wrote is overwritten silently (``merging``).

Source: DOM-4.3, DOM-4.4.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from api.bodies.assessments import AssessmentChanges, ReportChanges
from api.desk.choices import asking_of
from api.desk.draft_choices import OWN, Known
from api.desk.draft_forms import OF_THE_CASE, REPORT, Section, assessment_sections, place_of
from api.desk.fields import Asking, Field, in_words, is_blank, value_at
from api.desk.reading import checked, nested
from api.desk.visit import Visit
from api.problems.catalogue import gap_sentence
from cases.service import assessments, files, reports
from cases.service.files import CodedRow
from cases.service.forms import plain
from core.errors import Gap, NotThere

OPEN: Final = frozenset({"pending_interview", "pending_recommendation", "draft"})
NEW: Final = "new"


@dataclass(frozen=True)
class Draft:
    """A record at some moment, for whoever reads or writes it.

    Args:
        spec: which of the two, for words.
        record: as JSON values.
        can_write: this person may change it now.
        save: keeps parts of it; one call of the service.
    """

    spec: str
    case_id: str
    path: str
    row: CodedRow
    status: str
    kind: str
    author: str
    record: Mapping[str, Any]
    version: int
    gaps: tuple[Gap, ...]
    points: tuple[str, ...]
    sections: tuple[Section, ...]
    can_write: bool
    save: Callable[[Visit, Mapping[str, Any], int], None]

    def section(self, code: str) -> Section:
        """Return one of its pages.

        Raises:
            NotThere: it has no such page.
        """
        found = next((one for one in self.sections if one.code == code), None)
        if found is None:
            raise NotThere("section")
        return found


@dataclass(frozen=True)
class MissingLine:
    """One thing that is missing, and the address where it is filled in."""

    text: str
    href: str


@dataclass(frozen=True)
class EntryLine:
    """One entry of a list, in words, with its address."""

    text: str
    href: str


@dataclass(frozen=True)
class SectionLine:
    """One page of a record as its overview shows it.

    Args:
        missing: how many things are missing on it.
        told: label and words of what is on file.
    """

    code: str
    title: str
    href: str
    missing: int
    told: tuple[tuple[str, str], ...]
    entries: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]


def assessment_draft(visit: Visit, case_id: str, assessment_id: str) -> Draft:
    """Return an assessment as far as this person may read it.

    Raises:
        NotThere: no such assessment, or not yours.
    """
    view = assessments.read_assessment(
        visit.session, visit.actor, case_id, assessment_id, now=visit.now
    )

    def save(at: Visit, changes: Mapping[str, Any], version: int) -> None:
        body = checked(AssessmentChanges, changes)
        assessments.save_assessment(
            at.session, at.actor, case_id, assessment_id, body.changes(),
            now=at.now, expected_version=version,
        )  # fmt: skip

    return Draft(
        spec="assess",
        case_id=case_id,
        path=f"/desk/cases/{case_id}/assessments/{assessment_id}",
        row=_row(visit, case_id),
        status=view.status,
        kind=view.kind,
        author=view.author,
        record=plain(view.form),
        version=view.version,
        gaps=view.gaps,
        points=view.points,
        sections=assessment_sections(view.kind),
        can_write=view.author == visit.actor.person_id and view.status in OPEN,
        save=save,
    )


def report_draft(visit: Visit, case_id: str) -> Draft:
    """Return the newest report of a case as far as this person may read it.

    Raises:
        NotThere: no report, or not yours.
    """
    view = reports.read_report(visit.session, visit.actor, case_id, now=visit.now)

    def save(at: Visit, changes: Mapping[str, Any], version: int) -> None:
        body = checked(ReportChanges, changes)
        reports.save_report(
            at.session, at.actor, case_id, body.changes(), now=at.now, expected_version=version
        )

    return Draft(
        spec="report",
        case_id=case_id,
        path=f"/desk/cases/{case_id}/report",
        row=_row(visit, case_id),
        status=view.status,
        kind="",
        author=view.assessor,
        record=plain(view.form),
        version=view.version,
        gaps=view.gaps,
        points=tuple(text for kind, text in view.notes if kind == "returned"),
        sections=REPORT,
        can_write=view.assessor == visit.actor.person_id and view.status in OPEN,
        save=save,
    )


def asking(visit: Visit, draft: Draft, section: Section, *, entry: bool = False) -> Asking:
    """Return words and choices of a page of a record.

    Args:
        visit: this page.
        draft: the record.
        section: its page.
        entry: the page of one entry of the list.
    """
    inside = section.entries.name if entry and section.entries is not None else ""
    spec = inside or draft.spec
    kinds = {one.of for one in _fields(section, entry=entry)}
    known = Known(draft.row, draft.record)
    own = {kind: make(visit, known) for kind, make in OWN.items() if kind in kinds}
    return asking_of(visit, spec, own)


def keep(
    visit: Visit, draft: Draft, section: Section, values: Mapping[str, Any], entry: str = ""
) -> str:
    """Keep what was written on one page; everything else stays. Returns the entry, which may be new.

    Raises:
        BadInput: a value that cannot be kept.
        DomainError: as the service says.
    """
    if entry and section.entries is not None:
        name = section.entries.name
        one = _left_out(nested(values), section.entries.optional)
        many = list(value_at(draft.record, name) or ())
        at = _index(entry, many)
        before = many[at] if at < len(many) else {}
        many[at : at + 1] = [{**before, **one}]
        draft.save(visit, {name: [_body_ready(each) for each in many]}, draft.version)
        return str(at + 1)
    draft.save(visit, _over(draft.record, values, section.optional), draft.version)
    return ""


def remove(visit: Visit, draft: Draft, section: Section, entry: str) -> None:
    """Take one entry out of a list."""
    if section.entries is None:
        raise NotThere("entry")
    many = list(value_at(draft.record, section.entries.name) or ())
    at = _index(entry, many)
    if at < len(many):
        del many[at]
        changes = {section.entries.name: [_body_ready(each) for each in many]}
        draft.save(visit, changes, draft.version)


def entry_of(draft: Draft, section: Section, entry: str) -> Any:
    """Return one entry of a list as it is kept; an empty one where there is none."""
    if section.entries is None:
        raise NotThere("entry")
    many = value_at(draft.record, section.entries.name) or ()
    at = _index(entry, many)
    return many[at] if at < len(many) else {}


def missing(draft: Draft) -> tuple[MissingLine, ...]:
    """Return what is missing before it may be handed in, each with the place where it is filled."""
    return tuple(MissingLine(gap_sentence(gap), _href(draft, gap)) for gap in draft.gaps)


def section_lines(visit: Visit, draft: Draft) -> tuple[SectionLine, ...]:
    """Return every page of a record with what is on file."""
    lacking = [place_of(gap).section for gap in draft.gaps]
    return tuple(
        SectionLine(
            code=section.code,
            title=visit.words(f"{draft.spec}.section.{section.code}"),
            href=f"{draft.path}/{section.code}",
            missing=lacking.count(section.code),
            told=_told(section.fields, draft.record, asking(visit, draft, section)),
            entries=_entries(visit, draft, section),
        )
        for section in draft.sections
    )


def entry_lines(visit: Visit, draft: Draft, section: Section) -> tuple[EntryLine, ...]:
    """Return the entries of a list in words, each with its address."""
    if section.entries is None:
        return ()
    asks = asking(visit, draft, section, entry=True)
    titled = [one for one in section.entries.fields if one.name in section.entries.title]
    found = []
    for at, one in enumerate(value_at(draft.record, section.entries.name) or (), start=1):
        words = [text for field in titled if (text := in_words(field, one.get(field.name), asks))]
        text = ", ".join(words) or visit.words("entry.untitled", number=at)
        found.append(EntryLine(text, f"{draft.path}/{section.code}/{at}"))
    return tuple(found)


def _entries(
    visit: Visit, draft: Draft, section: Section
) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    if section.entries is None:
        return ()
    asks = asking(visit, draft, section, entry=True)
    many = value_at(draft.record, section.entries.name) or ()
    titles = entry_lines(visit, draft, section)
    return tuple(
        (title.text, _told(section.entries.fields, one, asks))
        for title, one in zip(titles, many, strict=True)
    )


def _told(fields: Sequence[Field], record: Any, asks: Asking) -> tuple[tuple[str, str], ...]:
    told = (
        (asks.words(f"{asks.spec}.{one.name}"), in_words(one, value_at(record, one.name), asks))
        for one in fields
    )
    return tuple((label, text) for label, text in told if text)


def _fields(section: Section, *, entry: bool) -> tuple[Field, ...]:
    return section.entries.fields if entry and section.entries is not None else section.fields


def _href(draft: Draft, gap: Gap) -> str:
    place = place_of(gap)
    if place.section == OF_THE_CASE:
        case = f"/desk/cases/{draft.case_id}"
        return f"{case}/acts/{place.field}" if place.field else case
    entry = _entry_number(draft, place.section, place.entry)
    page = f"{draft.path}/{place.section}{entry}"
    return f"{page}#{place.field}" if place.field else page


def _entry_number(draft: Draft, section: str, entry: str) -> str:
    """Return the part of an address for an entry: talks are named by number, options by their reference."""
    if section != "options" or not entry:
        return f"/{entry}" if entry else ""
    refs = [one["ref"] for one in draft.record["options"]]
    return f"/{refs.index(entry) + 1}" if entry in refs else ""


def _index(entry: str, many: Sequence[Any]) -> int:
    if entry == NEW:
        return len(many)
    if not (entry.isascii() and entry.isdecimal() and 0 < len(entry) < 4 and int(entry)):  # noqa: PLR2004  no list is longer
        raise NotThere("entry")
    return min(int(entry) - 1, len(many))


def _over(
    record: Mapping[str, Any], values: Mapping[str, Any], optional: Sequence[str]
) -> dict[str, Any]:
    """Return the parts of a record that a page touches, with what the page does not ask left as it was."""
    new = _left_out(nested(values), optional)
    return {
        name: {**record[name], **value}
        if isinstance(value, dict) and isinstance(record.get(name), Mapping)
        else value
        for name, value in new.items()
    }


def _left_out(values: dict[str, Any], optional: Sequence[str]) -> dict[str, Any]:
    """Leave out parts in which nothing was written, and blank values the body has words of its own for."""
    for name in optional:
        part = values.get(name)
        if isinstance(part, dict) and all(is_blank(one) for one in part.values()):
            values[name] = None
    return _body_ready(values)


def _body_ready(values: dict[str, Any]) -> dict[str, Any]:
    """Return values as bodies take them: an empty choice of a code that is text is left to the body."""
    return {
        name: _body_ready(value) if isinstance(value, dict) else value
        for name, value in values.items()
        if not (value is None and name in _TEXT_CODES)
    }


_TEXT_CODES: Final = frozenset(
    {"interpreter_id", "tie", "care", "facility", "owner", "recommended"}
)


def _row(visit: Visit, case_id: str) -> CodedRow:
    found = files.rows_of(visit.session, visit.actor, [case_id], now=visit.now).get(case_id)
    if found is None:
        raise NotThere("case")
    return found
