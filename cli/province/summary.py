"""What the demo found, as plain data: for the tables on the screen and for `--json`."""

import sqlite3
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from cli.border.summary import logs, transfers
from cli.installation import open_installation, read_settings
from cli.province.accounts import PASSWORD
from cli.province.run import Demo
from cli.province.stories import end_of
from cli.province.world import Case, World
from core import audit

BANDS: Final = ((0, 4), (5, 11), (12, 14), (15, 17))
SHOWN: Final = (
    "panels", "members", "sittings", "items", "votes", "decisions", "signatures", "minutes", "recusals",
    "lost quorums", "deferrals", "dissents", "appeals", "appeals heard by others", "emergencies", "detained",
    "waivers refused", "children told", "windows waived", "placements", "visits", "broken placements",
    "reopened", "closed", "partners confirmed", "transfers sent", "messages said", "files by hand",
    "children received abroad", "children expected home",
    "messages taken back",
)  # fmt: skip


def of(demo: Demo, *, seconds: float) -> dict[str, Any]:
    """Gather the summary once everything is done.

    Args:
        demo: at its end.
        seconds: how long it took.
    """
    world = demo.world
    checked = verified_audit()
    return {
        "children": len(world.cases),
        "by_state": _counted(case.state for case in world.cases),
        "by_story": _counted(case.story.name.lower() for case in world.cases),
        "by_sex_and_age": by_sex_and_age(world.cases),
        "waiting": [_waiting(case) for case in world.cases if end_of(case.story)[0] != "closed"],
        "siblings": world.counts["siblings"],
        "counts": {name: world.counts[name] for name in SHOWN},
        "refusals": [asdict(one) for one in world.refusals.met],
        "refusals_by_rule": dict(sorted(world.refusals.by_rule().items())),
        "transfers": transfers(demo.border),
        "evidence": logs(demo.border),
        "audit": {"rows": checked.rows, "holds": checked.holds, "first_bad": checked.first_bad},
        "prefect": prefect_runs(demo.data),
        "requests": world.line.requests,
        "sign_ins": world.line.sign_ins,
        "seconds": round(seconds, 1),
    }


def holds(found: Mapping[str, Any]) -> bool:
    """Whether every log verifies and the countries agree."""
    proofs = [one["verified"] for one in found["transfers"] if "verified" in one]
    logs_hold = all(one["holds"] for one in (*found["evidence"], *proofs))
    return bool(found["audit"]["holds"]) and logs_hold


def by_sex_and_age(cases: Sequence[Case]) -> dict[str, dict[str, int]]:
    """Count children by sex and age band."""
    found: dict[str, dict[str, int]] = {}
    for case in cases:
        row = found.setdefault(case.child.sex, {f"{low}-{high}": 0 for low, high in BANDS})
        low, high = next(band for band in BANDS if band[0] <= case.child.age <= band[1])
        row[f"{low}-{high}"] += 1
    return found


def verified_audit() -> audit.Verdict:
    """Check the whole audit log, as `bid audit verify` does."""
    database = open_installation(read_settings(), migrate=False)
    try:
        with database.unit_of_work() as session:
            return audit.verify_database(session)
    finally:
        database.dispose()


def prefect_runs(data: Path) -> dict[str, int]:
    """Count the runs Prefect made, by flow, from its own database; empty when it was away throughout."""
    file = data / "prefect" / "prefect.db"
    if not file.exists():
        return {}
    connection = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
    try:
        rows = connection.execute(
            "SELECT flow.name, count(*) FROM flow_run JOIN flow ON flow.id = flow_run.flow_id"
            " WHERE flow_run.state_type = 'COMPLETED' GROUP BY flow.name ORDER BY flow.name"
        )
        return {str(name): int(count) for name, count in rows}
    except sqlite3.OperationalError:  # it had not made its tables yet
        return {}
    finally:
        connection.close()


def sign_in(world: World) -> dict[str, str]:
    """Return how one secretary signs in, for whoever wants to look around."""
    office = next(iter(world.people.offices.values()))
    secretary = office["secretary"]
    return {
        "name": secretary.name, "login": secretary.login, "password": PASSWORD,
        "authenticator_secret": secretary.secret,
    }  # fmt: skip


def _counted(values: Any) -> dict[str, int]:
    return dict(sorted(Counter(values).items()))


def _waiting(case: Case) -> dict[str, str]:
    state, why = end_of(case.story)
    return {"state": state, "story": case.story.value, "why": why}
