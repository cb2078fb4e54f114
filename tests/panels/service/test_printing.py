"""The panel's papers: each says what its record says, for whoever may read the record, and nothing else."""

import io
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session

from cases.rules.attachments import FileKind, Sensitivity
from cases.rules.report_form import AttachmentNote
from cases.service import attachments, reports
from cases.service.attachments import NewAttachment
from cases.service.forms import plain
from core.actors import Role
from core.audit import recorded
from core.errors import NotThere, WrongState
from core.papers.issuing import Issued, Standing, _plain, check
from core.papers.press import the_press
from panels.rules.conflicts import Ground
from panels.rules.items import Invited
from panels.service import conflicts, listing, minutes, sittings
from panels.service.agenda import withdraw_item
from panels.service.listing import Invitation
from panels.service.printing import agenda, bundle, child_page, letter
from panels.service.printing import minutes as printed
from tests.builders.assessments import a_report
from tests.builders.cases import a_person
from tests.builders.decided import SIGNED, TOLD, Decided, in_force
from tests.builders.decided import recorded as decided_only
from tests.builders.papers import ADDRESS, AT, a_desk, a_paper, words_on
from tests.builders.procedure import a_case_at_report
from tests.builders.sittings import STARTS, Court, a_court, a_sitting, convened, opened
from tests.conftest import NOON

DESK = a_desk()
INVITED = (Invitation(Invited.GUARDIAN), Invitation(Invited.INTERPRETER))
PRINT: dict[str, Any] = {"language": "en", "desk": DESK}


def a_letter(session: Session, decided: Decided, **given: Any) -> Issued:
    return letter.decision_letter(
        session, decided.guardian, decided.determination_id, **(PRINT | {"now": SIGNED} | given)
    )


def ended(session: Session) -> Decided:
    decided = in_force(session)
    sittings.end_sitting(
        session, decided.court.people["chair"], decided.court.sitting_id, now=SIGNED
    )
    return decided


def drafted(session: Session, decided: Decided) -> str:
    court = decided.court
    return minutes.draft_minutes(session, court.secretary, court.sitting_id, now=SIGNED)


def signed(session: Session, decided: Decided) -> str:
    found = drafted(session, decided)
    court = decided.court
    read = minutes.read_minutes(session, court.secretary, court.sitting_id, now=SIGNED)[0]
    for person in (court.people["chair"], court.secretary):
        minutes.sign_minutes(session, person, found, content_hash=read.content_hash, now=SIGNED)
    return found


@pytest.mark.rule("R9")
def test_the_letter_says_what_was_decided_why_and_how_to_disagree(session: Session) -> None:
    decided = in_force(session)

    shown = words_on(a_letter(session, decided).content)

    for words in (
        "Amani", "Care placement", "Why", "What the child said", "If you do not agree", "may appeal to",
        "Who can be called", decided.row(session).content_hash,
    ):  # fmt: skip
        assert words in shown


@pytest.mark.rule("R14")
def test_the_letter_is_the_same_for_everybody_and_names_no_member(session: Session) -> None:
    decided = in_force(session)

    for_guardian = a_letter(session, decided)
    for_chair = letter.decision_letter(
        session, decided.court.people["chair"], decided.determination_id, now=TOLD, **PRINT
    )

    assert for_guardian == for_chair


def test_a_letter_in_french_keeps_what_people_wrote(session: Session) -> None:
    decided = in_force(session)

    shown = words_on(a_letter(session, decided, language="fr").content)

    assert "Ce qui a été décidé" in shown
    assert "The family is known" in shown
    assert "imprimé dans la langue" in shown


def test_no_letter_before_everybody_signed_and_none_for_a_stranger(session: Session) -> None:
    decided = decided_only(session)
    stranger = a_person(Role.CASEWORKER, office="ZM-99")

    with pytest.raises(WrongState):
        a_letter(session, decided)
    with pytest.raises(NotThere):
        letter.decision_letter(session, stranger, decided.determination_id, now=SIGNED, **PRINT)


@pytest.mark.rule("R50")
def test_printing_a_letter_is_on_record(session: Session) -> None:
    decided = in_force(session)
    one = a_letter(session, decided)

    rows = [entry for entry in recorded(session) if entry.action == "paper.printed"]

    assert [(row.person_id, row.case_id) for row in rows] == [
        (decided.guardian.person_id, decided.case_id)
    ]
    assert one.code in rows[0].detail


@pytest.mark.rule("R22")
def test_papers_of_a_decision_that_was_set_aside_are_superseded_at_once(session: Session) -> None:
    from panels.service import decision_rows

    decided = in_force(session)
    one = a_letter(session, decided)
    assert check(session, one.code).standing is Standing.GENUINE

    decision_rows.end(session, decided.row(session), decision_rows.SET_ASIDE, now=TOLD)

    assert check(session, one.code).standing is Standing.SUPERSEDED
    again = a_letter(session, decided, now=TOLD)
    assert "counts no more" in words_on(again.content)
    assert check(session, again.code).standing is Standing.SUPERSEDED


