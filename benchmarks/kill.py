"""Kill -9 at random moments over many procedures: `python -m benchmarks.kill [cases] [kills] [--shape office]`.

People act for each child twice while processes are killed and started again: the one process of an
office (API, runner and Prefect's server together, SQLite), or the API, two workers and Prefect's
server of a country (PostgreSQL). Prints what `docs/benchmarks.md` says; ends with 1 if a case is
stuck, an effect happened twice, a message was lost or the audit chain does not hold.
"""

import argparse
import json
import os
import random
import sys
import tempfile
import time
import warnings
from collections.abc import Sequence
from pathlib import Path

from tests.workflows.country import a_country, server_answers
from tests.workflows.killing import Site, a_site, free_port, wait_until
from tests.workflows.under_fire import Found, found_after, quiet, under_fire, undisturbed

REST_SECONDS = 600
UNHARMED = Found(stuck=0, repeated=0, untold=0, chain_holds=True, differences={})


def an_office(folder: Path) -> Site:
    """One process on SQLite, started."""
    site = a_site(folder)
    site.add("serve", "serve", "--port", str(free_port()))
    site.processes[0].start()
    return site


def the_country(folder: Path) -> Site:
    """Prefect's server, two workers and the API on PostgreSQL, started."""
    site = a_country(folder, workers=2)
    site.add("api", "serve", "--port", str(free_port()))
    site.processes[0].start()
    server_answers(site)
    for process in site.processes[1:]:
        process.start()
    return site


def main(arguments: Sequence[str]) -> int:
    """Run once and print the result as JSON."""
    warnings.simplefilter("ignore")
    asked = _asked(arguments)
    folder = Path(tempfile.mkdtemp(prefix="bid-kill-"))
    os.environ |= {"PREFECT_HOME": str(folder / "prefect-here"), "DO_NOT_TRACK": "1"}
    wanted = undisturbed(a_site(folder / "undisturbed"))
    site = (the_country if asked.shape == "country" else an_office)(folder / "site")
    begun = time.monotonic()
    try:
        chance = random.Random(asked.seed)
        children = under_fire(site, asked.cases, asked.kills, chance, site.processes)
        fired = time.monotonic() - begun
        rested = wait_until(lambda: quiet(site), REST_SECONDS)
        found = found_after(site, children, wanted)
        figures = {
            "shape": asked.shape,
            "seed": asked.seed,
            "cases": asked.cases,
            "acts": sum(child.acts for child in children),
            "kills": {process.name: process.kills for process in site.processes},
            "ended_by_themselves": sum(process.deaths for process in site.processes),
            "came_to_rest": rested,
            "stuck": found.stuck,
            "repeated": found.repeated,
            "untold": found.untold,
            "chain_holds": found.chain_holds,
            "differences": found.differences,
            "seconds_of_acts": round(fired),
            "seconds_in_all": round(time.monotonic() - begun),
            "folder": str(folder),
        }
        print(json.dumps(figures), flush=True)
    finally:
        site.close()
    return 0 if rested and found == UNHARMED else 1


def _asked(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.kill")
    parser.add_argument("cases", type=int, nargs="?", default=200)
    parser.add_argument("kills", type=int, nargs="?", default=20)
    parser.add_argument("--shape", choices=["country", "office"], default="country")
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
