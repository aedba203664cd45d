"""Imports run one way, and decisions are pure: the rules of the tree, read from the source text alone."""

from __future__ import annotations

import ast
import io
import sys
import tokenize
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
OURS = ("services", "schemas", "closedloop", "tests")

PURE_ROOMS = ("timing", "privacy", "machine")
"""The rooms of services/shared that rules and models may use; so they are held to the same rules themselves."""
FLOORS = (("timing", "privacy"), ("machine",), ("watching",), ("broker", "database"), ("loop",), ("process",))
"""The rooms of services/shared from the ground up: each imports only rooms on floors below its own."""
MOST_ARROWS = 20
"""How many pairs of rooms may be tied by an import; what needs one more has its place elsewhere."""
ROOMS_OF_THE_CHECKER = ("tables", "pack", "evidence", "derive", "saying", "checks")
"""The rooms of closedloop/verify from the ground up."""
BELOW_THE_CHECKER = ("closedloop.language", "closedloop.wire")
"""What everything in closedloop stands on that reads topics and speaks; no service uses it."""
PURE_SHARED = {f"services.shared.{room}" for room in PURE_ROOMS}

PURE_LIBRARIES = {"pydantic", "pydantic_core", "holidays", "annotated_types", "phonenumbers", "stdnum"}

IMPURE_STDLIB = {
    "asyncio",
    "concurrent",
    "http",
    "io",
    "logging",
    "multiprocessing",
    "os",
    "pathlib",
    "queue",
    "random",
    "secrets",
    "socket",
    "sqlite3",
    "ssl",
    "subprocess",
    "sys",
    "tempfile",
    "threading",
    "time",
    "urllib",
    "warnings",
}
"""What a rule has no business with: the world, its clock, its dice and its log."""

IMPURE_CALLS = {"now", "utcnow", "today", "uuid1", "uuid4", "urandom", "getrandbits", "print", "open", "input"}
KAFKA_IN_SERVICES = "services/shared/broker/"
"""Where services know the clients of Kafka."""

ONLY_IN = {
    "faust": {"services/shared/broker/transport.py"},
    "pymongo": {
        "services/shared/database/database.py",
        "services/shared/database/errors.py",
        "services/shared/database/indexes.py",
        "services/shared/database/store.py",
        "closedloop/stack/mongodb.py",
        "closedloop/provision.py",
        "closedloop/bench/bare.py",
        "closedloop/outsiders/rest.py",
    },
    "rich.console.Console": {"closedloop/language/paper.py"},
    "rich.markup": set(),
}
"""A library that only these files know; elsewhere in services, schemas and closedloop it must not be imported."""

FLOORS_OF_CLOSEDLOOP = (
    {"language", "rebuild", "peers", "wire"},
    {"verify", "explain"},
    {"casebook", "dead_letters", "outsiders"},
    {"policies"},
    {"provision"},
    {"stack"},
    {"bench", "run"},
    {"demo", "replay"},
    {"commands"},
    {"app"},
    {"__main__"},
)
"""The rooms of closedloop from the ground up: each may know those below it, none beside or above it."""

RULE_FILES = {"rules.py", "model.py", "told.py"}
SHARED_MUST_NOT_SAY = "complaint"


@dataclass(frozen=True)
class Source:
    """One Python file: where it stands and what it says."""

    path: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    @property
    def parts(self) -> tuple[str, ...]:
        return Path(self.path).with_suffix("").parts

    @property
    def package(self) -> tuple[str, ...]:
        return self.parts[:-1]

    @property
    def service(self) -> str | None:
        """The service that this file belongs to, if it is one of theirs."""
        inside = self.parts[0] == "services" and len(self.parts) > 2 and self.parts[1] != "shared"
        return self.parts[1] if inside else None

    @property
    def decides(self) -> bool:
        """Whether this is a file of rules or of a model, or one that they use: nothing there may touch the world."""
        if is_under(".".join(self.parts), *PURE_SHARED):
            return True
        return self.service is not None and (Path(self.path).name in RULE_FILES or "rules" in self.package)

    @cached_property
    def imports(self) -> set[str]:
        """Every name that is imported, fully qualified, the relative ones resolved."""
        return {name for node in ast.walk(self.tree) for name in self._imported(node)}

    def _imported(self, node: ast.AST) -> Iterator[str]:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = self.package[: len(self.package) - node.level + 1] if node.level else ()
            origin = ".".join([*base, *([node.module] if node.module else [])])
            yield from (f"{origin}.{alias.name}" for alias in node.names)


