"""What the documents name exists: facts, topics, functions, metrics, commands, files and headings."""

from __future__ import annotations

import ast
import importlib
import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel
from typer.testing import CliRunner

from closedloop.stack.settings import SERVICES as STARTED
from schemas import topics
from schemas.edges import EDGES
from schemas.envelope import Unreadable
from schemas.facts import PLOT, Fact
from services.router.rules.replies import REPLIES
from services.shared.machine.documents import Due
from services.shared.machine.table import Service
from tests import forgotten
from tests.contract.pages import DOCUMENTS, FENCED, ROOT, exported, quoted, rows, section, table, text_of

MESSAGES: Mapping[str, type[BaseModel]] = {model.__name__: model for model in (*PLOT, *EDGES)}


@cache
def functions(path: str) -> frozenset[str]:
    """The names of all functions of a file, those inside others included."""
    tree = ast.parse(text_of(path))
    return frozenset(n.name for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef))


@cache
def metrics() -> frozenset[str]:
    """What the services export, as Prometheus sees it; of a histogram its name alone."""
    return frozenset(family.name + ("_total" if family.type == "counter" else "") for family in exported())


# --- the walk through ARCHITECTURE.md -----------------------------------------------------------------------------

WALK = rows(section(text_of("ARCHITECTURE.md"), "One complaint, step by step"))


def counted_by(fact: type[Fact]) -> set[str]:
    """The counters in the line of a fact; of one without a counter, the counter of all that is said."""
    lines = [on for on in table(fact.said_by).facts if on.fact is fact]
    return {f"closedloop_{count.name}_total" for on in lines for count in on.counts} or {"closedloop_said_total"}


def effects_of(fact: type[Fact]) -> set[str]:
    """The effects of the replies that bring a fact."""
    return {kind.then.__qualname__.partition(".")[0] for kind in REPLIES.values() if fact in kind.says}


def is_other(function: str, effects: set[str]) -> bool:
    """Whether a cell names an effect of replies, and none of these."""
    named = {place.partition(":")[2] for place in quoted(function) if "/effects.py:" in place}
    return bool(named) and not named & effects


def wrong(row: list[str]) -> list[str]:
    """Everything in a row of the walk that is not so."""
    _, _, messages, topic, service, function, metric = row
    found = [f"no message {name}" for name in quoted(messages) if name not in MESSAGES]
    found += [f"no topic {name}" for name in quoted(topic) if name not in {t.name for t in topics.TOPICS}]
    found += [] if service in topics.SERVICES else [f"no service {service}"]
    found += [f"no metric {name}" for name in quoted(metric) if name not in metrics()]
    for place in quoted(function):
        path, _, name = place.partition(":")
        if not (ROOT / path).is_file() or name not in functions(path):
            found.append(f"no function {place}")
        elif path.split("/")[1] not in (service, "shared"):
            found.append(f"{place} is not {service}'s")
    for name in quoted(messages):
        model = MESSAGES.get(name)
        if model and issubclass(model, Fact):
            if (model.said_by, quoted(topic)) != (service, [topics.COMPLAINTS.name]):
                found.append(f"{name} is said by {model.said_by} on {topics.COMPLAINTS.name}")
            found += [
                f"{name} is counted by {wanted}" for wanted in [counted_by(model)] if not wanted & {*quoted(metric)}
            ]
            found += [f"{name} follows from {rules}" for rules in [effects_of(model)] if is_other(function, rules)]
    empty = [cell for cell in row if not cell]
    return found + (["an empty cell"] if empty or not quoted(function) or not quoted(metric) else [])


@pytest.mark.parametrize("row", WALK, ids=lambda row: f"{row[0]} {row[2]}")
def test_a_step_of_the_walk_names_what_there_is(row: list[str]) -> None:
    assert not wrong(row)


