"""One thing to try next time: the first that the session gives a reason for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from als_nlp.reports.wording import clock, number, phase_name, plural
from als_nlp.session import Session
from als_nlp.transcript import Purpose


@dataclass(frozen=True, slots=True)
class NextStep:
    """An experiment for the next session and what in this one suggests it."""

    try_this: str
    because: str


_UNUSED: dict[Purpose, tuple[str, str]] = {
    "assumption": ("what is being taken for granted", "What are we taking for granted here?"),
    "feeling": ("what it is like for the presenter", "What is this like for you?"),
    "evidence": ("how we know", "What have you seen that tells you so?"),
    "possibility": ("what could be", "What would good look like?"),
}


def next_step(session: Session) -> NextStep:
    """The experiment with the best reason. There is always one, and it is never a verdict."""
    return next(_candidates(session))


def _candidates(session: Session) -> Iterator[NextStep]:
    inquiry, flow = session.inquiry, session.flow
    unheard = [(c, could - spoke) for c, spoke, could in session.evenness.heard_in_inquiry]
    missing = max((n for _, n in unheard), default=0)
    if missing:
        yield NextStep(
            "Open each inquiry with a round: everybody has one question or passes, the quieter "
            "voices first if they like.",
            f"{plural(missing, 'person was', 'people were')} not heard in one of the inquiries; "
            "quiet may well be thinking, and a round makes room without pushing.",
        )
    if inquiry.balance is not None and inquiry.balance.high < 0.75:
        yield NextStep(
            "Agree a light signal for the set: when a suggestion comes up, the person holds it "
            "for a breath and looks for the question behind it.",
            "a good part of what was offered was advice.",
        )
    share = inquiry.disguised_share
    if share is not None and inquiry.disguised.low >= 3 and share.value >= 0.3:
        yield NextStep(
            "Before asking, set your own answer aside: if the question would make no sense to "
            "somebody without a solution in mind, find the one underneath.",
            f"about {number(round(inquiry.disguised.value))} pieces of advice came as questions.",
        )
    if inquiry.open_share is not None and inquiry.open_share.high < 0.5:
        yield NextStep(
            "For one inquiry, begin every question with what, how or who.",
            "more questions could be answered with yes or no than not.",
        )
    for phase in flow.phases:
        if (
            phase.phase == "reflect_decide"
            and phase.seconds is not None
            and phase.seconds < 0.5 * phase.planned
        ):
            yield NextStep(
                "Keep the last minutes of each cycle for deciding: ask somebody to watch the "
                "clock and say when it is time.",
                f"{phase_name(phase.phase, phase.cycle)} had {clock(phase.seconds)} of the "
                f"{clock(phase.planned)} minutes planned.",
            )
    thinking = inquiry.thinking
    if thinking is not None and thinking.questions >= 8 and thinking.median < 1.0:
        yield NextStep(
            "After a question, count slowly to five before anybody adds to it.",
            f"half of the questions had less than {thinking.median:.1f} seconds of quiet after "
            "them, and some people need longer to think, above all in a second language.",
        )
    if session.actions and any(action.due is None for action in session.actions):
        yield NextStep(
            "Close each cycle with “What will you do first, and by when?”.",
            "not every action has a time to it yet, and the next check-in will lean on that.",
        )
    for purpose, (what, example) in _UNUSED.items():
        if inquiry.questions.value >= 15 and inquiry.purposes.get(purpose, 0) <= 1:
            yield NextStep(
                f"Ask one question about {what}, such as “{example}”.",
                "hardly any question went there this time.",
            )
    if inquiry.stacked >= 4:
        yield NextStep(
            "Put one question at a time, and let it stand.",
            f"{number(inquiry.stacked)} turns held two or more questions in a row.",
        )
    yield NextStep(
        "Begin by asking the set which question of last time stayed with them.",
        "a question that is still at work is a good place to start.",
    )
