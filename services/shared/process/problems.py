"""Refusals over HTTP as problems (RFC 9457), in the language of the request's body or else of `Accept-Language`."""

from __future__ import annotations

import json
from typing import Any

from fastapi import FastAPI, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from fastapi_problem.error import Problem
from fastapi_problem.handler import add_exception_handler, new_exception_handler
from starlette.exceptions import HTTPException as AnyHTTPException
from starlette.responses import Response
from starlette_problem.util import convert_status_code

from schemas.faults import what
from schemas.languages import OTHERWISE, Language, accepted
from schemas.legible import Headers, ids_in, language_in, language_written
from schemas.refusals import Faults, Why
from schemas.sentences import STATUSES

INVALID, BROKEN = "request-validation-failed", "unhandled-exception"
TITLES: dict[str, dict[Language, str]] = {
    INVALID: {"en": "Request validation error.", "zh": "请求未通过校验。"},
    BROKEN: {"en": "Unhandled exception occurred.", "zh": "服务发生未预料的错误。"},
}


FIELDS: dict[str, dict[str, Any]] = {
    "type": {"type": "string", "description": "which kind of problem it is"},
    "title": {"type": "string", "description": "the kind in a few words, in the language of the answer"},
    "status": {"type": "integer", "description": "the status of the answer once more"},
    "code": {"type": "string", "description": "the stable code of what is wrong, the same in every language"},
    "detail": {"description": "what is wrong, in the language of the answer, after its stable code where it has one"},
    "id": {"type": "string", "description": "the sender's own id of what was sent, where it names one"},
    "reference": {"type": "string", "description": "the reference that it names, where it does"},
    "errors": {
        "type": "array",
        "items": {"type": "object"},
        "description": "each wrong field: where (`loc`), what (`msg`, in the language of the answer), its `type`",
    },
}
"""The meanings of a problem's fields."""


class Refusal(HTTPException):
    """An answer that refuses: its status, and why in either language."""

    def __init__(self, status: int, why: Why, headers: dict[str, str] | None = None) -> None:
        super().__init__(status, f"{why.code}: {why.said(OTHERWISE)}", headers)
        self.why = why


def hear(request: Request, sent: bytes, headers: Headers = ()) -> None:
    """Remember the body and headers of a request: a refusal takes its language and its ids from them."""
    request.state.sent = headers, sent


def spoken(request: Request) -> Language:
    """The language in which this request is answered."""
    sent = _sent(request)
    said = language_in(*sent) or accepted(",".join(request.headers.getlist("accept-language")))
    return said or language_written(*sent) or OTHERWISE


def _ids(request: Request) -> dict[str, Any]:
    """Every id that could be read of the request: by these its sender finds the refused message."""
    return ids_in(*_sent(request))


def _sent(request: Request) -> tuple[Headers, bytes]:
    found: tuple[Headers, bytes] = getattr(request.state, "sent", ((), b""))
    return found


def explain_problems(app: FastAPI) -> None:
    """Every error of this application is a problem in words that its caller reads."""
    handler = new_exception_handler(
        http_exception_handler=_refused,
        request_validation_handler=_invalid,
        # The first that fits is asked: what fits everything stands last.
        handlers={AnyHTTPException: _refused, RequestValidationError: _invalid, Exception: _broken},
        post_hooks=[_name_language],
    )
    add_exception_handler(app, handler)
    undescribed = app.openapi

    def openapi() -> dict[str, Any]:
        found = undescribed()
        for part in found.get("components", {}).get("schemas", {}).values():
            if "problem" in part.get("title", "").lower() or "errors" in part.get("properties", {}):
                part["properties"] = {name: field | FIELDS.get(name, {}) for name, field in part["properties"].items()}
        return found

    app.openapi = openapi  # type: ignore[method-assign]


def refuse(request: Request, refusal: Refusal) -> Response:
    """The answer that refuses a request which no route is asked about."""
    handler: Any = request.app.exception_handlers[Exception]
    answer: Response = handler(request, refusal)
    return answer


def _refused(handler: Any, request: Request, problem: AnyHTTPException) -> Problem:
    language = spoken(request)
    title, kind = convert_status_code(problem.status_code)
    own = {"en": title, "zh": STATUSES.get(problem.status_code, title)}[language]
    why = problem.why if isinstance(problem, Refusal) else None
    plain = own if problem.detail == title else problem.detail
    said = {"detail": plain} if why is None else {"code": why.code, "detail": f"{why.code}: {why.said(language)}"}
    headers = dict(problem.headers or {})
    return Problem(own, type_=kind, status=problem.status_code, headers=headers, **said, **_ids(request))


def _invalid(handler: Any, request: Request, problem: RequestValidationError) -> Problem:
    language = spoken(request)
    faults = Faults(tuple(problem.errors()))
    errors = [{**fault, "msg": what(fault, language)} for fault in faults.errors]
    return Problem(
        TITLES[INVALID][language],
        type_=INVALID,
        status=422,
        code=faults.code,
        detail=f"{faults.code}: {faults.said(language)}",
        errors=json.loads(json.dumps(errors, default=str)),
        **_ids(request),
    )


def _broken(handler: Any, request: Request, problem: Exception) -> Problem:
    return Problem(TITLES[BROKEN][spoken(request)], detail=str(problem), type_=BROKEN)


def _name_language(content: dict[str, Any], request: Request, response: Response) -> tuple[dict[str, Any], Response]:
    response.headers["content-language"] = spoken(request)
    response.headers.add_vary_header("Accept-Language")
    return content, response
