"""The BID report as it is printed: for those who work on it, and as a part of the hearing bundle.

Nothing is scored or ranked: options stand in the order in which they were written. Source: DOM-4.4, DOM-R20, DOM-R50.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlmodel import Session

from cases.rules.assessment_form import InterviewNote
from cases.rules.children import NAME_PARTS
from cases.rules.report_form import OptionNote, ReportForm
from cases.rules.reports import FactorGroup, Part
from cases.service import steps
from cases.service.case_packs import pack_for
from cases.service.files import open_file
from cases.service.report_views import DRAFT, PAPER, read_report
from core.actors import Actor
from core.packs.models import Pack
from core.papers.issuing import Desk, Issued, issue
from core.papers.paper import (
    Block,
    Paper,
    facts,
    heading,
    listing,
    quiet,
    quote,
    strong,
    table,
    text,
)
from core.papers.words import Words, words_in

BLACKED: Final = "█████"
_SHOWN: Final = ("sex", "age_band", "accompaniment", "nationality", "priority", "district")
_BEFORE_TALKS: Final = (
    Part.URGENCY_REASON, Part.HISTORY_BEFORE_SEPARATION, Part.JOURNEY, Part.CURRENT_SITUATION,
)  # fmt: skip
_AFTER_TALKS: Final = (
    Part.FAMILY_VIEWS, Part.GUARDIAN_VIEWS, Part.CARER_VIEWS, Part.CUSTODY_LEGAL,
)  # fmt: skip
_SHORTEST: Final = 2  # signs of a name; shorter ones are parts of too many words


@dataclass(frozen=True)
class Told:
    """One report as it is printed.

    Args:
        words: of the paper.
        child: fields of the child's file, by name.
        form: the report.
        triggers: why a panel decides, in words.
        level: of its headings; one more where it is a part of something.
        blacked: names that are printed as black bars; none in a whole copy.
    """

    words: Words
    child: Mapping[str, Any]
    form: ReportForm
    triggers: tuple[str, ...]
    level: int = 1
    blacked: tuple[str, ...] = ()

    def said(self, written: str) -> str:
        """Return what somebody wrote, names blacked where this copy is without them."""
        if not self.blacked:
            return written
        names = "|".join(re.escape(name) for name in sorted(self.blacked, key=len, reverse=True))
        return re.sub(rf"(?<!\w)(?:{names})(?!\w)", BLACKED, written, flags=re.IGNORECASE)


def printed_report(
    session: Session, actor: Actor, case_id: str, *, language: str, desk: Desk, now: datetime
) -> Issued:
    """Print the newest report of a case; one that is still being written is marked as a draft.

    Raises:
        NotThere: no report, no such case, or not yours.
        NotPrintable, PressFailed: as ``issue`` says.

    Source: DOM-2.2, DOM-R50.
    """
    view = read_report(session, actor, case_id, now=now)
    opened = open_file(session, actor, case_id, now=now, fields=("names", *_SHOWN))
    row = steps.lock(session, case_id)
    pack = pack_for(row, on=now.date())
    words = words_in(language, pack.languages.default)
    child = {
        "child_code": row.child_code, "sex": row.sex, "age_band": row.age_band, "district": row.district,
        "accompaniment": row.accompaniment, "nationality": row.nationality_code, "priority": row.priority,
        **opened.facts,
    }  # fmt: skip
    told = Told(words, child, view.form, triggers_in_words(pack, view.triggers))
    top = [strong(words("report.draft"))] if view.status == DRAFT else []
    paper = Paper(
        kind=PAPER,
        language=words.code,
        title=words("report.title"),
        issuer=pack.title,
        about=words("report.about", code=row.child_code, number=view.no),
        at=view.submitted_at or view.named_at,
        zone=str(pack.calendar(row.office).zone),
        blocks=(*top, *report_blocks(told), quiet(words("as_written"))),
        series=view.id,
        edition=view.version,
    )
    return issue(session, actor, paper, desk, thing_id=view.id, case_id=case_id, now=now)


def triggers_in_words(pack: Pack, triggers: Iterable[str]) -> tuple[str, ...]:
    """Return why a panel decides, in the words of the country."""
    known = {str(code): trigger.text for code, trigger in pack.triggers.items()}
    return tuple(f"{code} {known[code]}" if code in known else code for code in triggers)


def names_in(child: Mapping[str, Any], form: ReportForm) -> tuple[str, ...]:
    """Return every name a report is known to hold: of the child, of who was heard, of interpreters."""
    names = child.get("names") or {}
    found = {word for part in NAME_PARTS for word in str(names.get(part, "")).split()}
    heard = [who for one in form.interviews for who in (one.person, *one.present)]
    heard += [one.interpreter.name for one in form.interviews if one.interpreter]
    found |= {word for who in heard for word in who.split() if word[:1].isupper()}
    return tuple(sorted(name for name in found if len(name) >= _SHORTEST))


def report_blocks(told: Told) -> Iterator[Block]:
    """Write a whole report, part by part in the order of its form."""
    words, form, level = told.words, told.form, told.level
    yield facts(_child(told))
    if told.triggers:
        yield heading(words("report.triggers"), level)
        yield listing(told.triggers)
    yield from _parts(told, _BEFORE_TALKS)
    yield from _interviews(told)
    yield from _parts(told, _AFTER_TALKS)
    yield from _visits(told)
    yield heading(words("report.tracing"), level)
    yield text(words.code_of(form.tracing.value) if form.tracing else words("unknown"))
    if form.tracing_text.strip():
        yield text(told.said(form.tracing_text))
    for option in form.options:
        yield from _option(told, option)
    if form.only_one_because.strip():
        yield quiet(words("report.only_one", reason=told.said(form.only_one_because)))
    yield heading(words("report.factors"), level)
    for group in FactorGroup:
        yield heading(words(f"factor.{group.value}"), level + 1)
        yield text(told.said(form.factors.get(group, "")) or "–")
    yield from _siblings(told)
    yield from _parts(told, (Part.RECOMMENDATION, Part.FOLLOW_UP_PLAN))
    yield text(words("report.recommended", option=form.recommended or "–"))
    yield from _sources(told)


def _child(told: Told) -> Iterator[tuple[str, str]]:
    words, child = told.words, told.child
    names = child.get("names") or {}
    whole = " ".join(str(names.get(part, "")) for part in ("given", "family")).strip()
    yield words("child.code"), str(child["child_code"])
    yield words("child"), BLACKED if told.blacked and whole else whole
    for name in _SHOWN:
        if child.get(name):
            said = (
                words.country(str(child[name]))
                if name == "nationality"
                else words.code_of(child[name])
            )
            yield words(f"child.{name}"), said


def _parts(told: Told, parts: Iterable[Part]) -> Iterator[Block]:
    for part in parts:
        written = told.form.parts.get(part, "")
        reason = told.form.not_consulted.get(part, "")
        if written.strip() or reason.strip():
            yield heading(told.words(f"part.{part.value}"), told.level)
        if written.strip():
            yield text(told.said(written))
        elif reason.strip():
            yield text(told.words("report.not_consulted", reason=told.said(reason)))


def _interviews(told: Told) -> Iterator[Block]:
    words, form = told.words, told.form
    if form.interviews:
        yield heading(words("report.interviews"), told.level)
        heads = (words("when"), words("who"), words("report.where"), words("report.present"))
        yield table(heads, [_interview(told, one) for one in form.interviews], (3, 3, 3, 4))
    if form.no_interview_reason:
        yield text(
            words("report.no_interview", reason=words.code_of(form.no_interview_reason.value))
        )


def _interview(told: Told, one: InterviewNote) -> tuple[str, ...]:
    words = told.words
    other = BLACKED if told.blacked else one.person
    who = words("child") if one.with_child else other
    beside = [BLACKED if told.blacked else name for name in one.present]
    if one.interpreter and one.interpreter.name:
        name = BLACKED if told.blacked else one.interpreter.name
        beside.append(words("report.interpreter", name=name))
    alone = words("report.alone") if one.private else ""
    return words.day(one.held_on), who, told.said(one.place), ", ".join(beside) or alone or "–"


def _visits(told: Told) -> Iterator[Block]:
    words = told.words
    if told.form.home_visits:
        yield heading(words("report.visits"), told.level)
        rows = [
            (words.day(one.visited_on), told.said(one.findings)) for one in told.form.home_visits
        ]
        yield table((words("when"), words("report.found")), rows, (2, 6))


def _option(told: Told, one: OptionNote) -> Iterator[Block]:
    words, said = told.words, told.said
    informed_on = words.day(one.country_information_on) if one.country_information_on else ""
    yield heading(
        words("report.option", ref=one.ref, outcome=words.code_of(one.outcome.value)), told.level
    )
    yield facts((
        (words("country"), words.country(one.destination)),
        (words("care"), words.code_of(one.care) if one.care else ""),
        (words("report.feasible"), words.yes_no(one.feasible)),
        (words("report.pros"), said(one.pros)),
        (words("report.cons"), said(one.cons)),
        (words("report.feasibility"), said(one.feasibility)),
        (words("report.risks"), said(one.risks)),
        (words("report.country_information"), said(one.country_information)),
        (words("report.country_information_on"), informed_on),
    ))  # fmt: skip
    yield heading(words("report.child_on_it"), told.level + 1)
    views = one.views
    if views.words.strip():
        yield quote(said(views.words))
    if views.heard_on or views.method:
        how = words.code_of(views.method.value) if views.method else "–"
        yield quiet(words("report.heard", day=words.day(views.heard_on), how=how))
    if views.reason:
        yield text(words("report.not_heard", reason=words.code_of(views.reason.value)))
    for extra in (views.observation, views.influence_concerns):
        if extra.strip():
            yield text(said(extra))


def _siblings(told: Told) -> Iterator[Block]:
    written = [one.text for one in told.form.siblings if one.text.strip()]
    if written:
        yield heading(told.words("letter.siblings"), told.level)
        yield from (text(told.said(one)) for one in written)


def _sources(told: Told) -> Iterator[Block]:
    words, form = told.words, told.form
    if form.sources:
        yield heading(words("report.sources"), told.level)
        heads = (words("what"), words("when"), words("report.reliability"))
        rows = [
            (told.said(one.what), words.day(one.dated), words.code_of(one.reliability) or "–")
            for one in form.sources
        ]
        yield table(heads, rows, (5, 3, 3))
    if form.sources_missing_because.strip():
        yield quiet(words("report.few_sources", reason=told.said(form.sources_missing_because)))
