"""The `bid` command. Heavy parts (Prefect, the web) are imported by the commands that need them."""

import importlib
from typing import Any, Final

import typer
from typer.core import TyperGroup

# name: (module, attribute, one line of help). The module is imported when its command is asked for.
COMMANDS: Final[dict[str, tuple[str, str, str]]] = {
    "demo": (
        "cli.demo",
        "demo",
        "Build a fictional province and take its children through the procedure.",
    ),
    "serve": ("cli.serve", "serve", "Start the API, and the procedure with it."),
    "worker": ("cli.worker", "worker", "Advance cases on this machine (national shape)."),
    "import": (
        "cli.imports",
        "import_file",
        "Take cases from a Primero export, a CSV or an XLSX file.",
    ),
    "user": ("cli.user", "app", "People, their accounts, roles and second factors."),
    "panel": ("cli.panel", "app", "Panels and who sits on them."),
    "case": ("cli.case", "app", "Look at one case."),
    "plan": ("cli.plan", "app", "Plan the sittings of panels, say why, check a plan."),
    "pack": ("cli.pack", "app", "Country packs: list, check, compare versions."),
    "audit": ("cli.audit", "app", "The audit log: who did and saw what."),
    "init": ("cli.upkeep", "init", "Prepare this installation: key file, database, tables."),
    "migrate": ("cli.upkeep", "migrate", "Bring the database to this release."),
    "backup": ("cli.upkeep", "backup", "Write everything except the master keys to one file."),
    "restore": ("cli.upkeep", "restore", "Fill an empty installation from a backup."),
    "partner": (
        "cli.partner",
        "app",
        "Installations of other countries: whom we trust, and who we are.",
    ),
    "keys": (
        "cli.exchange_keys",
        "app",
        "Keys towards other countries: list, follow, revoke, destroy.",
    ),
    "exchange": (
        "cli.exchange",
        "app",
        "Packages to and from other countries: run, status, files.",
    ),
    "guest": (
        "cli.guest",
        "app",
        "People of offices abroad without an installation, and what they may read.",
    ),
    "evidence": (
        "cli.evidence",
        "app",
        "The evidence log: what went to and came from other countries.",
    ),
    "verify": (
        "cli.verify",
        "verify",
        "What evidence files prove, on any computer, without a database.",
    ),
    "paper": ("cli.paper", "app", "Official papers: whether one is genuine."),
    "master-key": ("cli.upkeep", "master_key", "The master key of this installation."),
}


class LazyGroup(TyperGroup):
    """A group that knows its commands by name and imports one when it is called."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Return the names in the order people need them."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Import the module of one command and return it."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        module, name, line = COMMANDS[cmd_name]
        found = getattr(importlib.import_module(module), name)
        command = _as_command(found, cmd_name)
        command.short_help = line
        return command

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write the list of commands without importing any of them."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, _, line) in COMMANDS.items()])


def _as_command(found: Any, name: str) -> Any:
    if isinstance(found, typer.Typer):
        group = typer.main.get_group(found)
        group.name = name
        return group
    single = typer.Typer(add_completion=False, rich_markup_mode=None)
    single.command(name)(found)
    return typer.main.get_command(single)


app = typer.Typer(
    cls=LazyGroup,
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="Best-interests procedures of children: panels, decisions, placements, follow-up.\n\n"
    "Start with `bid demo` to see it work, or `bid init` for a new installation. "
    "`bid COMMAND --help` teaches each command.",
)


@app.callback()
def _settings() -> None:
    """Every command reads BID_… settings; docs/settings.md names them."""


def main() -> None:
    """Run the command named on the command line."""
    app(prog_name="bid")


if __name__ == "__main__":
    main()
