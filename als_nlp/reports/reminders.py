"""What is still open, for the next check-in: as a list to read and as a calendar entry.

It names owners and is for the set itself.
"""

from __future__ import annotations

import datetime
from hashlib import blake2b

from als_nlp.cohort import Cohort, Set, next_presenters
from als_nlp.measures.followthrough import FollowThrough, open_actions
from als_nlp.reports.wording import listing

BETWEEN = datetime.timedelta(weeks=4)
"""Between two sessions, where the next one has no date yet."""
_SAID = {"partly": "partly done", "not_done": "not done yet"}


def checklist(cohort: Cohort) -> str:
    """A Markdown list for each set: whose action, what, when, and what was last said of it."""
    lines = [f"# Open actions: {_plain(cohort.name)}", ""]
    for part in cohort.sets:
        lines += [f"## Set {_plain(part.name)}", ""]
        found = open_actions(cohort, part.name)
        lines += [f"- [ ] {_line(cohort, f)}" for f in found] or ["Nothing is open."]
        names = [cohort.member(i).name for i in next_presenters(cohort, part.name)]
        if names:
            lines += ["", f"Next to present, if they wish: {_plain(listing(names))}."]
        lines.append("")
    return "\n".join(lines)


def _line(cohort: Cohort, found: FollowThrough) -> str:
    owner = cohort.member(found.owner).name if found.owner else "Somebody"
    due = f" ({found.action.due})" if found.action.due else ""
    last = ""
    if found.reported_in is not None:
        last = f"; in session {found.reported_in.number} {_SAID[found.latest]}"
    said = f"**{_plain(owner)}**: {_plain(found.action.text + due)}"
    return f"{said}, agreed in session {found.meeting.number}{last}"


def _plain(text: str) -> str:
    """Words only: what strangers say must not become markup or links."""
    for mark in "\\`*_[]<>#|":
        text = text.replace(mark, f"\\{mark}")
    return " ".join(text.split())


def calendar(cohort: Cohort) -> str:
    """An iCalendar file (RFC 5545) with an entry a set on the day of its next check-in."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//als-nlp//open actions//EN"]
    for part in cohort.sets:
        lines += _event(cohort, part)
    lines.append("END:VCALENDAR")
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _event(cohort: Cohort, part: Set) -> list[str]:
    found = open_actions(cohort, part.name)
    meetings = cohort.meetings_of(part.name)
    held = [m for m in meetings if m.session is not None or m.attended]
    number = max((m.number for m in held), default=0) + 1
    to_come = [m.date for m in meetings if m.number >= number and m.date]
    last = max((m.date for m in held if m.date), default=None)
    day = min(to_come, default=None) or (last + BETWEEN if last else None)
    if not found or day is None:
        return []
    about = "\n".join(
        f"{cohort.member(f.owner).name if f.owner else 'Somebody'}: {f.action.text}" for f in found
    )
    unique = blake2b(f"{cohort.name}/{part.name}/{number}".encode(), digest_size=12).hexdigest()
    after = day + datetime.timedelta(days=1)
    return [
        "BEGIN:VEVENT", f"UID:{unique}@als-nlp", f"DTSTAMP:{day:%Y%m%d}T000000Z",
        f"DTSTART;VALUE=DATE:{day:%Y%m%d}", f"DTEND;VALUE=DATE:{after:%Y%m%d}",
        f"SUMMARY:{_escaped(f'Check-in of set {part.name}, session {number}: what became of it')}",
        f"DESCRIPTION:{_escaped(about)}", "TRANSP:TRANSPARENT", "END:VEVENT",
    ]  # fmt: skip


def _escaped(text: str) -> str:
    text = text.replace("\r", " ")
    for mark in "\\;,":
        text = text.replace(mark, f"\\{mark}")
    return text.replace("\n", "\\n")


def _folded(line: str) -> str:
    """No line longer than 75 bytes; what follows begins with a space."""
    out, size = "", 0
    for character in line:
        width = len(character.encode())
        if size + width > 73:
            out, size = out + "\r\n ", 1
        out, size = out + character, size + width
    return out
