"""The note a child keeps: what was decided in plain words, what comes next, how to disagree or complain.

The fixed sentences are short and in the child's language where the product has them, otherwise in the
country's own language; the reasons are the panel's version for the child.

Source: DOM-3.3 (T14), DOM-R9.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlmodel import Session

from core import audit
from core.actors import Actor
from core.errors import WrongState
from core.languages import language
from core.worktime import local_day
from panels.service import decision_rows
from panels.service.child import Child
from panels.service.communication import TELLERS
from panels.service.decision_rows import draft_in, taken, talk_about
from panels.service.plain_texts import plain_text
from panels.tables.determination import DeterminationRow

_KEYS: Final = ("title", "next", "until_then", "disagree", "until", "complain")
_SENTENCES: Final = {
    "en": (
        "What was decided about you, and why",
        "Somebody you know will tell you what happens next and when. You can always ask.",
        "Until then:",
        "If you do not agree, say so to any adult who helps you. You do not need a reason.",
        "You can say it until",
        "If somebody treats you badly, you can complain, also about us:",
    ),
    "fr": (
        "Ce qui a été décidé pour toi, et pourquoi",
        "Quelqu'un que tu connais te dira ce qui se passe ensuite et quand. Tu peux toujours demander.",
        "Jusque-là :",
        "Si tu n'es pas d'accord, dis-le à un adulte qui t'aide. Tu n'as pas besoin de raison.",
        "Tu peux le dire jusqu'au",
        "Si quelqu'un te traite mal, tu peux te plaindre, aussi de nous :",
    ),
    "es": (
        "Lo que se decidió sobre ti, y por qué",
        "Alguien que conoces te dirá qué pasa después y cuándo. Siempre puedes preguntar.",
        "Hasta entonces:",
        "Si no estás de acuerdo, díselo a una persona adulta que te ayude. No necesitas una razón.",
        "Puedes decirlo hasta el",
        "Si alguien te trata mal, puedes quejarte, también de nosotros:",
    ),
    "pt": (
        "O que foi decidido sobre ti, e porquê",
        "Alguém que conheces vai dizer-te o que acontece a seguir e quando. Podes sempre perguntar.",
        "Até lá:",
        "Se não concordas, diz a um adulto que te ajuda. Não precisas de uma razão.",
        "Podes dizê-lo até",
        "Se alguém te tratar mal, podes queixar-te, também de nós:",
    ),
    "sw": (
        "Uamuzi kuhusu wewe, na sababu zake",
        "Mtu unayemjua atakuambia nini kitafuata na lini. Unaweza kuuliza wakati wowote.",
        "Hadi wakati huo:",
        "Kama hukubali, mwambie mtu mzima anayekusaidia. Huhitaji kutoa sababu.",
        "Unaweza kusema hadi",
        "Mtu akikutendea vibaya, unaweza kulalamika, hata kuhusu sisi:",
    ),
}


@dataclass(frozen=True)
class Note:
    """What the note says.

    Args:
        language: of the fixed sentences.
        words: those sentences, by what each is for.
        child_version: the panel's reasons for the child, in its own words.
        interim_care: empty where it is written in another language than the sentences.
        window_ends_at: until when an appeal is in time; before the talk, as if it were held now.
    """

    row: DeterminationRow
    child: Child
    language: str
    words: Mapping[str, str]
    child_version: str
    interim_care: str
    window_ends_at: datetime


def note_for(session: Session, actor: Actor, determination_id: str, *, now: datetime) -> Note:
    """Write the note for the talk, and note that it was made.

    Raises:
        NotThere: no such decision, or not yours.
        RoleMayNot: only those who tell the child make the note.
        WrongState: not enough members have signed; until then nothing is decided.
    """
    found = taken(session, actor, determination_id, roles=TELLERS, now=now)
    if found.row.sealed_at is None:
        raise WrongState("decision", "not signed", "make_child_note")
    draft, child = draft_in(session, found.row), found.child
    spoken = language(draft.child_version_language)
    known = (spoken, language(child.pack.languages.default), "en")
    written = next(code for code in known if code in _SENTENCES)
    audit.record(
        session,
        actor,
        "child_note.made",
        thing=decision_rows.KIND,
        thing_id=found.row.id,
        case_id=child.case_id,
        now=now,
        codes={"language": written},
    )
    talk = talk_about(session, found.row)
    return Note(
        row=found.row,
        child=child,
        language=written,
        words=dict(zip(_KEYS, _SENTENCES[written], strict=True)),
        child_version=draft.child_version,
        interim_care=draft.interim_care if written == spoken else "",
        window_ends_at=talk.window_ends_at if talk else child.due("D12", now),
    )


def child_note(session: Session, actor: Actor, determination_id: str, *, now: datetime) -> str:
    """Write the note as plain text, to be read aloud or copied.

    Raises:
        NotThere, RoleMayNot, WrongState: as ``note_for`` says.
    """
    note = note_for(session, actor, determination_id, now=now)
    return plain_text(
        "panels/child_note.txt.j2",
        words=note.words,
        child_version=note.child_version,
        interim_care=note.interim_care,
        window_ends_on=local_day(note.window_ends_at, note.child.calendar).isoformat(),
        helplines=note.child.pack.helplines,
    )
