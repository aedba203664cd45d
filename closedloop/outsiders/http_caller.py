"""The HTTP door as a caller uses it: the same key again until there is an answer."""

from __future__ import annotations

import time

import httpx

from closedloop.outsiders.post import Post
from schemas.envelope import text_header
from schemas.topics import SUBMISSIONS

TIMEOUT_S = 15.0
PATIENCE_S = 60.0
PAUSE_S = 0.2


class HttpCaller:
    """Hands complaints in over HTTP; `accepted` holds the ids that were answered with 202."""

    def __init__(self, url: str) -> None:
        self._client = httpx.Client(base_url=url, timeout=TIMEOUT_S, trust_env=False)
        self.accepted: set[str] = set()

    @staticmethod
    def takes(post: Post) -> bool:
        """Whether a record is meant for this door and not for a topic."""
        return post.topic == SUBMISSIONS.of("http")

    def hand_in(self, post: Post) -> None:
        """Returns when the complaint is accepted; raises httpx.HTTPError when it is refused or nobody answers."""
        key = text_header(post.headers, "ce_id") or ""
        headers = {"Idempotency-Key": key, "Content-Type": "application/json"}
        deadline = time.monotonic() + PATIENCE_S
        while True:
            try:
                answer = self._client.post("/v1/complaints", content=post.value, headers=headers)
                if answer.status_code < 500:
                    break
            except httpx.TransportError:
                if time.monotonic() > deadline:
                    raise
            time.sleep(PAUSE_S)
        self.accepted.add(answer.raise_for_status().json()["complaint_id"])
