"""A map names the columns of a history; one that is wrong, or that does not fit, is refused with line and remedy."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from yaml import safe_load

from closedloop.language import Language
from closedloop.policies import load as load_pack
from closedloop.replay import maps
from closedloop.replay.maps import BadMap, fitting
from closedloop.replay.promises import pack_of
from schemas.envelope import type_of
from schemas.generate import CONTRACT
from schemas.history import HistoryMap
from tests.unit.replay.histories import HEADER, history, row

OPEN311 = ("service_request_id", "requested_datetime", "expected_datetime", "updated_datetime", "status")

PLAIN = """source: town
zone: America/New_York
columns:
  id: "no"
  opened: opened
"""


def refusal(tmp_path: Path, text: str, language: Language = "en") -> tuple[str, ...]:
    path = tmp_path / "town.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadMap) as refused:
        fitting(path, maps.load(path, language), HEADER, language)
    return refused.value.reasons


@pytest.mark.parametrize("name", maps.names())
def test_a_map_that_ships_is_valid_under_the_published_schema(name: str) -> None:
    published = json.loads(CONTRACT.read_text("utf-8"))["$defs"][type_of(HistoryMap)]
    written = json.loads(json.dumps(safe_load(maps.path_of(name).read_text("utf-8")), default=str))

    assert not [*Draft202012Validator(published).iter_errors(written)]
    assert maps.load(name).source == name


def test_the_maps_that_ship_are_found_by_name() -> None:
    assert maps.names() == ["boston311", "nyc311", "open311"]


def test_open311_needs_the_five_columns_that_every_endpoint_has() -> None:
    fitting("open311", maps.load("open311"), OPEN311)

    with pytest.raises(BadMap, match='the file has no column "status"'):
        fitting("open311", maps.load("open311"), OPEN311[:-1])


def test_an_open311_request_is_answered_only_when_it_is_closed(tmp_path: Path) -> None:
    rows = [
        "1,2018-07-01T10:00:00-04:00,2018-07-03T10:00:00-04:00,2018-07-02T10:00:00-04:00,closed",
        "2,2018-07-01T10:00:00-04:00,2018-07-03T10:00:00-04:00,2018-07-02T10:00:00-04:00,open",
        "3,2018-07-01T10:00:00-04:00,,,acknowledged",
    ]
    known = maps.load("open311")

    found = history(tmp_path, "\n".join([",".join(OPEN311), *rows]), **known.model_dump(exclude={"drawn_at"}))

    assert [request.closed_at is not None for request in found.requests] == [True, False, False]
    assert found.dirt == ()


def test_a_column_that_the_file_does_not_have_is_refused_with_its_line_and_those_it_has(
    tmp_path: Path,
) -> None:
    assert refusal(tmp_path, PLAIN + "  due: dew\n  closed: finished\n") == (
        'town.yaml:6:8: columns.due: the file has no column "dew"; '
        "it has no, opened, due, closed, office, about, by, end; did you mean due?",
        'town.yaml:7:11: columns.closed: the file has no column "finished"; '
        "it has no, opened, due, closed, office, about, by, end",
    )


def test_a_column_that_the_file_may_do_without_is_not_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "town.yaml"
    path.write_text(PLAIN + "  due: dew\noptional: [dew]\n", encoding="utf-8")

    fitting(path, maps.load(path), HEADER)


WRONG = {
    "an unknown key": (PLAIN + "  dueby: due\n", "town.yaml:6:3: columns.dueby is no key of a map; known here: id,"),
    "no column of openings": (PLAIN.replace("opened:", "due:"), "town.yaml:3:1: columns.opened: Field required"),
    "no zone": (PLAIN.replace("zone: America/New_York\n", ""), "town.yaml:1:1: zone: Field required"),
    "a zone that is none": (
        PLAIN.replace("New_York", "NewYork"),
        "town.yaml:2:7: zone: America/NewYork is no time zone, such as America/New_York; did you mean",
    ),
    "a format that is none": (PLAIN + "dates: ['%Y-%m-%q']\n", "town.yaml:6:9: dates 1: %Y-%m-%q is no format"),
    "a format without a day": (PLAIN + "dates: ['%H:%M']\n", "town.yaml:6:9: dates 1: %H:%M does not say which day"),
    "a channel that is none": (
        PLAIN + "values:\n  channel: {Fax: fax}\n",
        "town.yaml:7:18: values.channel.Fax: Input should be 'phone'",
    ),
    "the HTTP door's name": (PLAIN.replace("town", "http"), "town.yaml:1:9: source: http is the HTTP door's own name"),
    "an encoding that is none": (PLAIN + "encoding: utf8000\n", "town.yaml:6:11: encoding: utf8000 is no encoding"),
    "a key that stands twice": (PLAIN + "  opened: due\n", "town.yaml:6:3: columns.opened stands there twice"),
    "no YAML": (PLAIN + "optional: [due\n", "town.yaml:6:11: the list that begins here with [ is not closed"),
    "nothing": ("", "town.yaml:1:1: town.yaml: Input should be"),
}


@pytest.mark.parametrize(("text", "said"), WRONG.values(), ids=WRONG)
def test_a_map_that_is_wrong_is_refused_with_line_and_remedy(tmp_path: Path, text: str, said: str) -> None:
    assert refusal(tmp_path, text)[0].startswith(said)


def test_all_faults_of_a_map_are_told_at_once_and_in_chinese_too(tmp_path: Path) -> None:
    reasons = refusal(tmp_path, PLAIN.replace("New_York", "NewYork") + "  dueby: due\n", "zh")

    assert len(reasons) == 2
    assert reasons[0].startswith("town.yaml:2:7：zone：America/NewYork 不是时区")
    assert reasons[1].startswith("town.yaml:6:3：columns.dueby 不是映射的键")


def test_a_map_that_is_not_there_is_refused_with_the_names_of_those_that_ship() -> None:
    with pytest.raises(BadMap, match=r"cannot be read: No such file.*boston311, nyc311, open311"):
        maps.load("chicago311")


def test_the_pack_of_new_york_is_the_one_that_its_map_names() -> None:
    assert maps.load("nyc311").policy == load_pack("nyc311").name


def test_a_history_without_a_pack_gets_one_in_which_each_department_answers_its_own_rows(tmp_path: Path) -> None:
    offices = ("Parks", "Parks/Trees", "centre", "", "D*b")
    rows = [row(f"{n}", office=office) for n, office in enumerate(offices, 1)] + [
        row("6", about=""),
        row("7", office="", about="Parks/Trees"),
    ]
    found = history(tmp_path, rows)

    pack = pack_of(found)

    routes = [pack.route(request.category, None) for request in found.requests]
    assert [route.department for route in routes if route] == [
        *("parks", "parks-trees", "centre", "unnamed", "d-b", "parks", "unnamed"),
    ]
    assert pack.centre == "service-centre"
