"""What waits around sittings, for the page of my work: each line leads to where it is done."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from api.desk.children import child_line
from api.desk.visit import Visit
from cases.service import files
from panels.service import panel_work
from panels.service.panel_work import Kind, ToDo

PATHS: Final[Mapping[Kind, str]] = {
    Kind.UNDERTAKING: "/desk/seat",
    Kind.ANSWER: "/desk/seat",
    Kind.SIGN_DECISION: "/desk/decisions/{id}",
    Kind.SIGN_MINUTES: "/desk/sittings/{id}/record",
    Kind.PREPARE: "/desk/sittings/{id}/agenda",
    Kind.WRITE_MINUTES: "/desk/sittings/{id}/record",
    Kind.PROPOSAL: "/desk/plans/{id}",
}


@dataclass(frozen=True)
class WorkLine:
    """One thing that waits: what, where it is done, and for a decision which child it is about."""

    what: str
    path: str
    who: str


def lines(visit: Visit) -> tuple[WorkLine, ...]:
    """Return what waits for the reader around sittings."""
    found = panel_work.to_do(visit.session, visit.actor, now=visit.now)
    cases = [one.case_id for one in found if one.case_id]
    rows = files.rows_of(visit.session, visit.actor, cases, now=visit.now) if cases else {}
    said = {case_id: child_line(visit, row).code for case_id, row in rows.items()}
    return tuple(_line(visit, one, said.get(one.case_id, "")) for one in found)


def _line(visit: Visit, one: ToDo, who: str) -> WorkLine:
    words = visit.words
    day = words.weekday(one.at, one.timezone or visit.zone) if one.at else ""
    what = words(
        f"work.panel.{one.kind}", panel=one.panel, day=day,
        cause=words.of("cause", one.cause) if one.cause else "",
    )  # fmt: skip
    return WorkLine(what, PATHS[one.kind].format(id=one.thing_id), who)
