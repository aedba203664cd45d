"""Ours among its peers: the table, the meter's arithmetic, the driver and the report, without a server."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
import typer

from closedloop.bench import peers
from closedloop.bench.machine import Machine
from closedloop.bench.peers import installed
from closedloop.bench.peers.doors import Lines
from closedloop.bench.peers.driver import Driver
from closedloop.bench.peers.installed import NotInstalled
from closedloop.bench.peers.jobs import FULL, REDUCED
from closedloop.bench.peers.meter import TICKS_PER_S, Process, ms_each, processes, read_stat, tree, tree_seconds
from closedloop.bench.peers.peer import Peer, Told
from closedloop.bench.peers.processes import NotRunning, Part, Parts
from closedloop.bench.peers.report import Report
from closedloop.bench.peers.table import GOALS, OURS, PEERS, Row
from closedloop.commands.bench import bench

ROOT = Path(__file__).parents[3]
MACHINE = Machine(cores=2, memory_gib=23.5, cpu="AMD EPYC", system="Linux", python="3.11.7")


# --- the meter -------------------------------------------------------------------------------------------------------


def test_a_tree_costs_what_lives_in_it_and_what_has_ended_in_it() -> None:
    every = {
        1: Process(0, 9.0),
        10: Process(1, 2.0, 5.0),
        11: Process(10, 1.0),
        12: Process(11, 0.5),
        20: Process(1, 7),
    }

    assert tree(every, 10) == [10, 11, 12]
    assert tree_seconds(every, 10) == 8.5


def test_what_is_gone_costs_nothing() -> None:
    assert tree_seconds({1: Process(0, 9.0)}, 10) == 0


def test_a_process_is_read_whatever_its_name_is() -> None:
    fields = " ".join(["Z", "7", *["0"] * 9, f"{2 * TICKS_PER_S}", f"{TICKS_PER_S}", f"{TICKS_PER_S}", "0", "20"])

    assert read_stat(f"42 (my (odd) name) {fields}") == (42, Process(7, 3.0, 1.0, is_dead=True))


def test_the_cost_of_one_is_told_by_part_and_of_all_parts() -> None:
    assert ms_each({"server": 1.0, "worker": 0.5}, 100) == {"server": 10.0, "worker": 5.0, "together": 15.0}
    assert ms_each({"server": 1.0}, 0) == {}


def test_what_a_peer_has_started_ends_with_it_children_too(tmp_path: Path) -> None:
    shell = "sleep 600 & echo started; wait"
    part = Part("server", ["sh", "-c", shell], lambda: (tmp_path / "server.log").read_text() == "started\n")

    with Parts([part], tmp_path) as parts:
        pids = tree(processes(), parts.pids()["server"])
        assert len(pids) == 2

    assert not [pid for pid, process in processes().items() if pid in pids and not process.is_dead]


def test_a_part_that_ends_before_it_is_ready_is_told_with_its_last_words(tmp_path: Path) -> None:
    with (
        pytest.raises(NotRunning, match="server did not get ready: no disk"),
        Parts([Part("server", ["sh", "-c", "echo no disk"], lambda: False)], tmp_path),
    ):
        pass


# --- the table and its pins ------------------------------------------------------------------------------------------


def test_every_goal_names_a_peer_and_a_flood_that_is_measured() -> None:
    floods = {f"{count}" for count in FULL.floods}

    assert {goal.peer for goal in GOALS} == PEERS.keys() - {OURS}
    assert {goal.figure[1] for goal in GOALS if goal.figure[0] == "flood"} == floods
    assert set(REDUCED.floods) <= set(FULL.floods)


def test_every_library_of_a_peer_is_pinned_by_hash_and_none_is_among_ours() -> None:
    text = installed.PYTHON.read_text()
    pinned = re.findall(r"^([a-z0-9-]+)==\S+ \\\n +--hash=sha256:[0-9a-f]{64}", text, re.MULTILINE)
    ours = (ROOT / "requirements.lock").read_text()

    assert pinned == re.findall(r"^([a-z0-9-]+)==", text, re.MULTILINE)
    assert {"restate-sdk", "dbos", "procrastinate"} <= set(pinned)
    assert not re.search(r"^(restate-sdk|dbos|procrastinate)==", ours, re.MULTILINE)


def test_the_soak_runs_it_at_full_size() -> None:
    assert "closedloop bench peers --soak\n" in (ROOT / "Makefile").read_text()


def test_the_page_describes_every_peer_and_every_goal() -> None:
    page = (ROOT / "docs" / "bench-peers.md").read_text().lower()
    wanted = page.partition("## what is wanted")[2].partition("## one more")[0]
    rows = {line.split("|")[1].strip(): line.split("|")[2:-1] for line in wanted.splitlines() if line.startswith("| ")}
    column = [name.strip() for name in rows["figure"]]
    words = {
        "saturated": "cpu per case, saturated",
        "steady": "cpu per case at 20 a second",
        "flood": "seconds of a flood",
    }

    assert {(g.peer, words[g.figure[0]], g.times) for g in GOALS} == {
        (column[n], figure, float(cell))
        for figure, cells in rows.items()
        for n, cell in enumerate(cells)
        if re.fullmatch(r" *\d+ *", cell)
    }
    assert all(f"| {name} |" in page for name in PEERS)


def test_a_peer_that_there_is_not_is_told_with_those_that_there_are() -> None:
    with pytest.raises(
        typer.BadParameter, match=r"there is no temporal; there are ours, restate, restate-asleep, dbos, procrastinate"
    ):
        bench(["peers", "temporal"])


# --- one that cannot be had ------------------------------------------------------------------------------------------


def test_a_peer_that_cannot_be_installed_is_left_out_and_the_report_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    @contextmanager
    def offline(directory: Path, say: Callable[[str], None]) -> Iterator[Peer]:
        raise NotInstalled("npm failed: no network")
        yield

    monkeypatch.setattr(peers, "PEERS", {"restate": Row(offline, in_flight=1)})
    monkeypatch.setattr(peers, "LISTEN_S", 0.01)

    report = peers.run(["restate"], REDUCED, lambda line: None)

    assert report.skipped == {"restate": "not measured: npm failed: no network"}
    assert "- restate: not measured: npm failed: no network" in report.as_markdown()
    assert all(seen is None for _, seen in report.goals())


def test_an_installer_that_fails_is_told_with_its_last_words() -> None:
    with pytest.raises(NotInstalled, match="sh failed: no such package"):
        installed._done(["sh", "-c", "echo no such package; exit 1"])
    with pytest.raises(NotInstalled, match="no-such-installer is needed and not installed"):
        installed._done(["no-such-installer"])


# --- the report ------------------------------------------------------------------------------------------------------


def test_a_goal_stands_beside_how_many_times_ours_a_peer_needs() -> None:
    costs = {
        name: {"saturated": {"cpu_ms_per_case": {"together": ms}}} for name, ms in (("ours", 10.0), ("dbos", 75.0))
    }
    page = Report("2026-11-27", MACHINE, "reduced", (), {}, costs).as_markdown()

    assert "| figure | ours | dbos |" in page
    assert "| saturated.cpu_ms_per_case.together | 10.0 | 75.0 |" in page
    assert "| saturated.cpu_ms_per_case.together | dbos | ≥ 7 | 7.5 |" in page
    assert "| saturated.cpu_ms_per_case.together | restate | ≥ 4 | – |" in page


# --- what a worker tells ---------------------------------------------------------------------------------------------


def test_a_line_that_is_not_whole_yet_is_read_when_it_is(tmp_path: Path) -> None:
    file = tmp_path / "told"
    lines = Lines(file)
    assert [*lines.fresh()] == []

    file.write_text("ordered 7 1.5 a,b\nvisit 7 2")
    assert [*lines.fresh()] == [Told("ordered", 7, 1.5, "a,b")]

    file.write_text("ordered 7 1.5 a,b\nvisit 7 2.5 -\n")
    assert [*lines.fresh()] == [Told("visit", 7, 2.5)]


# --- the driver ------------------------------------------------------------------------------------------------------


class InMemory:
    """A peer that does the job in memory and says everything twice."""

    def __init__(self) -> None:
        self.signals: list[tuple[int, str]] = []
        self._said: asyncio.Queue[Told] = asyncio.Queue()

    async def connect(self) -> None: ...

    async def disconnect(self) -> None: ...

    async def open(self, number: int) -> None:
        self._say("ordered", number)

    async def signal(self, told: Told, name: str) -> None:
        self.signals.append((told.number, name))
        follows = {"answered": "visit", "visited": "closed"}
        if name in follows:
            self._say(follows[name], told.number)

    async def arm(self, dues: Mapping[int, float]) -> None:
        for number in dues:
            self._say("due", number)

    async def told(self) -> list[Told]:
        return [await self._said.get()]

    async def twice(self) -> int:
        return 0

    def parts(self) -> Mapping[str, int]:
        return {}

    def kill(self) -> None: ...

    def _say(self, step: str, number: int) -> None:
        for _ in range(2):
            self._said.put_nowait(Told(step, number, 1.0))


async def test_the_outside_answers_once_what_is_said_twice_and_a_case_is_closed_once() -> None:
    peer = InMemory()
    async with Driver(peer) as driver:
        await driver.at_rate(200, 0.05)
        assert await driver.drained(5.0)

    opened = len(driver.closed)
    assert opened
    assert sorted(peer.signals) == sorted((n, s) for n in range(opened) for s in ("taken", "answered", "visited"))


async def test_a_closed_case_makes_room_for_the_next() -> None:
    async with Driver(InMemory()) as driver:
        await driver.full(3, 0.02, 0.1)
        assert await driver.drained(5.0)

    assert len(driver.closed) > 3


async def test_a_timer_has_fired_when_it_was_first_told() -> None:
    dues = {1: 0.5, 2: 0.5}
    async with Driver(InMemory()) as driver:
        await driver.peer.arm(dues)
        assert await driver.all_fired(dues, 5.0)
        assert not await driver.all_fired({3: 0.5}, 0.05)

    assert driver.fired == {1: 1.0, 2: 1.0}
