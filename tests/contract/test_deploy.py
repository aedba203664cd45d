"""What is deployed fits what is built: containers, scrape targets, alerts and the dashboard, without docker."""

from __future__ import annotations

import importlib
import importlib.util
import json
import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from copy import deepcopy
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml
from jsonschema import Draft201909Validator

from closedloop.stack import DEFAULT_PORTS, SERVICES
from schemas import topics
from services.shared.process.settings import Settings
from tests.contract import pages

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
RULES = DEPLOY / "prometheus/rules/closedloop.yml"
FROM_PROMETHEUS_ITSELF = {"up"}
ALL_DEPARTMENTS, RATE_INTERVAL = ".*", "1m"
"""What Grafana writes into a query instead of `$department` and `$__rate_interval`."""


def read(path: str) -> Any:
    return yaml.safe_load((DEPLOY / path).read_text("utf-8"))


COMPOSE = read("compose.yaml")
CONTAINERS: dict[str, dict[str, Any]] = COMPOSE["services"]
PROCESSES = {spec.name: spec for spec in SERVICES}


# --- containers ---------------------------------------------------------------------------------------------------


def faults(compose: dict[str, Any]) -> list[str]:
    schema = json.loads((DEPLOY / "compose-spec/compose-spec.json").read_text("utf-8"))
    Draft201909Validator.check_schema(schema)
    return [f"{list(error.path)}: {error.message}" for error in Draft201909Validator(schema).iter_errors(compose)]


def test_the_compose_file_is_one() -> None:
    assert not faults(COMPOSE)


@pytest.mark.parametrize(
    ("container", "key", "value"),
    [
        ("router", "healtcheck", {}),
        ("router", "restart", ["always"]),
        ("kafka", "ports", {"19092": 19092}),
        ("kafka", "environment", "A=1"),
        ("followup", "depends_on", {"provision": {"condition": "finished"}}),
    ],
)
def test_a_compose_file_with_a_mistake_is_none(container: str, key: str, value: Any) -> None:
    broken = deepcopy(COMPOSE)
    broken["services"][container][key] = value

    assert faults(broken)


def test_every_service_is_run() -> None:
    run = {spec.argv[2].removeprefix("services.") for spec in SERVICES}

    assert run == set(topics.SERVICES)


@pytest.mark.parametrize("name", PROCESSES)
def test_every_process_has_a_container_that_runs_it_and_says_when_it_works(name: str) -> None:
    container = CONTAINERS[name]

    assert container["command"] == ["python", *PROCESSES[name].argv[1:]]
    assert "/readyz" in " ".join(container["healthcheck"]["test"])
    assert container["depends_on"] == {"provision": {"condition": "service_completed_successfully"}}


@pytest.mark.parametrize("name", PROCESSES)
def test_a_container_finds_broker_and_database_by_what_it_is_told(name: str) -> None:
    settings = Settings.from_environment({k: str(v) for k, v in CONTAINERS[name]["environment"].items()})
    broker = CONTAINERS["kafka"]["environment"]["KAFKA_ADVERTISED_LISTENERS"]

    assert f"PLAINTEXT://{settings.kafka}" in broker
    assert settings.mongodb == "mongodb://mongodb:27017/?replicaSet=rs0"
    assert "rs0" in CONTAINERS["mongodb"]["command"]
    assert (settings.host, settings.port, settings.clock) == ("0.0.0.0", 8080, "real")


@pytest.mark.parametrize("name", PROCESSES)
def test_a_container_answers_this_machine_where_the_local_stack_does(name: str) -> None:
    assert CONTAINERS[name]["ports"] == [f"127.0.0.1:{DEFAULT_PORTS[name]}:8080"]


def test_topics_and_a_pack_are_there_before_any_service_starts() -> None:
    provision = CONTAINERS["provision"]

    compile(provision["command"][-1], "provision", "exec")
    assert provision["restart"] == "no"
    assert provision["depends_on"] == {name: {"condition": "service_healthy"} for name in ("kafka", "mongodb")}


def test_the_broker_writes_its_own_time_and_makes_no_topics_by_itself() -> None:
    broker = CONTAINERS["kafka"]["environment"]

    assert CONTAINERS["kafka"]["image"] == "apache/kafka:4.3.1"
    assert broker["KAFKA_LOG_MESSAGE_TIMESTAMP_TYPE"] == "LogAppendTime"
    assert broker["KAFKA_AUTO_CREATE_TOPICS_ENABLE"] == "false"


