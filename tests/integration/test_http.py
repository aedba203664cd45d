"""The HTTP door of the running system: what it takes is durable, what it refuses explains itself."""

from __future__ import annotations

import json
import signal
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from pymongo import MongoClient
from schemathesis.specs.openapi.checks import positive_data_acceptance

from closedloop.stack import Stack, state
from schemas.envelope import complaint_id
from schemas.references import candidates
from schemas.topics import VISITS
from services.intake.door import source_id
from tests.eventually import eventually
from tests.integration.outside import Outside
from tests.signals import tell

pytestmark = pytest.mark.stack

LEAK = {"subject": "it leaks", "category": "water/leak"}
PROBLEM = "application/problem+json"
MEGABYTE = 1024 * 1024


@pytest.fixture
def door(stack: Stack) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=stack.endpoints.http["intake-http"], timeout=150) as client:
        yield client


@pytest.mark.parametrize("process", ["intake-http", "router"])
def test_a_process_keeps_what_its_description_of_itself_says(stack: Stack, process: str) -> None:
    described = schemathesis.openapi.from_url(f"{stack.endpoints.http[process]}/openapi.json")

    for operation in described.get_all_operations():
        keeps_its_description(operation.ok())


def test_the_door_describes_each_error_and_shows_a_complaint_in_both_languages(door: httpx.Client) -> None:
    routes = door.get("/openapi.json").json()["paths"]
    taking = routes["/v1/complaints"]["post"]

    assert {"400", "413", "415", "422", "503"} <= taking["responses"].keys()
    assert taking["requestBody"]["content"]["application/json"]["examples"].keys() == {"en", "zh"}
    assert {"404", "503"} <= routes["/v1/complaints/{id}"]["get"]["responses"].keys()
    assert {"404", "409", "422", "429"} <= routes["/v1/references/{reference}"]["get"]["responses"].keys()
    assert all(operation["summary"] for path in routes.values() for operation in path.values())


def keeps_its_description(operation: Any) -> None:
    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    @given(operation.as_strategy())
    def asked(case: Any) -> None:
        # What is right by its form may still be refused by a rule: a date that has passed, a key used before.
        case.call_and_validate(timeout=150, excluded_checks=[positive_data_acceptance])

    asked()


def post(door: httpx.Client, body: Any = None, key: str | None = None, **heads: str) -> httpx.Response:
    content = body if isinstance(body, bytes) else json.dumps(LEAK if body is None else body).encode()
    named = {name.replace("_", "-"): value for name, value in heads.items()}
    headers = {"content-type": "application/json"} | ({} if key is None else {"idempotency-key": key}) | named
    return door.post("/v1/complaints", content=content, headers=headers)


def new_key() -> str:
    return uuid.uuid4().hex


def test_a_complaint_that_was_taken_is_in_the_database_and_reaches_its_department(
    door: httpx.Client, stack: Stack
) -> None:
    taken = post(door, key=new_key())

    assert taken.status_code == 202
    id = taken.json()["complaint_id"]
    with MongoClient[dict[str, Any]](stack.endpoints.mongodb) as client:
        stored = client["closedloop_intake"].cases.find_one({"_id": id})
    assert stored and stored["case"]["received"]["subject"] == "it leaks"
    eventually(lambda: door.get(f"/v1/complaints/{id}").json()["department"] == "water", within=20)


def test_a_complaint_taken_just_before_the_process_is_killed_is_not_lost(door: httpx.Client, stack: Stack) -> None:
    taken = post(door, key=new_key())
    stack.kill("intake-http", signal.SIGKILL)

    stack.wait_ready("intake-http", timeout=300)

    id = taken.json()["complaint_id"]
    eventually(lambda: door.get(f"/v1/complaints/{id}").json()["department"] == "water", within=20)


ASKED = {"intake": "", "router": "/plan", "escalation": "/clocks", "followup": "/visit"}


