"""What the checker says of the whole system's life in memory, with other code than the tree's, within a second."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from importlib import import_module
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

from closedloop import rebuild
from closedloop.outsiders import rehearsal
from closedloop.outsiders.agenda import Agenda
from closedloop.policies import load
from closedloop.verify import Clock, Verdict, judge, terms
from tests.e2e.people import TEMPERAMENTS, decide, submissions

ROOT = Path(__file__).parents[1]
PACK = ROOT / "tests" / "e2e" / "trial.yaml"
REHEARSAL = rehearsal.__name__
HOLDERS = REHEARSAL, rebuild.__name__
"""The modules outside the services' own that hold services: the second has their table."""
BEGIN = datetime(2026, 9, 14, tzinfo=UTC)
ARRIVING, LASTS = timedelta(hours=12), timedelta(days=14)
BOUND_S = 1.0
"""In memory time stands still while something is decided: nothing is told later than its time."""


class Changed(MetaPathFinder, Loader):
    """Imports these modules from other texts than their files'."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._texts = {str(ROOT / file): text for file, text in texts.items()}

    def find_spec(self, name: str, path: Any, target: ModuleType | None = None) -> ModuleSpec | None:
        base = ROOT.joinpath(*name.split("."))
        for file, inside in ((f"{base}.py", None), (f"{base}/__init__.py", [str(base)])):
            if file in self._texts:
                return spec_from_file_location(name, file, loader=self, submodule_search_locations=inside)
        return None

    def exec_module(self, module: ModuleType) -> None:
        assert module.__file__ is not None
        exec(compile(self._texts[module.__file__], module.__file__, "exec"), module.__dict__)


@contextmanager
def imported_with(texts: Mapping[str, str]) -> Iterator[Any]:
    """The rehearsal over services that are imported anew, with these texts; whoever has the old ones keeps them."""
    kept = {name: sys.modules.pop(name) for name in [*sys.modules] if _is_imported_anew(name)}
    sys.meta_path.insert(0, finder := Changed(texts))
    try:
        yield import_module(REHEARSAL)
    finally:
        sys.meta_path.remove(finder)
        for name in [name for name in sys.modules if _is_imported_anew(name)]:
            del sys.modules[name]
        sys.modules.update(kept)
        # Packages of services come back with all that they hold; those of the holders have never been away.
        for holder in HOLDERS:
            package, _, own = holder.rpartition(".")
            setattr(sys.modules[package], own, kept[holder])


def _is_imported_anew(name: str) -> bool:
    # A process can declare a metric only once.
    return name in HOLDERS or (name.partition(".")[0] == "services" and not name.endswith(".gauges"))


def verdict_with(texts: Mapping[str, str]) -> Verdict:
    """What the checker says after two weeks of services with these texts, on complaints of every temperament."""
    policy, count = load(PACK), len(TEMPERAMENTS)
    with imported_with(texts) as anew:
        world = anew.world_of(policy, BEGIN)
        anew.rehearse(world, submissions(BEGIN, count, ARRIVING), Agenda(decide), BEGIN + LASTS, lambda at: None)
        return judge(anew.log_of(world, policy), terms(Clock(), now=world.now, bound_s=BOUND_S))