def mounted(container: dict[str, Any]) -> Iterator[Path]:
    """What a container takes from the directory of the compose file."""
    for volume in container.get("volumes", ()):
        source = volume.split(":")[0]
        if source.startswith("."):
            yield DEPLOY / source


def test_what_a_container_mounts_is_there() -> None:
    sources = [path for container in CONTAINERS.values() for path in mounted(container)]

    assert sources
    assert not [path for path in sources if not path.exists()]


def test_what_is_not_mounted_is_a_volume_with_a_name() -> None:
    used = {v.split(":")[0] for c in CONTAINERS.values() for v in c.get("volumes", ()) if not v.startswith(".")}

    assert used == set(COMPOSE["volumes"])


# --- the image ----------------------------------------------------------------------------------------------------


def instructions(name: str) -> list[str]:
    """The Dockerfile's instructions, each on one line."""
    text = (DEPLOY / "Dockerfile").read_text("utf-8").replace("\\\n", " ")
    return [line.removeprefix(name).strip() for line in text.splitlines() if line.startswith(f"{name} ")]


def test_the_image_holds_only_what_is_locked_by_hash_and_runs_as_nobody_special() -> None:
    assert instructions("FROM") == ["python:3.11-slim"]
    assert "pip install --require-hashes --only-binary :all: -r requirements.lock" in instructions("RUN")
    assert instructions("USER")[-1] not in ("root", "0")


def test_what_the_image_copies_is_there_and_not_ignored() -> None:
    copied = {name for line in instructions("COPY") for name in line.split()[:-1]}
    kept = {line[1:] for line in (DEPLOY / "Dockerfile.dockerignore").read_text().splitlines() if line[:1] == "!"}

    assert not [name for name in copied if not (ROOT / name).exists()]
    assert copied == kept


# --- metrics ------------------------------------------------------------------------------------------------------


def exported() -> set[str]:
    """Every series that the services export, by the names that Prometheus sees."""
    suffixes = {"counter": ("_total", "_created"), "histogram": ("_bucket", "_count", "_sum"), "gauge": ("",)}
    return {family.name + suffix for family in pages.exported() for suffix in suffixes[family.type]}


def metrics_in(query: str) -> set[str]:
    """The metrics that a query names; label names, functions and what stands in quotes are none."""
    found = re.findall(r"closedloop_\w+", query) + re.findall(r"\bup\b(?=\s*[{=])", query)
    return set(found)


def undeclared(queries: Iterable[str]) -> set[str]:
    return {name for query in queries for name in metrics_in(query)} - exported() - FROM_PROMETHEUS_ITSELF


# --- Prometheus ---------------------------------------------------------------------------------------------------


