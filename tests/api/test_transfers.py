"""Officers of two countries over HTTP: an enquiry leaves, one comes in, and who finds nothing of either."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter

from api.bodies.messages import NewMessage
from tests.api.transferring import ALERT, CAME, NEW, SUMMARY, Desk, desk
from tests.builders.exchange import NAMIBIA, ZAMBIA
from tests.builders.messages import VALUES, a_body
from tests.builders.proof import digits_of
from tests.conftest import NOON
from transfers.rules.codes import MessageType
from transfers.service.messages import OWN_WAY
from transfers.service.proofs import Outcome
from transfers.service.proving import examine

__all__ = ["desk"]


def codes(answer: Any) -> list[str]:
    return [one["code"] for one in answer["missing"]]


def test_an_enquiry_is_written_checked_and_sent(desk: Desk) -> None:
    path = desk.opened()
    draft = desk.done("writer", "PUT", f"{path}/summary", SUMMARY)
    assert (draft["missing"], draft["unmapped"]) == ([], [])
    desk.done("writer", "POST", f"{path}/submissions")
    before = desk.done("head", "GET", f"{path}/conditions")
    desk.done("second", "POST", f"{path}/checks")
    desk.done("second", "PUT", f"{path}/receiver", {"installation": NAMIBIA})
    assert desk.done("head", "GET", f"{path}/conditions") == {"may_be_sent": True, "missing": []}

    made = desk.done("head", "POST", f"{path}/sendings", {})

    assert codes(before) == ["partner_not_active", "receiver_not_checked", "summary_not_checked"]
    found = desk.done("head", "GET", path)
    line = found["line"]
    assert (line["state"], line["side"], line["turn"], line["is_our_turn"]) == (
        "sent", "sender", ["receiver"], False,
    )  # fmt: skip
    assert (line["reply_due"], line["is_late"]) == ("2026-05-01", False)
    assert line["responsible"]["officer"] == desk.people["worker"].person_id
    assert found["unanswered"] == [made["id"]]
    assert [one["state"] for one in found["history"]] == ["internal_check", "sent"]
    withdraw = next(one for one in found["steps"] if one["step"] == "WITHDRAWN")
    assert (withdraw["message"], withdraw["is_yours"], withdraw["is_awaited"]) == (
        "WITHDRAW", True, False,
    )  # fmt: skip
    left = desk.done("head", "GET", f"{path}/summary")
    assert (left["standing"], left["body"]["child"]["age_band"]) == ("sent", "10-12")
    assert "Amani" not in str(left)
    board = desk.done("head", "GET", "/transfers?direction=outbound&corridor=ZM-NA&state=sent")
    assert [one["id"] for one in board["items"]] == [line["id"]]
    of_case = desk.done("worker", "GET", f"/cases/{desk.case_id}/transfers")["items"]
    assert of_case == board["items"]
    assert desk.done("head", "GET", "/transfers?mine=true")["items"] == board["items"]
    assert desk.done("head", "GET", "/transfers?direction=inbound")["items"] == []


@pytest.mark.rule("R44")
@pytest.mark.threat("TT56")
def test_a_summary_nobody_wrote_is_named_as_missing(desk: Desk) -> None:
    path = desk.opened()

    assert codes(desk.done("head", "GET", f"{path}/conditions")) == ["summary_not_written"]
    assert desk.refused("writer", "POST", f"{path}/submissions") == (409, "not-sent")


def test_nobody_writes_checks_and_sends_alone(desk: Desk) -> None:
    path = desk.opened()
    desk.done("writer", "PUT", f"{path}/summary", SUMMARY)
    desk.done("writer", "POST", f"{path}/submissions")

    assert desk.refused("writer", "POST", f"{path}/checks") == (403, "one-officer-alone")
    assert desk.refused("writer", "POST", f"{path}/sendings", {}) == (403, "role-may-not")
    assert desk.refused("machine", "POST", f"{path}/sendings", {}) == (403, "role-may-not")
    assert desk.refused("coordinator", "POST", f"{path}/checks") == (403, "role-may-not")
    assert desk.refused("worker", "PUT", f"{path}/summary", SUMMARY) == (403, "role-may-not")
    unsent = desk.send("head", "POST", f"{path}/sendings", {})
    assert (unsent.status_code, unsent.json()["type"]) == (409, "/problems/not-sent")
    assert "summary_not_checked" in codes(unsent.json())
    assert desk.done("head", "GET", path)["line"]["state"] == "internal_check"


def test_a_summary_given_back_is_written_and_checked_anew(desk: Desk) -> None:
    path = desk.ready()

    desk.done("second", "POST", f"{path}/returns")
    again = desk.refused("second", "POST", f"{path}/checks")
    desk.done("writer", "PUT", f"{path}/summary", SUMMARY | {"reason": "To live with an aunt."})
    desk.done("writer", "POST", f"{path}/submissions")

    assert again == (409, "not-our-step")
    assert codes(desk.done("head", "GET", f"{path}/conditions")) == ["summary_not_checked"]
    assert (
        desk.done("head", "GET", f"{path}/summary")["written"]["reason"] == "To live with an aunt."
    )


def test_whoever_read_an_older_version_is_told(desk: Desk) -> None:
    path = desk.opened()
    read = desk.done("writer", "GET", path)["line"]["version"]
    desk.done("second", "PUT", f"{path}/summary", SUMMARY)

    for method, end, body in (
        ("PUT", "summary", SUMMARY),
        ("POST", "submissions", None),
        ("PUT", "receiver", {"installation": NAMIBIA}),
    ):
        answer = desk.send("writer", method, f"{path}/{end}", body, if_match=f'"{read}"')
        assert (answer.status_code, answer.json()["type"]) == (409, "/problems/stale-write"), end
    newer = desk.done("writer", "GET", f"{path}/summary")["version"]
    answer = desk.send("writer", "POST", f"{path}/submissions", if_match=f'"{newer}"')
    assert answer.status_code == 204
    for method, end in (("POST", "checks"), ("POST", "returns")):
        answer = desk.send("second", method, f"{path}/{end}", if_match=f'"{newer}"')
        assert answer.json()["type"] == "/problems/stale-write", end


def test_a_name_in_a_free_text_is_shown_and_keeps_the_summary_here(desk: Desk) -> None:
    path = desk.opened()

    draft = desk.done(
        "writer", "PUT", f"{path}/summary", SUMMARY | {"reason": "Amani, 097 1234567."}
    )

    assert codes(draft) == ["summary_text_names", "summary_text_names"]
    assert all("Amani" not in one["detail"] for one in draft["missing"])
    assert desk.refused("writer", "POST", f"{path}/submissions") == (409, "not-sent")


def test_beginning_a_transfer_is_refused_in_words(desk: Desk) -> None:
    path = f"/cases/{desk.case_id}/transfers"
    nowhere = desk.send("coordinator", "POST", path, NEW | {"destination": "FI"})
    other = desk.send("coordinator", "POST", path, NEW | {"kind": "resettlement_handover"})
    anybody = desk.people["administrator"].person_id
    given = desk.send("coordinator", "POST", path, NEW | {"officer": anybody})
    first = desk.send("coordinator", "POST", path, NEW)
    twice = desk.send("coordinator", "POST", path, NEW)

    assert (nowhere.status_code, codes(nowhere.json())) == (409, ["corridor_missing"])
    assert (other.status_code, other.json()["errors"][0]["code"]) == (422, "not_in_corridor")
    assert (given.status_code, given.json()["errors"][0]["code"]) == (422, "not_in_secretariat")
    assert first.status_code == 201
    assert (twice.status_code, twice.json()["errors"][0]["code"]) == (422, "transfer_open_already")
    assert desk.refused("stranger", "POST", path, NEW) == (404, "not-there")
    assert desk.refused("administrator", "POST", path, NEW) == (404, "not-there")


def test_only_an_installation_of_that_country_is_the_receiver(desk: Desk) -> None:
    path = desk.opened()

    abroad = desk.send("second", "PUT", f"{path}/receiver", {"installation": "CD.ministry"})
    unreadable = desk.send("second", "PUT", f"{path}/receiver", {"installation": "somewhere"})

    assert abroad.json()["errors"][0] | {"detail": ""} == {
        "pointer": "/installation", "code": "another_country", "detail": "",
    }  # fmt: skip
    assert unreadable.status_code == 422


@pytest.mark.rule("R36")
def test_an_enquiry_that_came_is_read_and_answered_by_two_officers(desk: Desk) -> None:
    path = desk.inbound()
    came = desk.done("head", "GET", f"{path}/summary")
    assert (came["standing"], came["body"], came["written_by"]) == ("came", CAME, "")
    (enquiry,) = desk.done("head", "GET", f"{path}/messages")["items"]
    assert (enquiry["type"], enquiry["is_ours"], enquiry["standing"]) == (
        "ENQUIRY", False, "admitted",
    )  # fmt: skip
    assert enquiry["body"]["asked"] == ["home_study"]
    ack = {"type": "ACK", "body": VALUES[MessageType.ACK], "reply_to": enquiry["no"]}

    written = desk.done("writer", "POST", f"{path}/messages", ack)["id"]
    alone = desk.refused("writer", "POST", f"/messages/{written}/signatures")
    said = desk.done("second", "POST", f"/messages/{written}/signatures")
    again = desk.refused("second", "POST", f"/messages/{written}/signatures")
    late = desk.refused("second", "DELETE", f"/messages/{written}")

    assert (alone, said, again, late) == (
        (403, "one-officer-alone"), {"state": "acknowledged"}, (409, "not-our-step"),
        (409, "not-our-step"),
    )  # fmt: skip
    line = desk.done("head", "GET", path)["line"]
    assert (line["side"], line["turn"], line["is_our_turn"]) == ("receiver", ["receiver"], True)
    assert desk.done("head", "GET", "/transfers?direction=inbound")["items"] == [line]


def test_the_word_of_the_head_is_the_heads(desk: Desk) -> None:
    path = desk.inbound()
    for type_ in (MessageType.ACK, MessageType.ENQUIRY_REPLY):
        body = {"type": type_.value, "body": VALUES[type_]}
        written = desk.done("writer", "POST", f"{path}/messages", body)["id"]
        signature = f"/messages/{written}/signatures"
        if type_ is MessageType.ENQUIRY_REPLY:
            assert desk.refused("second", "POST", signature) == (403, "role-may-not")
            assert desk.refused("machine", "POST", signature) == (403, "role-may-not")
        desk.done("head", "POST", signature)

    assert desk.done("head", "GET", path)["line"]["state"] == "answered_positive"
    assert desk.done("head", "GET", "/transfers")["items"] == []


@pytest.mark.rule("R36")
def test_a_step_of_the_other_country_cannot_be_written(desk: Desk) -> None:
    path = desk.sent()
    for type_ in (MessageType.ACK, MessageType.ACCEPT, MessageType.RECEIPT):
        body = {"type": type_.value, "body": VALUES[type_]}
        assert desk.refused("writer", "POST", f"{path}/messages", body) == (409, "not-our-step")


def test_a_message_taken_back_says_nothing_any_more(desk: Desk) -> None:
    path = desk.sent()
    written = desk.done("writer", "POST", f"{path}/messages", ALERT)["id"]

    desk.done("second", "DELETE", f"/messages/{written}")

    found = {one["id"]: one for one in desk.done("head", "GET", f"{path}/messages")["items"]}
    assert (found[written]["standing"], found[written]["body"]) == ("discarded", None)
    assert desk.refused("head", "POST", f"/messages/{written}/signatures") == (409, "not-our-step")
    assert desk.done("head", "GET", path)["line"]["state"] == "sent"


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"type": "REQUEST"}, "/body"),
        ({"body": {"incident": "child_ill"}}, "/body/INCIDENT_ALERT/body/at"),
        ({"body": ALERT["body"] | {"at": "2026-05-20T09:30:00"}}, "/body/INCIDENT_ALERT/body/at"),
        ({"body": ALERT["body"] | {"at": 5}}, "/body/INCIDENT_ALERT/body/at"),
        ({"body": ALERT["body"] | {"more": 1}}, "/body/INCIDENT_ALERT/body/more"),
        ({"body": ALERT["body"] | {"text": "a\u202eb"}}, "/body/INCIDENT_ALERT/body/text"),
        ({"reply_to": "no"}, "/body/INCIDENT_ALERT/reply_to"),
        ({"body": ALERT["body"] | {"at": "0001-01-01T00:00:00Z"}}, "/body/INCIDENT_ALERT/body"),
    ],
    ids=["own way", "missing", "no zone", "number", "unknown", "hidden", "reply", "year"],
)
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_message_is_read_strictly_and_the_place_is_named(
    desk: Desk, change: dict[str, Any], pointer: str
) -> None:
    path = desk.sent()

    answer = desk.send("writer", "POST", f"{path}/messages", ALERT | change)

    assert answer.status_code == 422, answer.text
    assert answer.json()["errors"][0]["pointer"] == pointer
    assert len(desk.done("head", "GET", f"{path}/messages")["items"]) == 1


def test_every_message_but_enquiry_and_request_can_be_written_as_the_exchange_reads_it() -> None:
    read = TypeAdapter[Any](NewMessage)
    ways = set(MessageType) - OWN_WAY

    found = {
        type_: read.validate_python({"type": type_.value, "body": VALUES[type_]}) for type_ in ways
    }

    assert {type_: said.body for type_, said in found.items()} == {
        type_: a_body(type_) for type_ in ways
    }


def _everything(desk: Desk, path: str, message: str) -> list[tuple[str, str, Any]]:
    return [
        ("GET", path, None), ("GET", f"{path}/summary", None), ("GET", f"{path}/conditions", None),
        ("GET", f"{path}/messages", None), ("PUT", f"{path}/summary", SUMMARY),
        ("GET", f"{path}/evidence", None),
        ("POST", f"{path}/submissions", None), ("POST", f"{path}/checks", None),
        ("POST", f"{path}/returns", None), ("PUT", f"{path}/receiver", {"installation": NAMIBIA}),
        ("POST", f"{path}/sendings", {}), ("POST", f"{path}/messages", ALERT),
        ("POST", f"{message}/signatures", None), ("DELETE", message, None),
        ("GET", f"/cases/{desk.case_id}/transfers", None),
        ("POST", f"/cases/{desk.case_id}/transfers", NEW),
    ]  # fmt: skip


@pytest.mark.threat("TT67")
@pytest.mark.rule("R14")
@pytest.mark.parametrize("who", ["administrator", "abroad", "stranger", "second"])
def test_whoever_it_is_not_for_finds_nothing_and_changes_nothing(desk: Desk, who: str) -> None:
    path = desk.sent()
    message = f"/messages/{desk.done('writer', 'POST', f'{path}/messages', ALERT)['id']}"
    if who == "second":
        desk.bar(who)
    before = desk.done("head", "GET", path)

    answers = {
        (method, at): desk.refused(who, method, at, body)
        for method, at, body in _everything(desk, path, message)
    }

    assert {said: where for where, said in answers.items()}.keys() == {(404, "not-there")}
    assert desk.done(who, "GET", "/transfers") == {"items": [], "cursor": None}
    assert desk.done("head", "GET", path) == before


@pytest.mark.rule("R50")
def test_every_reading_is_on_record(desk: Desk) -> None:
    path = desk.ready()
    transfer_id = path.removeprefix("/transfers/")
    before = len(desk.on_record(transfer_id))

    for end in ("", "/summary", "/conditions", "/messages"):
        desk.done("head", "GET", f"{path}{end}")
    desk.done("head", "GET", "/transfers")

    assert desk.on_record(transfer_id)[before:] == [
        "transfer.read", "transfer.summary_read", "transfer.conditions_read", "message.read",
    ]  # fmt: skip
    assert desk.on_record("page") == ["transfer.listed"]


@pytest.mark.rule("R50")
def test_officers_take_the_evidence_of_a_transfer_as_a_file(desk: Desk, tmp_path: Path) -> None:
    path = desk.sent()

    answer = desk.send("head", "GET", f"{path}/evidence")
    again = desk.send("writer", "GET", f"{path}/evidence")
    file = tmp_path / "evidence.jsonl"
    file.write_bytes(answer.content)
    found = examine([file], digits_of(ZAMBIA, NAMIBIA), now=NOON)

    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("application/x-ndjson")
    assert "attachment" in answer.headers["content-disposition"]
    assert answer.content == again.content
    assert found.outcome is Outcome.HOLDS
    assert desk.refused("worker", "GET", f"{path}/evidence")[0] == 403
    taken = desk.on_record(path.removeprefix("/transfers/"))
    assert taken.count("evidence.bundled") == 2


def test_a_board_is_read_page_by_page_and_a_wrong_cursor_is_refused(desk: Desk) -> None:
    first, second = desk.opened(), desk.inbound()

    page = desk.done("head", "GET", "/transfers?limit=1")
    rest = desk.done("head", "GET", f"/transfers?limit=1&cursor={page['cursor']}")

    assert {f"/transfers/{one['id']}" for one in page["items"] + rest["items"]} == {first, second}
    assert rest["cursor"] is None
    assert desk.send("head", "GET", "/transfers?cursor=nowhere").json()["errors"][0]["code"] == (
        "not_a_cursor"
    )
    assert desk.send("head", "GET", "/transfers?corridor=zm").status_code == 422


def test_the_head_closes_a_corridor_and_nothing_leaves(desk: Desk) -> None:
    path = desk.ready()
    status = {"status": "suspended", "reason": "Flood."}

    assert desk.refused("second", "PUT", "/corridors/ZM-NA/status", status) == (403, "role-may-not")
    assert desk.refused("machine", "PUT", "/corridors/ZM-NA/status", status) == (
        403,
        "role-may-not",
    )
    assert desk.refused("administrator", "PUT", "/corridors/ZM-NA/status", status)[0] == 403
    assert desk.refused("head", "PUT", "/corridors/MX-US/status", status) == (403, "role-may-not")
    assert desk.refused("head", "PUT", "/corridors/ZM-FI/status", status) == (404, "no-pack")
    desk.done("head", "PUT", "/corridors/ZM-NA/status", status)

    found = {one["name"]: one for one in desk.done("writer", "GET", "/corridors")["items"]}
    assert (found["ZM-NA"]["status"], found["ZM-NA"]["reason"]) == ("suspended", "Flood.")
    assert found["ZM-NA"]["changed_by"] == desk.people["head"].person_id
    assert (found["NA-ZM"]["changed_by"], found["NA-ZM"]["changed_at"]) == ("", None)
    unsent = desk.send("head", "POST", f"{path}/sendings", {}).json()
    assert codes(unsent) == ["corridor_suspended"]


@pytest.mark.threat("TT53")
def test_what_never_left_is_taken_back_here(desk: Desk) -> None:
    path = desk.sent()
    message = desk.done("head", "GET", path)["unanswered"][0]

    assert desk.refused("stranger", "POST", f"/messages/{message}/recalls", {"reason": "error"}) == (
        404, "not-there",
    )  # fmt: skip
    assert (
        desk.refused("head", "POST", f"/messages/{message}/recalls", {"reason": "Amani fled."})[0]
        == 422
    )
    taken = desk.done(
        "writer", "POST", f"/messages/{message}/recalls", {"reason": "consent_withdrawn"}
    )

    assert taken == {"state": "cancelled"}
    assert desk.done("head", "GET", "/recalls")["items"] == []  # nobody outside has to be told
    assert "message.recalled" in desk.on_record(path.rpartition("/")[2])


def test_recalls_are_the_secretariats_business(desk: Desk) -> None:
    for person in ("worker", "coordinator", "machine", "administrator", "abroad", "stranger"):
        assert desk.refused(person, "GET", "/recalls")[0] == 404
