"""A disagreement between two countries over HTTP; the ladder itself is tested with the service."""

from tests.api.transferring import Desk, desk

__all__ = ["desk"]
VIEW = {"words": "She is safe with her aunt."}
THEIRS = {"kind": "their_view", "words": "The aunt cannot keep her safe."}


def test_officers_disagree_climb_and_end_it(desk: Desk) -> None:
    path = desk.sent()
    made = desk.done("writer", "POST", f"{path}/disagreements", VIEW)["id"]
    here = f"/disagreements/{made}"

    early = desk.refused("writer", "POST", f"{here}/rungs")
    desk.done("second", "POST", f"{here}/entries", THEIRS)
    higher = desk.done("writer", "POST", f"{here}/rungs")

    assert early == (409, "incomplete")
    assert higher == {"rung": "case_conference"}
    (found,) = desk.done("worker", "GET", f"{path}/disagreements")["items"]
    assert [one["words"] for one in found["entries"]] == [VIEW["words"], THEIRS["words"]]
    assert [one["code"] for one in found["missing"]] == [
        "disagreement_meeting_missing", "disagreement_guardian_not_heard",
    ]  # fmt: skip
    assert desk.refused("writer", "POST", f"{here}/ends", VIEW | {"end": "agreed"}) == (
        403, "role-may-not",
    )  # fmt: skip
    stale = desk.send("head", "POST", f"{here}/ends", VIEW | {"end": "agreed"}, if_match='"1"')
    assert stale.json()["type"] == "/problems/stale-write"
    desk.done("head", "POST", f"{here}/ends", VIEW | {"end": "agreed"})
    assert desk.done("worker", "GET", f"{path}/disagreements")["items"][0]["end"] == "agreed"


def test_nobody_else_finds_it(desk: Desk) -> None:
    path = desk.sent()
    made = desk.done("writer", "POST", f"{path}/disagreements", VIEW)["id"]

    for person in ("administrator", "abroad", "stranger"):
        assert desk.refused(person, "GET", f"{path}/disagreements")[0] == 404
        assert desk.refused(person, "POST", f"/disagreements/{made}/entries", THEIRS)[0] == 404
    assert desk.refused("coordinator", "POST", f"/disagreements/{made}/entries", THEIRS)[0] == 403
