"""How long a wake-up takes to reach a worker of a country, by the way we use and the one refused."""

from benchmarks import grounds
from benchmarks.figures import Figure
from benchmarks.printed import printed_by

versions = grounds.versions


def measure(*, quick: bool) -> list[Figure]:
    """Compare a background task with a run of a deployment."""
    found = printed_by("benchmarks.wakeups", 2 if quick else 30)
    figures = []
    for way in found:
        what, note = f"{way['way']}: act to rest", f"{way['acts']} acts"
        figures.append(Figure(what, way["median_s"], "s", note=note))
        figures.append(Figure(f"{what}, slowest", way["slowest_s"], "s"))
    ratio = found[1]["median_s"] / found[0]["median_s"]
    return [*figures, Figure("deployment run against background task", ratio)]
