"""What the HTTP door refuses it explains in the language of the complaint, or else in the one that is asked for."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from fastapi.testclient import TestClient

from schemas import references
from tests.unit.intake.doors import stubbed

LEAK = {"subject": "it leaks"}
LOOKUPS = 3


@pytest.fixture(scope="module")
def door() -> TestClient:
    """The door's own routes and rules, the same for all tests; the database behind it does not answer."""
    return stubbed()


def is_chinese(text: str) -> bool:
    return re.search("[\u4e00-\u9fff]", text) is not None


def send(door: TestClient, body: Any, asks_for: str | None = None, key: str | None = "k", **heads: str) -> Any:
    content = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
    named = {name.replace("_", "-"): value for name, value in heads.items()}
    asked = {} if asks_for is None else {"accept-language": asks_for}
    keyed = {} if key is None else {"idempotency-key": key}
    return door.post(
        "/v1/complaints", content=content, headers={"content-type": "application/json"} | asked | keyed | named
    )


REFUSED: list[tuple[str, Any, str | None, dict[str, str], int, str]] = [
    ("no key", LEAK, None, {}, 400, "key_missing"),
    ("a key that is too long", LEAK, "x" * 201, {}, 422, "unreadable"),
    ("too many bytes", b'{"subject": "' + b"x" * 300_000 + b'"}', "k", {}, 413, "too_large"),
    ("a text that grows", LEAK | {"text": "\x01" * 20_000}, "k", {}, 413, "too_large"),
    ("another media type", LEAK, "k", {"content_type": "text/xml"}, 415, "not_taken"),
    ("another encoding", LEAK, "k", {"content_type": "application/json; charset=gbk"}, 415, "not_taken"),
    ("compressed", LEAK, "k", {"content_encoding": "gzip"}, 415, "not_taken"),
    ("no body", b"", "k", {}, 422, "unreadable"),
    ("no JSON", b"{", "k", {}, 422, "unreadable"),
    ("no UTF-8", b"\xff", "k", {}, 422, "unreadable"),
    ("half a character", b'{"subject": "\\ud800"}', "k", {}, 422, "unreadable"),
    ("nested deeply", b"[" * 10_000, "k", {}, 422, "unreadable"),
    ("no subject", {}, "k", {}, 422, "unreadable"),
    ("an unknown channel", LEAK | {"channel": "pigeon"}, "k", {}, 422, "unreadable"),
    ("another's name", LEAK | {"source": "hotline"}, "k", {}, 422, "not_your_topic"),
    ("from the future", LEAK | {"stated_at": "2999-01-01T00:00:00Z"}, "k", {}, 422, "too_far_ahead"),
    ("due before it came", LEAK | {"due_at": "1999-01-01T00:00:00Z"}, "k", {}, 422, "due_before_receipt"),
    ("beyond all calendars", LEAK | {"due_at": "9999-12-31T00:00:00Z"}, "k", {}, 422, "not_countable"),
    ("no database", LEAK, "k", {}, 503, "no_database"),
]
ROWS = [pytest.param(*row[1:], id=row[0]) for row in REFUSED]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(("body", "key", "heads", "status", "code"), ROWS)
def test_whatever_the_door_does_not_take_it_says_why_in_the_language_asked_for(
    door: TestClient, body: Any, key: str | None, heads: dict[str, str], status: int, code: str, language: str
) -> None:
    refused = send(door, body, f"{language};q=0.9, fr", key, **heads)

    problem = refused.json()
    assert (refused.status_code, problem["code"], refused.headers["content-language"]) == (status, code, language)
    assert "Accept-Language" in refused.headers["vary"]
    assert problem["detail"].startswith(f"{code}: ")
    assert (is_chinese(problem["title"]), is_chinese(problem["detail"])) == (language == "zh", language == "zh")
    assert all(is_chinese(error["msg"]) == (language == "zh") for error in problem.get("errors", ()))


@pytest.mark.parametrize(
    ("said", "asks_for", "language"),
    [
        ("zh", None, "zh"),
        ("zh", "en", "zh"),
        ("en", "zh", "en"),
        (None, "zh", "zh"),
        (None, "fr", "en"),
        (None, None, "en"),
        ("fr", "zh", "zh"),
        (7, None, "en"),
    ],
)
@pytest.mark.parametrize(
    ("more", "heads", "key"),
    [
        ({"due_at": "1999-01-01T00:00:00Z"}, {}, "k"),
        ({"channel": "pigeon"}, {}, "k"),
        ({}, {"content_type": "text/xml"}, "k"),
        ({}, {}, None),
    ],
    ids=["refused by a rule", "unreadable", "another media type", "no key"],
)
def test_the_language_of_the_complaint_comes_before_the_one_that_is_asked_for(
    door: TestClient, more: Any, heads: Any, key: str | None, said: Any, asks_for: str | None, language: str
) -> None:
    body = LEAK | more | ({} if said is None else {"language": said})

    refused = send(door, body, asks_for, key, **heads)

    assert refused.headers["content-language"] == language
    assert is_chinese(refused.json()["detail"]) == (language == "zh")


def test_two_idempotency_keys_are_refused_whichever_of_them_was_meant(door: TestClient) -> None:
    for keys in (("a", "b"), ("a", "a")):
        heads = [("content-type", "application/json"), *(("Idempotency-Key", key) for key in keys)]

        refused = door.post("/v1/complaints", content=json.dumps(LEAK), headers=heads)

        assert (refused.status_code, refused.json()["code"]) == (400, "key_twice")