def is_under(name: str, *packages: str) -> bool:
    """Whether an imported name is one of these packages or stands in one of them."""
    return any(name == package or name.startswith(f"{package}.") for package in packages)


def ours(source: Source) -> set[str]:
    return {name for name in source.imports if is_under(name, *OURS)}


# --- the rules: each gives what it finds against a file -------------------------------------------------------------


def services_know_only_themselves_shared_and_schemas(source: Source) -> set[str]:
    if source.service is None:
        return set()
    return {
        name for name in ours(source) if not is_under(name, f"services.{source.service}", "services.shared", "schemas")
    }


def shared_knows_no_service(source: Source) -> set[str]:
    if source.parts[:2] != ("services", "shared"):
        return set()
    return {name for name in ours(source) if not is_under(name, "services.shared", "schemas")}


def room_of(path: str) -> str:
    """The room of services/shared that a module stands in, given by its path or its dotted name; "" for none."""
    parts = path.removesuffix(".py").replace("/", ".").split(".")
    return parts[2] if parts[:2] == ["services", "shared"] and len(parts) > 3 else ""


def rooms_used(source: Source) -> set[str]:
    """The other rooms from which a module of services/shared imports."""
    return {room for name in ours(source) if (room := room_of(name))} - {room_of(source.path)}


def rooms_import_only_what_lies_below_them(source: Source) -> set[str]:
    if not (room := room_of(source.path)):
        return set()
    floor = next((n for n, rooms in enumerate(FLOORS) if room in rooms), 0)
    return rooms_used(source) - {below for rooms in FLOORS[:floor] for below in rooms}


def shared_has_no_module_outside_a_room(source: Source) -> set[str]:
    in_shared = source.parts[:2] == ("services", "shared") and source.parts[2:] != ("__init__",)
    is_known = any(room_of(source.path) in rooms for rooms in FLOORS)
    return {source.path} if in_shared and not is_known else set()


def schemas_know_nothing_of_ours(source: Source) -> set[str]:
    return {name for name in ours(source) if source.parts[0] == "schemas" and not is_under(name, "schemas")}


def verify_knows_nothing_of_ours(source: Source) -> set[str]:
    """What checks the system must not share its mistakes: only words and the reading of bytes lie below it."""
    if source.parts[:2] != ("closedloop", "verify"):
        return set()
    return {name for name in ours(source) if not is_under(name, "closedloop.verify", *BELOW_THE_CHECKER)}


def rooms_of_the_checker_import_only_what_lies_below_them(source: Source) -> set[str]:
    if source.parts[:2] != ("closedloop", "verify") or len(source.parts) < 4:
        return set()
    above = ROOMS_OF_THE_CHECKER[ROOMS_OF_THE_CHECKER.index(source.parts[2]) + 1 :]
    return {name for name in ours(source) if is_under(name, *(f"closedloop.verify.{room}" for room in above))}


def closedloop_knows_only_what_is_below(source: Source) -> set[str]:
    if source.parts[0] != "closedloop" or len(source.parts) < 2:
        return set()
    here = _floor(source.parts[1])
    others = {name for name in source.imports if is_under(name, "closedloop") and "." in name}
    return {name for name in others if (room := name.split(".")[1]) != source.parts[1] and _floor(room) >= here}


def _floor(room: str) -> int:
    """The floor of a room; a room that is not listed stands above all others, so it has to be listed."""
    return next((n for n, rooms in enumerate(FLOORS_OF_CLOSEDLOOP) if room in rooms), len(FLOORS_OF_CLOSEDLOOP))


