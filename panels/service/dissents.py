"""The words of those who voted for another option, as they stand when a decision is recorded.

Source: DOM-R18, DOM-4.6/vote.opinion.
"""

from collections.abc import Collection

from sqlmodel import Session

from core.vault import Place, unseal
from panels.rules.decision_record import Dissent
from panels.service.hearings import choice_of, current_round
from panels.store import vote as store
from panels.tables.item import ItemRow


def dissents_of(
    session: Session, item: ItemRow, member_ids: Collection[str]
) -> tuple[Dissent, ...]:
    """Return each dissenter with the words given with the vote or written after it.

    Somebody who declined to write is named with no words.
    """
    last = current_round(session, item)
    if last is None:
        return ()
    later = {
        row.member_id: _opinion(session, item, row.id, row.restricted)
        for row in store.opinions(session, item.id, last.round_no)
    }
    return tuple(
        Dissent(
            vote.person_id,
            later.get(vote.member_id) or choice_of(session, item, vote)["opinion"],
        )
        for vote in sorted(
            store.votes(session, item.id, last.round_no), key=lambda one: one.person_id
        )
        if vote.member_id in member_ids
    )


def _opinion(session: Session, item: ItemRow, row_id: str, sealed: bytes) -> str:
    place = Place("vote_opinion", "restricted", row_id)
    return str(unseal(session, owner=item.case_id, place=place, sealed=sealed)["opinion"])
