"""What decisions say: the child's note, reasons that read alike, dissent, and brothers and sisters."""

from datetime import timedelta

import pytest
from sqlmodel import Session

from cases.rules.access import Basis
from cases.rules.children import Relation
from cases.rules.reports import Outcome
from cases.service import details
from cases.service.links import link_children
from core.errors import Incomplete, WrongState
from panels.rules.determination import Draft
from panels.rules.outcomes import Destination
from panels.service import (
    agenda,
    child_notes,
    decision_views,
    determinations,
    papers,
    sittings,
    voting,
)
from panels.store import sitting as sitting_store
from tests.builders.decided import (
    DECIDED,
    SIGNED,
    TOLD,
    Decided,
    a_decision,
    in_force,
    recorded,
    seen_by,
    sign,
    voted,
    with_guardian,
)
from tests.builders.own_pack import Says, country
from tests.builders.procedure import Team
from tests.builders.sittings import (
    STARTS,
    Court,
    a_court,
    a_listed_item,
    a_sitting,
    arrive,
    declare,
    in_deliberation,
)
from tests.conftest import NOON

__all__ = ["country"]
DISAGREE = {
    "eng": "If you do not agree",
    "fra": "Si tu n'es pas d'accord",
    "spa": "Si no estás de acuerdo",
    "por": "Se não concordas",
    "swa": "Kama hukubali",
    "sw": "Kama hukubali",
    "som": "Haddii aadan raalli ka ahayn",
    "amh": "ካልተስማሙ",
    "bem": "Nga tausumine",
    "nya": "Ngati sukugwirizana",
    "loz": "Haiba ha u lumelelani",
    "lua": "If you do not agree",  # not ours yet: the country's own language
}
CONFIRMED = {"eng", "fra", "spa", "por", "lua"}
NOT_CONFIRMED = "no native reader has confirmed"


def note_in(session: Session, language: str) -> str:
    """The note for a child who speaks this language."""
    court = voted(session)
    assert court.team is not None
    details.amend_child(
        session, court.team.worker, court.team.case_id, {"languages": [language]}, now=NOON
    )
    guardian = with_guardian(session, court)
    found = determinations.record_determination(
        session, court.secretary, court.item_id, draft_in(language), now=DECIDED
    )
    decided = Decided(court, found, guardian)
    sign(session, decided, "chair", "deputy", "welfare")
    return child_notes.child_note(session, decided.worker, found, now=TOLD)


def draft_in(language: str) -> Draft:
    return a_decision(child_version_language=language)


@pytest.mark.rule("R9")
@pytest.mark.parametrize("language", list(DISAGREE))
def test_the_note_says_how_to_disagree_in_the_childs_language(
    session: Session, language: str
) -> None:
    note, draft = note_in(session, language), draft_in(language)

    assert DISAGREE[language] in note
    assert draft.child_version in note
    assert "116" in note  # the children's helpline
    assert (draft.interim_care in note) is (language != "lua")
    assert (NOT_CONFIRMED in note) is (language not in CONFIRMED)


def test_a_country_whose_native_reader_confirmed_the_sentences_says_nothing_more(
    session: Session, country: Says
) -> None:
    country('[languages]\nconfirmed_child_notes = ["swa"]\n')

    note = note_in(session, "sw")

    assert DISAGREE["sw"] in note
    assert NOT_CONFIRMED not in note


def test_every_language_of_the_page_has_every_sentence_and_they_are_short() -> None:
    tables = {code: one.words for code, one in child_notes.sentences().items()}

    assert {"en", "fr", "es", "pt", "sw", "so", "am", "bem", "ny", "loz"} <= set(tables)
    assert {code for code, words in tables.items() if set(words) != set(tables["en"])} == set()
    assert max(len(text.split()) for words in tables.values() for text in words.values()) <= 24


def two_children(session: Session) -> tuple[Court, list[tuple[str, Team]]]:
    """One sitting with two children on its agenda, everybody there."""
    court = a_sitting(session, a_court(session))
    children = []
    for _ in range(2):
        a_listed_item(session, court)
        assert court.team is not None
        children.append((court.item_id, court.team))
    sittings.convene_sitting(session, court.secretary, court.sitting_id, now=NOON)
    arrive(session, court, *court.people)
    sittings.open_sitting(session, court.people["chair"], court.sitting_id, now=STARTS)
    return court, children


