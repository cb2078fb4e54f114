"""The record of a sitting as the rows tell it, up to a moment: ids, codes, times and seals.

Words about children are not in it; a decision is there with the hash of its content, a vote with the
hash of its sealed form. So minutes outlive a child's erased file without keeping anything of it.

Source: DOM-4.5, DOM-R22.
"""

import hashlib
from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlmodel import Session

from panels.rules.minutes import stamp
from panels.store import attendance, conflict, deferral, determination, item, sitting, vote
from panels.tables.item import ItemRow
from panels.tables.sitting import SittingRow

AFTERWARDS = frozenset(
    {"minutes_drafted", "minutes_signed", "archived", "decision_flagged", "reasons_alike"}
)


def record_of_sitting(session: Session, row: SittingRow, *, until: datetime) -> dict[str, Any]:
    """Draw the record of a sitting from its rows as they stood at a moment.

    Args:
        session: the unit of work.
        row: the sitting.
        until: rows written later are left out, so that the same record is found again later.
    """
    return {
        "until": stamp(until),
        "sitting": _sitting(row),
        "roster": sitting.roster(session, row.id),
        "attendance": [
            {
                "seq": one.seq,
                "member": one.member_id,
                "kind": one.kind,
                "at": stamp(one.at),
                "corrects": one.corrects_id or "",
            }
            for one in attendance.of_sitting(session, row.id)
            if one.recorded_at <= until
        ],
        "events": [
            {
                "seq": one.seq,
                "at": stamp(one.at),
                "kind": one.kind,
                "item": one.item_id or "",
                "person": one.person_id,
                "codes": _plain(one.codes),
            }
            for one in sitting.events(session, row.id)
            if one.at <= until and one.kind not in AFTERWARDS
        ],
        "quorum": [
            {
                "id": one.id,
                "item": one.item_id or "",
                "at": stamp(one.at),
                "moment": one.moment,
                "eligible": list(one.eligible),
                "met": one.met,
                "missing": [_plain(gap) for gap in one.missing],
            }
            for one in sitting.quorum_log(session, row.id)
            if one.at <= until
        ],
        "items": [_item(session, one, until) for one in item.of_sitting(session, row.id)],
    }


def without_items(record: dict[str, Any], closed: Collection[str]) -> dict[str, Any]:
    """Return a record for somebody to whom some of its items are closed. Source: DOM-R14."""
    return record | {
        "items": [one for one in record["items"] if one["id"] not in closed],
        "events": [one for one in record["events"] if one["item"] not in closed],
        "quorum": [one for one in record["quorum"] if one["item"] not in closed],
    }


def _sitting(row: SittingRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "panel": row.panel_id,
        "type": row.type,
        "mode": row.mode,
        "timezone": row.timezone,
        "rules": row.rules_number,
        "presiding": row.presiding_id or "",
        "opened_at": stamp(row.opened_at),
        "ended_at": stamp(row.ended_at),
    }


def _item(session: Session, row: ItemRow, until: datetime) -> dict[str, Any]:
    return {
        "id": row.id,
        "case": row.case_id,
        "position": row.position,
        "type": row.type,
        "state": row.state,
        "finish_reason": row.finish_reason or "",
        "conflicts": _conflicts(session, row, until),
        "rounds": _rounds(session, row, until),
        "decisions": _decisions(session, row, until),
        "deferrals": _deferrals(session, row, until),
    }


def _conflicts(session: Session, row: ItemRow, until: datetime) -> list[dict[str, Any]]:
    return [
        {
            "id": one.id,
            "member": one.member_id,
            "person": one.person_id,
            "ground": one.ground,
            "raised_as": one.raised_as,
            "at": stamp(one.raised_at),
            "ruled_by": (one.ruled_by or "") if one.ruled_at and one.ruled_at <= until else "",
        }
        for one in conflict.of_item(session, row.id)
        if one.raised_at <= until
    ]


def _rounds(session: Session, row: ItemRow, until: datetime) -> list[dict[str, Any]]:
    return [
        {
            "round": held.round_no,
            "annulled": held.annulled_at is not None,
            "votes": [
                {
                    "id": one.id,
                    "person": one.person_id,
                    "at": stamp(one.cast_at),
                    "seal": hashlib.sha256(one.restricted).hexdigest(),
                }
                for one in vote.votes(session, row.id, held.round_no)
            ],
            "opinions": [
                {
                    "id": one.id,
                    "person": one.person_id,
                    "at": stamp(one.written_at),
                    "seal": hashlib.sha256(one.restricted).hexdigest(),
                }
                for one in vote.opinions(session, row.id, held.round_no)
            ],
        }
        for held in vote.rounds(session, row.id)
        if held.opened_at <= until
    ]


def _decisions(session: Session, row: ItemRow, until: datetime) -> list[dict[str, Any]]:
    return [
        {
            "id": one.id,
            "number": one.number,
            "outcome": one.outcome,
            "destination": one.destination,
            "rule": one.rule_used,
            "votes_for": one.votes_for,
            "votes_other": one.votes_other,
            "abstained": one.abstained,
            "dissents": len(determination.dissents(session, one.id)),
            "hash": one.content_hash,
            "sealed_at": stamp(one.sealed_at),
        }
        for one in determination.of_sitting(session, row.sitting_id)
        if one.item_id == row.id and one.sealed_at is not None and one.sealed_at <= until
    ]


def _deferrals(session: Session, row: ItemRow, until: datetime) -> list[dict[str, Any]]:
    return [
        {
            "id": one.id,
            "number": one.number,
            "emergency": one.is_emergency,
            "due_at": stamp(one.due_at),
            "questions": len(deferral.questions(session, one.id)),
        }
        for one in deferral.of_sitting(session, row.sitting_id)
        if one.item_id == row.id and one.deferred_at <= until
    ]


def _plain(codes: dict[str, Any]) -> dict[str, Any]:
    """Keep what a record may hold; anything else becomes text."""
    return {
        key: value if value is None or isinstance(value, str | int) else str(value)
        for key, value in codes.items()
    }
