"""What else of a child's file may cross a border, item by item: under which name, as what, and how much it tells.

Every item has one code, the same in a question, in a grant and beside the sealed part: ``summary``, ``identity.names``,
``sensitive.health_for_care``, ``attachment.<id>``. What is not on these lists never leaves, whoever asks.

Source: DOM-4.1, DOM-5.3, DOM-R44, DOM-R45, EXP-5.2, EXP-9.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from core.errors import Gap
from transfers.rules.codes import MessageType, Redaction

SUMMARY: Final = "summary"
IDENTITY: Final = frozenset(
    {"identity.names", "identity.parents", "identity.origin", "identity.birth_year"}
)
"""An identity disclosure: only to check a family link. Source: DOM-5.3."""
HEALTH: Final = frozenset(
    {"health_for_care", "disability", "hiv_status", "pregnancy", "mental_health", "substance"}
)
SENSITIVE: Final = HEALTH | {
    "do_not_contact", "detention", "gbv", "trafficking", "sexual_exploitation", "armed_group",
    "exact_location",
}  # fmt: skip
"""Highly sensitive fields a grant may name. Protection sought, fears, beliefs and what courts know never leave."""
SENSITIVE_PREFIX: Final = "sensitive."
ATTACHMENT_PREFIX: Final = "attachment."
CARRYING: Final = frozenset({
    MessageType.PACKAGE, MessageType.INFO_REPLY, MessageType.ENQUIRY_REPLY, MessageType.ACCEPT,
    MessageType.TRAVEL_PLAN, MessageType.FOLLOWUP_REPORT,
})  # fmt: skip
"""Messages documents of the file may travel with."""
UNDER_GRANTS: Final = frozenset({MessageType.PACKAGE, MessageType.SUMMARY})
"""The ones a highly sensitive document may travel with, when a grant names it."""
MOST_DOCUMENTS: Final = 60
MEDIA_ENDINGS: Final = {
    "application/json": "json",
    "application/pdf": "pdf",
    "image/jpeg": "jpg",
    "image/png": "png",
    "text/plain": "txt",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
}
ROLE_OF_KIND: Final = {
    "consent_form": "consent",
    "identity_paper": "identity",
    "court_order": "legal",
    "protection_measure": "legal",
    "medical": "medical",
    "photo": "photo",
    "home_study": "report",
    "report": "report",
}
SENSITIVE_ROLES: Final = frozenset({"medical", "photo"})
"""Highly sensitive whoever says otherwise."""


@dataclass(frozen=True)
class Paper:
    """One document of a file, as far as its sending is judged.

    Args:
        code: its item code.
        role: what it is for over there.
        media: its format.
        size: in bytes.
        is_sensitive: it is kept as highly sensitive.
        withheld: the child or guardian withholds it from that country.
        grant: id of a grant that counts today and names it.
    """

    code: str
    role: str
    media: str
    size: int
    is_sensitive: bool = False
    withheld: bool = False
    grant: str = ""

    @property
    def needs_grant(self) -> bool:
        """Whether it leaves under a grant or not at all."""
        return self.is_sensitive or self.role in SENSITIVE_ROLES


def attachment_code(attachment_id: str) -> str:
    """Return the item code of a document."""
    return ATTACHMENT_PREFIX + attachment_id


def name_of(number: int, role: str, media: str) -> str:
    """Return the name a document travels under: its place and what it is for, nothing of the child. DOM-R49."""
    return f"{number:02d}-{role}.{MEDIA_ENDINGS.get(media, 'bin')}"


def is_item(code: str) -> bool:
    """Whether a grant may name this at all."""
    if code == SUMMARY or code in IDENTITY or code.startswith(ATTACHMENT_PREFIX):
        return True
    return code.startswith(SENSITIVE_PREFIX) and code.removeprefix(SENSITIVE_PREFIX) in SENSITIVE


def redaction_of(items: Collection[str], sensitive_papers: Collection[str] = ()) -> Redaction:
    """Return how much a set of items tells; never less than what is inside.

    Args:
        items: item codes.
        sensitive_papers: codes of documents among them that are highly sensitive.
    """
    if any(code.startswith(SENSITIVE_PREFIX) for code in items) or set(sensitive_papers) & set(
        items
    ):
        return Redaction.R3
    if any(code.startswith(ATTACHMENT_PREFIX) for code in items):
        return Redaction.R2
    return Redaction.R1 if IDENTITY & set(items) else Redaction.R0


def scope_gaps(items: Collection[str]) -> tuple[Gap, ...]:
    """Say what stands against asking for these items together.

    An identity disclosure has a grant of its own, so that it ends sooner and one person reads it. Source: DOM-5.3.
    """
    unknown = sorted(code for code in items if not is_item(code))
    named = set(items) - {SUMMARY}
    mixed = bool(named & IDENTITY) and bool(named - IDENTITY)
    return (
        *(Gap("grant_item_never_leaves", {"item": code}) for code in unknown),
        *((Gap("grant_identity_alone"),) if mixed else ()),
    )


def document_gaps(
    papers: Iterable[Paper],
    type_: MessageType,
    *,
    media: Collection[str],
    highest: Redaction,
    largest: int,
    largest_of_all: int,
) -> tuple[Gap, ...]:
    """Say what stands against sending these documents with a message, each with its place in the list.

    Args:
        papers: in their order.
        type_: of the message.
        media: formats the two countries take from each other.
        highest: the fullest message that may cross here.
        largest: most bytes of one document.
        largest_of_all: most bytes of all together.
    """
    found = list(papers)
    gaps = [
        gap for number, paper in enumerate(found, start=1)
        for gap in _gaps_of(paper, number, type_, media, largest)
    ]  # fmt: skip
    if sum(paper.size for paper in found) > largest_of_all or len(found) > MOST_DOCUMENTS:
        gaps.append(Gap("documents_too_many"))
    told = level_of(found)
    if found and told > highest:
        gaps.append(Gap("documents_beyond_corridor", {"highest": highest.value}))
    return tuple(gaps)


def level_of(papers: Collection[Paper]) -> Redaction:
    """Return how much documents tell together."""
    if any(paper.needs_grant for paper in papers):
        return Redaction.R3
    return Redaction.R2 if papers else Redaction.R0


def is_over(retain_until: date | None, today: date) -> bool:
    """Whether what came may not be kept any longer. Source: EXP-9."""
    return retain_until is not None and retain_until <= today


def _gaps_of(
    paper: Paper, number: int, type_: MessageType, media: Collection[str], largest: int
) -> Iterable[Gap]:
    place = {"number": number}
    if paper.withheld:
        yield Gap("document_withheld", place)
    if paper.needs_grant and (not paper.grant or type_ not in UNDER_GRANTS):
        yield Gap("document_needs_grant", place)
    if paper.media not in media:
        yield Gap("document_format", place)
    if paper.size > largest:
        yield Gap("document_too_large", place)
