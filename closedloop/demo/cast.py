"""The plan of a demo, from its seed: each complaint with its time, source and words, and the script of its life."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import TypeVar
from zoneinfo import ZoneInfo

from closedloop.demo.behaviour import CUSTOMERS, MANNERS, Script
from closedloop.demo.matters import AREAS, MATTERS
from closedloop.language import Language
from closedloop.outsiders.post import Post, binary, plain
from schemas.edges import Customer, Submission
from schemas.envelope import complaint_id
from schemas.facts import Channel
from schemas.policy import PolicyPack
from schemas.topics import HTTP_SOURCE, SUBMISSIONS
from services.intake.door import source_id

T = TypeVar("T")

CITY = ZoneInfo("Asia/Shanghai")
V0 = datetime(2026, 9, 14, tzinfo=CITY).astimezone(UTC)
DAYS = 10
"""For how many days complaints arrive, from V0 on."""
OPENS, CLOSES = timedelta(hours=7), timedelta(hours=22)
"""Between which hours of the day people complain."""

CHANNELS: Mapping[str, tuple[int, Channel]] = {
    "app": (30, "app"),
    "hotline": (26, "phone"),
    "web": (14, "web"),
    "mail": (10, "mail"),
    "http": (20, "chat"),
}
"""Upstream systems: of a hundred complaints how many come from each, and as what."""

AS_CLOUDEVENT = ("app", "mail", "http")
"""They name a complaint in a header, the others in the JSON."""

EXEMPLARS: tuple[Language, ...] = ("zh", "en")
"""In each of these languages one complaint goes the whole long way."""

LONGER = {"late": 2, "silent": 3, "returns": 1, "not satisfied at first": 3, "never reached": 2, "hard to reach": 1}
"""Manners and customers that take some days more."""


@dataclass(frozen=True, slots=True)
class Complaint:
    """One complaint: its source, its id, its moment and its words."""

    source: str
    id: str
    at: datetime
    submission: Submission
    script: Script

    @property
    def complaint_id(self) -> str:
        """What the system will call it, by the id that its source gives it."""
        return complaint_id(self.source, self.id)

    def id_behind(self, secret: str) -> str:
        """What a system with this secret will call it: over HTTP the id does not follow from the key alone."""
        return (
            complaint_id(HTTP_SOURCE, source_id(self.id, secret)) if self.source == HTTP_SOURCE else self.complaint_id
        )

    @property
    def post(self) -> Post:
        """As its upstream system sends it."""
        topic = SUBMISSIONS.of(self.source)
        if self.source in AS_CLOUDEVENT:
            return binary(self.at, topic, self.submission, f"/upstream/{self.source}", self.id)
        return plain(self.at, topic, self.submission.model_copy(update={"id": self.id}))


@dataclass(frozen=True, slots=True)
class Cast:
    """Everything that is going to be sent, and the scripts of all complaints by their id."""

    complaints: tuple[Complaint, ...]
    repeats: tuple[Post, ...]
    broken: tuple[Post, ...]

    @property
    def posts(self) -> list[Post]:
        """All records, in the order of time."""
        posts = [*(complaint.post for complaint in self.complaints), *self.repeats, *self.broken]
        return sorted(posts, key=lambda post: post.at)

    @property
    def scripts(self) -> dict[str, Script]:
        """What will become of each complaint."""
        return {complaint.complaint_id: complaint.script for complaint in self.complaints}

    def scripts_behind(self, secret: str) -> dict[str, Script]:
        """The same for a real stack, with its secret."""
        return {complaint.id_behind(secret): complaint.script for complaint in self.complaints}


def cast(number: int, seed: int, pack: PolicyPack) -> Cast:
    """The plan for so many complaints: one seed, one plan."""
    chance = Random(f"closedloop demo {seed}")
    complaints = tuple(_complaints(number, chance, pack))
    repeats = tuple(_again(complaint, chance) for complaint in complaints if chance.random() < 0.06)
    return Cast(complaints, repeats, tuple(_broken(number, chance, complaints)))


def deal(chance: Random, shares: Mapping[T, int], number: int) -> list[T]:
    """So many cards in these proportions, as exactly as whole cards allow, shuffled."""
    total = sum(shares.values())
    exact = {card: number * share / total for card, share in shares.items()}
    counts = {card: int(count) for card, count in exact.items()}
    by_rest = sorted(exact, key=lambda card: counts[card] - exact[card])
    for card in by_rest[: number - sum(counts.values())]:
        counts[card] += 1
    cards = [card for card, count in counts.items() for _ in range(count)]
    chance.shuffle(cards)
    return cards


def _complaints(number: int, chance: Random, pack: PolicyPack) -> Iterator[Complaint]:
    sources = deal(chance, {source: share for source, (share, _) in CHANNELS.items()}, number)
    matters = deal(chance, {category: matter.share for category, matter in MATTERS.items()}, number)
    manners = deal(chance, {name: manner.share for name, manner in MANNERS.items()}, number)
    customers = deal(chance, {name: share for name, (share, _) in CUSTOMERS.items()}, number)
    for n, source in enumerate(sources):
        submission = _submission(n, matters[n], CHANNELS[source][1], chance)
        script = _script(submission, manners[n], customers[n], chance, pack)
        if n < len(EXEMPLARS):
            submission, script = _long_way(submission, EXEMPLARS[n])
        at = _arrival(chance, _length(submission, script, pack))
        yield Complaint(source, f"{source.upper()}-{n + 1:05}", at, submission, script)


def _arrival(chance: Random, length: int = 0) -> datetime:
    return V0 + timedelta(days=chance.randrange(max(1, DAYS - length))) + OPENS + chance.random() * (CLOSES - OPENS)


def _length(submission: Submission, script: Script, pack: PolicyPack) -> int:
    """About how many days it will take longer than others: it comes as much earlier, so that all end together."""
    route = pack.route(submission.category, submission.area)
    plan = 3 if route is not None and route.plan == "complex" else 0
    return plan + LONGER.get(script.manner, 0) + LONGER.get(script.customer, 0)


def _submission(n: int, category: str, channel: Channel, chance: Random) -> Submission:
    language: Language = "zh" if chance.random() < 0.6 else "en"
    matter, area = MATTERS[category], AREAS[chance.choice(list(AREAS))]
    subject, text = matter.zh if language == "zh" else matter.en
    return Submission(
        channel=channel,
        language=language,
        category=category,
        area=area[0] if language == "zh" else area[1],
        subject=subject,
        text=text,
        customer=Customer(id=f"citizen-{n + 1:05}", phone=f"138{chance.randrange(10**8):08}"),
    )


def _script(submission: Submission, manner: str, customer: str, chance: Random, pack: PolicyPack) -> Script:
    route = pack.route(submission.category, submission.area)
    others = [name for name, d in pack.departments.items() if d.kind == "department"]
    if route is not None:
        others.remove(route.department)
    then = "late" if chance.random() < 0.15 else "on time"
    return Script(manner, then, customer, chance.choice(others), chance.random())


def _long_way(submission: Submission, language: Language) -> tuple[Submission, Script]:
    """Returned, assigned anew, answered late, not solved, begun again."""
    subject, text = MATTERS["environment/noise"].zh if language == "zh" else MATTERS["environment/noise"].en
    area = AREAS["harbour"][language == "en"]
    words = {"language": language, "subject": subject, "text": text, "category": "environment/noise", "area": area}
    script = Script("returns", "late", "not satisfied at first", "market", 0.3)
    return submission.model_copy(update=words), script


def _again(complaint: Complaint, chance: Random) -> Post:
    """A retry: word for word the same, some minutes later."""
    return replace(complaint.post, at=complaint.at + timedelta(minutes=chance.uniform(1, 240)))


def _broken(number: int, chance: Random, complaints: Iterable[Complaint]) -> Iterator[Post]:
    """What cannot become a complaint: no JSON, no subject, from the future, or another text under a used id."""
    hotline = SUBMISSIONS.of("hotline")
    for n in range(max(1, number // 100)):
        at = _arrival(chance)
        yield Post(at, hotline, b"\x89PNG\r\n not a complaint")
        yield Post(at, SUBMISSIONS.of("app"), f'{{"id": "APP-BAD-{n}", "text": "no subject"}}'.encode())
    tomorrow = Submission(id="WEB-FUTURE", subject="Clock is wrong", stated_at=V0 + timedelta(days=DAYS + 30))
    yield plain(_arrival(chance), SUBMISSIONS.of("web"), tomorrow)
    used = next((c for c in complaints if c.source == "hotline"), None)
    if used is not None:
        other = used.submission.model_copy(update={"id": used.id, "subject": "Something else entirely"})
        yield plain(used.at + timedelta(hours=5), hotline, other)
