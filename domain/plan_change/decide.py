"""From facts to the one decision: TIMING gives the base day, POLICY can only make it stricter or later.

Owns how findings combine. Does not own the tables (timing.py, policy.py) nor the money (delta.py, prepare.py).
"""

from dataclasses import replace

from domain.ids import PREFIXES, public_id
from domain.periods import local_day
from domain.plan_change.editions import BASE, Edition
from domain.plan_change.facts import PlanChangeFacts
from domain.plan_change.figures import FIGURES
from domain.plan_change.parts import parts_of
from domain.plan_change.policy import Rule, WayOut
from domain.plan_change.timing import PartTiming, instant_of, timing_of
from domain.plan_change.turning import has_ended
from domain.plan_change.verdict import Decision, Figure, Reason, Remedy, RemedyAction, Verdict

NO_CHANGE = "NO_CHANGE"


def timings_of(facts: PlanChangeFacts) -> tuple[PartTiming, ...]:
    """When each part of the request would take effect alone; empty when nothing would change."""
    return tuple(timing_of(facts, part) for part in parts_of(facts))


def decide(facts: PlanChangeFacts, edition: Edition = BASE) -> Decision:
    """The decision on one request: every rule is read, all findings come back, the strictest and the latest win.

    The first reason is the TIMING row of the latest part; the others are sorted by code, so the order of the table's
    rows never shows. A request that changes nothing is NO_CHANGE and nothing else. The decision names the edition.
    """
    timings = timings_of(facts)
    if not timings:
        return no_change(facts, edition) if not has_ended(facts) else nothing_at_all(facts, edition)
    latest = max(timings, key=lambda timing: timing.effective_at)
    found = findings(facts, edition)
    first = Reason(
        code=latest.row.code,
        verdict=Verdict.ALLOW,
        sentence=latest.row.sentence,
        figures=(Figure("effective_on", local_day(latest.effective_at, facts.account.zone).isoformat()),),
        effective_at=latest.effective_at,
    )
    reasons = (first, *found)
    return Decision(
        verdict=max((reason.verdict for reason in reasons), key=lambda verdict: verdict.strictness),
        effective_at=max(reason.effective_at for reason in reasons if reason.effective_at is not None),
        reasons=reasons,
        policy_version=edition.id,
    )


def findings(facts: PlanChangeFacts, edition: Edition) -> list[Reason]:
    """What every rule that fires says, sorted by code; what has been granted stands in nobody's way."""
    return sorted(
        (_granted(finding(rule, facts), facts) for rule in edition.rules if rule.fires(facts)),
        key=lambda reason: reason.code,
    )


def finding(rule: Rule, facts: PlanChangeFacts) -> Reason:
    """What a firing rule says about these facts, its figures filled in."""
    then = rule.then
    figures = {name: FIGURES[name](facts) for name in then.show}
    return Reason(
        code=rule.code,
        verdict=then.verdict,
        sentence=then.says.format_map(figures),
        figures=tuple(Figure(name, value) for name, value in figures.items()),
        remedy=None if then.remedy is None else _remedy(then.remedy, figures, facts),
        effective_at=None if then.wait_until is None else instant_of(facts, then.wait_until),
    )


def _granted(reason: Reason, facts: PlanChangeFacts) -> Reason:
    """The finding as it stands once somebody has granted what it asks for; any other as it is."""
    if facts.approval is None or reason.verdict is not Verdict.ASK_APPROVAL or reason.code not in facts.granted:
        return reason
    approval = public_id(PREFIXES["Approval"], facts.approval.id)
    return replace(reason, verdict=Verdict.ALLOW, remedy=None, granted_by=approval)


def _remedy(way_out: WayOut, figures: dict[str, str], facts: PlanChangeFacts) -> Remedy:
    return Remedy(way_out.action, way_out.sentence.format_map(figures), way_out.target(facts))


def no_change(facts: PlanChangeFacts, edition: Edition) -> Decision:
    """The answer to a request for what the subscription already has."""
    reason = Reason(
        code=NO_CHANGE,
        verdict=Verdict.REFUSE,
        sentence="This is what the subscription already has.",
        remedy=Remedy(RemedyAction.CHOOSE_ANOTHER_PLAN, "Choose another plan, interval or quantity."),
        effective_at=facts.now,
    )
    return Decision(Verdict.REFUSE, facts.now, (reason,), edition.id)


def nothing_at_all(facts: PlanChangeFacts, edition: Edition) -> Decision:
    """The answer to who asks for what is so already, of a subscription that does not run: also why it could not be."""
    nothing = no_change(facts, edition)
    return replace(nothing, reasons=(*nothing.reasons, *findings(facts, edition)))


def asked_to_confirm(decision: Decision) -> frozenset[str]:
    """The codes a customer must confirm; of an accepted change, those its customer did."""
    return frozenset(reason.code for reason in decision.reasons if reason.verdict is Verdict.ASK_CONFIRMATION)


def waits_for(decision: Decision, confirmed: frozenset[str]) -> Verdict:
    """The verdict once the confirmed codes count as agreed: ASK_CONFIRMATION falls to ALLOW when all are confirmed."""
    open_reasons = [
        reason.verdict
        for reason in decision.reasons
        if not (reason.verdict is Verdict.ASK_CONFIRMATION and reason.code in confirmed)
    ]
    return max(open_reasons, key=lambda verdict: verdict.strictness)
