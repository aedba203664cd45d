"""The HTTP door: a complaint is taken once it is durable, and can be asked about."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any

import structlog
from fastapi import Header, Path, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field, ValidationError

from schemas.edges import Submission
from schemas.envelope import Unreadable
from schemas.ignored import hinted, ignored, said
from schemas.references import Mistyped, beginning, has_check, read
from schemas.refusals import because
from schemas.topics import HTTP_SOURCE, SUBMISSIONS
from services.intake import described, door
from services.intake.model import Case
from services.intake.rules import receive_on_submission
from services.shared.machine.documents import Document, Input
from services.shared.machine.early import ANY
from services.shared.machine.failures import Refused
from services.shared.machine.heard import is_same_content
from services.shared.machine.reading import command
from services.shared.privacy import masked, without_private
from services.shared.process.limits import Limit, caller
from services.shared.process.problems import Refusal, hear
from services.shared.process.process import Process
from services.shared.process.settings import Settings

SOURCE = HTTP_SOURCE
"""Over HTTP everybody is one source: who the caller is, is for the gateway in front to say."""


MINUTE = 60.0
log = structlog.get_logger()


class Accepted(BaseModel):
    """The answer to an accepted complaint: it is durable and will not be lost."""

    complaint_id: str = Field(description="its id: whoever has it may ask how it stands, and read the answer")
    reference: str = Field(description=described.REFERENCED)
    received_at: datetime = Field(description="when it was received: from then on its dates count")
    ignored: tuple[str, ...] | None = Field(default=None, description="fields of the body that nobody reads")
    did_you_mean: dict[str, str] | None = Field(default=None, description="of those, which field may have been meant")


class Status(BaseModel):
    """How a complaint stands."""

    complaint_id: str = Field(description="its id")
    reference: str = Field(description=described.REFERENCED)
    state: str = Field(description=described.STATE)
    received_at: datetime = Field(description="when it was received")
    cycle: int = Field(description="1 at first; one more each time it turns out not to be solved")
    department: str | None = Field(description="who has it; null while nobody does")
    due_at: datetime | None = Field(description=described.DUE)
    ending: str | None = Field(description=described.ENDING)
    answer: str | None = Field(
        description="the text of the answer while it stands; null for what an upstream system brought"
    )


class ByReference(BaseModel):
    """How the complaint of a reference stands: no text, because a reference is short and read aloud."""

    reference: str = Field(description=described.REFERENCED)
    state: str = Field(description=described.STATE)
    received_at: datetime = Field(description="when it was received")
    due_at: datetime | None = Field(description=described.DUE)
    ending: str | None = Field(description=described.ENDING)


Id = Annotated[str, Path(description="the complaint's id, as the 202 gave it")]
Asked = Annotated[str, Path(description=f"{described.REFERENCED}; letter case, blanks and dashes do not matter")]


def routes(process: Process) -> None:
    """Add intake's routes."""
    if process.settings.pseudonym_key == Settings.pseudonym_key:
        log.warning("CLOSEDLOOP_PSEUDONYM_KEY is not set: pseudonyms and ids of complaints can be computed by anybody")
    _add_accept(process)
    _add_status(process)
    _add_by_reference(process)


def _add_accept(process: Process) -> None:
    @process.app.post(
        "/v1/complaints",
        status_code=202,
        response_model_exclude_none=True,
        summary="Take a complaint",
        responses=described.problems(described.ACCEPT),
        openapi_extra={"requestBody": _body(), "parameters": [_key(), described.SPOKEN]},
    )
    async def accept(
        request: Request,
        idempotency_key: Annotated[str, Header(min_length=1, max_length=200, include_in_schema=False)] = "",
    ) -> Accepted:
        """Take a complaint: 202 only after it is durable; the same key and body get the same answer."""
        sent = await _heard(request)
        if not idempotency_key:
            raise Refusal(400, because("key_missing"))
        if len(request.headers.getlist("idempotency-key")) > 1:
            raise Refusal(400, because("key_twice"))
        body = _opened(request, sent)
        given = _command(process, body, idempotency_key)
        return _accepted(given, await process.decide(given), body)


def _accepted(given: Input[Submission], document: Document, body: bytes) -> Accepted:
    """The answer to a submission that was decided on; a refusal where its key was used for another one."""
    if not is_same_content(document.heard.get(given.known_as, ANY), given):
        raise Refusal(422, because("conflict.key"))
    if document.case is None:
        raise Refusal(500, because("not_registered"))
    received = document.case.received
    unread = said(ignored(Submission, body, masked))
    return Accepted(complaint_id=document.id, reference=received.reference, received_at=received.received_at, **unread)


