"""What is left after kill -9 at random moments: stuck cases, repeated effects, the audit chain."""

from benchmarks import grounds
from benchmarks.figures import Figure
from benchmarks.printed import printed_by

versions = grounds.versions


def measure(*, quick: bool) -> list[Figure]:
    """Bring cases in under fire and count what went wrong."""
    cases, kills = (4, 1) if quick else (200, 20)
    found = printed_by("benchmarks.kill", cases, kills)[-1]
    during = f"{cases} procedures, {sum(found['kills'].values())} kills"
    return [
        Figure("stuck cases", found["stuck"], at_most=0, note=during),
        Figure("effects that happened twice", found["repeated"], at_most=0),
        Figure("broken audit chains", int(not found["audit_chain_holds"]), at_most=0),
    ]
