"""Pages of partners: trust takes two officers and two ways, and what was misheard stays on record."""

import pytest

from core.actors import Role
from tests.api.abroad import Person, Secretariat, bare, seen, zambia
from tests.builders import partners
from tests.builders.exchange import anchor_of
from tests.builders.requests import START

__all__ = ["zambia"]
pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
CONGO = "CD.dgm-kinshasa"


@pytest.fixture
def first(zambia: Secretariat) -> Person:
    """One trust officer."""
    return zambia.other(Role.TRUST_OFFICER, "first.t")


@pytest.fixture
def other(zambia: Secretariat) -> Person:
    """Another one."""
    return zambia.other(Role.TRUST_OFFICER, "second.t")


def proposed(officer: Person) -> str:
    file = partners.as_file(partners.a_statement(CONGO, issued_at=int(START.timestamp()) - 86_400))
    answer = officer.fill("/desk/partners/new", {"statement": file.decode()})
    assert answer.status_code == 303, seen(answer)
    return str(answer.headers["location"])


def heard(channel: str) -> dict[str, str]:
    one, two = partners.last_groups(anchor_of(CONGO))
    return {"act": "confirm", "channel": channel, "group-1": one, "group-2": two}


@pytest.mark.threat("TT21")
def test_a_partner_is_trusted_when_two_officers_heard_its_fingerprint_two_ways(
    first: Person, other: Person
) -> None:
    path = proposed(first)
    before = first.open(path)
    first.fill(path, heard("phone"))
    alone = first.open(path)
    same_way = other.fill(path, heard("phone"))
    done = other.fill(path, heard("letter"))
    after = other.open(path)

    last = partners.last_groups(anchor_of(CONGO))
    assert all(group not in before.text for group in last)
    assert "Proposed, trusted by nobody" in seen(before)
    assert "A second trust officer has to hear it another way" in seen(alone)
    assert same_way.status_code in {403, 409}
    assert done.status_code == 303, seen(done)
    assert "Trusted" in seen(after)
    assert all(group in after.text for group in last)
    assert bare(after) == []


@pytest.mark.threat("TT21")
def test_another_fingerprint_trusts_nobody_and_stays_on_record(first: Person) -> None:
    path = proposed(first)

    answer = first.fill(path, heard("phone") | {"group-2": "00000"})

    assert answer.status_code == 409
    assert "00000" in answer.text
    assert "Another fingerprint was heard" in seen(first.open(path))
    assert "Proposed, trusted by nobody" in seen(first.open(path))


def test_the_head_suspends_a_partner_alone_and_the_board_says_so_until_it_is_trusted_again(
    zambia: Secretariat, first: Person, other: Person
) -> None:
    listed = zambia.head.open("/desk/partners")
    path = listed.text.split('href="/desk/partners/')[1].split('"')[0]
    path = f"/desk/partners/{path}"

    unchosen = zambia.head.fill(path, {"act": "suspend", "reason": ""})
    zambia.head.fill(path, {"act": "suspend", "reason": "misuse"})
    board = seen(zambia.writer.open("/desk/transfers"))
    first.fill(path, {"act": "resume"})
    half = seen(zambia.writer.open("/desk/transfers"))
    other.fill(path, {"act": "resume"})
    whole = seen(zambia.writer.open("/desk/transfers"))

    assert unchosen.status_code == 409
    assert "Namibia is suspended" in board
    assert "Namibia is suspended" in half
    assert "Namibia is suspended" not in whole
    assert "Read this fingerprint out" in seen(listed)
    assert bare(listed) == []


def test_only_trust_officers_propose_and_strangers_find_no_partner(zambia: Secretariat) -> None:
    path = zambia.head.open("/desk/partners").text.split('href="/desk/partners/')[1].split('"')[0]
    worker = zambia.other(Role.STATISTICIAN)

    by_head = zambia.head.fill("/desk/partners/new", {"statement": "x"})

    assert "Propose a partner" not in seen(zambia.head.open("/desk/partners"))
    assert by_head.status_code == 409
    assert "Nothing here" in seen(by_head)
    assert worker.open("/desk/partners").status_code == 404
    assert worker.open(f"/desk/partners/{path}").status_code == 404


def test_a_corridor_shows_what_was_agreed_and_only_the_head_closes_it(zambia: Secretariat) -> None:
    path = "/desk/corridors/ZM-NA"
    page = zambia.writer.open(path)
    by_officer = zambia.writer.fill(path, {"status": "suspended", "reason": "Fighting."})
    wordless = zambia.head.fill(path, {"status": "suspended", "reason": ""})
    closed = zambia.head.fill(path, {"status": "suspended", "reason": "Fighting near the bridge."})

    assert "Bilateral arrangement" in seen(page)
    assert bare(page) == []
    assert by_officer.status_code == 409
    assert wordless.status_code == 409
    assert closed.status_code == 303
    assert "Fighting near the bridge." in seen(zambia.writer.open(path))
    assert zambia.head.open("/desk/corridors/NA-US").status_code == 404
