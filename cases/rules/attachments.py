"""Which files may be kept with a case.

Source: DOM-4.4/attachments, DOM-4.1/photo.
"""

from enum import StrEnum
from typing import Final

from core.errors import Answer, Gap, answer

MEDIA: Final = frozenset(
    {
        "application/pdf",
        "image/jpeg",
        "image/png",
        "image/tiff",
        "text/plain",
        "audio/mpeg",
        "audio/mp4",
        "audio/ogg",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "application/vnd.oasis.opendocument.text",
    }
)
CHUNK: Final = 1024 * 1024
# What a file of each kind begins with, where it has a fixed beginning.
_BEGINNINGS: Final[dict[str, tuple[bytes, ...]]] = {
    "application/pdf": (b"%PDF-",),
    "image/jpeg": (b"\xff\xd8\xff",),
    "image/png": (b"\x89PNG\r\n\x1a\n",),
    "image/tiff": (b"II*\x00", b"MM\x00*"),
    "audio/ogg": (b"OggS",),
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": (b"PK\x03\x04",),
    "application/vnd.oasis.opendocument.text": (b"PK\x03\x04",),
}


class FileKind(StrEnum):
    """What a file is for."""

    CONSENT_FORM = "consent_form"
    IDENTITY_PAPER = "identity_paper"
    COURT_ORDER = "court_order"
    PROTECTION_MEASURE = "protection_measure"
    MEDICAL = "medical"
    SCHOOL = "school"
    HOME_STUDY = "home_study"
    DRAWING = "drawing"
    RECORDING = "recording"
    PHOTO = "photo"
    LETTER = "letter"
    REPORT = "report"
    OTHER = "other"


class Sensitivity(StrEnum):
    """Each file has its own class. Source: DOM-4.4."""

    RESTRICTED = "res"
    HIGHLY_SENSITIVE = "hs"


ALWAYS_SENSITIVE: Final = frozenset({FileKind.MEDICAL, FileKind.PHOTO})


def acceptable(media_type: str, kind: FileKind, sensitivity: Sensitivity) -> Answer:
    """Say what stands against keeping a file: a format that is not taken, a class too low.

    A photo and anything medical is highly sensitive, whoever says otherwise.

    Source: DOM-4.1/photo.
    """
    too_low = kind in ALWAYS_SENSITIVE and sensitivity is not Sensitivity.HIGHLY_SENSITIVE
    return answer(
        "attach",
        [
            None if media_type in MEDIA else Gap("media_type_not_taken"),
            Gap("must_be_highly_sensitive") if too_low else None,
        ],
    )


def begins_as(media_type: str, beginning: bytes) -> bool:
    """Whether the first bytes fit the declared format; formats without a fixed start always do."""
    known = _BEGINNINGS.get(media_type)
    return known is None or beginning.startswith(known)
