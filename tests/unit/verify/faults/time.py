"""Complaints that stand still, and things that happen before their time."""

from __future__ import annotations

from tests.unit.verify.faults.fault import Fault, append_at, changed, id_of, one
from tests.unit.verify.history import Complaint, begun
from tests.unit.verify.topics import NOW, Topics, body_of, target, when


def never_route(topics: Topics) -> None:
    complaint = Complaint(topics, "forgotten")
    complaint.submitted(150)


def stop_the_ladder(topics: Topics) -> None:
    topics.drop(one(topics, "DeadlineApproaching", "warned"), one(topics, "WorkOrder", "warned", why="warned"))


def never_visit(topics: Topics) -> None:
    complaint = begun(topics, "unvisited", 100)
    complaint.answered(101)
    complaint.met("accept", 101)
    complaint.met("answer", 101)
    complaint.scheduled(1, 101)


def route_without_dates(topics: Topics) -> None:
    complaint = Complaint(topics, "dateless")
    complaint.submitted(199)
    plan = {"department": "water", "plan": "visited", "level": 0, "by": "policy", "targets": []}
    complaint.say("ComplaintRouted", 199, **plan)
    complaint.tell("water", "work", "routed", 199)


def warn_early(topics: Topics) -> None:
    append_at(topics, one(topics, "DeadlineApproaching", "warned"), 193.99)


def request_a_visit_early(topics: Topics) -> None:
    append_at(topics, one(topics, "VisitRequested", "solved"), 33.99)


def open_a_visit_early(topics: Topics) -> None:
    complaint = begun(topics, "hasty", 190)
    complaint.answered(191)
    complaint.met("accept", 191)
    complaint.met("answer", 191)
    complaint.scheduled(1, 191)
    topics.change(one(topics, "VisitScheduled", "hasty"), opens_at=when(210))


def escalate_by_a_date_of_its_own(topics: Topics) -> None:
    due = when(85)
    changed("ComplaintEscalated", "never-reached", {"rung": 3}, due_at=due, at=due)(topics)


def promise_less_than_the_policy(topics: Topics) -> None:
    complaint = Complaint(topics, "hurried", "visited")
    complaint.submitted(190)
    complaint.routed(190, accept=target("accept", 190, 210))


def count_from_the_routing(topics: Topics) -> None:
    complaint = Complaint(topics, "delayed", "plain")
    complaint.submitted(190)
    complaint.routed(191, answer=target("answer", 191, 263))


def forget_the_answers_date_at_the_centre(topics: Topics) -> None:
    returned = one(topics, "ComplaintReturned", "assigned")
    topics.change(returned, targets=body_of(returned)["targets"][1:])


def count_a_date_that_stays_as_moved(topics: Topics) -> None:
    routed = topics.of("ComplaintRouted", complaint_id=id_of("assigned"))[-1]
    accept, answer = body_of(routed)["targets"]
    topics.change(routed, targets=[accept, {**answer, "revision": 2}])


def take_the_time_of_the_handling(topics: Topics) -> None:
    accepted = one(topics, "WorkAccepted", "warned")
    topics.change(accepted, at=when(141.5), judged_at=when(141.5))
    topics.change(one(topics, "DeadlineMet", "warned"), met_at=when(141.5))


def trust_a_claim_from_yesterday(topics: Topics) -> None:
    complaint = begun(topics, "claimed", 100, "plain")
    complaint.rung("answer", 1)
    complaint.answered(171, judged=160)
    complaint.met("answer", 171, 160)
    complaint.closed(171, "answered")


def park_a_complaint(topics: Topics) -> None:
    record = topics.put("closedloop.replies.water", {"complaint_id": id_of("warned"), "reply": "progress"}, hours=190)
    topics.put_letter(record, "poison", "router")


def lose_the_policy(topics: Topics) -> None:
    complaint = Complaint(topics, "lawless")
    complaint.submitted(NOW - 1)
    topics.change(one(topics, "ComplaintReceived", "lawless"), policy="pack-9")


def state_a_time_before_the_receipt(topics: Topics) -> None:
    complaint = begun(topics, "hindsight", NOW - 0.1, "plain")
    complaint.replied("WorkAccepted", NOW - 0.05, "accepted", judged=NOW - 0.12)


FAULTS = (
    Fault("a complaint was never routed", "moving", "stuck", never_route),
    Fault("a ladder stood still", "moving", "stuck", stop_the_ladder),
    Fault("a visit was never ordered", "moving", "stuck", never_visit),
    Fault("a routed complaint has no date at all", "moving", "no_date", route_without_dates, also=frozenset(["dates"])),
    Fault("a warning came early", "timely", "early", warn_early),
    Fault("a visit was ordered early", "timely", "early", request_a_visit_early),
    Fault("an escalation went by a date that no policy knows", "timely", "wrong_date", escalate_by_a_date_of_its_own),
    Fault(
        "a department has less time than the policy says",
        "dates",
        "other_promise",
        promise_less_than_the_policy,
    ),
    Fault(
        "an answer's date was forgotten at the centre",
        "dates",
        "left_out",
        forget_the_answers_date_at_the_centre,
        also=frozenset(["verdicts"]),
    ),
    Fault(
        "a date that stays got a new revision",
        "dates",
        "not_moved",
        count_a_date_that_stays_as_moved,
        also=frozenset(["verdicts", "orders"]),
    ),
    Fault("a reply counts from when it was handled", "arrival", "not_at_arrival", take_the_time_of_the_handling),
    Fault("a claim beyond the window of trust counts", "arrival", "misjudged", trust_a_claim_from_yesterday),
    Fault("a policy got lost", "moving", "no_pack", lose_the_policy),
    Fault("a reply was before its complaint", "arrival", "before_receipt", state_a_time_before_the_receipt),
    Fault(
        "a visit was ordered for another time than planned",
        "timely",
        "not_as_scheduled",
        changed("VisitRequested", "solved", opens_at=when(33)),
    ),
    Fault("a complaint lies parked", "moving", "parked", park_a_complaint),
    Fault("an answer's time counts from the routing", "dates", "other_promise", count_from_the_routing),
    Fault("a visit opens before the policy allows", "timely", "opens_early", open_a_visit_early),
)
