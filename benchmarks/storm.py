"""A storm between two countries: `python -m benchmarks.storm [transfers] [kills] [--seed 1]`.

Two installations with databases, keys and storage of their own talk HTTP over loopback through a line that loses,
doubles, delays, reorders, cuts and changes calls, while they are killed, started again and their clocks are wrong.
Officers of both work on. Prints what `docs/benchmarks.md` says; ends with 1 if anything was lost, doubled, or moved
without acceptance, or if the evidence of the two does not agree.
"""

import argparse
import json
import sys
import tempfile
import time
import warnings
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from argon2 import PasswordHasher

from core.accounts import passwords
from tests.workflows.storm.afterwards import found_after
from tests.workflows.storm.running import a_storm, rage, settle

LONGEST = 4 * 60 * 60
REST_SECONDS = 1200


def main(arguments: Sequence[str]) -> int:
    """Run once and print the result as JSON."""
    warnings.simplefilter("ignore")
    # People's accounts are made by the hundred here; what a password costs is measured elsewhere.
    passwords.HASHER = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    asked = _asked(arguments)
    folder = Path(tempfile.mkdtemp(prefix="bid-storm-"))
    storm = a_storm(folder, asked.seed)
    begun = time.monotonic()
    try:
        storm.start()
        ended = rage(storm, asked.transfers, asked.kills, seconds=LONGEST)
        raged = time.monotonic() - begun
        rested = settle(storm, seconds=REST_SECONDS)
        found = found_after(storm.zambia.database, storm.namibia.database, storm.people.children)
        faults = storm.faults
        passed = faults.pop("passed", 0)
        print(
            json.dumps(
                {
                    "seed": asked.seed,
                    "transfers": asked.transfers,
                    "acts": storm.people.acts,
                    "kills": {process.name: process.kills for process in storm.victims},
                    "ended_by_themselves": sum(process.deaths for process in storm.victims),
                    "calls": passed + sum(faults.values()),
                    "calls_met": faults,
                    "widest_skew_seconds": round(storm.widest_skew),
                    "tried_to_move": dict(storm.people.refused),
                    "came_to_their_ends": ended,
                    "came_to_rest": rested,
                    **asdict(found),
                    "seconds_of_storm": round(raged),
                    "seconds_in_all": round(time.monotonic() - begun),
                    "folder": str(folder),
                }
            ),
            flush=True,
        )
    finally:
        storm.close()
    went_through = storm.people.refused["went through"]
    return 0 if ended and rested and found.is_unharmed and not went_through else 1


def _asked(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.storm")
    parser.add_argument("transfers", type=int, nargs="?", default=1000)
    parser.add_argument("kills", type=int, nargs="?", default=40)
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
