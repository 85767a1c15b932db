"""Spans of time as sets: what is in one and not in another, and what is in two at once.

Owns that arithmetic alone. Spans are half-open, and a set of them is sorted and disjoint.
"""

from collections.abc import Iterable, Sequence

from domain.periods import Period


def joined(spans: Iterable[Period]) -> list[Period]:
    """The time that any of these covers."""
    found: list[Period] = []
    for each in sorted(spans, key=lambda span: (span.start, span.end)):
        if found and each.start <= found[-1].end:
            found[-1] = Period(found[-1].start, max(found[-1].end, each.end))
        else:
            found.append(each)
    return found


def without(spans: Iterable[Period], taken: Iterable[Period]) -> list[Period]:
    """The time of `spans` that none of `taken` covers."""
    left = joined(spans)
    for each in joined(taken):
        cut: list[Period] = []
        for span in left:
            if not span.overlaps(each):
                cut.append(span)
                continue
            if span.start < each.start:
                cut.append(Period(span.start, each.start))
            if each.end < span.end:
                cut.append(Period(each.end, span.end))
        left = cut
    return left


def shared(spans: Sequence[Period]) -> list[Period]:
    """The time that two of these cover."""
    found: list[Period] = []
    end = None
    for each in sorted(spans, key=lambda span: (span.start, span.end)):
        if end is not None and each.start < end:
            found.append(Period(each.start, min(each.end, end)))
        end = each.end if end is None else max(end, each.end)
    return joined(found)