RIGHT = ["2", "it is taken", "`ComplaintReceived`", "`closedloop.complaints`", "intake"]
ANSWERS = ["36", "the department answers", "`ComplaintAnswered`", "`closedloop.complaints`", "router"]
RULE, METRIC = "`services/intake/rules.py:receive_on_submission`", "`closedloop_received_total`"


@pytest.mark.parametrize(
    "row",
    [
        [*RIGHT, RULE.replace("receive", "recieve"), METRIC],
        [*RIGHT, RULE.replace("rules", "rulez"), METRIC],
        [*RIGHT, "`services/router/rules.py:judge_on_reply`", METRIC],
        [*RIGHT, RULE, METRIC.replace("_total", "")],
        [*RIGHT, RULE, "–"],
        [*RIGHT, RULE, "`closedloop_routed_total`"],
        [*ANSWERS, "`services/router/rules/effects.py:give_back`", "`closedloop_answered_total`"],
        [*ANSWERS, "`services/router/rules/effects.py:answer`", "`closedloop_returned_total`"],
        ["2", "", "`ComplaintRecieved`", "`closedloop.complaints`", "intake", RULE, METRIC],
        ["2", "it", "`ComplaintReceived`", "`closedloop.facts`", "intake", RULE, METRIC],
        ["2", "it", "`ComplaintClosed`", "`closedloop.complaints`", "intake", RULE, METRIC],
    ],
)
def test_a_step_that_names_what_is_not_there_is_found(row: list[str]) -> None:
    assert not wrong([*RIGHT, RULE, METRIC])
    assert wrong(row)


def test_the_walk_meets_every_message_at_the_edge() -> None:
    met = {name for row in WALK for name in quoted(row[2])}

    forgotten.nothing(
        forgotten.beyond([model.__name__ for model in EDGES], met, "no step of the walk in ARCHITECTURE.md meets {}")
    )


def test_the_walk_goes_from_received_through_escalated_and_reopened_to_closed() -> None:
    facts = [name for row in WALK for name in quoted(row[2]) if issubclass(MESSAGES[name], Fact)]
    milestones = ["ComplaintReceived", "ComplaintEscalated", "ComplaintReopened", "ComplaintClosed"]

    assert [facts.index(name) for name in milestones] == sorted(facts.index(name) for name in milestones)
    assert (facts[0], facts[-1]) == ("ComplaintReceived", "ComplaintClosed")


def test_the_architectures_topics_are_those_of_the_table() -> None:
    shown = [
        (quoted(name)[0], writer, readers)
        for name, writer, readers, _ in rows(section(text_of("ARCHITECTURE.md"), "Topics"))
    ]

    assert shown == [(t.name, t.writer, ", ".join(t.readers)) for t in topics.TOPICS]


# --- services -----------------------------------------------------------------------------------------------------

FILES = {"README.md", "__init__", "__main__", "api", "app", "model", "rules", "service", "settings"}
"""What every service consists of; one may be a package, or have more beside it."""


@pytest.mark.parametrize("service", topics.SERVICES)
def test_a_service_has_the_same_files_as_every_other(service: str) -> None:
    there = {path.name.removesuffix(".py") for path in (ROOT / "services" / service).iterdir()}

    # Who says nothing decides nothing.
    assert there >= FILES - ({"rules"} if service in topics.READ_ONLY else set())


def test_the_architectures_processes_are_those_that_are_started() -> None:
    told = [quoted(row[0])[0] for row in rows(section(text_of("ARCHITECTURE.md"), "Processes"))]
    started = [" ".join(["python", *spec.argv[1:]]) for spec in STARTED]

    assert sorted(told) == sorted(started)


def test_every_service_there_is_has_its_dead_letters() -> None:
    packages = {path.parent.name for path in (ROOT / "services").glob("*/service.py")}

    assert packages == set(topics.SERVICES)


def test_every_module_of_the_messages_is_explained() -> None:
    modules = [path.name for path in (ROOT / "schemas").glob("*.py") if path.name != "__init__.py"]
    explained = quoted(text_of("schemas/README.md"))

    forgotten.nothing(forgotten.beyond(modules, explained, "schemas/README.md has no row for {}"))


