"""What `bid plan` over the record reads from the command line, and how it tells a plan."""

import re
from collections.abc import Mapping
from typing import Any

from cli.output import fail


def fixed_by(text: str) -> Any:
    """Return what is fixed by hand, as typed: kind, slot and whom, with colons between."""
    from panels.rules.planning import Fixed, FixedKind

    kind, _, rest = text.partition(":")
    slot, _, who = rest.partition(":")
    if kind not in set(FixedKind) or not slot or bool(who) == kind.startswith("slot_"):
        fail(f"{text} fixes nothing. `bid plan ask --help` says how it is written.")
    named = {"case_slot": "case_id"}.get(kind, "member_id")
    return Fixed(FixedKind(kind), slot, **({named: who} if who else {}))


def more_of(text: str) -> Any:
    """Return what there is one more of, as typed; nothing for an empty text."""
    from panels.rules.planning import More
    from panels.rules.roster import Sector

    if not text:
        return More()
    kind, _, what = text.partition(":")
    if kind == "member" and what in set(Sector):
        return More(sector=what)
    if kind == "interpreter" and what:
        return More(language=what)
    if kind == "half-day":
        return More(half_day=half_day_of(what))
    return fail(
        f"{text} is nothing there could be more of. `bid plan ask --help` says how it is written."
    )


def half_day_of(text: str) -> Any:
    """Return a half-day, as typed: weekday@begin+minutes."""
    from panels.rules.planning import HalfDay

    half = re.fullmatch(r"([0-6])@([01][0-9]|2[0-3]):([0-5][0-9])\+([1-9][0-9]{0,2})", text)
    if half is None:
        fail(f"{text} is no half-day. Write weekday@begin+minutes, Monday is 0: 1@09:00+180.")
    return HalfDay(int(half[1]), f"{half[2]}:{half[3]}", int(half[4]))


def lines_of(found: Mapping[str, Any]) -> list[str]:
    """Return a plan in lines for a person."""
    names, codes = found["members"], found["child_codes"]
    said = [
        f"{found['state']} ({found['status'] or 'not made yet'}), made because of: {found['cause']}."
    ]
    for name, value in found["numbers"].items():
        usual = found["beside"].get(name)
        said.append(
            f"  {name:<15} {value:>6}" + (f"   without it {usual}" if usual is not None else "")
        )
    for one in found["sittings"]:
        people = ", ".join(names.get(member, member) for member in one["members"])
        said.append(f"{found['slots'][one['slot']]['start']}  {people}")
        said += [f"    {codes.get(item['case'], item['case'])}" for item in one["agenda"]]
    for one in found["conflict"]:
        said.append(
            "cannot hold together: " + ", ".join(f"{name} {what}" for name, what in one.items())
        )
    for one in found["unscheduled"]:
        texts = " ".join(reason["text"] for reason in one["reasons"])
        said.append(f"not heard: {codes.get(one['case'], one['case'])}: {texts}")
    for one in found["changes"]:
        where = f"{one['from']} -> {one['to'] or 'no agenda'}"
        said.append(
            f"moved: {codes.get(one['case'], one['case'])} {where}: {one['reason']['text']}"
        )
    return said
