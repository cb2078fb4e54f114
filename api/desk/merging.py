"""Two people at one form: what each changed is kept, and where both changed the same, a person chooses.

A form remembers by a mark what every field showed when it was opened. Nothing is overwritten silently: neither
what stands in the record by now, nor what was typed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from api.desk.fields import Asking, Field, Kind, print_of, value_at
from api.desk.reading import read
from api.portal.door import Form
from core.errors import BadInput

WAS: Final = "was."
CHOOSE: Final = "choose."
ASKED: Final = "both"
TRIED: Final = "tried."
"""Before the names of what was sent once and never answered: if it was kept all the same, nobody else wrote it."""


@dataclass(frozen=True)
class Merged:
    """What is to be kept.

    Args:
        values: of every field, by name.
        conflicts: what others wrote, by field, where somebody must choose first.
        from_others: some field holds what others wrote meanwhile.
    """

    values: Mapping[str, Any]
    conflicts: Mapping[str, Any]
    from_others: bool


def carried(fields: Sequence[Field], record: Any) -> dict[str, str]:
    """Return the marks a form carries of what it shows."""
    return {f"{WAS}{one.name}": print_of(value_at(record, one.name), one) for one in fields}


def tried(fields: Sequence[Field], form: Form, asking: Asking) -> Mapping[str, Any]:
    """Return what the form sent before without hearing whether it was kept; nothing where it was heard."""
    before = {name.removeprefix(TRIED): form[name] for name in form if name.startswith(TRIED)}
    try:
        return read(fields, before, asking) if before else {}
    except BadInput:  # it cannot have been kept
        return {}


def merged(
    fields: Sequence[Field],
    form: Form,
    mine: Mapping[str, Any],
    record: Any,
    *,
    before: Mapping[str, Any] | None = None,
) -> Merged:
    """Weigh what was typed against what the record holds by now.

    Args:
        fields: of the form.
        form: as it came, with its marks and choices.
        mine: what was typed.
        record: as it is kept now.
        before: what the form sent once already (``tried``).
    """
    sent = before or {}
    values: dict[str, Any] = {}
    conflicts: dict[str, Any] = {}
    from_others = False
    were_asked = form.get(ASKED, "").split(",")
    for field in fields:
        own, theirs = mine[field.name], value_at(record, field.name)
        now, typed = print_of(theirs, field), print_of(own, field)
        values[field.name] = theirs if now == typed and theirs is not None else own
        known = {form.get(f"{WAS}{field.name}")}
        if field.name in sent:
            known.add(print_of(sent[field.name], field))
        is_unchanged = now in known
        if field.name in were_asked and is_unchanged and now != typed:
            chosen = _chosen(field, form, own, theirs)
            if chosen is None:
                conflicts[field.name] = theirs
            else:
                (values[field.name],) = chosen
        elif now == typed or is_unchanged:
            continue
        elif typed == form.get(f"{WAS}{field.name}"):
            values[field.name], from_others = theirs, True
        else:
            conflicts[field.name] = theirs
    return Merged(values, conflicts, from_others)


def _chosen(field: Field, form: Form, own: Any, theirs: Any) -> tuple[Any] | None:
    """Return what was chosen of the two, which may be nothing at all; None where nobody chose."""
    chosen = form.get(f"{CHOOSE}{field.name}")
    if chosen == "theirs":
        return (theirs,)
    if chosen == "both" and field.kind is Kind.TEXT:
        return (f"{theirs}\n\n{own}",)
    return (own,) if chosen == "mine" else None
