"""Minutes of a sitting over HTTP: drawn up, signed by two, corrected, proven, archived."""

from typing import Any

import pytest

from tests.api.deciding import Story, story

__all__ = ["story"]


def ended(story: Story) -> str:
    """A sitting that decided about one child and ended; returns its address."""
    story.begin()
    story.in_force()
    sitting = f"/sittings/{story.court.sitting_id}"
    story.done("chair", "POST", f"{sitting}/end")
    return sitting


def newest(story: Story, sitting: str) -> dict[str, Any]:
    """The newest version of the minutes."""
    found: dict[str, Any] = story.done("secretary", "GET", f"{sitting}/minutes")["minutes"][0]
    return found


def signed(story: Story, sitting: str) -> str:
    """Minutes both have signed; returns their address."""
    made = story.done("secretary", "POST", f"{sitting}/minutes")["id"]
    read = newest(story, sitting)["content_hash"]
    path = f"/minutes/{made}/signatures"
    assert not story.done("chair", "POST", path, content_hash=read)["in_force"]
    assert story.done("secretary", "POST", path, content_hash=read)["in_force"]
    return f"/minutes/{made}"


@pytest.mark.rule("R22", "R49")
def test_minutes_are_drawn_signed_by_two_proven_and_archived(story: Story) -> None:
    sitting = ended(story)
    minutes = signed(story, sitting)

    text = newest(story, sitting)["text"]
    assert "CARE PLACEMENT" in text
    assert "Amani" not in text
    assert story.done("chair", "GET", f"{minutes}/verification")["holds"]
    story.done("secretary", "POST", f"{sitting}/archive")
    assert story.done("secretary", "GET", sitting)["state"] == "archived"
    assert story.send("police", "GET", story.decision).status_code == 404


@pytest.mark.rule("R22")
def test_signed_minutes_are_corrected_by_a_new_version_and_the_old_one_stays(story: Story) -> None:
    sitting = ended(story)
    minutes = signed(story, sitting)
    for method in ("PUT", "PATCH", "DELETE"):
        assert story.send("secretary", method, minutes).status_code in {404, 405}
    story.refused(409, "secretary", "POST", f"{sitting}/minutes")
    short = story.refused(409, "secretary", "POST", f"{minutes}/corrections", reason="Typo")

    story.done(
        "secretary", "POST", f"{minutes}/corrections", reason="The name of the panel was missing."
    )

    assert short == {"correction_reason_missing"}
    shown = story.done("secretary", "GET", f"{sitting}/minutes")["minutes"]
    assert [(one["number"], one["state"]) for one in shown] == [(2, "draft"), (1, "signed")]
    assert story.done("secretary", "GET", f"{minutes}/verification")["holds"]


def test_a_draft_waits_for_unsigned_decisions_and_is_drawn_up_again(story: Story) -> None:
    story.begin()
    story.record()
    sitting = f"/sittings/{story.court.sitting_id}"
    story.done("chair", "POST", f"{sitting}/end")
    story.done("secretary", "POST", f"{sitting}/minutes")
    second = story.done("secretary", "POST", f"{sitting}/minutes")["id"]
    read = newest(story, sitting)["content_hash"]

    missing = story.refused(
        409, "chair", "POST", f"/minutes/{second}/signatures", content_hash=read
    )

    assert missing == {"decisions_unsigned"}
    shown = story.done("secretary", "GET", f"{sitting}/minutes")["minutes"]
    assert [one["state"] for one in shown] == ["draft", "replaced"]


def test_only_chair_and_secretary_sign_each_once_and_what_they_read(story: Story) -> None:
    sitting = ended(story)
    made = story.done("secretary", "POST", f"{sitting}/minutes")["id"]
    read = newest(story, sitting)["content_hash"]
    path = f"/minutes/{made}/signatures"

    member = story.refused(409, "police", "POST", path, content_hash=read)
    unread = story.send("chair", "POST", path, content_hash="0" * 64)
    machine = story.send("machine", "POST", path, content_hash=read)
    story.done("chair", "POST", path, content_hash=read)
    twice = story.refused(409, "chair", "POST", path, content_hash=read)

    assert "signer_is_not_chair_or_secretary" in member
    assert (unread.status_code, machine.status_code) == (409, 403)
    assert "same_person_signs_twice" in twice


def test_a_sitting_is_archived_only_after_its_minutes_are_signed(story: Story) -> None:
    sitting = ended(story)

    story.refused(409, "secretary", "POST", f"{sitting}/archive")
    stale = story.send("secretary", "POST", f"{sitting}/archive", version=99)
    member = story.send("chair", "POST", f"{sitting}/archive")

    assert stale.json()["type"] == "/problems/stale-write"
    assert member.status_code == 403


def test_a_stranger_finds_no_minutes(story: Story) -> None:
    sitting = ended(story)
    minutes = signed(story, sitting)

    asked: tuple[tuple[str, str, dict[str, Any]], ...] = (
        ("GET", f"{sitting}/minutes", {}),
        ("POST", f"{sitting}/minutes", {}),
        ("POST", f"{sitting}/archive", {}),
        ("GET", f"{minutes}/verification", {}),
        ("POST", f"{minutes}/signatures", {"content_hash": "0" * 64}),
        ("POST", f"{minutes}/corrections", {"reason": "x"}),
    )
    for method, path, body in asked:
        assert story.send("stranger", method, path, **body).status_code == 404, f"{method} {path}"
