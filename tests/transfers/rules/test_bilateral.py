"""What the bilateral sheet counts, and what it never mixes up."""

from datetime import UTC, date, datetime, timedelta

from cases.rules.indicators import period_of
from transfers.rules.bilateral import Journey, Report, Spans, sheet_of
from transfers.rules.codes import TransferKind

QUARTER = period_of("2026-Q1")
END = datetime(2026, 4, 1, tzinfo=UTC)
SENT = datetime(2026, 2, 2, 8, tzinfo=UTC)
DAY = timedelta(days=1)
FAMILY = TransferKind.FAMILY_REUNIFICATION


def test_an_unanswered_request_is_no_refusal() -> None:
    silent = Journey(FAMILY, True, SENT, acknowledged=SENT + DAY)
    refused = Journey(
        FAMILY, True, SENT, answered=SENT + DAY, accepted=False, declined_for="NO_CAPACITY"
    )
    accepted = Journey(FAMILY, True, SENT, answered=SENT + 3 * DAY, accepted=True)

    found = sheet_of([silent, refused, accepted], QUARTER, until=END)

    assert (found.requests, found.accepted, found.declined, found.unanswered) == (3, 1, 1, 1)
    assert (found.acceptance_percent, found.declined_for) == (50, {"NO_CAPACITY": 1})
    assert found.to_answer == Spans(2, 48.0, 72.0)
    assert found.to_acknowledge == Spans(1, 24.0, 24.0)


def test_what_happened_after_the_period_is_not_in_it() -> None:
    later = Journey(FAMILY, True, SENT, answered=END + DAY, accepted=True)
    before = Journey(FAMILY, False, SENT - 60 * DAY)
    to_come = Journey(FAMILY, True, END + DAY)

    found = sheet_of([later, before, to_come], QUARTER, until=END)

    assert (found.requests, found.enquiries, found.accepted) == (1, 0, 0)
    assert found.unanswered == 2  # the early enquiry and the request answered later
    assert found.acceptance_percent is None


def test_a_request_taken_back_waits_for_no_answer() -> None:
    taken_back = Journey(FAMILY, True, SENT, ended=SENT + DAY)

    assert sheet_of([taken_back], QUARTER, until=END).unanswered == 0


def test_children_are_counted_when_they_were_received_by_kind() -> None:
    family = Journey(
        FAMILY,
        True,
        SENT,
        answered=SENT,
        accepted=True,
        handed_over=SENT + DAY,
        received=SENT + DAY,
    )
    back = Journey(TransferKind.REPATRIATION, True, SENT, received=SENT + DAY)
    on_the_way = Journey(FAMILY, True, SENT, handed_over=SENT + DAY)

    found = sheet_of([family, back, on_the_way], QUARTER, until=END)

    assert found.received == {"family_reunification": 1, "repatriation": 1}
    assert (found.reunified, found.to_handover) == (1, Spans(1, 24.0, 24.0))


def test_reports_are_judged_by_the_day_they_were_due() -> None:
    on_time = Report(date(2026, 3, 10), date(2026, 3, 10), child_seen_alone=True)
    late = Report(date(2026, 3, 20), date(2026, 3, 21), child_seen_alone=False)
    next_quarter = Report(date(2026, 4, 2), date(2026, 3, 30), child_seen_alone=True)
    journey = Journey(FAMILY, True, SENT, reports=(on_time, late, next_quarter))

    found = sheet_of([journey], QUARTER, until=END)

    assert (found.reports_due, found.reports_on_time, found.reports_alone_percent) == (2, 1, 50)


def test_nothing_between_two_countries_is_a_sheet_of_noughts() -> None:
    found = sheet_of([], QUARTER, until=END)

    assert (found.requests, found.unanswered, found.to_answer) == (0, 0, Spans(0))
    assert found.reports_alone_percent is None
