"""The command line: gathers every command it finds in `closedloop/commands`."""

import importlib
import pkgutil
from types import ModuleType

import typer

from closedloop import commands

SHARED = {"asking", "options", "port_choice"}
"""What commands take from their callers; these modules are no commands themselves."""

app = typer.Typer(
    name="closedloop",
    help="Closed-loop complaint handling on Apache Kafka and MongoDB.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)


def _join(name: str, module: ModuleType) -> None:
    if hasattr(module, "register"):
        module.register(app)
    else:
        app.add_typer(module.app, name=name)


def _stand_in(name: str, reason: ImportError) -> None:
    """A command that cannot be imported says why when called; the others stay usable."""

    def refuse() -> None:
        typer.echo(f"`closedloop {name}` cannot run here: {reason}", err=True)
        raise typer.Exit(1)

    settings = {"ignore_unknown_options": True, "allow_extra_args": True}
    app.command(name, help=f"Unavailable: {reason}", context_settings=settings)(refuse)


def _gather() -> None:
    for name in sorted({found.name for found in pkgutil.iter_modules(commands.__path__)} - SHARED):
        try:
            module = importlib.import_module(f"{commands.__name__}.{name}")
        except ImportError as reason:
            _stand_in(name, reason)
        else:
            _join(name, module)


_gather()