def words_stand_on_nothing(source: Source) -> set[str]:
    """Everything that speaks stands on them, the checker too."""
    if source.parts[:2] != ("closedloop", "language"):
        return set()
    return {name for name in ours(source) if not is_under(name, "closedloop.language")}


def what_is_explained_does_not_know_the_paper(source: Source) -> set[str]:
    if source.parts[:2] != ("closedloop", "explain") or source.parts[2] == "paper":
        return set()
    return {
        name for name in source.imports if is_under(name, "closedloop.explain.paper", "closedloop.language", "rich")
    }


def commands_alone_know_the_command_line(source: Source) -> set[str]:
    if source.path == "closedloop/app.py" or source.parts[:2] == ("closedloop", "commands"):
        return set()
    return {name for name in source.imports if is_under(name, "typer", "click")}


def decisions_import_only_what_is_pure(source: Source) -> set[str]:
    own = [f"services.{source.service}.{name}" for name in ("model", "told", "rules")]

    def pure(name: str) -> bool:
        top = name.split(".")[0]
        known = is_under(name, "schemas", *PURE_LIBRARIES, *PURE_SHARED, *own)
        return known or (top in sys.stdlib_module_names and top not in IMPURE_STDLIB)

    return {name for name in source.imports if source.decides and not pure(name)}


def decisions_have_no_clock_no_chance_and_no_async(source: Source) -> set[str]:
    return {found for node in ast.walk(source.tree) if (found := _impure(node))} if source.decides else set()


def _impure(node: ast.AST) -> str | None:
    if isinstance(node, ast.AsyncFunctionDef | ast.AsyncFor | ast.AsyncWith | ast.Await):
        return "async"
    if not isinstance(node, ast.Call):
        return None
    called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", None)
    return f"{called}()" if called in IMPURE_CALLS else None


def shared_is_about_any_service(source: Source) -> set[str]:
    """Shared code does not say the word `complaint`; a constant of that name is imported under another name."""
    if source.parts[:2] != ("services", "shared"):
        return set()
    words = [source.path, *_renamed(source.tree), *_words(source)]
    return {word for word in words if SHARED_MUST_NOT_SAY in word.lower()}


