"""What is left after kill -9 at random moments: stuck cases, repeated effects, the audit chain."""

from typing import Any

from benchmarks import grounds
from benchmarks.figures import Figure
from benchmarks.printed import printed_by

versions = grounds.versions


def measure(*, quick: bool) -> list[Figure]:
    """Let people act under fire in both shapes and count what went wrong."""
    cases, kills = (4, 1) if quick else (200, 20)
    return [
        figure
        for shape in ("office", "country")
        for figure in _after(shape, printed_by("benchmarks.kill", cases, kills, "--shape", shape))
    ]


def _after(shape: str, printed: list[dict[str, Any]]) -> list[Figure]:
    found = printed[-1]
    killed = sum(found["kills"].values())
    during = f"{found['cases']} procedures, {killed} kills, seed {found['seed']}"
    never = {
        "stuck cases": found["stuck"],
        "cases with an effect that happened twice": found["repeated"],
        "messages lost or received twice": found["untold"],
        "broken audit chains": int(not found["chain_holds"]),
        "ends without rest": int(not found["came_to_rest"]),
    }
    return [
        Figure(f"{what}, {shape}", count, at_most=0, note=during) for what, count in never.items()
    ]
