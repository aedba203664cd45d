"""Which ports, addresses and environments a stack's parts are given."""

import re
import socket
from contextlib import ExitStack
from glob import glob
from pathlib import Path

import pytest
import typer
import yaml

from closedloop.commands.port_choice import chosen_ports, is_moved, port_of_prometheus
from closedloop.stack import DEFAULT_PORTS, SERVICES, Endpoints, ServiceSpec, downloads, prometheus, services
from closedloop.stack.errors import NotSupported
from closedloop.stack.ports import LOOPBACK, is_free
from closedloop.stack.settings import PROJECT

ENDPOINTS = Endpoints("127.0.0.1:19092", "mongodb://127.0.0.1:27117/?replicaSet=rs0", {})


def test_every_service_has_a_default_port_of_its_own() -> None:
    assert {spec.name for spec in SERVICES} <= DEFAULT_PORTS.keys()
    assert len(set(DEFAULT_PORTS.values())) == len(DEFAULT_PORTS)


def test_an_option_moves_a_port_and_wins_over_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLOSEDLOOP_PORT_INTAKE_HTTP", "9001")
    monkeypatch.setenv("CLOSEDLOOP_PORT_KAFKA", "9002")

    chosen = chosen_ports(["kafka=9003"])

    assert chosen == {**DEFAULT_PORTS, "intake-http": 9001, "kafka": 9003}


@pytest.mark.parametrize("text", ["postoffice=1", "kafka", "kafka=", "kafka=much", "kafka=70000"])
def test_a_port_that_cannot_be_moved_like_that_is_refused(text: str) -> None:
    with pytest.raises(typer.BadParameter):
        chosen_ports([text])


def test_a_service_is_told_where_everything_is() -> None:
    spec = ServiceSpec("router", ("router",), env={"CLOSEDLOOP_CLOCK": "fast"})
    inherited = {"PATH": "/bin", "KAFKA_BOOTSTRAP_SERVERS": "elsewhere"}

    env = services.environment(spec, inherited, {"LANG": "C"}, ENDPOINTS, port=8082)

    assert env == {
        "PATH": "/bin",
        "LANG": "C",
        "PYTHONUNBUFFERED": "1",
        "CLOSEDLOOP_CLOCK": "fast",
        "CLOSEDLOOP_INSTANCE": "router",
        "KAFKA_BOOTSTRAP_SERVERS": ENDPOINTS.kafka,
        "MONGODB_URI": ENDPOINTS.mongodb,
        "CLOSEDLOOP_HTTP_HOST": "127.0.0.1",
        "CLOSEDLOOP_HTTP_PORT": "8082",
    }


def test_prometheus_scrapes_every_service_under_its_own_name() -> None:
    config = yaml.safe_load(prometheus.scrape_config({"router": 8082, "intake": 8081}))

    jobs = {job["job_name"]: job["static_configs"][0]["targets"] for job in config["scrape_configs"]}
    assert jobs == {"router": ["127.0.0.1:8082"], "intake": ["127.0.0.1:8081"]}


def test_the_local_prometheus_has_the_alert_rules_of_every_installation() -> None:
    (pattern,) = yaml.safe_load(prometheus.scrape_config({}))["rule_files"]

    assert [Path(found).name for found in glob(pattern)] == ["closedloop.yml"]


def test_a_machine_that_cannot_run_the_embedded_stack_is_told_what_works_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(downloads.platform, "system", lambda: "Darwin")
    monkeypatch.setattr(downloads.platform, "machine", lambda: "arm64")

    with pytest.raises(NotSupported, match=r"not on Darwin arm64: use deploy/compose.yaml, or .*MONGODB_URI"):
        downloads.require_supported()


def test_an_interrupted_download_leaves_nothing_that_looks_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLOSEDLOOP_CACHE", str(tmp_path))

    def interrupted(aside: Path, _say: object) -> None:
        (aside / "half.jar").write_text("half")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        downloads.once(tmp_path / "kafka", print, interrupted)

    assert [found.name for found in tmp_path.iterdir()] == ["lock"]


def test_a_second_start_fetches_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLOSEDLOOP_CACHE", str(tmp_path))
    fetched: list[Path] = []

    for _ in range(2):
        downloads.once(tmp_path / "kafka", print, lambda aside, _say: fetched.append(aside))

    assert len(fetched) == 1


def test_a_prometheus_that_runs_already_keeps_its_port_and_the_stacks_own_takes_another(
    capsys: pytest.CaptureFixture[str],
) -> None:
    usual = DEFAULT_PORTS["prometheus"]
    with ExitStack() as held:
        if is_free(usual):
            held.enter_context(socket.create_server((LOOPBACK, usual)))
        given = port_of_prometheus(print)

    assert given == 0
    assert f"port {usual} is taken by " in capsys.readouterr().out


def test_the_runbook_says_what_happens_where_a_port_is_taken_in_the_words_of_the_stack(
    capsys: pytest.CaptureFixture[str],
) -> None:
    page = " ".join((PROJECT / "docs/runbooks.md").read_text("utf-8").split())
    with ExitStack() as held:
        if is_free(DEFAULT_PORTS["prometheus"]):
            held.enter_context(socket.create_server((LOOPBACK, DEFAULT_PORTS["prometheus"])))
        port_of_prometheus(print)

    begins, holder, ends = re.split(r"(?<=taken by )(.*)(?=: this)", capsys.readouterr().out.strip())
    assert holder and re.search(f"`{re.escape(begins)}prometheus \\(pid \\d+\\){re.escape(ends)}`", page)
    assert all(str(DEFAULT_PORTS[name]) in page for name in ("kafka", "mongodb", "intake-http", "followup"))


@pytest.mark.parametrize("moved", [True, False])
def test_only_a_port_that_was_named_is_insisted_on(monkeypatch: pytest.MonkeyPatch, moved: bool) -> None:
    monkeypatch.delenv("CLOSEDLOOP_PORT_PROMETHEUS", raising=False)

    assert is_moved("prometheus", ["prometheus=9191"] if moved else ["kafka=9003"]) is moved