def _add_status(process: Process) -> None:
    @process.app.get(
        "/v1/complaints/{id}",
        summary="How a complaint stands",
        responses=described.problems(described.STATUS),
        openapi_extra={"parameters": [described.SPOKEN]},
    )
    async def status(id: Id) -> Status:
        """How it stands: received, in_progress, answered, reopened, closed."""
        case = await process.case(id)
        received, routing = case.received, case.routing
        return Status(
            complaint_id=id,
            reference=received.reference,
            state=case.state,
            received_at=received.received_at,
            cycle=case.loop.cycle,
            department=routing.department,
            due_at=case.due_at,
            ending=case.loop.ending,
            # Whoever knows the running numbers of an upstream system knows the ids of its complaints.
            answer=case.answer if received.source == SOURCE else None,
        )


def _add_by_reference(process: Process) -> None:
    limit = Limit(process.settings.lookups_per_minute, MINUTE)

    @process.app.get(
        "/v1/references/{reference}",
        summary="How the complaint of a reference stands",
        responses=described.problems(described.REFERENCE),
        openapi_extra={"parameters": [described.SPOKEN]},
    )
    async def by_reference(reference: Asked, request: Request) -> ByReference:
        """State and dates, never a text; so many calls of a client in a minute, then 429."""
        _count(limit, request, process.settings.client_header)
        case = await _case_of(process, reference)
        received = case.received
        return ByReference(
            reference=received.reference,
            state=case.state,
            received_at=received.received_at,
            due_at=case.due_at,
            ending=case.loop.ending,
        )


def _count(limit: Limit, request: Request, header: str | None) -> None:
    """Each client has its share of calls; the last proxy names the client."""
    peer = request.client.host if request.client else ""
    # Only the last entry is the proxy's own: the client may have written all before it.
    named = request.headers.getlist(header)[-1:] if header else []
    wait = limit.wait(caller(named[0].rpartition(",")[2] if named else peer))
    if wait:
        raise Refusal(429, because("too_many", seconds=wait), {"Retry-After": str(wait)})


async def _case_of(process: Process, asked: str) -> Case:
    try:
        reference = read(asked)
    except Mistyped as wrong:
        raise Refusal(422, wrong.why) from wrong
    earlier = "" if has_check(reference) else beginning(reference)
    found: list[Case] = [document.case for document in await process.named(reference, earlier)]
    cases = [case for case in found if case.received.reference == reference]
    if not cases:
        raise Refusal(404, because("not_found.reference"))
    if len(cases) > 1:
        raise Refusal(409, because("ambiguous"))
    return cases[0]


def _command(process: Process, body: bytes, key: str) -> Input[Submission]:
    """The submission as an input; whatever no rule would take is refused here, in the answer."""
    try:
        submission = Submission.model_validate_json(body)
    except ValidationError as error:
        faults = hinted(Submission, body, error.errors(include_url=False, include_input=False))
        raise RequestValidationError(faults) from error
    key = door.source_id(key, process.settings.pseudonym_key)
    submission, named = submission.model_copy(update={"id": key}), (("ce_id", key.encode()),)
    now, clock = process.ready_loop.real_now(), process.clock
    given = command(process.service, SUBMISSIONS.of(SOURCE), body, named, now, clock, submission)
    given = replace(given, masked=without_private(submission))
    try:
        seen = replace(given, body=given.masked)
        list(receive_on_submission(None, seen, process.policies.bound_to(SOURCE)))
    except Refused as refusal:
        raise Refusal(413 if refusal.why.code == "too_large" else 422, refusal.why) from refusal
    return given


def _opened(request: Request, body: bytes) -> bytes:
    heads = request.headers
    try:
        return door.body_of(heads.get("content-type"), heads.get("content-encoding"), body)
    except door.NotTaken as other:
        raise Refusal(415, other.why) from other
    except Unreadable as problem:
        raise Refusal(422, problem.why) from problem


async def _heard(request: Request) -> bytes:
    body = await request.body()
    hear(request, body, [("content-type", request.headers.get("content-type", "").encode())])
    return body


def _body() -> dict[str, Any]:
    schema = Submission.model_json_schema()
    # A description's references begin at its root, where a model's own parts do not stand.
    schema["properties"]["customer"] = schema.pop("$defs")["Customer"]
    return {"required": True, "content": {"application/json": {"schema": schema, "examples": described.EXAMPLES}}}


def _key() -> dict[str, Any]:
    text = {"type": "string", "minLength": 1, "maxLength": 200}
    about = "any unique text: the same key and body get the same answer"
    return {"name": "Idempotency-Key", "in": "header", "required": True, "schema": text, "description": about}