@pytest.mark.parametrize("service", ASKED)
def test_who_asks_about_a_complaint_of_which_nothing_can_be_read_hears_so_until_it_is_repaired(
    stack: Stack, service: str
) -> None:
    id, process = str(uuid.uuid4()), "intake-http" if service == "intake" else service
    with MongoClient[dict[str, Any]](stack.endpoints.mongodb) as client:
        cases = client[f"closedloop_{service}"].cases
        cases.insert_one({"_id": id, "version": 1, "sequence": 0, "marks": {}, "heard": [], "case": {}, "unsaid": []})

        answer = httpx.get(f"{stack.endpoints.http[process]}/v1/complaints/{id}{ASKED[service]}")

        cases.delete_one({"_id": id})
    assert (answer.status_code, answer.headers["content-type"]) == (503, PROBLEM)
    assert "cannot be read" in answer.text


def test_who_sends_a_complaint_again_of_which_nothing_can_be_read_hears_so_and_then_its_answer(
    door: httpx.Client, stack: Stack
) -> None:
    key = new_key()
    first = post(door, key=key)
    id = first.json()["complaint_id"]
    eventually(lambda: door.get(f"/v1/complaints/{id}").json()["department"] == "water", within=20)
    with MongoClient[dict[str, Any]](stack.endpoints.mongodb) as client:
        cases = client["closedloop_intake"].cases
        received = cases.find_one_and_update({"_id": id}, {"$unset": {"case.received": ""}})["case"]["received"]

        meanwhile = [post(door, key=key) for _ in range(2)]

        cases.update_one({"_id": id}, {"$set": {"case.received": received}})
    released = httpx.post(f"{stack.endpoints.http['intake']}/parked/{id}/release").json()
    assert [(answer.status_code, answer.headers["content-type"]) for answer in meanwhile] == [(503, PROBLEM)] * 2
    assert "cannot be read" in meanwhile[0].text
    assert released["taken"] is True
    assert post(door, key=key).text == first.text


