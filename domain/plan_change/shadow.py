"""What an edition of the policy would have said beside the one that decided, and in what the two differ.

Owns the comparison. Does not own who is asked (domain/rollout.py) nor where the answers are kept.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from domain.plan_change.verdict import Decision


class DifferenceKind(StrEnum):
    """In what a candidate differs, the weightiest first: its verdict, its date, or only its reasons."""

    STRICTER = "STRICTER"
    LOOSER = "LOOSER"
    LATER = "LATER"
    EARLIER = "EARLIER"
    REASONS = "REASONS"


@dataclass(frozen=True, slots=True)
class Difference:
    """How a candidate's answer differs: the dates of both, and the codes that only one of them gave."""

    kind: DifferenceKind
    live_effective_at: datetime
    candidate_effective_at: datetime
    only_live: tuple[str, ...]
    only_candidate: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """The difference as it is stored."""
        return {
            "kind": self.kind.value,
            "effectiveAt": [self.live_effective_at.isoformat(), self.candidate_effective_at.isoformat()],
            "onlyLive": list(self.only_live),
            "onlyCandidate": list(self.only_candidate),
        }


@dataclass(frozen=True, slots=True)
class Compared:
    """The decision that counts and the candidate's on the same facts; `difference` is None where they say the same."""

    live: Decision
    candidate: Decision
    difference: Difference | None


def compare(live: Decision, candidate: Decision) -> Compared:
    """Two answers to one request: they are the same when verdict, date and codes are."""
    ours, theirs = (frozenset(reason.code for reason in each.reasons) for each in (live, candidate))
    kind = _kind(live, candidate, is_same_reasons=ours == theirs)
    if kind is None:
        return Compared(live, candidate, None)
    return Compared(
        live,
        candidate,
        Difference(
            kind, live.effective_at, candidate.effective_at, tuple(sorted(ours - theirs)), tuple(sorted(theirs - ours))
        ),
    )


def _kind(live: Decision, candidate: Decision, *, is_same_reasons: bool) -> DifferenceKind | None:
    if live.verdict is not candidate.verdict:
        is_stricter = candidate.verdict.strictness > live.verdict.strictness
        return DifferenceKind.STRICTER if is_stricter else DifferenceKind.LOOSER
    if live.effective_at != candidate.effective_at:
        is_later = candidate.effective_at > live.effective_at
        return DifferenceKind.LATER if is_later else DifferenceKind.EARLIER
    return None if is_same_reasons else DifferenceKind.REASONS
