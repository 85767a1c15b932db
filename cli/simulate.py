"""Ask an edition of the policy what was asked of late, and print where it answers otherwise. Only reads.

What it prints names accounts by their ids, and nobody by name. Ends with 0 whatever the edition says.
"""

import argparse
import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from app.settings import Mode, Settings
from cli.database import database_url
from cli.held import database_of
from cli.loop import run_async
from cli.terminal import CommandError
from db.engine import Database
from db.revision import check_revision
from db.scope import scope_of
from domain.actor import StaffRole, staff
from domain.audit.words import plural
from domain.catalog import Segment
from domain.ids import PREFIXES, public_id
from domain.plan_change.editions import BY_ID, RULES, Edition
from domain.plan_change.facts import PlanChangeFacts
from domain.plan_change.shadow import Compared, DifferenceKind
from domain.plan_change.verdict import Decision
from operations.policy.replay_decisions import Replayed, replay_decisions


@dataclass(slots=True)
class Tally:
    """What came of asking again; only the first `shown` differences are held, whatever their number."""

    show: int
    asked: int = 0
    unreadable: int = 0
    kinds: Counter[DifferenceKind] = field(default_factory=Counter)
    more: Counter[str] = field(default_factory=Counter)
    fewer: Counter[str] = field(default_factory=Counter)
    shown: list[str] = field(default_factory=list)

    def add(self, replayed: Replayed) -> None:
        """One more request."""
        self.asked += 1
        if replayed.facts is None or replayed.compared is None:
            self.unreadable += 1
            return
        difference = replayed.compared.difference
        if difference is None:
            return
        self.kinds[difference.kind] += 1
        self.more.update(difference.only_candidate)
        self.fewer.update(difference.only_live)
        if len(self.shown) < self.show:
            self.shown.append(_line(replayed, replayed.facts, replayed.compared))


def arguments(parser: argparse.ArgumentParser) -> None:
    """Which edition, beside which answers, and how many requests."""
    parser.add_argument("--edition", required=True, metavar="ID", help=f"one of {', '.join(BY_ID)}")
    parser.add_argument("--against", metavar="ID", help="another edition; without it: what was answered then")
    parser.add_argument("--last", type=int, default=1000, metavar="N", help="so many requests, the newest (1000)")
    parser.add_argument("--segment", choices=[segment.value for segment in Segment], help="of this market only")
    parser.add_argument("--show", type=int, default=100, metavar="N", help="print so many differences at most (100)")


def run(given: argparse.Namespace) -> int:
    """Ask again, and tell; 0."""
    edition = _edition(given.edition)
    against = None if given.against is None else _edition(given.against)
    for name in ("last", "show"):
        if getattr(given, name) < 1:
            raise CommandError(f"--{name}: how many? One at least")
    segment = None if given.segment is None else Segment(given.segment)
    settings = Settings.from_environment(os.environ, default_mode=Mode.DEMO)

    async def ask(url: str) -> Tally:
        async with database_of(settings, url) as database:
            await check_revision(database)
            return await simulated(database, edition, against, given.last, segment, given.show)

    with database_url(settings) as url:
        tally = run_async(ask(url))
    print("\n".join(told(tally, edition, against)))
    return 0


async def simulated(
    database: Database, edition: Edition, against: Edition | None, last: int, segment: Segment | None, show: int
) -> Tally:
    """Ask the last requests again on one read-only snapshot."""
    tally = Tally(show)
    async with database.snapshot() as session:
        scope = scope_of(staff(StaffRole.SYSTEM))
        async for replayed in replay_decisions(session, scope, edition, against, last, segment):
            tally.add(replayed)
    return tally


def told(tally: Tally, edition: Edition, against: Edition | None) -> Iterator[str]:
    """The counts, then each difference on a line of its own."""
    beside = "what was answered" if against is None else against.id
    yield f"{plural(tally.asked, 'request')} asked of {edition.id}, beside {beside}."
    if tally.unreadable:
        yield f"{tally.unreadable} of them cannot be asked any more."
    differing = sum(tally.kinds.values())
    if not differing:
        yield "No difference."
        return
    kinds = ", ".join(f"{count} {kind}" for kind, count in tally.kinds.most_common())
    yield f"{differing} answered otherwise: {kinds}."
    for sign, counts in (("+", tally.more), ("-", tally.fewer)):
        for code, count in sorted(counts.items()):
            rule = RULES.get(code)
            yield f"  {sign}{code}  {count}  {rule.sentence if rule else ''}".rstrip()
    yield from tally.shown
    if differing > len(tally.shown):
        yield f"And {differing - len(tally.shown)} more."


def _edition(edition_id: str) -> Edition:
    edition = BY_ID.get(edition_id)
    if edition is None:
        raise CommandError(f"there is no edition {edition_id}; there are {', '.join(BY_ID)}")
    return edition


def _line(replayed: Replayed, facts: PlanChangeFacts, compared: Compared) -> str:
    account = public_id(PREFIXES["Account"], replayed.account_id)
    before, after = _answer(compared.live), _answer(compared.candidate)
    return f"{account}  {replayed.decided_at:%Y-%m-%d}  {_asked(facts)}: {before} -> {after}"


def _asked(facts: PlanChangeFacts) -> str:
    """What was asked: "SWITCH Pro to Scale, MONTH, seats 3"."""
    old, new = facts.subscription.version.plan.code, facts.target.plan.code
    quantities = "".join(f", {component} {units}" for component, units in facts.request.quantities)
    return f"{facts.request.kind} {old} to {new}, {facts.interval}{quantities}"


def _answer(decision: Decision) -> str:
    codes = " ".join(reason.code for reason in decision.reasons)
    return f"{decision.verdict} {decision.effective_at:%Y-%m-%d} ({codes})"
