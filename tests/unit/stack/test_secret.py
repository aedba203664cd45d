"""Who does not hold the secret of a stack can compute neither its pseudonyms nor the ids of its complaints."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from closedloop.stack.plan import Plan
from closedloop.stack.secret import FILE, PSEUDONYM_KEY, pseudonym_key
from closedloop.stack.settings import StackSettings
from services.shared.process.settings import Settings

THEIRS = {"KAFKA_BOOTSTRAP_SERVERS": "broker:9092", "MONGODB_URI": "mongodb://db"}


def told(data: Path, **env: str) -> set[str]:
    """Which secrets the services of a stack are told."""
    parts = Plan(StackSettings(data=data, env=THEIRS | env), data).services()
    return {Settings.from_environment(part.env).pseudonym_key for part in parts}


@pytest.fixture(autouse=True)
def without_a_key_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(PSEUDONYM_KEY, raising=False)


def test_a_data_directory_has_a_secret_of_its_own_that_is_kept_and_told_to_all_its_services(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    one.mkdir(), other.mkdir()

    first, again, another = told(one), told(one), told(other)

    assert first == again != another
    assert len(first) == len(another) == 1 and len(min(first)) == 64
    assert first == {pseudonym_key(one, {})}


def test_only_its_owner_may_read_the_secret(tmp_path: Path) -> None:
    pseudonym_key(tmp_path, {})

    assert stat.S_IMODE((tmp_path / FILE).stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == [FILE]


def test_a_secret_that_the_environment_names_counts_and_none_is_made(tmp_path: Path) -> None:
    assert told(tmp_path, CLOSEDLOOP_PSEUDONYM_KEY="the site's") == {"the site's"}
    assert not (tmp_path / FILE).exists()


def test_a_file_without_a_secret_in_it_is_written_anew(tmp_path: Path) -> None:
    (tmp_path / FILE).touch()

    assert len(pseudonym_key(tmp_path, {PSEUDONYM_KEY: ""})) == 64
