"""Whether an hour of broken files breaks the reader: no crash, nothing but refusals, memory flat."""

import io
import os
import resource
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from typing import Final

from benchmarks.figures import Figure, median
from core.exchange import files
from tests.builders.broken_files import a_file, broken, judged

HOUR: Final = 3_600.0
QUICK: Final = 0.2
KIB: Final = 1_024
REFUSALS: Final = frozenset({"FileRefused", "TokenRefused", "wrong parts", "cannot-open", "opened"})


@dataclass
class Tried:
    """What one worker met."""

    files: int
    seconds: float
    slowest: float
    more_memory: int
    escaped: list[tuple[int, str]]
    answers: set[str]


def measure(*, quick: bool) -> list[Figure]:
    """Break good files at random for an hour of processor time; any of the seeds 0, 1, 2, … can be tried again."""
    workers = os.cpu_count() or 1
    most = (QUICK if quick else HOUR) / workers
    with ProcessPoolExecutor(workers) as pool:
        found = list(pool.map(_try, range(workers), [workers] * workers, [most] * workers))
    count, took = sum(one.files for one in found), sum(one.seconds for one in found)
    escaped = sorted(fault for one in found for fault in one.escaped)
    unknown = len(set().union(*(one.answers for one in found)) - REFUSALS)
    told = ", ".join(f"seed {number}: {name}" for number, name in escaped[:5])
    return [
        Figure("broken files tried", count, note=f"{took:,.0f} s of processor time"),
        Figure("broken files tried a second", count / took),
        Figure(
            "broken files that got past the refusals", len(escaped) + unknown, at_most=0, note=told
        ),
        Figure("slowest broken file", max(one.slowest for one in found), "s", at_most=2),
        Figure(
            "broken files: more memory", max(one.more_memory for one in found) / KIB, "MiB",
            at_most=64,
        ),
        Figure("reading a good file", 1000 * _reading(a_file()), "ms"),
    ]  # fmt: skip


def _try(first: int, step: int, most: float) -> Tried:
    """Try every so manyth seed for so much processor time."""
    good, before = a_file(), _most_memory()
    done = Tried(0, 0.0, 0.0, 0, [], set())
    begun = time.process_time()
    while (started := time.process_time()) - begun < most:
        seed = first + step * done.files
        try:
            done.answers.add(judged(broken(seed, good)))
        except Exception as error:  # noqa: BLE001  what got past the refusals is what is looked for
            done.escaped.append((seed, type(error).__name__))
        done.slowest = max(done.slowest, time.process_time() - started)
        done.files += 1
    done.seconds, done.more_memory = time.process_time() - begun, _most_memory() - before
    return done


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
