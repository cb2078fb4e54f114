"""Two installations and an officer's browser in each: rungs that receipts reach, documents opened page by page."""

import re
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlmodel import select

from core.accounts import sessions
from core.accounts.tables import AccountRow
from core.actors import Actor, Role
from tests.api.abroad import Person, links, seen
from tests.builders.accounts import employ, named
from tests.builders.asking import Scene
from tests.builders.cases import a_person_of_the_country
from tests.builders.disclosure import PDF, a_grant
from tests.builders.installations import Installation
from tests.conftest import NOON
from tests.workflows.exchange.test_documents import paper, with_papers

TOKEN = re.compile(r'name="form_token" value="([0-9a-f]{64})"')


def a_browser(there: Installation, actor: Actor | None = None) -> Person:
    """An officer of an installation at a browser."""
    who = actor or a_person_of_the_country(Role.SECRETARIAT, country=there.country)
    with there.database.unit_of_work() as session:
        employ(session, who)
        named(session, who.person_id, "Selma Amukoshi")
        query = select(AccountRow).where(AccountRow.person_id == who.person_id)
        opened = sessions.open_session(session, session.exec(query).one(), now=NOON)
    client = TestClient(there.app, raise_server_exceptions=False)
    client.cookies.set("bid", opened.cookie)
    return Person(client)


def documents_of(page: str) -> list[str]:
    return re.findall(r'action="(/desk/documents/[^"]+)"', page)


def open_document(person: Person, message: str, how: str = "view") -> Any:
    page = person.open(message)
    (path,) = documents_of(page.text)
    token = TOKEN.search(page.text)
    assert token
    form = {"form_token": token[1], "message": message.rpartition("/")[2], "how": how}
    return person.client.post(path, data=form)


@pytest.mark.rule("R46")
@pytest.mark.rule("R50")
def test_a_document_is_opened_on_a_page_over_there_and_the_sender_sees_the_rung(
    scene_on_both: Scene,
) -> None:
    scene = scene_on_both
    message = with_papers(scene, paper(scene))
    scene.zambia.run()
    here, there = a_browser(scene.zambia, scene.writer), a_browser(scene.namibia)
    before = seen(here.open(f"/desk/messages/{message}"))
    listed = there.open("/desk/inbox").text
    assert "Came from other countries" in listed
    came = links(listed, "/desk/messages/")[-1]

    shown = open_document(there, came)
    kept = open_document(there, came, "keep")
    scene.namibia.run()
    after = seen(here.open(f"/desk/messages/{message}"))

    assert "Opened by their system" in before
    assert "Read by an officer over there" not in before
    assert (shown.status_code, shown.content) == (200, PDF)
    assert shown.headers["content-security-policy"].startswith("sandbox; default-src 'none'")
    assert kept.status_code == 409
    assert "Read by an officer over there" in after
    assert "It is no answer." in after


@pytest.mark.rule("R46")
def test_plain_words_of_theirs_are_shown_escaped_on_a_page_of_ours(scene: Scene) -> None:
    with_papers(scene, paper(scene, media="text/plain", data=b"Seen at home & well."))
    scene.zambia.run()
    there = a_browser(scene.namibia)
    came = links(there.open("/desk/inbox").text, "/desk/messages/")[-1]

    page = open_document(there, came, "words")

    assert page.status_code == 200
    assert "Seen at home &amp; well." in page.text


def test_documents_are_chosen_on_the_page_of_a_message_by_somebody_who_does_not_sign_it(
    scene: Scene, tmp_path: Path
) -> None:
    del tmp_path
    attached = paper(scene)
    ours = f"/desk/transfers/{scene.ours}"
    writer = a_browser(scene.zambia, scene.writer)
    written = writer.fill(f"{ours}/say/answer", {"answers.0.text": "Silozi."})
    path = str(written.headers["location"])

    chosen = writer.fill(path, {"act": "documents", "documents": attached})
    page = writer.open(path)

    assert written.status_code == 303, seen(written)
    assert chosen.status_code == 303, seen(chosen)
    assert "01-report.pdf" in seen(page)
    assert "Over there they can be read, and not kept." in seen(page)
    assert "Amani" in seen(page)


@pytest.mark.rule("R45")
def test_a_grant_of_theirs_is_fetched_for_the_officer_who_asks(scene: Scene) -> None:
    scene.zambia.do(
        lambda office: a_grant(
            scene.ours_at(office), scene.ours, "sensitive.health_for_care", asked=scene.asked
        )
    )
    scene.exchange()
    there = a_browser(scene.namibia)
    path = f"/desk/transfers/{scene.theirs}/grants"
    page = there.open(path)
    held = page.text.split('name="grant" value="')[1][:36]

    asked = there.fill(path, {"act": "redeem", "grant": held})
    waits = seen(there.open(path))
    scene.exchange()
    after = seen(there.open(path))

    assert "Health, as far as care needs it" in seen(page)
    assert asked.status_code == 303, seen(asked)
    assert "Being fetched" in waits
    assert "Fetched" in after