def test_every_module_that_services_share_is_explained() -> None:
    explained = set(quoted(text_of("services/shared/README.md")))
    shared = ROOT / "services/shared"
    there = {path.relative_to(shared).as_posix() for path in shared.rglob("[a-z]*.py") if "privacy" not in path.parts}

    assert not there - explained
    assert not {name for name in explained if name.endswith(".py") and not (ROOT / name).is_file()} - there


# --- the canvases -------------------------------------------------------------------------------------------------


def canvas(service: str) -> dict[str, str]:
    """The rows of a service's one page, by their first cell."""
    return {name.strip("*"): content for name, content in rows(text_of(f"services/{service}/README.md"))}


FAMILIES: Mapping[str, frozenset[str]] = {
    base.__name__: frozenset(fact.__name__ for fact in PLOT if issubclass(fact, base))
    for base in {base for fact in PLOT for base in fact.__mro__[1:]}
    if issubclass(base, Fact) and base is not Fact
}
"""Facts that have their fields in common, by the name of what they have in common."""


def names_in(cell: str) -> set[str]:
    """The facts and messages that a cell names, one by one or as a family; `Due` is a timer."""
    alone = {name for name in quoted(cell) if name in MESSAGES or name == Due.__name__}
    return alone.union(*(FAMILIES.get(name, ()) for name in quoted(cell)))


def differ(service: str, row: str, page: set[str], table: set[str]) -> None:
    """Fails where a row of the page names another fact than the table, which has a line for each."""
    place, code = f"services/{service}/README.md, under {row}", f"services/{service}/service.py"
    families = {fact: name for name, facts in FAMILIES.items() for fact in facts}
    named = [f"{fact} (as one of `{families[fact]}`)" if fact in families else fact for fact in page - table]
    forgotten.nothing(
        forgotten.each(named, f"{{}} stands in {place}; no line of {code} does that"),
        forgotten.beyond(table, page, f"a line of {code} does it with {{}}; {place}, has not"),
    )


def told(service: Service) -> set[str]:
    return {model.__name__ for model in service.tells}


@pytest.mark.parametrize("service", topics.SERVICES)
def test_a_canvas_is_one_page_with_the_same_rows_everywhere(service: str) -> None:
    assert len(text_of(f"services/{service}/README.md").splitlines()) <= 30
    assert list(canvas(service)) == [
        "Purpose",
        "Decides on",
        "Follows",
        "Says",
        "Tells",
        "Remembers",
        "Fails how",
    ]


@pytest.mark.parametrize("service", topics.SERVICES)
def test_a_canvas_hears_what_the_service_hears(service: str) -> None:
    known, row = canvas(service), table(service)
    decides = {model.__name__ for model in row.hears}
    heard = {fact.__name__ for fact in PLOT if row.listens_to(fact)}

    differ(service, "Decides on", names_in(known["Decides on"]), decides)
    topics_of = {edge.topic.name for edge in row.edges}
    named = {name for name in quoted(known["Decides on"]) if name.startswith("closedloop.")}
    differ(service, "Decides on", named, topics_of)
    differ(service, "Follows", names_in(known["Follows"]), heard - decides)


@pytest.mark.parametrize("service", topics.SERVICES)
def test_a_canvas_says_what_the_service_says(service: str) -> None:
    differ(service, "Says", names_in(canvas(service)["Says"]), {fact.__name__ for fact in table(service).says})


@pytest.mark.parametrize("service", topics.SERVICES)
def test_a_canvas_tells_what_the_service_tells(service: str) -> None:
    cell = canvas(service)["Tells"]

    differ(service, "Tells", names_in(cell), told(table(service)) | said_outside(service))
    family = {topic.name for topic in topics.TOPICS if topic.writer == service and topic.name.startswith(OUTSIDE)}
    assert family <= set(quoted(cell))