def test_the_same_key_and_complaint_get_the_same_answer(door: httpx.Client) -> None:
    key = new_key()

    answers = [post(door, key=key) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [202] * 3
    assert len({answer.text for answer in answers}) == 1


def test_the_same_complaint_written_otherwise_gets_the_same_answer(door: httpx.Client) -> None:
    key = new_key()

    first = post(door, b'{"subject": "it leaks", "channel": "other"}', key)
    again = post(door, b'{  "channel":"other","subject":"it\\u0020leaks", "unknown": 1}', key)

    assert (first.status_code, again.json()) == (202, first.json() | {"ignored": ["unknown"]})


def test_a_misspelt_field_is_named_to_who_sent_it(door: httpx.Client) -> None:
    taken = post(door, {"subject": "it leaks", "categry": "water/leak", "customer": {"phne": "1"}}, new_key())

    answer = taken.json()
    assert (taken.status_code, answer["ignored"]) == (202, ["categry", "customer.phne"])
    assert answer["did_you_mean"] == {"categry": "category", "customer.phne": "customer.phone"}


@pytest.mark.parametrize("content_type", ["text/xml", "application/json; charset=gbk", "multipart/form-data"])
def test_what_is_no_json_in_utf8_is_refused_by_its_name(door: httpx.Client, content_type: str) -> None:
    refused = post(door, key=new_key(), content_type=content_type)

    assert (refused.status_code, refused.headers["content-type"]) == (415, PROBLEM)
    assert "application/json" in refused.json()["detail"] + refused.json()["title"]


def test_a_structured_event_is_taken_as_its_data(door: httpx.Client) -> None:
    event = {"specversion": "1.0", "id": "7", "source": "/app", "type": "closedloop.submission.v1", "data": LEAK}

    taken = post(door, event, new_key(), content_type="application/cloudevents+json")

    assert taken.status_code == 202 and "ignored" not in taken.json()


def test_the_same_key_sent_many_times_at_once_is_one_complaint(door: httpx.Client) -> None:
    key = new_key()

    with ThreadPoolExecutor(16) as callers:
        answers = list(callers.map(lambda _: post(door, key=key), range(32)))

    assert {answer.status_code for answer in answers} == {202}
    assert len({answer.text for answer in answers}) == 1


def test_other_keys_are_other_complaints(door: httpx.Client) -> None:
    ids = {post(door, key=new_key()).json()["complaint_id"] for _ in range(3)}

    assert len(ids) == 3


def test_two_complaints_whose_ids_begin_alike_have_two_references(door: httpx.Client, stack: Stack) -> None:
    pair = ("portal-102861", "portal-977591")
    with ThreadPoolExecutor(16) as callers:
        answers = list(callers.map(lambda key: post(door, key=key), pair * 16))

    begun = {next(candidates(complaint_id("http", source_id(key, stack.pseudonym_key)))) for key in pair}
    references = {answer.json()["complaint_id"]: answer.json()["reference"] for answer in answers}
    assert {answer.status_code for answer in answers} == {202}
    assert len({answer.text for answer in answers}) == len(set(references.values())) == len(references) == 2
    assert len(begun) == 1


def looked_up(door: httpx.Client, reference: str) -> httpx.Response:
    """What is answered about a reference once it may be asked: all tests are one client."""
    answers: list[httpx.Response] = []

    def answered() -> bool:
        answers.append(door.get(f"/v1/references/{reference}"))
        return answers[-1].status_code != 429

    eventually(answered, within=30)
    return answers[-1]


def test_the_answer_is_told_by_id_and_by_reference_only_that_there_is_one(door: httpx.Client, stack: Stack) -> None:
    taken = post(door, key=new_key()).json()
    id, reference = taken["complaint_id"], taken["reference"]
    eventually(lambda: door.get(f"/v1/complaints/{id}").json()["department"] == "water", within=20)
    outside = Outside(stack)
    outside.reply("water", id, "answered", note="The valve is replaced.")

    eventually(lambda: door.get(f"/v1/complaints/{id}").json()["answer"] == "The valve is replaced.", within=20)
    asked = [looked_up(door, text) for text in (reference, reference.lower().replace("-", ""))]
    outside.close()

    assert [answer.status_code for answer in asked] == [200, 200]
    assert {answer.json()["state"] for answer in asked} <= {"answered", "closed"}
    assert asked[0].text == asked[1].text and "valve" not in asked[0].text and id not in asked[0].text


def test_a_mistyped_reference_is_told_from_one_that_nobody_has(door: httpx.Client) -> None:
    found = [looked_up(door, text) for text in ("CL-00T-4XC-RNF", "CL-ZZZ-ZZ", "CL-AAAAAAAA")]

    assert [answer.status_code for answer in found] == [422, 422, 404]
    assert {answer.headers["content-type"] for answer in found} == {PROBLEM}


def test_who_guesses_references_hears_when_to_come_again(door: httpx.Client) -> None:
    answers = [door.get("/v1/references/CL-AAAAAAAA") for _ in range(25)]

    refused = [answer for answer in answers if answer.status_code == 429]
    assert refused and {answer.status_code for answer in answers} <= {404, 429}
    assert 1 <= int(refused[-1].headers["retry-after"]) <= 60


def test_the_complaints_id_follows_from_the_key_and_the_secret_of_the_site(door: httpx.Client, stack: Stack) -> None:
    key = new_key()

    assert post(door, key=key).json()["complaint_id"] == complaint_id("http", source_id(key, stack.pseudonym_key))


def test_of_a_complaint_from_an_upstream_system_http_tells_how_it_stands_and_no_text(
    door: httpx.Client, stack: Stack
) -> None:
    outside = Outside(stack)
    id = outside.complaint(new_key())
    outside.reply("water", id, "answered", note="The valve is replaced.")

    eventually(lambda: door.get(f"/v1/complaints/{id}").json().get("state") == "answered", within=30)
    status = door.get(f"/v1/complaints/{id}").json()
    outside.close()

    assert (status["department"], status["answer"]) == ("water", None)


def test_a_key_used_before_with_another_complaint_is_refused_and_the_first_holds(door: httpx.Client) -> None:
    key = new_key()
    first = post(door, key=key)

    refused = [post(door, {"subject": "it burns"}, key) for _ in range(2)]

    assert [answer.status_code for answer in refused] == [422, 422]
    assert "another body" in refused[0].json()["title"] + refused[0].json().get("detail", "")
    assert post(door, key=key).text == first.text


REFUSED = [
    pytest.param(LEAK, None, 400, "Idempotency-Key", id="no key"),
    pytest.param(LEAK, "x" * 201, 422, "idempotency-key", id="a key that is too long"),
    pytest.param(b"", "key", 422, "JSON", id="no body"),
    pytest.param(b"{", "key", 422, "JSON", id="no JSON"),
    pytest.param(b"[" * 10_000, "key", 422, "", id="nested deeply"),
    pytest.param(b"\xff", "key", 422, "UTF-8", id="no text"),
    pytest.param(b'{"subject": "\\ud800"}', "key", 422, "", id="half a character"),
    pytest.param({}, "key", 422, "subject", id="no subject"),
    pytest.param({**LEAK, "channel": "pigeon"}, "key", 422, "channel", id="an unknown channel"),
    pytest.param({**LEAK, "stated_at": "2999-01-01T00:00:00Z"}, "key", 422, "too_far_ahead", id="from the future"),
    pytest.param({**LEAK, "due_at": "1999-01-01T00:00:00Z"}, "key", 422, "due_before_receipt", id="due before it came"),
    pytest.param({**LEAK, "due_at": "9999-12-31T00:00:00Z"}, "key", 422, "not_countable", id="beyond all calendars"),
    pytest.param({**LEAK, "text": "\x01" * 20_000}, "key", 413, "too_large", id="a text that grows on its way"),
    pytest.param({**LEAK, "source": "hotline"}, "key", 422, "not_your_topic", id="another's name"),
    pytest.param(b'{"subject": "' + b"x" * 300_000 + b'"}', "key", 413, "bytes", id="too large"),
]


@pytest.mark.parametrize(("body", "key", "status", "says"), REFUSED)
def test_what_is_not_taken_is_refused_with_its_reason(
    door: httpx.Client, body: Any, key: str | None, status: int, says: str
) -> None:
    refused = post(door, body, key)

    assert (refused.status_code, refused.headers["content-type"]) == (status, PROBLEM)
    assert refused.json()["status"] == status
    assert says in refused.text


def resident_bytes(process: int) -> int:
    status = Path(f"/proc/{process}/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) * 1024


@pytest.mark.parametrize("path", ["/v1/complaints", "/replay", "/parked/nobody/release"])
@pytest.mark.parametrize("process", ["intake-http", "intake", "router"])
def test_a_body_of_64_mib_in_chunks_is_refused_and_never_held(stack: Stack, process: str, path: str) -> None:
    pid = stack.pid(process)

    before = resident_bytes(pid)
    answer = httpx.post(
        stack.endpoints.http[process] + path,
        content=(b"x" * MEGABYTE for _ in range(64)),
        headers={"idempotency-key": "k"},
        timeout=60,
    )

    assert (answer.status_code, answer.headers["content-type"]) == (413, PROBLEM)
    assert resident_bytes(pid) - before < 16 * MEGABYTE


@pytest.mark.parametrize(
    ("said", "asks_for", "language"), [("zh", "en", "zh"), (None, "zh-CN,zh;q=0.9", "zh"), (None, None, "en")]
)
def test_a_refusal_is_in_the_language_of_the_complaint_or_in_the_one_that_is_asked_for(
    door: httpx.Client, said: str | None, asks_for: str | None, language: str
) -> None:
    body = {"channel": "pigeon"} | ({} if said is None else {"language": said})

    refused = post(door, body, new_key(), **({} if asks_for is None else {"accept_language": asks_for}))

    missing = {"en": "subject: Field required", "zh": "subject: 缺少此字段"}[language]
    assert (refused.headers["content-language"], refused.headers["vary"]) == (language, "Accept-Language")
    assert refused.json()["code"] == "unreadable" and missing in refused.json()["detail"]


@pytest.mark.parametrize("process", ["intake-http", "intake", "router", "escalation", "followup"])
@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nothing", 404),
        ("GET", "/docs", 404),
        ("GET", "/redoc", 404),
        ("DELETE", "/livez", 405),
        ("POST", "/parked/nobody/release", 404),
    ],
)
def test_every_process_says_what_is_wrong_as_a_problem(
    stack: Stack, process: str, method: str, path: str, status: int
) -> None:
    refused = httpx.request(method, stack.endpoints.http[process] + path, timeout=60)

    assert (refused.status_code, refused.headers["content-type"]) == (status, PROBLEM)