def test_a_complaint_cut_off_in_the_middle_is_refused_in_its_language(door: TestClient) -> None:
    refused = send(door, '{"language": "zh", "subject": "水管'.encode())

    assert refused.json()["detail"] == "unreadable: 正文: 不是有效的 JSON（第 1 行第 37 列）"


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/v1/complaints/nobody", 404, "not_found"),
        ("GET", "/v1/references/CL-AAAAAAAA", 404, "not_found"),
        ("GET", "/v1/references/CL-ZZZ-ZZ", 422, "mistyped"),
        ("GET", "/v1/references/CL-00T-4XC-RNF", 422, "mistyped"),
        ("GET", "/nothing", 404, None),
        ("DELETE", "/v1/complaints", 405, None),
    ],
)
def test_who_asks_for_what_is_not_there_hears_so_in_the_language_asked_for(
    door: TestClient, method: str, path: str, status: int, code: str | None, language: str
) -> None:
    refused = door.request(method, path, headers={"accept-language": language})

    problem = refused.json()
    assert (refused.status_code, problem.get("code")) == (status, code)
    assert refused.headers["content-language"] == language
    assert is_chinese(problem["title"]) == is_chinese(problem["detail"]) == (language == "zh")


def test_who_asks_too_often_hears_when_to_come_again_in_the_language_asked_for() -> None:
    door = stubbed(lookups=LOOKUPS)

    asked = [door.get("/v1/references/CL-AAAAAAAA", headers={"accept-language": "zh"}) for _ in range(LOOKUPS + 1)]

    seconds = asked[-1].headers["retry-after"]
    assert asked[-1].status_code == 429
    assert asked[-1].json()["detail"] == f"too_many: 查询过于频繁，请在 {seconds} 秒后再试"


def test_a_fault_of_our_own_has_a_title_in_the_language_asked_for() -> None:
    door = stubbed()

    @door.app.get("/fault")  # type: ignore[attr-defined]
    async def fault() -> None:
        raise RuntimeError("a bug")

    answer = door.get("/fault", headers={"accept-language": "zh"})

    assert (answer.status_code, answer.json()["title"]) == (500, "服务发生未预料的错误。")
    assert answer.headers["content-language"] == "zh"


def test_the_description_says_that_errors_are_explained_in_two_languages(door: TestClient) -> None:
    paths = door.get("/openapi.json").json()["paths"]
    ours = [operation for path, way in paths.items() if path.startswith("/v1/") for operation in way.values()]

    assert len(ours) == 3
    for operation in ours:
        assert [one["in"] for one in operation["parameters"] if one["name"] == "Accept-Language"] == ["header"]
        errors = [answer for status, answer in operation["responses"].items() if status in ("404", "422", "503")]
        assert errors and all("Content-Language" in answer["headers"] for answer in errors)
        assert all("code" in answer["content"]["application/problem+json"]["schema"]["properties"] for answer in errors)


IN_CHINESE = {"subject": "水管漏水", "text": "周一开始。"}


@pytest.mark.parametrize(
    ("said", "asks_for", "language"),
    [(None, None, "zh"), (None, "fr", "zh"), (None, "en", "en"), ("en", None, "en"), ("en", "zh", "en")],
)
@pytest.mark.parametrize(("more", "key"), [({"channel": "pigeon"}, "k"), ({}, None), ({"source": "hotline"}, "k")])
def test_where_nobody_says_which_language_it_is_the_one_that_the_complaint_is_written_in(
    door: TestClient, more: Any, key: str | None, said: str | None, asks_for: str | None, language: str
) -> None:
    refused = send(door, IN_CHINESE | more | ({} if said is None else {"language": said}), asks_for, key)

    assert refused.headers["content-language"] == language
    assert is_chinese(refused.json()["detail"]) == (language == "zh")


def test_a_complaint_in_chinese_that_is_cut_off_or_too_large_is_refused_in_chinese(door: TestClient) -> None:
    cut_off = send(door, '{"subject": "水管漏'.encode())
    too_large = send(door, IN_CHINESE | {"text": "\x01" * 20_000})

    assert cut_off.status_code == 422 and is_chinese(cut_off.json()["detail"])
    assert too_large.status_code == 413 and is_chinese(too_large.json()["detail"])


@pytest.mark.parametrize(
    "wrong",
    [{"channel": "pigeon"}, {"source": "hotline"}, {"due_at": "1999-01-01T00:00:00Z"}, {"text": "\x01" * 20_000}],
    ids=["unreadable", "another's name", "refused by a rule", "too large"],
)
def test_a_refusal_gives_back_every_id_that_could_be_read(door: TestClient, wrong: dict[str, str]) -> None:
    reference = next(references.candidates("757179e2-8eae-5504-ab09-64ab22150213"))
    named = {"id": "my-7", "reference": reference.lower(), "complaint_id": "757179E2-8EAE-5504-AB09-64AB22150213"}

    problem = send(door, LEAK | named | wrong).json()

    assert (problem["id"], problem["reference"]) == ("my-7", reference)
    assert problem["complaint_id"] == "757179e2-8eae-5504-ab09-64ab22150213"


def test_a_refusal_of_what_names_nothing_has_no_ids(door: TestClient) -> None:
    assert {"id", "reference", "complaint_id"}.isdisjoint(send(door, LEAK | {"channel": "pigeon"}).json())
