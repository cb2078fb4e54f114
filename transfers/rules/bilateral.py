"""The bilateral sheet: what two countries did for children between them in one quarter, each way apart.

Children are told of by counts and spans of time. An unanswered request is shown apart and never as a refusal.

Source: DOM-5.11, DOM-7.3/I9, I13, I16, I17, I22.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from math import ceil
from statistics import median

from cases.rules.indicators import Period
from transfers.rules.codes import TransferKind


@dataclass(frozen=True)
class Report:
    """One follow-up report across the border."""

    due_on: date
    done_on: date
    child_seen_alone: bool


@dataclass(frozen=True)
class Journey:
    """What the record says of one transfer, on days of the country that keeps it.

    Args:
        is_request: a request, else an enquiry.
        sent, acknowledged, answered: moments; ``None`` when it has not happened.
        accepted: the answer, at the time it was given; ``None`` without one.
        declined_for: code of the reason; empty without one.
        handed_over, received: the child was given over, and received.
        reports: follow-up reports that came.
        ended: it is no longer open.
    """

    kind: TransferKind
    is_request: bool
    sent: datetime
    acknowledged: datetime | None = None
    answered: datetime | None = None
    accepted: bool | None = None
    declined_for: str = ""
    handed_over: datetime | None = None
    received: datetime | None = None
    reports: tuple[Report, ...] = ()
    ended: datetime | None = None


@dataclass(frozen=True)
class Spans:
    """How long something took: how many times are known, median and 90th percentile in hours."""

    count: int
    median_hours: float | None = None
    p90_hours: float | None = None


@dataclass(frozen=True)
class Sheet:
    """One way between two countries in one period.

    Args:
        enquiries, requests: sent in the period.
        accepted, declined: answers given in the period, to whatever was sent when.
        acceptance_percent: accepted of answered; ``None`` without an answer.
        declined_for: how often each reason was given.
        unanswered: sent before the end of the period, open at its end, without an answer.
        received: children received in the period, by kind.
        reunified: of these, to live with family (I9).
        to_acknowledge, to_answer, to_handover: from sending, from sending, from acceptance.
        reports_due: follow-up reports whose day lies in the period.
        reports_on_time: of these, done by that day.
        reports_alone_percent: the child was seen alone in so many of a hundred.
    """

    enquiries: int
    requests: int
    accepted: int
    declined: int
    acceptance_percent: int | None
    declined_for: Mapping[str, int]
    unanswered: int
    received: Mapping[str, int]
    reunified: int
    to_acknowledge: Spans
    to_answer: Spans
    to_handover: Spans
    reports_due: int
    reports_on_time: int
    reports_alone_percent: int | None


@dataclass
class _Found:
    enquiries: int = 0
    requests: int = 0
    yes: int = 0
    no: int = 0
    unanswered: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    received: Counter[str] = field(default_factory=Counter)


def sheet_of(journeys: Collection[Journey], period: Period, *, until: datetime) -> Sheet:
    """Count one way between two countries.

    Args:
        journeys: every transfer that way.
        period: days of the country that keeps the record.
        until: the moment the period ends, aware; what happened later is not in the sheet.
    """
    found = _Found()
    for one in journeys:
        _count(found, one, period, until)
    answers = found.yes + found.no
    reports = [
        report
        for one in journeys
        for report in one.reports
        if period.start <= report.due_on < period.until
    ]
    alone = sum(report.child_seen_alone for report in reports)
    return Sheet(
        enquiries=found.enquiries,
        requests=found.requests,
        accepted=found.yes,
        declined=found.no,
        acceptance_percent=round(100 * found.yes / answers) if answers else None,
        declined_for=dict(sorted(found.reasons.items())),
        unanswered=found.unanswered,
        received=dict(sorted(found.received.items())),
        reunified=found.received[TransferKind.FAMILY_REUNIFICATION.value],
        to_acknowledge=_spans((one.sent, one.acknowledged) for one in journeys if _in(one.acknowledged, period)),
        to_answer=_spans((one.sent, one.answered) for one in journeys if _in(one.answered, period)),
        to_handover=_spans(
            (one.answered, one.handed_over)
            for one in journeys
            if one.accepted and _in(one.handed_over, period)
        ),
        reports_due=len(reports),
        reports_on_time=sum(report.done_on <= report.due_on for report in reports),
        reports_alone_percent=round(100 * alone / len(reports)) if reports else None,
    )  # fmt: skip


def _count(found: _Found, one: Journey, period: Period, until: datetime) -> None:
    if _in(one.sent, period):
        found.requests += one.is_request
        found.enquiries += not one.is_request
    if _in(one.answered, period):
        found.yes += one.accepted is True
        found.no += one.accepted is False
        if one.declined_for:
            found.reasons[one.declined_for] += 1
    answered = one.answered is not None and one.answered < until
    ended = one.ended is not None and one.ended < until
    found.unanswered += one.sent < until and not answered and not ended
    if _in(one.received, period):
        found.received[one.kind.value] += 1


def _in(moment: datetime | None, period: Period) -> bool:
    return moment is not None and period.start <= moment.date() < period.until


def _spans(pairs: Iterable[tuple[datetime | None, datetime | None]]) -> Spans:
    hours: Sequence[float] = sorted(
        (done - start).total_seconds() / 3600 for start, done in pairs if start and done
    )
    if not hours:
        return Spans(0)
    return Spans(len(hours), round(median(hours), 1), round(hours[ceil(len(hours) * 0.9) - 1], 1))
