"""What tests of several kinds share: the whole system, started once and only when a test asks for it."""

import logging
from collections.abc import Iterator

import pytest
import structlog
from hypothesis import settings

from closedloop.stack import Stack, StackSettings, provision
from closedloop.stack.secret import PSEUDONYM_KEY

pytest_plugins = ["tests.nothing_skips", "tests.sampling"]

# A developer's own clusters are not for tests to fill and kill.
OWN_CLUSTERS = {"KAFKA_BOOTSTRAP_SERVERS": "", "MONGODB_URI": ""}
READ_EVERYTHING = {"CLOSEDLOOP_DEAD_LETTERS_IN_A_ROW": "0"}
"""For tests in which every record that cannot be read has its dead letter, however many there are."""
SECRET = "the secret of the tests"

# How long one example takes says how busy the machine is, not whether what it shows holds.
settings.register_profile("any machine", deadline=None)
settings.load_profile("any machine")


@pytest.fixture(scope="module")
def quiet() -> Iterator[None]:
    """What services log while these tests break them is not shown; the tests after them see their own."""
    before = structlog.get_config()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    yield
    structlog.configure(**before)


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """Broker, database and the real services on free ports, in a directory of their own."""
    settings = StackSettings(
        data=tmp_path_factory.mktemp("stack"), env=OWN_CLUSTERS | {PSEUDONYM_KEY: SECRET}, prepare=provision
    )
    with Stack(settings) as running:
        running.start(print)
        yield running
