"""Kill -9 at random points over many procedures, national shape: `python -m benchmarks.kill [cases] [kills]`.

API process, workers and Prefect's server are killed and started again while people bring cases in.
Prints how many cases are stuck, how many effects happened twice, and whether the audit chain holds.
"""

import json
import random
import sys
import tempfile
import time
import warnings
from pathlib import Path

from tests.workflows.country import a_country, server_answers
from tests.workflows.killing import act_under_fire, aftermath, at_rest, free_port, wait_until


def main() -> None:
    """Run once and print the result as JSON."""
    warnings.simplefilter("ignore")
    cases, kills = (int(text) for text in (*sys.argv[1:], "200", "20")[:2])
    site = a_country(Path(tempfile.mkdtemp(prefix="bid-kill-")), workers=2)
    site.add("api", "serve", "--port", str(free_port()))
    begun = time.monotonic()
    try:
        site.processes[0].start()
        server_answers(site)
        for process in site.processes[1:]:
            process.start()
        brought = act_under_fire(site, cases, kills, random.Random(1))
        rested = wait_until(lambda: at_rest(site), 300)
        found = aftermath(site, brought)
        print(
            json.dumps(
                {
                    "cases": cases,
                    "kills": {process.name: process.kills for process in site.processes},
                    "came_to_rest": rested,
                    "stuck": found.stuck,
                    "repeated": found.repeated,
                    "audit_chain_holds": found.chain_holds,
                    "seconds": round(time.monotonic() - begun),
                }
            )
        )
    finally:
        site.close()


if __name__ == "__main__":
    main()
