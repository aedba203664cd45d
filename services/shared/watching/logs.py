"""Logs as one JSON object a line: when, how bad, which service, what."""

from __future__ import annotations

import logging
import sys
from typing import Any

import structlog


def set_up(service: str, level: str = "info") -> None:
    """Structured logs on standard output, for ours and for the libraries'; `level` is ours, theirs is warning."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[*shared, structlog.processors.JSONRenderer(ensure_ascii=False)],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stdout),
        cache_logger_on_first_use=True,
    )
    structlog.contextvars.bind_contextvars(service=service)
    handler = logging.StreamHandler(sys.stdout)
    renderer = structlog.processors.JSONRenderer(ensure_ascii=False)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(processor=renderer, foreign_pre_chain=shared))
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    # kafka-python warns of every slow step of its own; it only looks at topics here, in a thread.
    logging.getLogger("kafka").setLevel(logging.ERROR)