def promtool(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    binary = shutil.which("promtool")
    if binary is None:
        pytest.skip("promtool is not installed: Debian's package `prometheus` brings it")
    return subprocess.run([binary, *map(str, arguments)], capture_output=True, text=True, cwd=ROOT)


@pytest.mark.parametrize(
    "arguments",
    [
        ("check", "config", "deploy/prometheus/prometheus.yml"),
        ("check", "rules", "deploy/prometheus/rules/closedloop.yml"),
        ("test", "rules", "deploy/prometheus/tests/closedloop.yml"),
    ],
    ids=" ".join,
)
def test_promtool_finds_nothing(arguments: tuple[str, ...]) -> None:
    done = promtool(*arguments)

    assert done.returncode == 0, done.stdout + done.stderr


def alerts() -> list[dict[str, Any]]:
    return [rule for group in read("prometheus/rules/closedloop.yml")["groups"] for rule in group["rules"]]


def test_every_process_is_scraped_and_missed_when_it_is_down() -> None:
    jobs = {
        job["job_name"]: job["static_configs"][0]["targets"]
        for job in read("prometheus/prometheus.yml")["scrape_configs"]
    }
    watched = [re.search(r'up\{job=~"([^"]+)"\}', alert["expr"]) for alert in alerts()]

    assert jobs == {name: [f"{name}:8080"] for name in PROCESSES}
    assert [set(found[1].split("|")) for found in watched if found] == [set(PROCESSES)]


@pytest.mark.parametrize("alert", alerts(), ids=lambda alert: alert["alert"])
def test_an_alert_says_how_bad_it_is_what_it_means_and_what_to_do(alert: dict[str, Any]) -> None:
    page, _, anchor = alert["annotations"]["runbook_url"].partition("#")
    headings = re.findall(r"^#+ (.+)$", (ROOT / page).read_text("utf-8"), re.MULTILINE)

    assert alert["labels"]["severity"] in ("page", "ticket")
    assert alert["annotations"].keys() == {"summary", "description", "runbook_url"}
    assert anchor in [heading.lower().replace(" ", "-") for heading in headings]


def test_alerts_ask_for_metrics_that_there_are() -> None:
    queries = [alert["expr"] for alert in alerts()]

    assert all(metrics_in(query) for query in queries)
    assert not undeclared(queries)


@pytest.mark.parametrize("alert", alerts(), ids=lambda alert: alert["alert"])
def test_every_alert_has_been_seen_to_fire(alert: dict[str, Any]) -> None:
    fired = [
        case
        for test in read("prometheus/tests/closedloop.yml")["tests"]
        for case in test.get("alert_rule_test", ())
        if case["alertname"] == alert["alert"] and case["exp_alerts"]
    ]

    assert fired


# --- Grafana ------------------------------------------------------------------------------------------------------


def generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("dashboard_generator", DEPLOY / "grafana/generate.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


OVERVIEW = json.loads((DEPLOY / "grafana/dashboards/overview.json").read_text("utf-8"))
PANELS: list[dict[str, Any]] = OVERVIEW["panels"]
QUERIES = [target["expr"] for panel in PANELS for target in panel["targets"]]


def test_the_committed_dashboard_is_the_one_that_is_generated() -> None:
    assert generator().text() == (DEPLOY / "grafana/dashboards/overview.json").read_text("utf-8"), (
        "run: python deploy/grafana/generate.py"
    )


def test_the_overview_shows_what_comes_in_what_goes_wrong_and_what_goes_out() -> None:
    stats = {panel["title"] for panel in PANELS if panel["type"] == "stat"}

    assert OVERVIEW["title"] == "closedloop – overview"
    assert stats == {"Received", "Breached", "Lag", "Dead letters", "Escalated", "Closed"}


@pytest.mark.parametrize("panel", PANELS, ids=lambda panel: panel["title"])
def test_a_panel_has_a_title_a_description_and_a_unit(panel: dict[str, Any]) -> None:
    assert panel["title"]
    assert panel["description"].endswith(".")
    assert panel["fieldConfig"]["defaults"]["unit"]
    assert all(metrics_in(target["expr"]) for target in panel["targets"])


def test_panels_ask_for_metrics_that_there_are() -> None:
    assert not undeclared(QUERIES)


def test_a_metric_that_nobody_exports_is_noticed() -> None:
    queries = ["sum(rate(closedloop_received[5m]))", "closedloop_lag > 0", "up == 0"]

    assert undeclared(queries) == {"closedloop_received", "closedloop_lag"}


def test_panels_lie_side_by_side() -> None:
    cells = [
        (x, y)
        for panel in PANELS
        for place in [panel["gridPos"]]
        for x in range(place["x"], place["x"] + place["w"])
        for y in range(place["y"], place["y"] + place["h"])
    ]

    assert len(cells) == len(set(cells))
    assert max(x for x, _ in cells) < 24


def test_a_department_can_be_chosen() -> None:
    (variable,) = OVERVIEW["templating"]["list"]

    assert variable["name"] == "department"
    assert not undeclared([variable["definition"]])
    assert [query for query in QUERIES if "$department" in query]


def test_every_query_is_one(tmp_path: Path) -> None:
    shown = [q.replace("$department", ALL_DEPARTMENTS).replace("$__rate_interval", RATE_INTERVAL) for q in QUERIES]
    rules = [{"record": f"panel:{n}", "expr": query} for n, query in enumerate(shown)]
    file = tmp_path / "queries.yml"
    file.write_text(yaml.safe_dump({"groups": [{"name": "panels", "rules": rules}]}))

    done = promtool("check", "rules", file)

    assert done.returncode == 0, done.stdout + done.stderr


def test_grafana_finds_its_data_and_its_dashboards() -> None:
    (source,) = read("grafana/provisioning/datasources/prometheus.yml")["datasources"]
    (provider,) = read("grafana/provisioning/dashboards/closedloop.yml")["providers"]
    inside = {volume.split(":")[1] for volume in CONTAINERS["grafana"]["volumes"]}

    assert {"/etc/grafana/provisioning", provider["options"]["path"]} <= inside
    assert {panel["datasource"]["uid"] for panel in PANELS} == {source["uid"]}
    assert source["url"] == "http://prometheus:9090"
    assert CONTAINERS["grafana"]["environment"]["GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH"] == (
        f"{provider['options']['path']}/overview.json"
    )