def test_papers_of_a_sitting_that_is_called_off_count_no_more_printed_again_or_not(
    session: Session,
) -> None:
    court = convened(session)

    def prints() -> list[Issued]:
        return [
            agenda.printed_agenda(session, court.secretary, court.sitting_id, now=NOON, **PRINT),
            a_bundle(session, court, "police", now=NOON),
        ]

    before = prints()
    genuine = {check(session, one.code).standing for one in before}
    sittings.cancel_sitting(session, court.secretary, court.sitting_id, "flood", now=NOON)
    after = {check(session, one.code).standing for one in before}
    again = agenda.printed_agenda(session, court.secretary, court.sitting_id, now=NOON, **PRINT)

    assert genuine == {Standing.GENUINE}
    assert after == {Standing.SUPERSEDED}
    assert check(session, again.code).standing is Standing.SUPERSEDED


def test_an_agenda_or_bundle_that_changed_is_superseded_at_once(session: Session) -> None:
    court = convened(session)
    listed = agenda.printed_agenda(session, court.secretary, court.sitting_id, now=NOON, **PRINT)
    mine = a_bundle(session, court, "police", now=NOON)
    whole = {check(session, one.code).standing for one in (listed, mine)}

    withdraw_item(session, court.secretary, court.item_id, "papers incomplete", now=NOON)

    assert whole == {Standing.GENUINE}
    for one in (listed, mine):
        assert check(session, one.code).standing is Standing.SUPERSEDED
    again = agenda.printed_agenda(session, court.secretary, court.sitting_id, now=NOON, **PRINT)
    assert check(session, again.code).standing is Standing.GENUINE


def test_an_agenda_that_stands_as_it_did_stays_genuine(session: Session) -> None:
    court = convened(session)
    one = agenda.printed_agenda(session, court.secretary, court.sitting_id, now=NOON, **PRINT)

    a_bundle(session, court, "police", now=NOON)

    assert check(session, one.code).standing is Standing.GENUINE


@pytest.mark.rule("R9")
def test_the_child_gets_a_page_in_its_language_and_large(session: Session) -> None:
    decided = in_force(session)

    one = child_page.child_page(
        session, decided.worker, decided.determination_id, desk=DESK, now=SIGNED
    )

    shown = words_on(one.content)
    assert one.language == "sw"
    assert "Uamuzi kuhusu wewe" in shown
    assert "You can live with your family" in shown
    assert "116" in shown
    assert "Confidential" not in shown


@pytest.mark.rule("R49")
def test_agenda_and_minutes_name_children_by_code_alone(session: Session) -> None:
    decided = ended(session)
    court = decided.court

    papers = (
        agenda.printed_agenda(session, court.secretary, court.sitting_id, now=SIGNED, **PRINT),
        printed.printed_minutes(
            session, court.secretary, signed(session, decided), now=SIGNED, **PRINT
        ),
    )

    for one in papers:
        shown = words_on(one.content)
        assert "Amani" not in shown
        assert "Africa/Lusaka" in shown


@pytest.mark.rule("R22")
def test_signed_minutes_are_printed_with_seal_and_signatures_and_a_draft_says_so(
    session: Session,
) -> None:
    decided = ended(session)
    court = decided.court
    found = drafted(session, decided)
    draft = printed.printed_minutes(session, court.secretary, found, now=SIGNED, **PRINT)
    assert "DRAFT" in words_on(draft.content)

    read = minutes.read_minutes(session, court.secretary, court.sitting_id, now=SIGNED)[0]
    for person in (court.people["chair"], court.secretary):
        minutes.sign_minutes(session, person, found, content_hash=read.content_hash, now=SIGNED)
    whole = printed.printed_minutes(session, court.secretary, found, now=SIGNED, **PRINT)

    shown = words_on(whole.content)
    assert "DRAFT" not in shown
    assert read.content_hash in shown
    assert check(session, draft.code).standing is Standing.SUPERSEDED
    assert check(session, whole.code).standing is Standing.GENUINE


@pytest.mark.rule("R14")
def test_a_recused_member_gets_copies_without_that_item(session: Session) -> None:
    court = opened(session)
    words = {"ground": Ground.RELATIVE, "words": "My niece."}
    conflicts.declare_conflict(session, court.people["police"], court.item_id, now=STARTS, **words)
    sittings.end_sitting(session, court.secretary, court.sitting_id, now=SIGNED)
    found = minutes.draft_minutes(session, court.secretary, court.sitting_id, now=SIGNED)
    assert court.team is not None
    from cases.service import steps

    code = steps.lock(session, court.team.case_id).child_code
    who, other = court.people["police"], court.people["school"]

    mine = words_on(printed.printed_minutes(session, who, found, now=SIGNED, **PRINT).content)
    theirs = words_on(printed.printed_minutes(session, other, found, now=SIGNED, **PRINT).content)
    listed = words_on(
        agenda.printed_agenda(session, who, court.sitting_id, now=SIGNED, **PRINT).content
    )

    assert code in theirs
    assert code not in mine
    assert code not in listed
    with pytest.raises(NotThere):
        a_bundle(session, court, "police")


