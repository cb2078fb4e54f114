"""How a wake-up reaches a worker: `python -m benchmarks.wakeups [acts]`. See docs/decisions/0010.

Compares, on one machine in one run, a background task (what the product does) with a run of a
deployment in the work pool, from the committed act to the case having moved.
"""

import asyncio
import json
import os
import statistics
import sys
import tempfile
import time
import warnings
from pathlib import Path

from tests.workflows.country import a_country, server_answers
from tests.workflows.killing import Site, act, at_rest, wait_until


def by_background_task(site: Site, acts: int) -> list[float]:
    """Seconds from act to rest, as the product does it."""
    seconds = []
    for number in range(acts):
        act(site, number)
        begun = time.perf_counter()
        wait_until(lambda: at_rest(site), 60)
        seconds.append(time.perf_counter() - begun)
    return seconds


def by_deployment_run(acts: int) -> list[float]:
    """Seconds until a run of a deployment in the pool is over; it finds nothing to do."""
    from prefect.deployments.flow_runs import arun_deployment  # noqa: PLC0415  after the settings

    async def one() -> float:
        begun = time.perf_counter()
        await arun_deployment(
            "advance-waiting-cases/on-demand", timeout=120, poll_interval=0.2, as_subflow=False
        )
        return time.perf_counter() - begun

    return [asyncio.run(one()) for _ in range(acts)]


def report(way: str, seconds: list[float]) -> None:
    """Print median and slowest as JSON."""
    figures = {
        "way": way,
        "acts": len(seconds),
        "median_s": round(statistics.median(seconds), 2),
        "slowest_s": round(max(seconds), 2),
    }
    print(json.dumps(figures), flush=True)


def main() -> None:
    """Run once and print medians and spreads as JSON."""
    warnings.simplefilter("ignore")
    acts = int(sys.argv[1]) if len(sys.argv) > 1 else 30
    site = a_country(Path(tempfile.mkdtemp(prefix="bid-wakeups-")), workers=2)
    try:
        site.processes[0].start()
        server_answers(site)
        for process in site.processes[1:]:
            process.start()
        act(site, 0)
        wait_until(lambda: at_rest(site), 120)
        time.sleep(15)  # both workers have registered
        os.environ |= {
            "PREFECT_API_URL": site.environment["BID_PREFECT_API_URL"],
            "PREFECT_API_AUTH_STRING": site.environment["BID_PREFECT_AUTH"],
            "DO_NOT_TRACK": "1",
        }
        report("background task", by_background_task(site, acts))
        report("deployment run", by_deployment_run(max(3, acts // 5)))
    finally:
        site.close()


if __name__ == "__main__":
    main()
