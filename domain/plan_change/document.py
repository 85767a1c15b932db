"""The rules as a document for people who do not read code: docs/rules.md, printed from TIMING and the editions.

Owns the layout. Does not own a single rule, question or sentence: those stand in the tables (timing.py, policy.py,
editions.py) and beside the questions.
"""

from collections.abc import Callable, Iterable
from inspect import getdoc
from typing import Any, assert_never

from domain.plan_change.editions import BASE, EDITIONS, Edition
from domain.plan_change.policy import RETIRED, Consequence, Rule
from domain.plan_change.timing import TIMING, TimingRow
from domain.plan_change.verdict import EffectiveTiming, Verdict

Asks = Callable[..., bool]
"""A question of either table: what it is called and the first line of its docstring are all that is read here."""

_HEAD = """\
# Plan-change rules

<!-- Printed from domain/plan_change by `make rules`. Change the tables, never this file. -->

Every request to change a plan gets one answer, in two steps.

1. **When.** The first row of the table below that fits says when the change takes effect. A request that changes
   several things at once is looked at part by part, and the latest date counts for all of it.
2. **Whether.** Every rule is read, whatever the others say. Nothing said means yes. Otherwise the strictest answer
   wins (yes, then confirm, then approve, then no), and a rule that asks to wait can only make the date later. The
   customer gets every reason with its figures and its way out, not only the first.

The order of the rules never changes an answer, and adding one never makes an answer milder. An exception is part of
the rule it softens ("except when"). A rule is never rewritten: its code is retired and a new one takes its place.

A request for what the subscription already has is answered `NO_CHANGE`.
"""

_EDITIONS = """\
The rules come in editions; every decision names the one that made it. The one in bold decides wherever no newer one is
rolled out. A newer one goes from nobody, to the shadow (it is asked beside the one that decides, and only its
disagreements are kept), to a share of the accounts of a segment, to all of them.
"""


def rules_markdown() -> str:
    """The tables as Markdown: the same text for the same tables, whatever the order of an edition's rules."""
    return "\n".join(
        [
            _HEAD,
            "## When a change takes effect\n",
            "Read from the top; the first row that fits decides.\n",
            _table(("Row", "What it says", "Fits when", "Takes effect"), map(_timing_cells, TIMING)),
            *_bullets(dict.fromkeys(question for row in TIMING for question in row.when)),
            "",
            "## Editions\n",
            _EDITIONS,
            _table(("Edition", "What is new in it", "Adds", "Leaves out"), map(_edition_cells, EDITIONS)),
            "## Whether a change is allowed\n",
            f"The rules of edition {BASE.id}.\n",
            *_rules(BASE.rules),
            *(each for edition in EDITIONS if edition is not BASE for each in _added(edition)),
            "## Retired codes\n",
            "Decisions of earlier days name them; no rule bears them again.\n",
            _table(("Rule", "What it said"), sorted(RETIRED.items())),
        ]
    )


def _rules(table: Iterable[Rule]) -> list[str]:
    rules = sorted(table, key=lambda rule: rule.code)
    overview = _table(("Rule", "What it says", "Answer"), map(_overview_cells, rules))
    return [overview, *map(_rule, rules)]


def _added(edition: Edition) -> list[str]:
    added = [rule for rule in edition.rules if rule.code not in BASE.codes]
    return [f"## What edition {edition.id} adds\n", f"{edition.says}\n", *_rules(added)] if added else []


def _edition_cells(edition: Edition) -> tuple[str, ...]:
    name = f"**{edition.id}**" if edition is BASE else edition.id
    return name, edition.says, _codes(edition.codes - BASE.codes), _codes(BASE.codes - edition.codes)


def _codes(codes: Iterable[str]) -> str:
    return ", ".join(f"[{code}](#{code.lower()})" for code in sorted(codes)) or "nothing"


def _timing_cells(row: TimingRow) -> tuple[str, ...]:
    then = date_of(row.then) + (", and begins a new period" if row.starts_new_period else "")
    return row.code, row.sentence, _questions(row.when, " and ") or "nothing above did", then


def _overview_cells(rule: Rule) -> tuple[str, ...]:
    return f"[{rule.code}](#{rule.code.lower()})", rule.sentence, _answer(rule.then)


def _rule(rule: Rule) -> str:
    then = rule.then
    lines = [f"### {rule.code}\n", f"**{rule.sentence}**\n", "- When:", *_indented(_bullets(rule.when))]
    if rule.unless:
        lines += ["- Except when:", *_indented(_bullets(rule.unless))]
    lines.append(f"- Answer: {_answer(then)}.")
    if then.says:
        lines.append(f"- The customer reads: “{_filled(then.says)}”")
    if then.show:
        lines.append(f"- Figures: {', '.join(map(words, then.show))}.")
    if then.remedy is not None:
        lines.append(f"- Way out: `{then.remedy.action.value}`, “{_filled(then.remedy.sentence)}”")
    return "\n".join(lines) + "\n"


def _bullets(asked: Iterable[Asks]) -> list[str]:
    return [f"- {words(question.__name__)}: {_first_line(question)}" for question in asked]


def _indented(lines: Iterable[str]) -> list[str]:
    return [f"  {line}" for line in lines]


def _questions(asked: Iterable[Asks], joined: str) -> str:
    return joined.join(words(question.__name__) for question in asked)


def _answer(then: Consequence) -> str:
    match then.verdict:
        case Verdict.ALLOW:
            answer = "yes"
        case Verdict.ASK_CONFIRMATION:
            answer = "yes, once the customer has confirmed it"
        case Verdict.ASK_APPROVAL:
            answer = "only with an approval"
        case Verdict.REFUSE:
            answer = "no"
        case _:
            assert_never(then.verdict)
    return answer if then.wait_until is None else f"{answer}, but not before {date_of(then.wait_until)}"


def date_of(timing: EffectiveTiming) -> str:
    """When a timing is, as people say it."""
    match timing:
        case EffectiveTiming.IMMEDIATE:
            return "at once"
        case EffectiveTiming.END_OF_PERIOD:
            return "the end of the billing period"
        case EffectiveTiming.END_OF_NOTICE:
            return "the first boundary once notice has been given"
        case EffectiveTiming.END_OF_TERM:
            return "the end of the contract’s term"
        case _:
            assert_never(timing)


def _filled(sentence: str) -> str:
    """A sentence with its figures by name: "‹seats in use› seats are in use"."""
    return sentence.format_map(_Named())


class _Named(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return f"‹{words(name)}›"


def words(name: str) -> str:
    """A question's or figure's name as people say it."""
    return name.replace("_", " ")


def _first_line(question: Any) -> str:
    return (getdoc(question) or "").partition("\n")[0]


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = (head, tuple("---" for _ in head), *rows)
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines) + "\n"
