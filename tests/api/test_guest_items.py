"""The pages of one item: reading, downloading, answering, sending papers, and what the officers make of it."""

import re
from typing import Any

import pytest
from fastapi import FastAPI
from httpx2 import Response

from api import guest_pages
from api.dependencies import signed_in
from api.portal.forms import FORMS, Kind
from api.portal.papers import read_form
from api.portal.words import spoken
from core.accounts.authenticate import Signed
from core.actors import Actor
from core.db import Database
from tests.api.guest_pages import GUESS, Marked, Reader, token_in
from tests.conftest import NOON
from transfers.rules.codes import MessageType
from transfers.service import guests
from transfers.service.bodies import Accept, FollowUpReport
from transfers.service.guest_reading import Visitor
from transfers.service.guests import Identity
from transfers.store import guests as store

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
PDF = b"%PDF-1.7\r\n1 0 obj\n<<>>\nendobj\rstartxref\n9\n%%EOF\n"
NASTY = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Answers at the door leave at once; when they leave is tested elsewhere."""
    monkeypatch.setattr(guest_pages, "FLOOR_SECONDS", 0.001)


@pytest.fixture
def reader(app: FastAPI, database: Database) -> Reader:
    """Somebody abroad with an item, at a browser."""
    return Reader(app, database)


def _officer(app: FastAPI, who: Actor) -> None:
    app.dependency_overrides[signed_in] = lambda: Signed(who, None, None)


def test_a_recipient_reads_the_summary_says_that_it_came_and_answers(reader: Reader) -> None:
    token = reader.come()
    page = reader.client.get(reader.at)
    form = reader.client.get(f"{reader.at}/answers/yes-to-enquiry")
    no = re.search(r'name="no" value="([^"]+)"', form.text)
    assert no is not None

    acknowledged = reader.send(f"{reader.at}/acknowledgements", {"form_token": token})
    answered = reader.send(
        f"{reader.at}/answers/yes-to-enquiry",
        {"form_token": token, "no": no[1], "text": "The aunt is well.", "family": "confirmed", "stated": "yes"},
    )  # fmt: skip
    after = reader.client.get(reader.at)

    assert "wishes to live with an aunt" in page.text
    assert "Namibia" in page.text
    assert (acknowledged.status_code, answered.status_code) == (303, 303)
    assert "You said on 2 March 2026 that it came" in after.text
    assert "an officer has not looked at it yet" in after.text
    assert "Secure messages · Zambia" in after.text  # who writes stands on every page
    assert "2 March 2026, 14:00 (Windhoek)" in after.text  # by the reader's clock


def test_who_reads_french_finds_pages_and_forms_in_french(reader: Reader) -> None:
    french = {"Accept-Language": "fr-CD,fr;q=0.9,en;q=0.5"}
    reader.come()

    page = reader.client.get(reader.at, headers=french)
    form = reader.client.get(f"{reader.at}/answers/alert", headers=french)

    assert '<html lang="fr" dir="ltr">' in page.text
    assert "Messages protégés · Zambie" in page.text
    assert "Demande de renseignements sur un enfant" in page.text
    assert "Enfant disparu" in form.text


def test_officers_make_links_read_answers_and_confirm_them_over_the_api(reader: Reader) -> None:
    office, client = reader.abroad.office, reader.browser("an office")
    _officer(reader.app, office.second)
    made = client.post(
        f"/guest-items/{reader.item}/links", json={"link_by": "letter", "code_by": "phone"}
    )
    token = token_in(reader.client.get(made.json()["path"]))
    opened = reader.send(made.json()["path"], {"form_token": token, "code": made.json()["code"]})
    token = token_in(reader.client.get(opened.headers["location"]))
    form = reader.client.get(f"{reader.at}/answers/seen").text
    no = re.findall(r'name="no" value="([^"]+)"', form)[0]
    reader.send(
        f"{reader.at}/answers/seen",
        {"form_token": token, "no": no, "complete": "yes", "stated": "yes"},
    )

    waiting = client.get("/guest-answers").json()["answers"]
    by_giver = client.post(f"/guest-answers/{waiting[0]['id']}/confirmations")
    _officer(reader.app, office.head)
    by_another = client.post(f"/guest-answers/{waiting[0]['id']}/confirmations")
    items = client.get(f"/transfers/{reader.abroad.transfer_id}/guest-items").json()["items"]

    assert (opened.status_code, waiting[0]["type"]) == (303, "ACK")
    assert by_giver.status_code == 403
    assert by_giver.json()["type"] == "/problems/second-officer-needed"
    assert by_another.json() == {"state": "acknowledged"}
    assert items[0]["link"]["ended"] == "used"
    assert made.json()["path"].removeprefix("/r/") not in str(items)


def test_officers_name_verify_and_end_recipients_over_the_api(reader: Reader) -> None:
    office, client = reader.abroad.office, reader.browser("an office")
    person = {"of_country": "NA", "name": "Petrus Shikongo", "office": "Social Welfare, Rundu", "post": "Officer",
              "phone": "+264 66 000 000", "number_from": "Embassy list", "ends_on": "2026-06-01"}  # fmt: skip
    _officer(reader.app, office.writer)
    made = client.post("/guests", json=person).json()["id"]
    alone = client.post(f"/guests/{made}/verifications", json={"how": "known_number"})
    _officer(reader.app, office.head)
    verified = client.post(f"/guests/{made}/verifications", json={"how": "known_number"})
    account = client.post(f"/guests/{made}/accounts")
    ended = client.delete(f"/guests/{made}")
    listed = {one["id"]: one for one in client.get("/guests").json()["items"]}

    assert (alone.status_code, verified.status_code, ended.status_code) == (403, 204, 204)
    assert set(account.json()) == {"login", "token", "ends_at"}
    assert listed[made]["state"] == "ended"
    assert listed[made]["name"] == "Petrus Shikongo"


def test_what_was_written_when_the_visit_ended_is_shown_once_more_and_kept_nowhere(
    reader: Reader,
) -> None:
    values = {"form_token": reader.come(), "text": "The aunt is <b>well</b>.", "family": "partly"}
    reader.pass_time(minutes=20)

    path = f"{reader.at}/answers/yes-to-enquiry"
    ours = reader.send(path, values, **{"sec-fetch-site": "same-origin"})
    of_another_page = reader.send(path, values, **{"sec-fetch-site": "cross-site"})

    assert (ours.status_code, of_another_page.status_code) == (401, 401)
    assert "The aunt is &lt;b&gt;well&lt;/b&gt;." in ours.text
    assert "aunt" not in of_another_page.text
    assert Marked(ours).faults == []
    with reader.database.unit_of_work() as session:
        assert store.replies_of_item(session, reader.item) == []


@pytest.mark.threat("TT64")
def test_what_others_wrote_is_shown_as_text_on_every_page(app: FastAPI, database: Database) -> None:
    nasty = Identity(NASTY, NASTY, NASTY, NASTY, NASTY)
    reader = Reader(app, database)
    with database.unit_of_work() as session:
        row = store.guest(session, reader.abroad.guest_id)
        assert row is not None
        row.restricted = guests.sealed_identity(session, row.id, nasty)
        session.add(row)
    token = reader.come()
    pages = [reader.client.get(reader.at), reader.client.get("/guest/items")]
    values = {
        "form_token": token,
        "text": NASTY,
        "family": NASTY,
        "no": NASTY,
        "alternatives": NASTY,
    }
    pages.append(reader.send(f"{reader.at}/answers/no-to-enquiry", values))
    pages.append(reader.client.get(f"{reader.at}/answers/{NASTY}"))

    assert all("&lt;script&gt;" in page.text for page in pages[:3])
    for page in pages:
        assert page.headers["content-type"].startswith("text/html")
        assert "<script" not in page.text
        assert "<img" not in page.text
        assert Marked(page).faults == []


def _upload(reader: Reader, token: str, content: bytes, name: str = "consent.pdf") -> Response:
    files = {"paper": (name, content, "application/pdf")}
    return reader.client.post(f"{reader.at}/papers", data={"form_token": token}, files=files)


def test_a_scanned_paper_comes_to_the_officers_byte_for_byte(reader: Reader) -> None:
    token = reader.come()
    content = PDF[:9] + bytes(range(256)) * 4000 + b"\r\n--x\r\n\r\n" + PDF[9:]
    client = reader.browser("an office")

    sent = _upload(reader, token, content)
    _officer(reader.app, reader.abroad.office.writer)
    paper = client.get("/guest-answers").json()["papers"][0]
    opened = client.get(f"/guest-papers/{paper['id']}/content")
    kept = client.post(f"/guest-papers/{paper['id']}/reviews", json={"is_kept": True})
    of_transfer = client.get(f"/transfers/{reader.abroad.transfer_id}/guest-papers").json()["items"]

    assert sent.status_code == 303
    assert opened.content == content
    assert opened.headers["content-disposition"] == "attachment"
    assert kept.status_code == 204
    assert [(one["name"], one["state"]) for one in of_transfer] == [("consent.pdf", "confirmed")]


@pytest.mark.threat("TT64")
def test_what_is_no_paper_is_refused_in_words_and_kept_nowhere(reader: Reader) -> None:
    token = reader.come()

    answers = [
        _upload(reader, token, b"<svg><script>alert(1)</script></svg>", "a.svg"),
        _upload(reader, token, b"", "a.pdf"),
        _upload(reader, token, PDF + b"x" * (11 * 1024 * 1024)),
        reader.client.post(f"{reader.at}/papers", content=b"junk", headers={"content-type": "multipart/form-data"}),
    ]  # fmt: skip

    assert [one.status_code for one in answers] == [415, 415, 415, 401]
    assert all("<svg" not in one.text for one in answers)
    with reader.database.unit_of_work() as session:
        assert store.uploads_of_item(session, reader.item) == []


def test_a_paper_of_nobody_is_refused_before_it_is_read(reader: Reader) -> None:
    read = []

    def endless() -> Any:
        read.append(1)
        yield b"x" * 1024

    answer = reader.client.post(
        f"{reader.at}/papers",
        content=endless(),
        headers={"content-type": "multipart/form-data; boundary=b"},
    )

    assert answer.status_code == 401


def test_a_download_needs_the_tick_and_an_item_that_may_be_kept(
    app: FastAPI, database: Database
) -> None:
    reader = Reader(app, database, view_only=False)
    token = reader.come()
    part = f"{reader.at}/parts/1"

    without = reader.send(part, {"form_token": token})
    ticked = reader.send(part, {"form_token": token, "received": "yes"})
    beyond = [
        reader.send(
            f"{reader.at}/parts/{number}", {"form_token": token, "received": "yes"}
        ).status_code
        for number in ("0", "3", "-1", "1e0", "٣", "999999999")
    ]

    assert without.status_code == 422
    assert "Tick the box" in without.text
    assert ticked.headers["content-disposition"].startswith("attachment;")
    assert ticked.json()["schema"] == "bidx-summary/1"
    assert set(beyond) == {404}


def test_from_the_first_page_to_the_answer_sent_less_than_sixty_kilobytes_travel(
    reader: Reader,
) -> None:
    path, code = reader.link()
    pages = [reader.client.get(path), reader.client.get("/guest/style.css")]
    token = token_in(pages[0])
    pages.append(reader.send(path, {"form_token": token, "code": code}))
    pages.append(reader.client.get(reader.at))
    token = token_in(pages[-1])
    pages.append(reader.client.get(f"{reader.at}/answers/yes-to-enquiry"))
    no = re.findall(r'name="no" value="([^"]+)"', pages[-1].text)[0]
    values = {"form_token": token, "no": no, "text": "Yes.", "family": "partly", "stated": "yes"}
    pages.append(reader.send(f"{reader.at}/answers/yes-to-enquiry", values))
    pages.append(reader.client.get(reader.at))

    assert pages[-2].status_code == 303
    assert sum(len(one.content) + len(str(one.headers)) for one in pages) < 60 * 1024


def test_every_page_is_whole_its_ids_are_used_once_and_every_field_has_its_label(
    app: FastAPI, database: Database
) -> None:
    reader = Reader(app, database, view_only=False)
    client = reader.client
    pages = [client.get(path) for path in (GUESS, "/guest", "/guest/set-up")]
    door = token_in(pages[0])
    pages.append(reader.send(GUESS, {"form_token": door, "code": "1"}))
    given = reader.account()
    both = {"form_token": door, "token": given["token"], "login": given["login"]}
    pages.append(reader.send("/guest/set-up", both))
    token = reader.come()
    pages += [client.get(path) for path in (reader.at, "/guest/items", "/guest/items/x")]
    for code in ("seen", "ask", "yes-to-enquiry", "no-to-enquiry"):
        pages.append(client.get(f"{reader.at}/answers/{code}"))
        pages.append(reader.send(f"{reader.at}/answers/{code}", {"form_token": token}))
    pages.append(_upload(reader, token, b"junk"))
    pages.append(reader.send("/guest/sign-out", {"form_token": token}))
    pages.append(client.get(reader.at))

    assert len(pages) >= 18
    assert {page.url.path: Marked(page).faults for page in pages} == {
        page.url.path: [] for page in pages
    }


def test_forms_of_later_steps_are_whole_too(database: Database) -> None:
    del database
    from api.portal.door import PAGES
    from api.portal.filling import zones_of

    for form in FORMS.values():
        text = PAGES.get_template("answer.html").render(
            ours="Zambia",
            w=spoken()["en"], here=_here("US"), form_token="0" * 64, now=NOON, item_id="x", form=form,
            given={}, zones=zones_of("US"), no="n",
            faults={field.name: "error.needed" for field in form.fields} | {"stated": "error.tick"},
        )  # fmt: skip
        assert Marked(Response(200, text=text)).faults == [], form.code


def _here(country: str = "NA") -> Visitor:
    who = Identity("A", "Office", "Post", "+264 61 000 000", "List")
    return Visitor(
        "11111111-2222-4333-8444-555555555555", country, who, Actor("a", "b", country), None, "t"
    )


def _filled(code: str) -> dict[str, str]:
    """Every field of a form filled in, also those that may be left out."""
    given: dict[str, str] = {}
    for field in FORMS[code].fields:
        plain = {Kind.LINE: "Windhoek", Kind.TEXT: "In words.", Kind.LINES: "one\n\ntwo", Kind.NUMBER: "2",
                 Kind.YES_NO: "yes", Kind.TICK: "yes"}  # fmt: skip
        if field.kind in {Kind.DATE, Kind.MOMENT}:
            year = "2027" if "until" in field.name else "2026"
            given |= {
                f"{field.name}-day": "2",
                f"{field.name}-month": "3",
                f"{field.name}-year": year,
            }
            given[f"{field.name}-time"] = "14.30"
        elif field.kind is Kind.TICKS:
            given[field.name] = ",".join(field.options[:2])
        else:
            given[field.name] = plain.get(field.kind) or field.options[0]
    return given


def test_every_form_makes_the_body_of_its_message(database: Database) -> None:
    from api.portal.filling import fill

    del database
    for code, form in FORMS.items():
        given = _filled(code) | ({"complete": "no"} if code == "seen" else {})
        filled = fill(form, given, _here())
        assert filled.faults == {}, code
        assert filled.body is not None

    accepted = fill(FORMS["accept"], _filled("accept"), _here()).body
    report = fill(FORMS["follow-up"], _filled("follow-up"), _here()).body
    receipt = fill(FORMS["receipt"], _filled("receipt"), _here("NA")).body
    assert isinstance(accepted, Accept)
    assert [one.what for one in accepted.proposals] == ["outcome", "outcome"]
    assert accepted.conditions == ("one", "two")
    assert isinstance(report, FollowUpReport)
    assert receipt is not None
    assert receipt.model_dump(mode="json")["at"].startswith(
        "2026-03-02T12:30"
    )  # two hours ahead of UTC


def test_an_empty_form_names_every_field_it_needs(database: Database) -> None:
    from api.portal.filling import fill

    del database
    for code, form in FORMS.items():
        filled = fill(form, {}, _here())
        needed = {field.name for field in form.fields if field.is_needed}
        assert filled.body is None
        assert needed <= set(filled.faults), code


def test_parts_left_empty_are_left_out_and_half_filled_ones_are_named(database: Database) -> None:
    from api.portal.filling import fill

    del database
    form = FORMS["accept"]
    needed = {
        name: value
        for name, value in _filled("accept").items()
        if not name.startswith(("home_", "prop"))
    }

    plain = fill(form, needed, _here())
    half = fill(form, needed | {"home_study.result": "positive"}, _here())
    bad_day = fill(form, needed | {"valid_until-day": "31", "valid_until-month": "2"}, _here())

    assert plain.faults == {}
    assert "home_study.done_on" in half.faults
    assert bad_day.faults == {"valid_until": "error.form"}


def test_words_of_every_language_have_the_same_keys_and_every_field_has_one(
    database: Database,
) -> None:
    del database
    tables = {code: words.table for code, words in spoken().items()}
    first = set(tables["en"])

    assert all(set(table) == first for table in tables.values())
    for form in FORMS.values():
        assert {f"form.{form.code}", f"answer.how.{form.code}", f"error.whole.{form.code}"} <= first
        for field in form.fields:
            assert not field.begins or field.begins in first
    assert {f"type.{one}" for one in MessageType} <= first


def test_a_form_that_is_no_form_is_read_as_none(database: Database) -> None:
    del database
    nothing: tuple[dict[str, str], None] = ({}, None)

    assert read_form("multipart/form-data", b"x") == nothing
    assert read_form("text/plain; boundary=b", b"--b\r\n\r\nx\r\n--b--") == nothing
    assert (
        read_form("multipart/form-data; boundary=b", b"--b\r\nno name\r\n\r\nx\r\n--b--") == nothing
    )
    assert read_form("multipart/form-data; boundary=b", b"") == nothing