def decide_about(session: Session, court: Court, item_id: str, team: Team) -> str:
    """Hear one child and record what everybody voted for."""
    court.item_id, court.team = item_id, team
    with_guardian(session, court)
    for name in court.people:
        papers.open_papers(session, court.people[name], item_id, now=STARTS)
    declare(session, court, *court.people)
    agenda.call_item(session, court.people["chair"], item_id, now=STARTS)
    agenda.open_deliberation(session, court.people["chair"], item_id, now=STARTS)
    for name in court.people:
        court.vote(session, name)
    return determinations.record_determination(
        session, court.secretary, item_id, a_decision(), now=DECIDED
    )


@pytest.mark.rule("R2")
@pytest.mark.parametrize(("similarity", "flagged"), [("0.8", True), ("1.0", False)])
def test_reasons_copied_from_another_child_are_shown_to_the_chair(
    session: Session, country: Says, similarity: str, *, flagged: bool
) -> None:
    country(f"[panel.batch]\nsimilarity = {similarity}\n")
    court, children = two_children(session)
    first = decide_about(session, court, *children[0])

    second = decide_about(session, court, *children[1])

    flags = [
        row.codes
        for row in sitting_store.events(session, court.sitting_id)
        if row.kind == "reasons_alike"
    ]
    assert flags == ([{"determination": second, "other": first, "percent": 100}] if flagged else [])


@pytest.mark.rule("R18")
def test_a_dissent_reads_the_same_in_every_version_of_a_decision(session: Session) -> None:
    court = in_deliberation(session)
    words = "I would wait for the aunt; nobody has seen her home."
    for round_no in range(2):
        for name in court.people:
            option = "O2" if name == "police" else "O1"
            court.vote(session, name, option, opinion=words, now=DECIDED)
        if round_no == 0:
            voting.hold_another_round(session, court.people["chair"], court.item_id, now=DECIDED)
    guardian = with_guardian(session, court)
    found = determinations.record_determination(
        session, court.secretary, court.item_id, a_decision(), now=DECIDED
    )
    decided = Decided(court, found, guardian)
    sign(session, decided, "chair", "deputy", "welfare")

    corrected = determinations.correct_determination(
        session,
        court.secretary,
        found,
        a_decision(interim_care="Stays with the family of the aunt."),
        reason="The interim care named another family.",
        now=SIGNED,
    )

    for one in (found, corrected):
        seen = decision_views.read_determination(session, decided.coordinator, one, now=SIGNED)
        assert seen.made is not None
        assert [(d.person_id, d.words) for d in seen.made.dissents] == [
            (court.people["police"].person_id, words)
        ]


@pytest.mark.rule("R32")
def test_a_decision_is_not_signed_while_the_sisters_is_silent_about_the_split(
    session: Session,
) -> None:
    sister = in_force(session)
    court = in_deliberation(session)
    for name in court.people:
        court.vote(session, name, "O2", opinion="")
    guardian = with_guardian(session, court)
    assert court.team is not None
    seen_by(session, sister, court.team.worker, Basis.ASSESSOR)
    link_children(
        session,
        court.team.worker,
        court.team.case_id,
        other_id=sister.case_id,
        relation=Relation.SIBLING,
        now=DECIDED,
    )
    split = a_decision(
        option_ref="O2",
        destination=Destination(Outcome.MAINTAIN_CURRENT_CARE, "ZM"),
        sibling_reason="The sisters asked, each alone, to stay where their schools are.",
    )
    found = determinations.record_determination(
        session, court.secretary, court.item_id, split, now=DECIDED
    )
    decided = Decided(court, found, guardian)
    sign(session, decided, "chair", "deputy")
    with pytest.raises(Incomplete) as refused, session.begin_nested():
        sign(session, decided, "welfare")
    assert [gap.code for gap in refused.value.gaps] == ["sibling_decision_silent"]

    sister.determination_id = determinations.correct_determination(
        session,
        sister.court.secretary,
        sister.determination_id,
        a_decision(sibling_reason="Her brother goes another way, as both of them asked."),
        reason="The brother is decided differently now.",
        now=SIGNED,
    )
    sign(session, sister, "chair", "deputy", "welfare")

    assert sign(session, decided, "welfare", now=SIGNED + timedelta(hours=1))


def test_a_signed_decision_gives_the_child_s_note_to_its_guardian(session: Session) -> None:
    decided = in_force(session)

    note = child_notes.child_note(session, decided.guardian, decided.determination_id, now=SIGNED)

    assert "We listened to you." in note


def test_before_enough_members_have_signed_there_is_no_note_for_the_child(session: Session) -> None:
    decided = recorded(session)

    with pytest.raises(WrongState):
        child_notes.child_note(session, decided.worker, decided.determination_id, now=SIGNED)
