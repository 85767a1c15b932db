"""What is asked of a turn, read as far as it can be without the subscription: a reason of a line, an instant ahead.

Owns what is wrong with a request, by its field. Does not own whether it is allowed (policy.py).
"""

from dataclasses import replace
from datetime import UTC, datetime

from domain.commands import Cancel, Pause, Turn
from domain.errors import InvalidInput
from domain.texts import one_line_or_none


def checked(turn: Turn, at: datetime) -> Turn:
    """The turn as it can be taken at an instant. Raises InvalidInput naming the field below `cancel` or `pause`."""
    try:
        match turn:
            case Cancel():
                return checked_end(turn)
            case Pause():
                return checked_pause(turn, at)
            case _:
                return turn
    except InvalidInput as error:
        raise error.under("cancel" if isinstance(turn, Cancel) else "pause") from None


def checked_end(turn: Cancel) -> Cancel:
    """An end with its reason on a line. Raises InvalidInput naming `reason`, or `creditUnused` for one ahead."""
    if turn.credits_unused and not turn.is_immediate:
        message = "Only what ends at once leaves something unused."
        raise InvalidInput(("creditUnused",), message, turn.credits_unused)
    return replace(turn, reason=one_line_or_none(turn.reason, "reason"))


def checked_pause(turn: Pause, at: datetime) -> Pause:
    """A pause from `at` on, its last instant in whole seconds. Raises InvalidInput naming `resumesAt` or `reason`."""
    reason, resumes_at = one_line_or_none(turn.reason, "reason"), turn.resumes_at
    if resumes_at is None:
        return replace(turn, reason=reason)
    if resumes_at.utcoffset() is None or resumes_at.replace(microsecond=0) <= at:
        raise InvalidInput(("resumesAt",), "A subscription resumes at an instant after now.", resumes_at)
    return replace(turn, reason=reason, resumes_at=resumes_at.astimezone(UTC).replace(microsecond=0))