OUTSIDE = ("closedloop.queue", "closedloop.receipts")


def said_outside(service: str) -> set[str]:
    """The messages for others than services that the modules of a service make."""
    code = "".join(path.read_text("utf-8") for path in (ROOT / "services" / service).rglob("*.py"))
    heard = {edge.model for edge in table(service).edges}
    others = [model for model in EDGES if model not in heard]
    return {model.__name__ for model in others if re.search(rf"\b{model.__name__}(?:\.\w+)?\(", code)}


# --- every document -----------------------------------------------------------------------------------------------


def anchors(path: Path) -> set[str]:
    """The anchors of a document's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", path.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def broken_links(path: Path, text: str) -> list[str]:
    found = []
    for link in re.findall(r"\]\(([^)\s]+)\)", text):
        target, _, anchor = link.partition("#")
        if re.match(r"[a-z]+:", link):
            continue
        there = (path.parent / target).resolve() if target else path
        if not there.exists() or (anchor and anchor not in anchors(there)):
            found.append(link)
    return found


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_documents_links_lead_somewhere(path: Path) -> None:
    assert not broken_links(path, path.read_text("utf-8"))


def test_a_link_that_leads_nowhere_is_found() -> None:
    text = "[a](NOWHERE.md) [b](README.md#no-such-heading) [c](README.md) [d](https://example.org/x)"

    assert broken_links(ROOT / "README.md", text) == ["NOWHERE.md", "README.md#no-such-heading"]


def paths_in(text: str) -> Iterator[str]:
    """What looks like a path into the tree, a function behind a colon left away."""
    for name in quoted(text):
        found = re.fullmatch(r"((?:services|schemas|closedloop|tests|deploy|docs)/[\w./-]*)(?::\w+)?", name)
        if found:
            yield found[1]


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_documents_paths_are_there(path: Path) -> None:
    assert not [name for name in paths_in(path.read_text("utf-8")) if not (ROOT / name).exists()]


@cache
def commands() -> frozenset[str]:
    """What `closedloop` can be asked, the commands inside others as two words."""
    app = importlib.import_module("closedloop.app").app
    typer = importlib.import_module("typer")
    root = typer.main.get_command(app)

    def below(group: Any, prefix: str) -> Iterator[str]:
        for name, command in getattr(group, "commands", {}).items():
            yield f"{prefix}{name}"
            yield from below(command, f"{prefix}{name} ")

    return frozenset(below(root, ""))


def asked(text: str) -> set[str]:
    """The commands of `closedloop` in a document: in backticks and in blocks of code."""
    code = [*FENCED.findall(text), *quoted(text)]
    groups = {name.split()[0] for name in commands() if " " in name}
    found = set()
    for block in code:
        for line in block.splitlines():
            words = re.sub(r"^\$ ", "", line.strip()).removeprefix(".venv/bin/").split()
            if len(words) > 1 and words[0] == "closedloop" and re.fullmatch("[a-z]+", words[1]):
                inner = words[1] in groups and len(words) > 2 and re.fullmatch("[a-z]+", words[2])
                found.add(" ".join(words[1 : 3 if inner else 2]))
    return found


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_documents_commands_are_there(path: Path) -> None:
    assert not asked(path.read_text("utf-8")) - commands()


def test_a_command_that_is_not_there_is_found() -> None:
    text = "`closedloop frobnicate` and `closedloop dlq list`\n```console\n$ .venv/bin/closedloop policy shwo demo\n```"

    assert asked(text) - commands() == {"frobnicate", "policy shwo"}


def test_the_readmes_commands_stand_in_the_help() -> None:
    shown = CliRunner().invoke(importlib.import_module("closedloop.app").app, ["--help"])

    assert asked(text_of("README.md"))
    assert not [name for name in asked(text_of("README.md")) if not re.search(rf"\b{name.split()[0]}\b", shown.output)]


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_what_is_made_can_be_made(path: Path) -> None:
    goals = set(re.findall(r"^([a-z]+):.*##", text_of("Makefile"), re.MULTILINE))
    named = set(re.findall(r"(?:^|`)make ([a-z]+)", path.read_text("utf-8"), re.MULTILINE))

    assert named <= goals


# --- glossary, decisions, runbooks --------------------------------------------------------------------------------


def code() -> str:
    """All that is written in code and packs."""
    found = [
        path.read_text("utf-8")
        for package in ("schemas", "services", "closedloop")
        for suffix in ("*.py", "*.yaml", "*.json")
        for path in sorted((ROOT / package).rglob(suffix))
    ]
    return "\n".join(found)


GLOSSARY = rows(text_of("docs/glossary.md"))


def test_a_term_stands_once_in_the_glossary_in_both_languages() -> None:
    english, chinese = [row[0] for row in GLOSSARY], [row[1] for row in GLOSSARY]

    assert all(english) and all(chinese)
    assert len(english) == len(set(english))
    assert len(chinese) == len(set(chinese))


def test_what_the_glossary_says_is_in_the_code_is_there() -> None:
    written = code()

    assert not [name for row in GLOSSARY for name in quoted(row[3]) if name not in written]


DECISIONS = sorted((ROOT / "docs/adr").glob("0*.md"))


@pytest.mark.parametrize("path", DECISIONS, ids=lambda path: path.name)
def test_a_decision_is_one_page_with_its_reasons(path: Path) -> None:
    text = path.read_text("utf-8")

    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == ["Context", "Decision", "Consequences", "Alternatives"]
    assert len(text.splitlines()) <= 70


def test_the_decisions_are_numbered_without_a_gap_and_listed() -> None:
    listed = re.findall(r"\((0\d+-[\w-]+\.md)\)", text_of("docs/adr/README.md"))

    assert [int(path.name[:4]) for path in DECISIONS] == list(range(1, len(DECISIONS) + 1))
    assert listed == [path.name for path in DECISIONS]


def test_the_runbook_knows_every_reason_for_a_dead_letter() -> None:
    text = "\n".join(path.read_text("utf-8") for path in sorted((ROOT / "services").rglob("*.py")))
    unread = {kind.code for kind in (Unreadable, *Unreadable.__subclasses__())}
    asked_for = {"not_countable", "too_large"}
    reasons = {*re.findall(r'Refused\(because\(\s*"(\w+)', text), *unread, *asked_for, "poison", "parked"}
    explained = {
        name for row in rows(section(text_of("docs/runbooks.md"), "Dead letters growing")) for name in quoted(row[0])
    }

    assert explained == reasons


def test_the_changelog_is_kept() -> None:
    assert "## [Unreleased]" in text_of("CHANGELOG.md")


def test_the_tests_that_contributors_are_told_of_are_there() -> None:
    told_of = {name for name in quoted(text_of("CONTRIBUTING.md")) if name.startswith("test_")}
    written = "\n".join(path.read_text("utf-8") for path in sorted((ROOT / "tests").rglob("test_*.py")))

    assert told_of
    assert not [name for name in told_of if f"def {name}(" not in written]


def test_the_readmes_table_leads_to_every_page() -> None:
    table = text_of("README.md").rpartition("## Where to go next")[2]
    pages = {path.relative_to(ROOT).as_posix() for path in (ROOT / "docs").glob("*.md")}

    # The table of examples belongs to the page on what stays private.
    assert sorted(pages - {"docs/privacy-examples.md"} - set(re.findall(r"\(([^)#]+)\)", table))) == []


def test_contributing_names_every_marker_of_a_test() -> None:
    settings = tomllib.loads(text_of("pyproject.toml"))
    markers = [line.partition(":")[0] for line in settings["tool"]["pytest"]["ini_options"]["markers"]]
    named = rows(section(text_of("CONTRIBUTING.md"), "One test, one kind of test"))

    assert sorted(row[0].strip("`") for row in named) == sorted(markers)
