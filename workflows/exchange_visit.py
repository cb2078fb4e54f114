"""What is done on one line to one partner, in this order: recalls, receipts, deliveries, what waits there for us.

Every step is committed before the next call leaves. Source: EXP-7.1.
"""

import logging
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, BinaryIO, Final

from core.db import Database, Session
from core.errors import Incomplete
from core.exchange.deliveries import wrong_parts
from core.exchange.keys import SigningKey
from core.exchange.shapes import is_id
from core.exchange.shelves import BOX, FolderShelf, part_name
from transfers.rules.delivery import HOURLY, PIECE_TRIES, InState, Way
from transfers.service import (
    exchange_status,
    grants_held,
    incoming,
    outgoing,
    receipts_given,
    receipts_taken,
    sealing,
)
from transfers.service.correspondence import Correspondent, correspondent, sending_gaps
from transfers.service.exchange_status import Errand
from transfers.service.incoming import Ground, Refused, View
from transfers.service.outgoing import ToPush
from transfers.service.storage import PIECE
from workflows.exchange_line import Dial, Line, LineDown, NotKnown, Reply, prefix_of
from workflows.exchange_redeem import redeem

RECEIPTS_AT_ONCE: Final = 50
PAGES: Final = 50
log = logging.getLogger(__name__)


class Left(Exception):
    """The partner asked to be left alone for a while; the rest waits."""


class Unfinished(Exception):
    """A try ended without a receipt; ``way`` and ``code`` say what follows."""

    def __init__(self, way: Way, code: str, asked: timedelta | None = None) -> None:
        super().__init__(code)
        self.way, self.code, self.asked = way, code, asked


