"""An answer form goes out on paper and comes back as a photograph: read as a proposal, confirmed by a second person."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session

from core.actors import Actor, Role
from core.errors import NotThere, WrongState
from core.papers.codes import SIGNS, read_code
from core.papers.issuing import Issued, Standing, check
from core.papers.press import the_press
from core.papers.sheet import Mark
from tests.builders.cases import a_caseworker, a_person_of_the_country
from tests.builders.filled_in import as_jpeg, as_pdf, drawn, photographed, ticked
from tests.builders.guests import Abroad
from tests.builders.papers import ADDRESS, a_desk, words_on
from tests.conftest import NOON
from transfers.errors import AnswerFormRefused, SecondOfficerNeeded
from transfers.rules.answer_sheets import Fault, PaperAnswer
from transfers.rules.codes import MessageType
from transfers.rules.guests import ReplyState, SetAside
from transfers.service import answer_forms, messages, paper_answers, paper_scans, record
from transfers.service.bodies import Ack, EnquiryReply, Office
from transfers.service.guest_answers import Paper
from transfers.service.paper_scans import ReadPaper

ON_ONE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
YES = EnquiryReply(answer="positive", text="The aunt is ready to receive her.", family="confirmed")
SEEN = Ack(handled_by="NA.paper", office=Office(office="Ministry", role="A17"), complete=True)


class Post:
    """An enquiry on its way to a country without an installation, and the form that goes with it."""

    def __init__(self, session: Session, folder: Path) -> None:
        self.session, self.folder = session, folder
        self.abroad = Abroad(session)
        self.transfer_id = self.abroad.transfer_id
        self.printer, self.third = self.abroad.third, a_person_of_the_country(Role.SECRETARIAT)

    def form(self, language: str = "en") -> Issued:
        return answer_forms.printed_form(
            self.session, self.printer, self.transfer_id, language=language, desk=a_desk(), now=NOON
        )

    def filled(self, form: Issued, *names: str, **look: Any) -> bytes:
        sheet = answer_forms.laid_out()["E1"]
        return as_jpeg(photographed(ticked(drawn(form.content), sheet, names), **look))

    def read(self, content: bytes) -> ReadPaper:
        return paper_scans.read_file(Paper("answer.jpg", content), the_press(), None)

    def take(self, came: ReadPaper) -> str:
        return paper_answers.bring(
            self.session, self.third, self.transfer_id, came, address=ADDRESS, folder=self.folder,
            now=NOON,
        )  # fmt: skip

    def bring(self, content: bytes, *, actor: Actor | None = None, typed: str = "") -> str:
        return paper_answers.bring(
            self.session, actor or self.third, self.transfer_id, self.read(content),
            typed_code=typed, address=ADDRESS, folder=self.folder, now=NOON,
        )  # fmt: skip

    def refused(self, content: bytes, **named: Any) -> set[str]:
        with pytest.raises(AnswerFormRefused) as refusal:
            self.bring(content, **named)
        return {gap.code for gap in refusal.value.gaps}


def as_if(read: ReadPaper, **changes: Any) -> ReadPaper:
    """The same paper, had it been read otherwise."""
    return replace(read, filled=replace(read.filled, **changes))


@pytest.fixture
def post(session: Session, tmp_path: Path) -> Post:
    """The mail room of the secretariat."""
    return Post(session, tmp_path)


@pytest.mark.rule("R34", "R36")
def test_a_photographed_answer_becomes_a_proposal_and_only_a_person_makes_it_an_answer(
    post: Post,
) -> None:
    form = post.form()
    came = post.bring(
        post.filled(
            form, "answer:yes-to-enquiry", "family:confirmed", turn=-8, tilt=0.03, shadow=0.5
        )
    )

    found = paper_answers.read_answer(post.session, post.third, came, now=NOON)
    before = record.seen(post.session, post.third, post.transfer_id, now=NOON).state
    state = paper_answers.confirm(
        post.session, post.third, came, MessageType.ENQUIRY_REPLY, YES, now=NOON
    )
    said = messages.list_messages(post.session, post.third, post.transfer_id, now=NOON)[-1]

    assert found.proposal.answer is PaperAnswer.YES_TO_ENQUIRY
    assert found.proposal.values == {"family": ("confirmed",)}
    assert found.proposal.doubts == ()
    assert before == "sent"
    assert state == "answered_positive"
    assert (said.type, said.is_ours, said.body) == (MessageType.ENQUIRY_REPLY, False, YES)
    assert check(post.session, form.code).standing is Standing.SUPERSEDED
    scan = paper_answers.open_scan(post.session, post.third, came, folder=post.folder, now=NOON)
    assert b"".join(scan.pieces)[:2] == b"\xff\xd8"
    with pytest.raises(WrongState):
        paper_answers.confirm(
            post.session, post.third, came, MessageType.ENQUIRY_REPLY, YES, now=NOON
        )


@ON_ONE
def test_the_form_is_printed_in_the_language_of_whoever_answers_with_every_box_beside_its_words(
    post: Post,
) -> None:
    english, french = words_on(post.form().content), words_on(post.form("fr").content)

    assert "We answer yes" in english
    assert "Nous répondons oui" in french
    assert "form 1" in english


@ON_ONE
@pytest.mark.rule("R36", "R44")
def test_nobody_answers_for_the_other_country_alone(post: Post) -> None:
    came = post.bring(post.filled(post.form(), "answer:no-to-enquiry"))
    office = post.abroad.office

    for alone in (post.printer, office.writer, office.head):
        with pytest.raises(SecondOfficerNeeded):
            paper_answers.confirm(
                post.session, alone, came, MessageType.ENQUIRY_REPLY, YES, now=NOON
            )

    assert record.seen(post.session, post.third, post.transfer_id, now=NOON).state == "sent"


@ON_ONE
@pytest.mark.threat("TT20")
def test_a_form_counts_once_and_a_copy_with_another_answer_is_refused(post: Post) -> None:
    form = post.form()
    yes = post.read(post.filled(form, "answer:yes-to-enquiry"))
    no = as_if(yes, boxes={"answer:no-to-enquiry": Mark.TICKED})
    came = post.take(yes)

    with pytest.raises(AnswerFormRefused) as waiting:
        post.take(no)
    paper_answers.set_aside(post.session, post.third, came, SetAside.MISTAKE, now=NOON)
    again = post.take(no)
    paper_answers.confirm(post.session, post.third, again, MessageType.ACK, SEEN, now=NOON)
    with pytest.raises(AnswerFormRefused) as confirmed:
        post.take(yes)
    next_form = post.form()

    assert waiting.value.gaps[0].code == "form_here_already"
    assert confirmed.value.gaps[0].code == "form_confirmed"
    assert next_form.code != form.code
    assert "form 3" in words_on(next_form.content)
    assert post.take(as_if(no, code=f"{ADDRESS}/check/{next_form.code}"))
    brought = paper_answers.list_of(post.session, post.third, post.transfer_id, now=NOON)
    states = [ReplyState.CONFIRMED, ReplyState.SET_ASIDE, ReplyState.WAITING]
    assert sorted(one.state for one in brought) == states


@ON_ONE
def test_a_form_that_counts_no_more_or_belongs_elsewhere_is_refused_in_words(post: Post) -> None:
    form = post.form()
    filled = post.filled(form, "answer:yes-to-enquiry")
    elsewhere = Abroad(post.session, is_first=False)
    read = post.read(filled)

    def brought(to: str, **named: Any) -> str:
        with pytest.raises(AnswerFormRefused) as refusal:
            paper_answers.bring(
                post.session, post.third, to, named.pop("read", read), folder=post.folder, now=NOON,
                **({"address": ADDRESS} | named),
            )  # fmt: skip
        return refusal.value.gaps[0].code

    hidden = as_if(read, code="")
    known = next(found for sign in SIGNS if (found := read_code("23456789ABC" + sign)))

    assert brought(elsewhere.transfer_id) == "form_of_another_transfer"
    assert brought(post.transfer_id, read=as_if(read, sheet="R1")) == "form_mixed"
    assert brought(post.transfer_id, read=hidden) == "form_code_not_read"
    assert brought(post.transfer_id, typed_code="2222-2222-2222") == "form_code_differs"
    for address, refusal in (
        (ADDRESS, "form_unknown"),
        ("https://bid.example.na", "form_of_another"),
    ):
        strange = as_if(read, code=f"{address}/check/{known}")
        assert brought(post.transfer_id, read=strange) == refusal
    assert paper_answers.bring(
        post.session, post.third, post.transfer_id, hidden, typed_code=form.code, address=ADDRESS,
        folder=post.folder, now=NOON,
    )  # fmt: skip


@ON_ONE
def test_an_enquiry_answered_another_way_or_over_takes_no_form_any_more(post: Post) -> None:
    form = post.form()
    filled = post.filled(form, "answer:yes-to-enquiry")
    first = post.bring(filled)
    paper_answers.set_aside(post.session, post.third, first, SetAside.MISTAKE, now=NOON)
    office = post.abroad.office
    office.say(post.transfer_id, MessageType.WITHDRAW, now=NOON)

    assert post.refused(filled) == {"form_answered"}
    assert check(post.session, form.code).standing is Standing.SUPERSEDED
    with pytest.raises(WrongState):
        post.form()


@ON_ONE
def test_both_boxes_ticked_is_said_and_proposes_nothing(post: Post) -> None:
    came = post.bring(post.filled(post.form(), "answer:yes-to-enquiry", "answer:no-to-enquiry"))

    found = paper_answers.read_answer(post.session, post.third, came, now=NOON)

    assert found.proposal.answer is None
    assert [one.fault for one in found.proposal.doubts] == [Fault.SEVERAL_ANSWERS]


@ON_ONE
@pytest.mark.rule("R50")
def test_who_may_not_see_the_transfer_learns_nothing_of_a_form(post: Post) -> None:
    filled = post.filled(post.form(), "answer:yes-to-enquiry")
    came = post.bring(filled)
    stranger = a_caseworker("ZM-99")

    for act in (
        lambda: post.bring(filled, actor=stranger),
        lambda: paper_answers.read_answer(post.session, stranger, came, now=NOON),
        lambda: paper_answers.open_picture(
            post.session, stranger, came, folder=post.folder, now=NOON
        ),
        lambda: paper_answers.list_of(post.session, stranger, post.transfer_id, now=NOON),
    ):
        with pytest.raises(NotThere):
            act()


@ON_ONE
def test_a_scan_as_pdf_is_read_and_two_forms_in_one_are_not(post: Post) -> None:
    form = post.form()
    page = ticked(drawn(form.content), answer_forms.laid_out()["E1"], ["answer:ask"], hand="check")

    found = paper_scans.proposal_of(post.read(as_pdf(page)).filled, now=NOON + timedelta(days=1))
    with pytest.raises(AnswerFormRefused) as refusal:
        post.read(as_pdf(page, page))

    assert found.answer is PaperAnswer.ASK
    assert refusal.value.gaps[0].code == "form_several_sheets"
