"""Whether an hour of broken files breaks the reader: no crash, nothing but refusals, memory flat."""

import io
import resource
import time
from typing import Final

from benchmarks.figures import Figure, median
from core.exchange import files
from tests.builders.broken_files import a_file, broken, judged

HOUR: Final = 3_600.0
QUICK: Final = 0.2
KIB: Final = 1_024
REFUSALS: Final = frozenset({"FileRefused", "TokenRefused", "wrong parts", "cannot-open", "opened"})


def measure(*, quick: bool) -> list[Figure]:
    """Break good files at random for an hour of one processor; any of the seeds 0, 1, 2, … can be tried again."""
    good, most = a_file(), QUICK if quick else HOUR
    before = _most_memory()
    slowest, seed, escaped, different = 0.0, 0, [], set()
    begun = time.process_time()
    while (started := time.process_time()) - begun < most:
        try:
            different.add(judged(broken(seed, good)))
        except Exception as error:  # noqa: BLE001  what got past the refusals is what is looked for
            escaped.append((seed, type(error).__name__))
        slowest = max(slowest, time.process_time() - started)
        seed += 1
    took = time.process_time() - begun
    unknown = len(different - REFUSALS)
    told = ", ".join(f"seed {number}: {name}" for number, name in escaped[:5])
    return [
        Figure("broken files tried", seed, note=f"{took:,.0f} s of one processor"),
        Figure("broken files tried a second", seed / took),
        Figure(
            "broken files that got past the refusals", len(escaped) + unknown, at_most=0, note=told
        ),
        Figure("slowest broken file", slowest, "s", at_most=2),
        Figure("broken files: more memory", (_most_memory() - before) / KIB, "MiB", at_most=64),
        Figure("reading a good file", 1000 * _reading(good), "ms"),
    ]


def _reading(good: bytes) -> float:
    spent = []
    for _ in range(50):
        begun = time.perf_counter()
        files.read_file(io.BytesIO(good))
        spent.append(time.perf_counter() - begun)
    return median(spent)


def _most_memory() -> int:
    """KiB this process has had at most."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
