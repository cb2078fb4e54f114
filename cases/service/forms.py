"""Forms in and out of their sealed columns: how the words of a record are kept and changed.

Owner of the key is the case; the place is table, column and row, so nothing can be moved about.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final, TypeVar

from pydantic import TypeAdapter, ValidationError
from sqlmodel import Session, SQLModel

from cases.rules.access import Level, Reach
from cases.service.files import Purpose
from core.errors import BadInput
from core.vault import Place, seal, unseal

Form = TypeVar("Form")
RESTRICTED: Final = "restricted"
SENSITIVE: Final = "sensitive"


def plain(form: Any) -> dict[str, Any]:
    """Return a form as JSON values."""
    value: dict[str, Any] = _adapter(type(form)).dump_python(form, mode="json")
    return value


def form_from(kind: type[Form], values: Mapping[str, Any]) -> Form:
    """Return a form from JSON values.

    Raises:
        BadInput: a value does not belong there; the pointer names it.
    """
    try:
        form: Form = _adapter(kind).validate_python(dict(values))
    except ValidationError as error:
        where = "/".join(str(part) for part in error.errors()[0]["loc"])
        raise BadInput(pointer=f"/{where}", code=error.errors()[0]["type"]) from None
    return form


def changed(form: Form, changes: Mapping[str, Any]) -> Form:
    """Return a form with some of its parts replaced; parts not named stay as they are.

    Raises:
        BadInput: a part the form does not have, or a value that does not belong there.
    """
    wanted = {**plain(form), **changes}
    result = form_from(type(form), wanted)
    unknown = next(_unknown(wanted, plain(result), ""), None)
    if unknown is not None:
        raise BadInput(pointer=unknown, code="unknown_part")
    return result


def seal_value(session: Session, case_id: str, row: SQLModel, value: Any, column: str) -> bytes:
    """Seal a JSON value for a column of a row; the row has its id already."""
    return seal(session, owner=case_id, place=_place(row, column), value=value)


def open_value(session: Session, case_id: str, row: SQLModel, column: str = RESTRICTED) -> Any:
    """Open a sealed column of a row; an empty column is an empty mapping."""
    sealed: bytes | None = getattr(row, column)
    if not sealed:
        return {}
    return unseal(session, owner=case_id, place=_place(row, column), sealed=sealed)


def shows_sensitive(reach: Reach, section: str, purpose: Purpose | None) -> bool:
    """Whether a highly sensitive part of a record may be shown. Source: DOM-2.2, DOM-R45."""
    if reach.level < Level.SENSITIVE or (reach.purpose_needed and purpose is None):
        return False
    return reach.sections is None or section in reach.sections


def _unknown(given: Any, kept: Any, path: str) -> Iterator[str]:
    """Name every value that was given and has no place in the form, at any depth."""
    if isinstance(given, Mapping) and isinstance(kept, Mapping):
        for key, value in given.items():
            if key in kept:
                yield from _unknown(value, kept[key], f"{path}/{key}")
            else:
                yield f"{path}/{key}"
    elif isinstance(given, list | tuple) and isinstance(kept, list | tuple):
        for place, (one, other) in enumerate(zip(given, kept, strict=False)):
            yield from _unknown(one, other, f"{path}/{place}")


def _place(row: SQLModel, column: str) -> Place:
    key: Any = row
    return Place(str(key.__tablename__), column, str(key.id))


_adapters: Final[dict[type[Any], TypeAdapter[Any]]] = {}


def _adapter(kind: type[Any]) -> TypeAdapter[Any]:
    if kind not in _adapters:
        _adapters[kind] = TypeAdapter(kind)
    return _adapters[kind]
