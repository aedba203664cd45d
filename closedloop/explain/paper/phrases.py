"""The sentences of an explanation: what of the time counted and why, who was told, and how it came out."""

from __future__ import annotations

from datetime import timedelta

from closedloop.explain.explanation import Dated
from closedloop.explain.paper.grounds import ZERO, both
from closedloop.explain.paper.merged import Row
from closedloop.explain.paper.speaking import Speaker
from closedloop.explain.parties import Whom
from closedloop.explain.steps import Step
from closedloop.explain.stretches import Stretch
from closedloop.language.facts import WHY


def why(speaker: Speaker, dated: Dated, row: Row) -> str:
    """Why a row is open or closed, and that it is still ahead or was never needed."""
    reasons = speaker.said("and").join(dict.fromkeys(reason(speaker, dated, stretch) for stretch in row.why))
    return reasons if row.when == "past" else f"{reasons} [{speaker.said(row.when)}]"


def date(speaker: Speaker, dated: Dated) -> str:
    """The date and what counts until then, and where the holidays behind it are a guess."""
    counted = dated.stretches[-1].sum if dated.stretches else ZERO
    at, wall = speaker.moment(dated.due_at, dated.rule.zone), speaker.wall(dated.due_at - dated.starts_at)
    working = dated.rule.calendar is not None
    due = speaker.said("due" if working else "due_all", at=at, length=counts(speaker, dated, counted), wall=wall)
    years = speaker.said("list").join(str(year) for year in dated.unofficial_years)
    return f"{due}\n{speaker.said('guess', years=years)}" if years else due


def counts(speaker: Speaker, dated: Dated, length: timedelta) -> str:
    """A length of the time that counts for this target."""
    return speaker.worked(length) if dated.rule.calendar else speaker.wall(length)


def reason(speaker: Speaker, dated: Dated, stretch: Stretch) -> str:
    """Why one stretch is open or closed, and who ordered it where somebody did; of a pause how it ended."""
    if stretch.wait is not None:
        wait = stretch.wait
        ended = speaker.says(WHY[wait.ended]) if wait.ended in WHY else speaker.said(f"wait_{wait.ended}")
        return speaker.said(
            "wait", reason=speaker.term(wait.reason), ended=ended, moved=counts(speaker, dated, wait.moved)
        )
    named = stretch.zh if speaker.language == "zh" else stretch.en
    return speaker.said("ordered", why=named, by=stretch.by) if stretch.by else named


def share(speaker: Speaker, step: Step) -> str:
    """Where on the ladder a step stands."""
    if step.after is not None:
        words = "after_working" if step.after_working else "after"
        length = speaker.worked(step.after) if step.after_working else speaker.wall(step.after)
        return speaker.said(words, length=length)
    if step.after_days or step.before:
        known = step.after_days or step.before or {}
        return speaker.said("after_days" if step.after_days else "before", length=speaker.says(known))
    if step.at_opening:
        return speaker.said("opening")
    return speaker.said("reminder", n=step.reminder) if step.reminder else f"{step.percent} %"


def whom(speaker: Speaker, level: int, found: Whom, words: str = "whom") -> str:
    """Level and office; below that the holder or the deputy, and then the copies."""
    role = speaker.term(found.role)
    lines = [speaker.said(words, level=level, role=speaker.said("top", role=role) if found.top else role)]
    if found.person is not None:
        person = speaker.name(found.person)
        absent = speaker.name(found.deputy_for) if found.deputy_for else ""
        lines.append(speaker.said("deputy", person=person, absent=absent) if absent else person)
    if found.copies:
        lines.append(
            speaker.said("copies", people=speaker.said("list").join(speaker.name(one) for one in found.copies))
        )
    return "\n".join(lines)


def state(speaker: Speaker, dated: Dated, step: Step) -> str:
    """Whether a step was told, and if it never will be, why."""
    words = "caught_up" if step.caught_up and step.state == "told" else step.state
    return speaker.said(f"step_{words}", why=stopped(speaker, dated))


def stopped(speaker: Speaker, dated: Dated) -> str:
    """What made the clock stop; nothing while it runs."""
    by = dated.verdict.by or ""
    return speaker.says(WHY[by]) if by in WHY else by


def verdict(speaker: Speaker, dated: Dated) -> str:
    """How the target came out, or how it stands."""
    found, zone = dated.verdict, dated.rule.zone
    told = speaker.said(
        found.state,
        why=stopped(speaker, dated),
        at=speaker.moment(found.at, zone),
        used=both(speaker, dated, found.used, found.used_wall),
        left=both(speaker, dated, max(ZERO, found.left), max(ZERO, found.left_wall)),
        late=both(speaker, dated, max(ZERO, -found.left), max(ZERO, -found.left_wall)),
        after=speaker.moment(found.moved_to, zone) if found.moved_to else "",
        revision=found.to_revision,
    )
    stands = speaker.said("stands") if found.stands and found.state in ("moved", "cancelled") else ""
    back = speaker.said(f"back_{found.taken_back_because}") if found.taken_back else ""
    return told + stands + (speaker.said("taken_back", why=back) if back else "")
