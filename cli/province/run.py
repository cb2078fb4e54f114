"""The months of the demo, day by day, from an empty installation to the last closed file."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cli.border.run import Border, open_gates
from cli.installation import open_installation, read_settings
from cli.province import (
    accounts,
    assessing,
    carrying_out,
    caseload,
    clock,
    deciding,
    intake,
    loading,
    places,
    server,
    setting_up,
)
from cli.province.client import Line
from cli.province.world import Day, World

DAYS: Final = 80  # from the first alert to today


STORY: Final = (
    Day(0, intake.receive),
    Day(1, assessing.assess),
    Day(1, carrying_out.begin_plans),
    Day(4, assessing.report),
    Day(7, lambda world: deciding.convene(world, world.at_panels())),
    Day(17, deciding.sit),
    Day(18, deciding.tell),
    Day(18, deciding.waive),
    Day(21, deciding.appeal),
    Day(21, deciding.answer_questions),
    Day(21, lambda world: deciding.convene(world, deciding.to_be_heard_again(world))),
    Day(28, deciding.hear_appeals),
    Day(31, deciding.sit),
    Day(32, deciding.tell),
    Day(32, deciding.waive),
    Day(35, deciding.answer_questions),
    Day(35, lambda world: deciding.convene(world, deciding.to_be_heard_again(world))),
    Day(45, deciding.sit),
    Day(46, deciding.tell),
    Day(46, deciding.waive),
    Day(49, carrying_out.begin_decisions),
    Day(49, carrying_out.settle_in),
    Day(51, lambda world: carrying_out.visit(world, 1)),
    Day(63, lambda world: carrying_out.visit(world, 2)),
    Day(77, lambda world: carrying_out.visit(world, 3)),
    Day(77, carrying_out.close),
)


@dataclass
class Demo:
    """Everything the demo runs: the province, and the countries it sends children to."""

    world: World
    border: Border
    data: Path

    def stop(self) -> None:
        """End every process."""
        self.world.line.close()
        self.border.stop()
        self.world.service.stop()


def open_demo(data: Path, advance: Callable[[str, int, int], None]) -> Demo:
    """Start the API and the procedure over a data folder, at the first day of the story."""
    gates = open_gates(data)
    port = server.free_port()
    settings = server.environment(data, port)
    os.environ.update(settings)
    distance = clock.shared_distance()
    time = clock.Clock(distance, clock.first_day(DAYS))
    open_installation(read_settings()).dispose()
    service = server.Service(data, port, distance, settings)
    gates[0].connect(port)
    advance("Starting API and procedure", 0, 1)
    service.start()
    world = World(service, Line(service.address, time), time, advance=advance)
    return Demo(world, Border(world, data, gates, distance), data)


def play(demo: Demo, children: int) -> None:
    """Set both countries up, load the province's children, and take them through the procedure."""
    world = demo.world
    database = open_installation(read_settings())
    try:
        keeper = accounts.first_administrator(database, world.line)
        setting_up.people_and_panels(world, keeper, places.districts_for(children))
        listed = caseload.make_children(children)
        loading.load(world, database, listed, demo.data / "import")
    finally:
        database.dispose()
    loading.find_all(world, listed)
    days = [*STORY, *demo.border.set_up(keeper)]
    for day in sorted(days, key=lambda one: one.number):
        world.clock.go_to_day(day.number)
        day.act(world)
