"""When something arrived is told by its own record alone."""

from __future__ import annotations

from closedloop.verify.tables.contract import HTTP_SUBMISSIONS, complaint_id
from tests.unit.verify.history import Complaint
from tests.unit.verify.topics import Topics


def test_what_arrived_over_http_did_not_arrive_with_a_record_under_the_doors_name() -> None:
    topics = Topics()
    complaint = Complaint(topics, "7", "plain")
    complaint.id = complaint_id("http", "7")
    complaint.received(10, f"{HTTP_SUBMISSIONS}/7")
    topics.put(HTTP_SUBMISSIONS, {"id": "7", "subject": "no water"}, hours=50)

    verdict = topics.judge()

    assert not verdict["arrival"].failures
