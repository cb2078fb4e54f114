"""Write the next numbered migration from the difference between tables and migrations: `make migration name=…`."""

import re
import sys
import tempfile
from pathlib import Path

from alembic import command
from sqlalchemy.engine import Engine

from core.db import make_engine
from migrations.metadata import FOLDER, config, upgrade


def next_number() -> str:
    """Return the number after the highest one in use, as four digits."""
    numbers = [int(path.name[:4]) for path in (FOLDER / "versions").glob("[0-9]" * 4 + "_*.py")]
    return f"{max(numbers, default=0) + 1:04d}"


def write(name: str, engine: Engine) -> str:
    """Bring an empty database to the newest migration, then write what the tables have more."""
    upgrade(engine)
    settings = config()
    number = next_number()
    with engine.begin() as connection:
        settings.attributes["connection"] = connection
        command.revision(settings, message=name, autogenerate=True, rev_id=number)
    return number


def main() -> None:
    """Take the name from the command line."""
    name = sys.argv[1] if len(sys.argv) > 1 else ""
    if not re.fullmatch(r"[a-z0-9_]{3,50}", name):
        sys.exit("Give it a name: make migration name=what_it_does")
    with tempfile.TemporaryDirectory() as folder:
        engine = make_engine(f"sqlite:///{Path(folder) / 'empty.sqlite3'}")
        sys.stdout.write(
            f"Written: migrations/versions/{write(name, engine)}_{name}.py. Read it before you commit it.\n"
        )
        engine.dispose()


if __name__ == "__main__":
    main()