@dataclass
class Visit:
    """One visit to one partner; counts what it did."""

    database: Database
    ground: Ground
    partner: str
    own: str
    key: SigningKey
    dial: Dial
    clock: Callable[[], datetime]
    chance: Callable[[], float]
    is_reachable: bool
    still_ours: Callable[[], bool]
    settled: int = 0
    receipts: int = 0
    recalls: int = 0
    fetched: int = 0
    was_silent: bool = False

    def all(self) -> None:
        """Do what there is to do, as far as the line carries."""
        with self.database.unit_of_work() as session:
            errand = exchange_status.errand(
                session, self.partner, is_reachable=self.is_reachable, now=self.clock()
            )
        if errand is None:
            return
        try:
            client = self.dial(errand.address)
        except LineDown as error:
            self._silent(str(error))
            return
        line = Line(
            client, self.own, self.partner, self.key, prefix_of(errand.address), self.clock,
            errand.skew,
        )  # fmt: skip
        try:
            self._on(line, errand)
        except LineDown as error:
            self._silent(str(error), was_heard=line.was_heard)
        except NotKnown:
            self._silent("unknown-caller", wait=HOURLY)
        except Left:
            log.info("exchange.left_alone: %s", self.partner)
        finally:
            client.close()
            if line.was_skewed:
                self._unit(
                    lambda session, now: outgoing.note_skew(
                        session, self._known(session), line.skew, now=now
                    )
                )

    def _on(self, line: Line, errand: Errand) -> None:
        if errand.wants_statement:
            self._refresh(line)
        for notice_id, text in errand.recalls:
            self._recall(line, notice_id, text)
        self._give_receipts(line)
        with self.database.unit_of_work() as session:
            may_send = sending_gaps(session, self.partner, now=self.clock()).is_possible
            due = outgoing.due(session, self.partner, now=self.clock()) if may_send else []
            grants = grants_held.due(session, self.partner, now=self.clock())
        for one in due:
            if not self.still_ours():
                return
            self._try(line, one)
        for grant in grants:
            redeem(
                line, grant, unit=self._unit, chance=self.chance,
                fetch=lambda token, box: self._fetch_parts(line, self._offered(token, box)),
            )  # fmt: skip
        if not self.is_reachable:
            self._ask_after(line)
            self._fetch(line)
            self._give_receipts(line)
        self._unit(lambda session, now: outgoing.note_heard(session, self.partner, now=now))

    def _refresh(self, line: Line) -> None:
        """Take the partner's newest key statement; one that does not hold changes nothing but is told."""
        data = line.statement()
        if data is not None:
            self._unit(
                lambda session, now: exchange_status.take_published(
                    session, self.partner, data, now=now
                )
            )

    def _recall(self, line: Line, notice_id: str, text: str) -> None:
        reply = line.post("/notices", notice=text)
        receipt = reply.body.get("receipt")
        if reply.is_good and isinstance(receipt, str):
            self._take([receipt])
        heard = self._unit(
            lambda session, now: exchange_status.note_recall_tried(
                session, self.partner, notice_id, chance=self.chance(), now=now
            )
        )
        self.recalls += heard

    def _give_receipts(self, line: Line) -> None:
        while True:
            with self.database.unit_of_work() as session:
                rows = exchange_status.receipts_due(
                    session, self.partner, limit=RECEIPTS_AT_ONCE, now=self.clock()
                )
            if not rows:
                return
            reply = line.post("/receipts", receipts=[row.text for row in rows])
            stored = reply.body.get("stored")
            ids = (
                {one for one in stored if isinstance(one, str)}
                if isinstance(stored, list)
                else set()
            )
            ids = ids if reply.is_good else set()
            left = [row for row in rows if row.id not in ids]

            def note(session: Session, now: datetime, ids: Any = ids, left: Any = left) -> int:
                count = receipts_given.note_stored(session, self.partner, ids, now=now)
                receipts_given.offer_again(session, left, chance=self.chance(), now=now)
                return count

            self.receipts += self._unit(note)
            if left:
                return

    def _try(self, line: Line, one: ToPush) -> None:
        """Try one delivery; whatever happens, its row says when it is tried again."""
        if self._is_outdated(one):
            self._seal_anew(one)
            return
        begun = self._unit(lambda session, now: outgoing.begin(session, one.id, now=now))
        if begun is None:
            return
        try:
            self._push(line, begun)
        except Unfinished as ended:
            self._ended(line, one, ended)
        except LineDown as error:
            self._failed(one.id, Way.AGAIN, str(error))
            raise
        except NotKnown:
            self._failed(one.id, Way.UNKNOWN_CALLER, "unknown-caller")
            raise
        else:
            self.settled += 1

    def _ended(self, line: Line, one: ToPush, ended: Unfinished) -> None:
        if ended.code == "unknown-encryption-key" and self._seal_after_refresh(line, one):
            return
        self._failed(one.id, ended.way, ended.code, ended.asked)
        if ended.asked is not None:
            self._silent(ended.code, wait=ended.asked)
            raise Left

    def _push(self, line: Line, one: ToPush) -> None:
        shelf = self.ground.storage.sent(one.id)
        with shelf.open(BOX) as file:
            box = file.read().decode("ascii")
        view = self._view(line.post("/deliveries", delivery=one.token, keys=box))
        for _ in range(PIECE_TRIES):
            if self._is_settled(one.id):
                return
            if view.get("state") == InState.EXPIRED:  # dropped there; only a person sends it anew
                raise Unfinished(Way.PERSON, "dropped_there")
            self._upload(line, one, shelf, view)
            reply = line.post(f"/deliveries/{one.id}/complete")
            if reply.code in {"incomplete", "hash-mismatch"} and not reply.is_good:
                view = self._view(line.call("GET", f"/deliveries/{one.id}"))
                continue
            view = self._view(reply)
            if self._is_settled(one.id):
                return
            break
        state = view.get("state")
        raise Unfinished(Way.AGAIN, "quarantined-there" if state == "quarantine" else "no-receipt")

    def _upload(self, line: Line, one: ToPush, shelf: FolderShelf, view: Mapping[str, Any]) -> None:
        have = view.get("have")
        if not isinstance(have, dict):
            raise Unfinished(Way.AGAIN, "no-view")
        for number in range(1, _count(shelf) + 1):
            with shelf.open(part_name(number)) as file:
                path = f"/deliveries/{one.id}/parts/{number}"
                self._upload_part(line, path, file, have.get(str(number)))

    def _upload_part(self, line: Line, path: str, file: BinaryIO, have: Any) -> None:
        """Send what is missing of one part, going on behind what the partner says it has."""
        size = file.seek(0, os.SEEK_END)
        number = path.rpartition("/")[2]
        at = _offset(have, size)
        misses = 0
        while at < size:
            file.seek(at)
            data = file.read(PIECE)
            if not self.still_ours():
                raise Unfinished(Way.AGAIN, "another-worker")
            span = {"content-range": f"bytes {at}-{at + len(data) - 1}/{size}"}
            reply = line.call(
                "PUT", path, data,
                headers={**span, "content-type": "application/octet-stream"},
            )  # fmt: skip
            if reply.code == "offset-mismatch" and misses < PIECE_TRIES:
                misses += 1
                at = _offset(reply.body.get("have"), size)
                continue
            told = self._view(reply).get("have")
            after = _offset(told.get(number) if isinstance(told, dict) else None, size)
            if after <= at:
                raise Unfinished(Way.AGAIN, "no-progress")
            at = after

    def _view(self, reply: Reply) -> Mapping[str, Any]:
        """Take the receipts out of an answer; everything else in it is a hint."""
        if not reply.is_good:
            raise Unfinished(reply.way, reply.code, reply.asked)
        found = reply.body.get("receipts")
        if isinstance(found, list):
            self._take(found[:RECEIPTS_AT_ONCE])
        return reply.body

    def _take(self, texts: list[Any]) -> None:
        for text in texts:
            self._unit(
                lambda session, now, text=text: receipts_taken.take(
                    session, self._known(session), text, now=now
                )
            )

    def _is_settled(self, delivery_id: str) -> bool:
        with self.database.unit_of_work() as session:
            return outgoing.is_settled(session, delivery_id)

    def _is_outdated(self, one: ToPush) -> bool:
        with self.database.unit_of_work() as session:
            return exchange_status.is_key_gone(self._known(session), one.sealed_to)

    def _seal_after_refresh(self, line: Line, one: ToPush) -> bool:
        """Seal anew when the partner's newest statement names another key than the one it does not know."""
        self._refresh(line)
        with self.database.unit_of_work() as session:
            key = self._known(session).ring.sealing_key(self.clock())
        return key is not None and key.kid != one.sealed_to and self._seal_anew(one)

    def _seal_anew(self, one: ToPush) -> bool:
        try:
            made = self._unit(
                lambda session, now: sealing.reseal(
                    session, one.id, storage=self.ground.storage, now=now
                )
            )
        except Incomplete:
            self._failed(one.id, Way.PERSON, "unknown-encryption-key")
            return False
        return made is not None

    def _ask_after(self, line: Line) -> None:
        """Fetch receipts of what has arrived: the partner cannot bring them."""
        with self.database.unit_of_work() as session:
            found = outgoing.to_ask_after(session, self.partner, now=self.clock())
        for delivery_id in found:
            reply = line.call("GET", f"/deliveries/{delivery_id}")
            texts = reply.body.get("receipts")
            if reply.is_good and isinstance(texts, list):
                self._take(texts[:RECEIPTS_AT_ONCE])
            self._unit(
                lambda session, now, found=delivery_id: outgoing.note_asked(session, found, now=now)
            )

    def _fetch(self, line: Line) -> None:
        """Fetch what waits for us there, as if it had been brought."""
        after = ""
        for _ in range(PAGES):
            reply = line.call("GET", "/mailbox" + after)
            found = reply.body.get("items")
            if not reply.is_good or not isinstance(found, list):
                return
            known = [item for item in found if isinstance(item, dict) and is_id(item.get("id"))]
            for item in known:
                self._fetch_one(line, item["id"], item.get("delivery"))
            if reply.body.get("more") is not True or not known:
                return
            after = f"?after={known[-1]['id']}"

    def _fetch_one(self, line: Line, delivery_id: str, token: Any) -> None:
        known = self._looked(delivery_id)
        if isinstance(known, Refused):
            box = line.call("GET", f"/mailbox/{delivery_id}/keys").body.get("keys")
            known = self._offered(token, box)
        if isinstance(known, View) and known.delivery_id != delivery_id:
            known = Refused("another")
        self._fetch_parts(line, known)

    def _offered(self, token: Any, box: Any) -> View | Refused:
        """Take note of what a partner announced, as if it had been brought."""
        known: View | Refused = self._unit(
            lambda session, now: incoming.offer(
                session, self._known(session), token, box, ground=self.ground, now=now
            )
        )
        return known

    def _fetch_parts(self, line: Line, known: View | Refused) -> bool:
        """Fetch what is missing of a delivery and sign for it; says whether all of it is here."""
        if isinstance(known, Refused):
            log.warning("exchange.not_fetched: %s", known.code)
            return False
        for number in known.have:
            if not self._fetch_part(line, known.delivery_id, int(number)):
                return False
        is_new = self._complete(known.delivery_id)
        self.fetched += is_new
        return is_new or known.state not in {"offered", "transferring"}

    def _fetch_part(self, line: Line, delivery_id: str, number: int) -> bool:
        size = self._unit(
            lambda session, **_: exchange_status.size_of_part(
                session, self.partner, delivery_id, number
            )
        )
        view = self._looked(delivery_id)
        while isinstance(view, View) and (at := view.have[str(number)]) < size:
            span = {"range": f"bytes={at}-{min(at + PIECE, size) - 1}"}
            reply = line.call("GET", f"/mailbox/{delivery_id}/parts/{number}", headers=span)
            if not reply.is_good or not reply.data:
                return False
            view = self._unit(
                lambda session, now, at=at, data=reply.data: incoming.put_piece(
                    session, self._known(session), delivery_id, number, at=at, total=size,
                    data=data, ground=self.ground, now=now,
                )
            )  # fmt: skip
        return isinstance(view, View)

    def _complete(self, delivery_id: str) -> bool:
        found = self._unit(
            lambda session, **_: incoming.to_measure(
                session, self._known(session), delivery_id, ground=self.ground
            )
        )
        if isinstance(found, View | Refused):
            return False
        wrong = wrong_parts(*found)
        done = self._unit(
            lambda session, now: incoming.complete(
                session, self._known(session), delivery_id, wrong=wrong, ground=self.ground,
                now=now,
            )
        )  # fmt: skip
        return isinstance(done, View)

    def _looked(self, delivery_id: str) -> View | Refused:
        with self.database.unit_of_work() as session:
            return incoming.look(session, self._known(session), delivery_id, ground=self.ground)

    def _known(self, session: Session) -> Correspondent:
        found = correspondent(session, self.partner, now=self.clock())
        if found is None:
            raise LineDown("partner-ended")
        return found

    def _failed(
        self, delivery_id: str, way: Way, code: str, asked: timedelta | None = None
    ) -> None:
        self._unit(
            lambda session, now: outgoing.note_failure(
                session, delivery_id, way, code, chance=self.chance(), asked=asked, now=now
            )
        )

    def _silent(self, code: str, *, wait: timedelta | None = None, was_heard: bool = False) -> None:
        self.was_silent = True
        self._unit(
            lambda session, now: outgoing.note_silence(
                session, self.partner, code, wait=wait, was_heard=was_heard,
                chance=self.chance(), now=now,
            )
        )  # fmt: skip

    def _unit(self, act: Callable[..., Any]) -> Any:
        with self.database.unit_of_work() as session:
            return act(session, now=self.clock())


def _count(shelf: FolderShelf) -> int:
    """How many parts lie on a shelf."""
    number = 0
    while (shelf.folder / part_name(number + 1)).is_file():
        number += 1
    return number


def _offset(told: Any, size: int) -> int:
    """What the partner says it has, if that can be true."""
    if type(told) is not int or not 0 <= told <= size:
        raise Unfinished(Way.AGAIN, "no-view")
    return told