def a_bundle(session: Session, court: Court, name: str, **given: Any) -> Issued:
    values = {"without_names": False, "folder": Path("nowhere"), "now": STARTS} | given
    return bundle.hearing_bundle(session, court.people[name], court.sitting_id, **(PRINT | values))


@pytest.mark.rule("R16", "R50")
def test_a_bundle_is_one_members_own_and_opens_the_papers_of_each_item(session: Session) -> None:
    court = opened(session)

    mine, other = a_bundle(session, court, "police"), a_bundle(session, court, "school")

    assert mine.code != other.code
    shown = words_on(mine.content)
    assert "Index" in shown
    assert "I want to live with my aunt" in shown
    opened_by = [
        entry.person_id for entry in recorded(session) if entry.action == "sitting.papers_opened"
    ]
    assert opened_by == [court.people[name].person_id for name in ("police", "school")]


def test_a_copy_without_names_blacks_out_those_the_file_knows(session: Session) -> None:
    court = opened(session)

    whole = words_on(a_bundle(session, court, "school").content)
    blacked = words_on(a_bundle(session, court, "school", without_names=True).content)

    assert "Amani" in whole
    assert "Amani" not in blacked
    assert "█" in blacked


def with_files(session: Session, folder: Path, *files: tuple[str, bytes]) -> Court:
    """A sitting on a case whose report has these files."""
    court = a_sitting(session, a_court(session))
    team = a_case_at_report(session)
    notes = []
    for media, data in files:
        new = NewAttachment(FileKind.HOME_STUDY, Sensitivity.RESTRICTED, media, "A study")
        made = attachments.announce_attachment(session, team.worker, team.case_id, new, now=NOON)
        attachments.receive_chunk(
            session, team.worker, team.case_id, made, folder=folder, data=data, is_last=True,
            largest=10**7, now=NOON,
        )  # fmt: skip
        notes.append(AttachmentNote(made, "home_study", "res"))
    form = plain(a_report(attachments=tuple(notes)))
    reports.save_report(session, team.assessor, team.case_id, form, now=NOON)
    reports.submit_report(session, team.assessor, team.case_id, now=NOON)
    reports.pass_report(session, team.coordinator, team.case_id, now=NOON)
    court.team = team
    court.item_id = listing.list_case(
        session, court.secretary, court.sitting_id, team.case_id, invited=INVITED, now=NOON
    )
    sittings.convene_sitting(session, court.secretary, court.sitting_id, now=NOON)
    return opened(session, court=court)


def test_files_of_a_report_are_drawn_behind_it_with_pages_numbered_through(
    session: Session, tmp_path: Path
) -> None:
    study = the_press().typeset(
        "paper", _plain(a_paper(title="The house of the aunt"), "A" * 12, ADDRESS), at=AT
    )
    png = _a_png()
    court = with_files(
        session, tmp_path, ("application/pdf", study), ("image/png", png), ("application/pdf", b"%PDF-broken"),
    )  # fmt: skip

    one = a_bundle(session, court, "school", folder=tmp_path)

    from pikepdf import Pdf

    with Pdf.open(io.BytesIO(one.content)) as document:
        pages = len(document.pages)
        assert "/JavaScript" not in str(document.Root)
    shown = words_on(one.content)
    assert f"Page {pages} / {pages}" in shown
    assert "File 1: Home study, page 1 of 1" in shown
    assert "File 2: Home study, page 1 of 1" in shown
    assert "cannot be printed here" in shown
    kinds = {entry.action for entry in recorded(session)}
    assert "attachment.printed" in kinds


def test_files_beyond_the_bytes_of_a_bundle_are_named_and_not_drawn(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    png = _a_png()
    court = with_files(session, tmp_path, ("image/png", png), ("image/png", png))
    monkeypatch.setattr(bundle, "MOST_BYTES", len(png))

    by_size = words_on(a_bundle(session, court, "school", folder=tmp_path).content)
    monkeypatch.setattr(bundle, "MOST_PICTURES", 1)
    by_pictures = words_on(a_bundle(session, court, "police", folder=tmp_path).content)

    assert "File 1: Home study, page 1 of 1" in by_size
    assert "File 2: Home study, page 1 of 1" not in by_size
    assert by_size.count("cannot be printed here") == 1
    assert by_pictures.count("cannot be printed here") == 2


def test_files_are_not_in_a_copy_without_names(session: Session, tmp_path: Path) -> None:
    court = with_files(session, tmp_path, ("image/png", _a_png()))

    shown = words_on(
        a_bundle(session, court, "school", folder=tmp_path, without_names=True).content
    )

    assert "File 1" not in shown


def _a_png() -> bytes:
    import base64

    from core.papers.press_child import _png

    return base64.b64decode(_png(4, 4, [bytes(12)] * 4))
