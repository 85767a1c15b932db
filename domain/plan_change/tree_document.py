"""The decision trees of a catalog as a document for people who do not read code: docs/decision-trees.md.

Owns the layout, and that moves with one and the same tree are told together. Does not own the trees (tree.py).
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from inspect import getdoc

from domain.catalog import PlanVersion
from domain.commands.plan_change import Cancel, EndTrial, Pause, Resume
from domain.periods import BillingInterval
from domain.plan_change.document import date_of, words
from domain.plan_change.editions import BASE
from domain.plan_change.facts import PlanChangeFacts
from domain.plan_change.policy import Rule
from domain.plan_change.tree import Branch, OpenRule, Tree, a_move, tree_of
from domain.plan_change.verdict import Verdict

_HEAD = """\
# Decision trees

<!-- Printed from domain/plan_change and the demo's catalog by `make rules`. Change the tables, never this file. -->

What a customer's request is answered, once it is known from where to where it goes: first **when**, then **whether**.
Every rule that could still speak is named; those that the two plans rule out are not. Moves with the same tree stand
together. A request for several things at once takes the latest of their dates and the strictest of their answers.
"""

_ANSWERS: Sequence[tuple[Verdict, bool, str]] = (
    (Verdict.REFUSE, False, "**No**"),
    (Verdict.ASK_APPROVAL, False, "**Only with an approval**"),
    (Verdict.ASK_CONFIRMATION, False, "**Confirmed first**"),
    (Verdict.ALLOW, True, "**Yes, but later**"),
    (Verdict.ALLOW, False, "**Yes, and told so**"),
)
"""Verdict, whether it waits, and how that is said."""

_MONTH, _YEAR = BillingInterval.MONTH, BillingInterval.YEAR
_TURNS = (
    ("An end with the period", Cancel()),
    ("An end at once", Cancel(is_immediate=True)),
    ("A pause", Pause()),
    ("A resume", Resume()),
    ("The end of a trial, to pay from now on", EndTrial()),
)


def trees_markdown(versions: Iterable[PlanVersion]) -> str:
    """The trees of every move within a product, of a change of the interval, and of every turn, by edition BASE."""
    known = sorted(versions, key=lambda version: version.plan.rank)
    told: dict[str, list[str]] = {}
    for title, move in _moves(known):
        told.setdefault("\n".join(_tree(tree_of(move, BASE.rules))), []).append(title)
    parts = [f"{_heading(titles)}\n\n{tree}\n" for tree, titles in told.items()]
    return "\n".join([f"{_HEAD}\nEdition {BASE.id}; [the rules](rules.md) say what each asks.\n", *parts])


def _moves(known: Sequence[PlanVersion]) -> Iterator[tuple[str, PlanChangeFacts]]:
    """Every move as (title, request). Withdrawn plans are left, never chosen."""
    for old in known:
        for new in known:
            if old.plan.product_id == new.plan.product_id and old.id != new.id and new.plan.withdrawn_at is None:
                yield f"{old.plan.name} → {new.plan.name}", a_move(old, new, _MONTH)
    paid = next(version for version in known if not version.is_free)
    yield "Any plan, from monthly to yearly", a_move(paid, paid, _MONTH, _YEAR)
    yield "Any plan, from yearly to monthly", a_move(paid, paid, _YEAR, _MONTH)
    for title, turn in _TURNS:
        yield title, a_move(paid, paid, _MONTH, turn=turn)


def _heading(titles: Sequence[str]) -> str:
    first, *others = titles
    return f"## {first}" + (f"\n\nAs well: {'; '.join(others)}." if others else "")


def _tree(tree: Tree) -> Iterator[str]:
    yield from _branches(tree.branches)
    yield ""
    for verdict, waits, says in _ANSWERS:
        answer = (verdict, waits)
        speaking = [each for each in tree.rules if answer == _answer(each.rule)]
        if speaking:
            yield f"- {says}, where"
            yield from (f"  - {_condition(each)} ({_link(each.rule)})" for each in speaking)
    yield "- **Yes** otherwise."


def _branches(branches: Sequence[Branch]) -> Iterator[str]:
    for depth, branch in enumerate(branches):
        indent = "    " * depth
        if not branch.asks:
            yield f"{indent}- {_then(branch)}"
            continue
        yield f"{indent}- {' and '.join(_asked(question) for question in branch.asks)}?"
        yield f"{indent}  - yes: {_then(branch)}"
        yield f"{indent}  - no:"


def _then(branch: Branch) -> str:
    new_period = ", and begins a new period" if branch.row.starts_new_period else ""
    on = date_of(branch.row.then)
    return f"{f'at {on}' if on.startswith('the ') else on}{new_period} ({branch.row.code})"


def _answer(rule: Rule) -> tuple[Verdict, bool]:
    return rule.then.verdict, rule.then.wait_until is not None


def _link(rule: Rule) -> str:
    return f"[{rule.code}](rules.md#{rule.code.lower()}): {rule.sentence}"


def _condition(each: OpenRule) -> str:
    said = " and ".join(words(question.__name__) for question in each.when) or "always"
    return said + (
        f", unless {' or '.join(words(question.__name__) for question in each.unless)}" if each.unless else ""
    )


def _asked(question: Callable[..., bool]) -> str:
    return (getdoc(question) or "").partition("\n")[0].rstrip(".")
