"""The whole plot, told once: from a complaint over the app to its end in the second cycle."""

from __future__ import annotations

from tests.builders import Town


def test_a_complaint_that_is_not_solved_at_first_is_taken_up_again_until_the_customer_says_it_is_solved() -> None:
    town = Town()
    complaint = town.complaint("water/leak")

    town.at(2)
    complaint.reply("water", "accepted", handler="li")
    town.at(90)
    complaint.reply("water", "answered", handler="li", note="the pipe is sealed")
    town.at(115)
    complaint.visit("not_solved", visitor="wang")
    town.at(120)
    complaint.reply("water", "answered", handler="li", note="the pipe is new")
    town.at(145)
    complaint.visit("solved", visitor="wang", satisfaction=5)
    town.at(1000)

    assert complaint.plot == [
        *((0, "ComplaintReceived"), (0, "ComplaintRouted")),
        *((2, "WorkAccepted"), (2, "DeadlineMet")),
        (75, "DeadlineApproaching"),
        *((90, "DeadlineMet"), (90, "ComplaintAnswered"), (90, "VisitScheduled")),
        (114, "VisitRequested"),
        *((115, "ComplaintRouted"), (115, "DeadlineMet"), (115, "VisitAttempted"), (115, "ComplaintReopened")),
        *((120, "DeadlineMet"), (120, "DeadlineMet"), (120, "ComplaintAnswered"), (120, "VisitScheduled")),
        (144, "VisitRequested"),
        *((145, "DeadlineMet"), (145, "VisitAttempted"), (145, "ComplaintClosed")),
    ]
    assert [receipt.kind for receipt in town.receipts()] == ["accepted", *["status"] * 5, "closed"]
