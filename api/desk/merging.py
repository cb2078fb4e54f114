"""Two people at one form: what each changed is kept, and where both changed the same, a person chooses.

A form remembers by a mark what every field showed when it was opened. Nothing is overwritten silently: neither
what stands in the record by now, nor what was typed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from api.desk.fields import Field, Kind, print_of, value_at
from api.portal.door import Form

WAS: Final = "was."
CHOOSE: Final = "choose."
ASKED: Final = "both"


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
    return {f"{WAS}{one.name}": print_of(value_at(record, one.name)) for one in fields}


def merged(fields: Sequence[Field], form: Form, mine: Mapping[str, Any], record: Any) -> Merged:
    """Weigh what was typed against what the record holds by now.

    Args:
        fields: of the form.
        form: as it came, with its marks and choices.
        mine: what was typed.
        record: as it is kept now.
    """
    values: dict[str, Any] = {}
    conflicts: dict[str, Any] = {}
    from_others = False
    were_asked = form.get(ASKED, "").split(",")
    for field in fields:
        own, theirs = mine[field.name], value_at(record, field.name)
        values[field.name] = own
        is_same = print_of(theirs) == print_of(own)
        is_unchanged = print_of(theirs) == form.get(f"{WAS}{field.name}")
        if field.name in were_asked and is_unchanged and not is_same:
            chosen = _chosen(field, form, own, theirs)
            if chosen is None:
                conflicts[field.name] = theirs
            else:
                values[field.name] = chosen
        elif is_same or is_unchanged:
            continue
        elif print_of(own) == form.get(f"{WAS}{field.name}"):
            values[field.name], from_others = theirs, True
        else:
            conflicts[field.name] = theirs
    return Merged(values, conflicts, from_others)


def _chosen(field: Field, form: Form, own: Any, theirs: Any) -> Any:
    chosen = form.get(f"{CHOOSE}{field.name}")
    if chosen == "theirs":
        return theirs
    if chosen == "both" and field.kind is Kind.TEXT:
        return f"{theirs}\n\n{own}"
    return own if chosen == "mine" else None
