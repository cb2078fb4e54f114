"""What is left of a thousand transfers after a storm between two countries: lost, doubled, moved, proven."""

import os
from collections.abc import Sequence
from typing import Any, Final

from benchmarks.figures import Figure
from benchmarks.printed import printed_by

COUNT: Final = "BENCH_TRANSFERS"
EACH_KILL: Final = 25  # transfers
NEVER: Final = (
    ("lost", "messages or receipts lost"),
    ("doubled", "messages, steps, packages or receipts that are there twice"),
    ("moved", "records that moved without acceptance"),
    ("astray", "children whose two records differ or are not where they belong"),
    ("unanswered_for", "records with a moment when nobody, or two, answered for the child"),
    ("gaps", "numbers of deliveries still missed"),
    ("faults", "evidence logs that do not verify or do not agree with the other"),
    ("audit_faults", "audit logs that do not verify"),
)


def versions() -> Sequence[str]:
    """Both installations keep their records in SQLite."""
    return ()


def measure(*, quick: bool) -> list[Figure]:
    """Let the storm rage once; how many transfers is said by the environment, or a thousand."""
    transfers = 10 if quick else int(os.environ.get(COUNT, "1000"))
    kills = max(2, transfers // EACH_KILL)
    return figures_of(printed_by("benchmarks.storm", transfers, kills)[-1])


def figures_of(found: dict[str, Any]) -> list[Figure]:
    """Say a run as lines of the table."""
    killed, met = sum(found["kills"].values()), found["calls_met"]
    during = f"{found['transfers']:,} transfers, {killed} kills, seed {found['seed']}"
    through = found["tried_to_move"].get("went through", 0)
    tried = sum(found["tried_to_move"].values())
    calls = ", ".join(f"{count:,} {fault}" for fault, count in sorted(met.items()))
    return [
        *(Figure(what, found[name], at_most=0, note=during) for name, what in NEVER),
        Figure("tries to move a child nobody accepted that went through", through, at_most=0, note=f"of {tried}"),
        Figure("processes that ended by themselves", found["ended_by_themselves"], at_most=0),
        Figure("runs that did not come to their end and to rest", _unrested(found), at_most=0),
        Figure("calls", found["calls"], note="made over the line"),
        Figure("calls that met harm", sum(met.values()), note=calls),
        Figure("clocks apart at most", found["widest_skew_seconds"], "s"),
        Figure("rows of evidence", found["rows"], note=f"{found['tokens']:,} tokens checked"),
        Figure("the storm", found["seconds_of_storm"], "s"),
    ]  # fmt: skip


def _unrested(found: dict[str, Any]) -> int:
    return int(not (found["came_to_their_ends"] and found["came_to_rest"]))
