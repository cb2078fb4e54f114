"""Papers about nobody in particular, and a desk to print them at."""

from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import pypdfium2

from core.exchange import tokens
from core.exchange.kinds import Kind
from core.papers.issuing import Desk, Signed, ToSign
from core.papers.paper import Block, Paper, facts, heading, text
from core.papers.press import the_press
from tests.builders.exchange import ZAMBIA, signing_key_of

AT = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
ADDRESS = "https://bid.example.org"


def a_paper(*blocks: Block, **changes: Any) -> Paper:
    """A decision letter of Zambia, in English."""
    said = blocks or (
        heading("What was decided"),
        text("The child stays."),
        facts([("Name", "Amani")]),
    )
    ordinary: dict[str, Any] = {
        "kind": "decision_letter", "language": "en", "title": "A decision", "issuer": "Panel of Chipata",
        "about": "Decision 1", "at": AT, "zone": "Africa/Lusaka", "blocks": said, "series": "one",
    }  # fmt: skip
    return Paper(**(ordinary | changes))


def unsigned(_session: Any, _paper: ToSign, _now: datetime) -> None:
    """An installation without keys."""


def signed(_session: Any, paper: ToSign, now: datetime) -> Signed:
    """An installation with a key, and a statement nobody looks at."""
    claims = {
        "iat": int(now.timestamp()), "code": paper.code, "kind": paper.kind, "obj": paper.sha256,
    }  # fmt: skip
    token = tokens.make(Kind.PAPER, ZAMBIA, claims, signing_key_of(ZAMBIA))
    return Signed(token, "a.b.c")


def a_desk(*, sign: Any = unsigned, address: str = ADDRESS) -> Desk:
    """A desk with the press of this process."""
    return Desk(address, sign, the_press())


def words_on(content: bytes) -> str:
    """Everything a PDF shows, page by page."""
    document = pypdfium2.PdfDocument(BytesIO(content))
    try:
        return "\n".join(page.get_textpage().get_text_bounded() for page in document)
    finally:
        document.close()
