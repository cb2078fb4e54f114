"""What the forms of the sitting screen do: one function for each act, each one call of the panel's services."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Final

from api.desk import deciding
from api.desk.forms import day_in, version_of
from api.desk.visit import Visit, given
from api.portal.door import Form
from core.errors import BadInput
from panels.rules.attendance import Movement
from panels.rules.conflicts import Ground
from panels.rules.deferral import Draft, Question
from panels.service import (
    agenda,
    attendance,
    conflicts,
    deferrals,
    sittings,
    voting,
)

Act = Callable[[Visit, str, Form], None]
QUESTIONS: Final = 3


def _moved(movement: Movement) -> Act:
    def act(visit: Visit, sitting_id: str, form: Form) -> None:
        member = given(form, "member", 40)
        attendance.record_movement(
            visit.session, visit.actor, sitting_id, member, movement, now=visit.now
        )

    return act


def _opens(visit: Visit, sitting_id: str, form: Form) -> None:
    sittings.open_sitting(
        visit.session, visit.actor, sitting_id, now=visit.now, expected_version=version_of(form)
    )


def _adjourns(visit: Visit, sitting_id: str, form: Form) -> None:
    del form
    sittings.adjourn_sitting(visit.session, visit.actor, sitting_id, now=visit.now)


def _ends(visit: Visit, sitting_id: str, form: Form) -> None:
    sittings.end_sitting(
        visit.session, visit.actor, sitting_id, now=visit.now, expected_version=version_of(form)
    )


SITTING: Final[Mapping[str, Act]] = {
    "came": _moved(Movement.PRESENT),
    "joined": _moved(Movement.REMOTE),
    "left": _moved(Movement.LEFT),
    "open": _opens,
    "adjourn": _adjourns,
    "end": _ends,
}


def _calls(visit: Visit, item_id: str, form: Form) -> None:
    agenda.call_item(
        visit.session, visit.actor, item_id, now=visit.now, expected_version=version_of(form)
    )


def _deliberates(visit: Visit, item_id: str, form: Form) -> None:
    del form
    agenda.open_deliberation(visit.session, visit.actor, item_id, now=visit.now)


def _declares_none(visit: Visit, item_id: str, form: Form) -> None:
    del form
    conflicts.declare_none(visit.session, visit.actor, item_id, now=visit.now)


def _declares(visit: Visit, item_id: str, form: Form) -> None:
    conflicts.declare_conflict(
        visit.session, visit.actor, item_id, ground=_ground(form), words=given(form, "words"),
        now=visit.now,
    )  # fmt: skip


def _challenges(visit: Visit, item_id: str, form: Form) -> None:
    conflicts.challenge_member(
        visit.session, visit.actor, item_id, given(form, "member", 40), ground=_ground(form),
        words=_needed(form, "words"), now=visit.now,
    )  # fmt: skip


def _rules(visit: Visit, item_id: str, form: Form) -> None:
    del item_id
    conflicts.rule_on_conflict(
        visit.session, visit.actor, given(form, "conflict", 40), upheld=form.get("upheld") == "yes",
        words=_needed(form, "ruling"), now=visit.now, expected_version=version_of(form),
    )  # fmt: skip


def _votes(visit: Visit, item_id: str, form: Form) -> None:
    option = given(form, "option", 40)
    if not option:
        raise BadInput("/option", "choose_or_abstain")
    choice = voting.Choice(
        "" if option == "abstain" else option, given(form, "reason"), given(form, "opinion")
    )
    voting.cast_vote(visit.session, visit.actor, item_id, choice, now=visit.now)


def _another_round(visit: Visit, item_id: str, form: Form) -> None:
    del form
    voting.hold_another_round(visit.session, visit.actor, item_id, now=visit.now)


def _dissents(visit: Visit, item_id: str, form: Form) -> None:
    text = given(form, "dissent") if form.get("act") == "dissent" else ""
    voting.record_dissent(visit.session, visit.actor, item_id, text, now=visit.now)


def _defers(visit: Visit, item_id: str, form: Form) -> None:
    asked = [at for at in range(1, QUESTIONS + 1) if given(form, f"question-{at}")]
    draft = Draft(
        questions=tuple(
            Question(
                given(form, f"question-{at}"),
                given(form, f"owner-{at}", 40),
                _day(form, f"due-{at}"),
            )
            for at in asked
        ),
        interim_care=given(form, "interim_care"),
        interim_care_is_safe=form.get("interim_care_is_safe") == "yes",
    )
    deferrals.defer_item(
        visit.session, visit.actor, item_id, draft, now=visit.now, expected_version=version_of(form)
    )


def _decides(visit: Visit, item_id: str, form: Form) -> None:
    deciding.record(visit, item_id, form, version_of(form))


def _refers(visit: Visit, item_id: str, form: Form) -> None:
    is_safe = form.get("interim_care_is_safe") == "yes"
    voting.refer_to_review_panel(
        visit.session, visit.actor, item_id, interim_care_confirmed=is_safe, now=visit.now
    )


ITEM: Final[Mapping[str, Act]] = {
    "call": _calls,
    "deliberate": _deliberates,
    "no_conflict": _declares_none,
    "conflict": _declares,
    "challenge": _challenges,
    "rule": _rules,
    "vote": _votes,
    "another_round": _another_round,
    "dissent": _dissents,
    "no_dissent": _dissents,
    "defer": _defers,
    "decide": _decides,
    "refer": _refers,
}


def _ground(form: Form) -> Ground:
    try:
        return Ground(form.get("ground", ""))
    except ValueError as error:
        raise BadInput("/ground", "choose_one") from error


def _needed(form: Form, name: str) -> str:
    text = given(form, name)
    if not text:
        raise BadInput(f"/{name}", "words_needed")
    return text


def _day(form: Form, name: str) -> date:
    found = day_in(form, name)
    if found is None:
        raise BadInput(f"/{name}-day", "day_needed")
    return found