def _renamed(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield from (alias.asname for alias in node.names if alias.asname)


def _words(source: Source) -> Iterator[str]:
    """Identifiers and strings, those of import statements excepted."""
    imports = [node for node in ast.walk(source.tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    skipped = {line for node in imports for line in range(node.lineno, (node.end_lineno or node.lineno) + 1)}
    for token in tokenize.generate_tokens(io.StringIO(source.text).readline):
        if token.type in (tokenize.NAME, tokenize.STRING) and token.start[0] not in skipped:
            yield token.string


def one_place_knows_each_client(source: Source) -> set[str]:
    return {
        name
        for library, places in ONLY_IN.items()
        for name in source.imports
        if is_under(name, library) and source.path not in places
    }


def the_broker_room_knows_the_clients_of_kafka(source: Source) -> set[str]:
    if source.parts[0] != "services" or source.path.startswith(KAFKA_IN_SERVICES):
        return set()
    return {name for name in source.imports if is_under(name, "aiokafka", "kafka", "faust")}


Rule = Callable[[Source], set[str]]
RULES: tuple[Rule, ...] = (
    services_know_only_themselves_shared_and_schemas,
    shared_knows_no_service,
    rooms_import_only_what_lies_below_them,
    shared_has_no_module_outside_a_room,
    schemas_know_nothing_of_ours,
    verify_knows_nothing_of_ours,
    rooms_of_the_checker_import_only_what_lies_below_them,
    closedloop_knows_only_what_is_below,
    words_stand_on_nothing,
    what_is_explained_does_not_know_the_paper,
    commands_alone_know_the_command_line,
    decisions_import_only_what_is_pure,
    decisions_have_no_clock_no_chance_and_no_async,
    shared_is_about_any_service,
    one_place_knows_each_client,
    the_broker_room_knows_the_clients_of_kafka,
)


@cache
def sources() -> tuple[Source, ...]:
    """Every file of ours, read and parsed once for all rules."""
    packages = ("services", "schemas", "closedloop")
    paths = [path for package in packages for path in sorted((ROOT / package).rglob("*.py"))]
    return tuple(Source(path.relative_to(ROOT).as_posix(), path.read_text("utf-8")) for path in paths)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_tree_keeps_the_rule(rule: Rule) -> None:
    against = {source.path: found for source in sources() if (found := rule(source))}

    assert not against


def test_few_arrows_tie_the_rooms_of_shared() -> None:
    modules = [source for source in sources() if room_of(source.path)]
    arrows = {(room_of(source.path), used) for source in modules for used in rooms_used(source)}

    assert len(arrows) <= MOST_ARROWS, sorted(arrows)


BROKEN = [
    (
        services_know_only_themselves_shared_and_schemas,
        "services/router/service.py",
        "from services.intake import rules",
    ),
    (services_know_only_themselves_shared_and_schemas, "services/router/service.py", "import services.intake.model"),
    (services_know_only_themselves_shared_and_schemas, "services/router/app.py", "from ..intake import rules"),
    (services_know_only_themselves_shared_and_schemas, "services/router/app.py", "from closedloop import policies"),
    (
        services_know_only_themselves_shared_and_schemas,
        "services/router/app.py",
        "def f():\n    import services.intake",
    ),
    (shared_knows_no_service, "services/shared/loop/loop.py", "from services.router.service import SERVICE"),
    (
        rooms_import_only_what_lies_below_them,
        "services/shared/database/store.py",
        "from services.shared.loop.loop import Loop",
    ),
    (
        rooms_import_only_what_lies_below_them,
        "services/shared/database/store.py",
        "from services.shared.broker import groups",
    ),
    (rooms_import_only_what_lies_below_them, "services/shared/timing/clock.py", "import services.shared.machine.fold"),
    (shared_has_no_module_outside_a_room, "services/shared/helpers.py", ""),
    (shared_has_no_module_outside_a_room, "services/shared/utils/text.py", ""),
    (schemas_know_nothing_of_ours, "schemas/facts.py", "from services.shared.timing.clock import Clock"),
    (schemas_know_nothing_of_ours, "schemas/policy.py", "import closedloop.policies"),
    (verify_knows_nothing_of_ours, "closedloop/verify/__init__.py", "from schemas.facts import PLOT"),
    (verify_knows_nothing_of_ours, "closedloop/verify/checks.py", "from .. import policies"),
    (
        rooms_of_the_checker_import_only_what_lies_below_them,
        "closedloop/verify/derive/standing.py",
        "from closedloop.verify.checks import limits",
    ),
    (closedloop_knows_only_what_is_below, "closedloop/explain/rule.py", "from closedloop.casebook import read"),
    (closedloop_knows_only_what_is_below, "closedloop/explain/rule.py", "from closedloop.verify import check"),
    (closedloop_knows_only_what_is_below, "closedloop/stack/plan.py", "def f():\n    from closedloop.run import Run"),
    (closedloop_knows_only_what_is_below, "closedloop/policies/tables.py", "from closedloop import commands"),
    (closedloop_knows_only_what_is_below, "closedloop/commands/up.py", "from closedloop.unheard_of import f"),
    (closedloop_knows_only_what_is_below, "closedloop/unheard_of/f.py", "from closedloop.another import g"),
    (words_stand_on_nothing, "closedloop/language/terms.py", "from schemas.targets import TARGETS"),
    (
        what_is_explained_does_not_know_the_paper,
        "closedloop/explain/rule.py",
        "from closedloop.explain.paper.words import SAID",
    ),
    (what_is_explained_does_not_know_the_paper, "closedloop/explain/steps.py", "from rich.table import Table"),
    (commands_alone_know_the_command_line, "closedloop/casebook/reader.py", "import typer"),
    (decisions_import_only_what_is_pure, "services/router/rules.py", "import random"),
    (decisions_import_only_what_is_pure, "services/router/rules.py", "from time import monotonic"),
    (decisions_import_only_what_is_pure, "services/router/model.py", "import structlog"),
    (
        decisions_import_only_what_is_pure,
        "services/router/rules.py",
        "from services.shared.database.store import Store",
    ),
    (decisions_import_only_what_is_pure, "services/router/rules.py", "from services.router import settings"),
    (decisions_import_only_what_is_pure, "services/router/rules/replies.py", "import logging"),
    (
        decisions_import_only_what_is_pure,
        "services/shared/machine/documents.py",
        "from services.shared.database.store import Store",
    ),
    (decisions_import_only_what_is_pure, "services/shared/timing/worktime/days.py", "import time"),
    (decisions_have_no_clock_no_chance_and_no_async, "services/router/rules.py", "async def decide(): ..."),
    (decisions_have_no_clock_no_chance_and_no_async, "services/router/rules.py", "x = datetime.now(UTC)"),
    (decisions_have_no_clock_no_chance_and_no_async, "services/router/model.py", "x = uuid4()"),
    (shared_is_about_any_service, "services/shared/loop/loop.py", "def complaint_of(record): ..."),
    (
        shared_is_about_any_service,
        "services/shared/loop/loop.py",
        "from schemas.topics import COMPLAINTS\nx = COMPLAINTS",
    ),
    (
        shared_is_about_any_service,
        "services/shared/loop/loop.py",
        "from schemas.topics import QUEUE as COMPLAINT_QUEUE",
    ),
    (shared_is_about_any_service, "services/shared/loop/loop.py", '"""Loads Complaints."""'),
    (shared_is_about_any_service, "services/shared/loop/complaints.py", ""),
    (one_place_knows_each_client, "services/shared/loop/loop.py", "import faust"),
    (the_broker_room_knows_the_clients_of_kafka, "services/shared/loop/loop.py", "from aiokafka import TopicPartition"),
    (the_broker_room_knows_the_clients_of_kafka, "services/intake/api.py", "import kafka"),
    (one_place_knows_each_client, "closedloop/replay.py", "from faust import App"),
    (one_place_knows_each_client, "services/router/app.py", "from pymongo import AsyncMongoClient"),
    (one_place_knows_each_client, "closedloop/demo/screen.py", "from rich.console import Console"),
    (one_place_knows_each_client, "closedloop/demo/screen.py", "from rich.markup import escape"),
]


@pytest.mark.parametrize(("rule", "path", "text"), BROKEN, ids=lambda value: getattr(value, "__name__", None))
def test_a_file_that_breaks_the_rule_is_found(rule: Rule, path: str, text: str) -> None:
    assert rule(Source(path, text))


KEPT = [
    (
        "services/router/service.py",
        "from schemas.facts import PLOT\nfrom services.shared.loop.loop import Loop\nimport fastapi",
    ),
    ("services/router/service.py", "from services.router import rules\nfrom . import model"),
    ("services/router/rules.py", "from datetime import timedelta\nfrom services.router.model import Case"),
    (
        "services/router/rules.py",
        "from services.router import model\nfrom services.shared.timing.clock import floor_ms",
    ),
    ("services/shared/loop/loop.py", "from schemas.topics import COMPLAINTS as FACTS\nx = FACTS"),
    ("services/shared/database/store.py", "from services.shared.machine import fold\nfrom . import stored"),
    ("services/shared/database/store.py", "from pymongo import AsyncMongoClient"),
    ("services/shared/broker/transport.py", "import faust"),
    ("services/router/settings.py", "import os, logging"),
    ("closedloop/verify/checks.py", "from closedloop.verify import ledger\nimport json"),
    ("closedloop/verify/words.py", "from closedloop.language import Words"),
    ("closedloop/explain/paper/text.py", "from rich.table import Table\nfrom closedloop.explain.rule import Rule"),
    ("closedloop/commands/demo.py", "import typer\nfrom closedloop.demo.play import play\nfrom . import options"),
    ("closedloop/replay.py", "from schemas.facts import PLOT\nfrom services.router.service import SERVICE"),
]


@pytest.mark.parametrize(("path", "text"), KEPT)
def test_a_file_that_keeps_the_rules_is_left_alone(path: str, text: str) -> None:
    assert not [found for rule in RULES if (found := rule(Source(path, text)))]
