"""The least that an HTTP door does: the same body model under the same server, nothing made durable.

`python -m closedloop.bench.bare_http` listens where a stack's services are told to listen.
"""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Annotated

from fastapi import Header

from schemas.edges import Submission
from schemas.envelope import complaint_id
from schemas.references import candidates
from services.intake.api import SOURCE, Accepted
from services.shared.process.http import Server, new_app
from services.shared.process.settings import Settings
from services.shared.watching.health import Health


def main() -> None:
    """Listen until ended."""
    settings = Settings.from_environment()
    app = new_app("bare", Health())

    @app.post("/v1/complaints", status_code=202)
    async def accept(submission: Submission, idempotency_key: Annotated[str, Header(max_length=200)]) -> Accepted:
        id = complaint_id(SOURCE, idempotency_key)
        return Accepted(complaint_id=id, reference=next(candidates(id)), received_at=datetime.now(UTC))

    asyncio.run(Server(app, settings.host, settings.port).serve())


if __name__ == "__main__":
    main()
