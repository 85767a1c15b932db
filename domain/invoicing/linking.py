"""Reductions of no line in particular, where an invoice would fall below zero: given back of lines written before.

A maximum may take away more than its own invoice charges. Then it corrects the earlier invoices of its period. Owns
which lines give how much. Does not own when this is needed (bill.py).
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from fractions import Fraction

from domain.ids import LineId
from domain.invoice import LineExplanation, LineKind
from domain.invoicing.debited import DebitedLine
from domain.invoicing.draft import DraftLine
from domain.money import Money, round_half_away


def linked(drafts: Sequence[DraftLine], written: Iterable[DebitedLine]) -> tuple[DraftLine, ...]:
    """The drafts with each loose reduction where there is money: first off the drafts of its own period, and the rest
    in the form of credits of lines written for that period, the newest first.

    Each credit is net of its line's own discount and within what that has left; what no line can give is dropped.
    """
    written = tuple(written)
    left = _left_of(written)
    for draft in drafts:
        if draft.credited is not None and draft.credited.line_id in left:
            left[draft.credited.line_id] += draft.stated.minor
    result: list[DraftLine] = []
    room = {draft.span: 0 for draft in drafts}
    for draft in drafts:
        if draft.stated.minor > 0:
            room[draft.span] += draft.stated.minor
    for draft in drafts:
        if not _is_loose(draft):
            result.append(draft)
            continue
        here = min(-draft.stated.minor, room[draft.span])
        room[draft.span] -= here
        result += _here(draft, here)
        result += _credits(draft, -draft.stated.minor - here, written, left)
    return tuple(result)


def _left_of(written: Sequence[DebitedLine]) -> dict[LineId, int]:
    """What each line can give, by its id: a reduction that stayed on its own document has had of its lines already."""
    left = {line.line_id: line.left.minor for line in written}
    for loose in written:
        missing = -loose.debited.minor
        for line in reversed(written) if missing > 0 else ():
            is_beside = line.invoice_id == loose.invoice_id and loose.service.contains(line.service.start)
            if is_beside and line.stated.minor > 0:
                had = max(0, min(missing, left[line.line_id]))
                left[line.line_id] -= had
                missing -= had
    return left


def _here(draft: DraftLine, minor: int) -> list[DraftLine]:
    """The part of a reduction that stays on its own document."""
    if minor in (0, -draft.stated.minor):
        return [draft] if minor else []
    amount = Money(-minor, draft.stated.currency)
    says = draft.explanation.sentence.removesuffix(".")
    explanation = LineExplanation(draft.explanation.rule, f"{says}; here: {amount.spoken()}.", Fraction(-minor))
    return [replace(draft, stated=amount, explanation=explanation)]


def _is_loose(draft: DraftLine) -> bool:
    return draft.stated.minor < 0 and draft.credited is None and draft.kind is not LineKind.DISCOUNT


def _credits(
    draft: DraftLine, missing: int, written: Sequence[DebitedLine], left: dict[LineId, int]
) -> list[DraftLine]:
    """Credits that come to `missing` together. `left` is what each line can still give, and is brought up to date."""
    found: list[DraftLine] = []
    for line in reversed(written):
        if missing <= 0 or line.stated.minor <= 0 or not draft.service.contains(line.service.start):
            continue
        ratio = Fraction(line.debited.minor, line.stated.minor)
        whole = left[line.line_id] if ratio == 0 else round_half_away(left[line.line_id] / ratio)
        taken = min(missing, whole)
        minor = min(left[line.line_id], round_half_away(taken * ratio))
        if minor > 0:
            left[line.line_id] -= minor
            missing -= taken
            found.append(_credit(draft, line, taken, minor))
    return found


def _credit(draft: DraftLine, line: DebitedLine, taken: int, minor: int) -> DraftLine:
    amount = Money(-minor, draft.stated.currency)
    is_capped = round_half_away(Fraction(taken * line.debited.minor, line.stated.minor)) != minor
    says = draft.explanation.sentence.removesuffix(".")
    return replace(
        draft,
        component=line.component,
        item_id=line.item_id,
        stated=amount,
        service=line.service,
        explanation=LineExplanation(
            rule=draft.explanation.rule,
            sentence=f"{says}; of {line.description}: {amount.spoken()}.",
            basis_minor=Fraction(-minor if is_capped else -taken),
            part_s=1 if is_capped else line.debited.minor,
            whole_s=1 if is_capped else line.stated.minor,
            credited_line_id=line.line_id,
        ),
        tax_inclusive=line.tax_inclusive,
        span=None,
        taxed=line.taxed,
        credited=line,
    )