@pytest.mark.parametrize(
    ("process", "path"),
    [
        ("intake-http", "/v1/complaints/nobody"),
        ("router", "/v1/complaints/nobody/plan"),
        ("escalation", "/v1/complaints/nobody/clocks"),
        ("followup", "/v1/complaints/nobody/visit"),
    ],
)
def test_a_complaint_that_nobody_knows_is_not_found(stack: Stack, process: str, path: str) -> None:
    answer = httpx.get(stack.endpoints.http[process] + path, timeout=60)

    assert (answer.status_code, answer.headers["content-type"]) == (404, PROBLEM)


@pytest.mark.parametrize(("method", "path"), [("POST", "/replay"), ("POST", "/parked/x/release"), ("GET", "/parked")])
def test_what_is_for_operators_is_not_had_at_the_public_door(stack: Stack, method: str, path: str) -> None:
    at_the_door = httpx.request(method, stack.endpoints.http["intake-http"] + path, timeout=60)
    inside = httpx.request(method, stack.endpoints.http["intake"] + path, timeout=60)

    assert at_the_door.status_code == 404
    assert inside.status_code == {"/replay": 422, "/parked/x/release": 404, "/parked": 200}[path]
    assert "nothing is known under this id here" not in at_the_door.text


def test_a_letter_about_what_a_service_does_not_read_cannot_be_handed_to_it(stack: Stack) -> None:
    letter = {"topic": VISITS.of("visit-desk"), "partition": 0, "offset": 0, "timestamp_ms": 0}

    answer = httpx.post(
        f"{stack.endpoints.http['router']}/replay", json={**letter, "key": None, "value": "", "headers": []}, timeout=10
    )

    assert (answer.status_code, answer.headers["content-type"]) == (422, PROBLEM)


