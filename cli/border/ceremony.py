"""Two officers of each country compare a fingerprint over two ways before anything about a child may leave."""

from cli.border.sides import Side, set_up_keys
from cli.province.world import World


def trust_each_other(world: World, ours: Side, theirs: Side) -> None:
    """Let both countries confirm each other; what is not yet confirmed by two is refused."""
    for side in (ours, theirs):
        set_up_keys(side)
    for side, other in ((ours, theirs), (theirs, ours)):
        confirm(world, side, other.statement, other.fingerprint)
        world.count("partners confirmed")


def confirm(world: World, side: Side, statement: str, fingerprint: tuple[str, ...]) -> None:
    """Propose an installation and let two officers say which end of its fingerprint they heard."""
    first, second = side["first_trust"], side["second_trust"]
    partner = first.post("/partners", {"statement": statement})["id"]
    path = f"/partners/{partner}/confirmations"
    heard = list(fingerprint[-2:])
    world.must_refuse(
        "A fingerprint that was heard wrong",
        lambda: first.post(path, {"channel": "letter", "groups": ["00000", "00001"]}),
    )
    first.post(path, {"channel": "letter", "groups": heard})
    world.must_refuse(
        "One officer confirms a partner twice",
        lambda: first.post(path, {"channel": "video", "groups": heard}),
    )
    second.post(path, {"channel": "video", "groups": heard})