@pytest.fixture
def frozen_database(stack: Stack) -> Iterator[None]:
    """The database hangs: it takes connections and answers nothing."""
    frozen = stack.pid("mongodb")
    tell(frozen, signal.SIGSTOP)
    yield
    tell(frozen, signal.SIGCONT)
    for process in stack.endpoints.http:
        stack.wait_ready(process, timeout=300)


def test_while_the_database_hangs_nobody_hears_yes_and_whoever_is_told_to_stop_stops(
    door: httpx.Client, stack: Stack, frozen_database: None
) -> None:
    outside, key = Outside(stack), new_key()
    report = {"complaint_id": str(uuid.uuid4()), "attempt": 1, "visitor": "wang", "outcome": "solved"}
    taken = outside.counted("followup", "closedloop_inputs_total")
    outside.sends(VISITS.of("visit-desk"), report)
    eventually(lambda: outside.counted("followup", "closedloop_inputs_total") > taken)
    ordered = stack.restarts("followup")
    tell(stack.pid("followup"), signal.SIGTERM)

    asked, looked = post(door, key=key), door.get(f"/v1/complaints/{uuid.uuid4()}")
    eventually(lambda: stack.restarts("followup") > ordered, within=25)

    seen = state.read(stack.data)
    assert seen and [part.last_exit for part in seen.parts if part.name == "followup"] == ["exit 75"]
    assert (asked.status_code, asked.headers["content-type"]) == (503, PROBLEM)
    assert (looked.status_code, looked.headers["content-type"]) == (503, PROBLEM)
    outside.close()


def test_once_the_database_answers_again_the_same_key_is_taken_once(door: httpx.Client, stack: Stack) -> None:
    key, database = new_key(), stack.pid("mongodb")
    tell(database, signal.SIGSTOP)
    with ThreadPoolExecutor(1) as caller:
        first = caller.submit(post, door, None, key)
        eventually(lambda: first.running(), within=5)
        tell(database, signal.SIGCONT)
        answers = [first.result(), *(post(door, key=key) for _ in range(2))]

    assert {answer.status_code for answer in answers} == {202}
    assert len({answer.text for answer in answers}) == 1
