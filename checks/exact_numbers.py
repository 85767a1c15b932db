"""exact-numbers: no binary fraction comes near money or measures, and one function rounds.

Sees the name `float`, literals with a point and `round(` in the rooms that amounts pass through. Seconds may be
floats: under names that end in a unit of time, in waiting and in timeouts. mypy sees a division whose float is kept.
"""

import ast
import re
from collections.abc import Iterator
from typing import Final

from checks.check import Check, Finding, Sample
from checks.house import House, SourceFile, sample

_ROOMS: Final = ("schema", "resolvers", "domain", "db", "operations", "cli", "demo")
_ROUNDING: Final = "domain/money.py"
_OF_TIME: Final = re.compile(r"(^|_)(s|ms|seconds|timeout|delay)$", re.IGNORECASE)
_WAITS: Final = {"sleep", "wait", "wait_for", "timeout", "timeout_at"}


def find(house: House) -> Iterator[Finding]:
    """Floats that are not seconds, and roundings beside the one."""
    for file in house.python(*_ROOMS):
        faults = list(_faults(file))
        of_time = _nodes_of_time(file) if faults else set()
        for node, message in faults:
            if id(node) not in of_time:
                yield Finding(file.path, node.lineno, message)


def _faults(file: SourceFile) -> Iterator[tuple[ast.expr, str]]:
    for constant in file.all(ast.Constant):
        if isinstance(constant.value, float | complex):
            yield constant, "a literal with a point is not exact: write minor units, a Decimal of a text, or a Fraction"
    for name in file.all(ast.Name):
        if name.id == "float":
            yield (
                name,
                "no float: money is integer minor units, a measure a Decimal; seconds have names ending in _s",
            )
        elif name.id == "round" and file.path != _ROUNDING:
            yield name, "round() rounds half to even and makes floats: domain.money.round_half_away is the one rounding"


def _nodes_of_time(file: SourceFile) -> set[int]:
    """The ids of nodes inside what is called by a unit of time: annotations, defaults, values, arguments of waiting."""
    found: set[int] = set()
    for node in file.nodes:
        for part in _parts_of_time(node):
            found.update(id(each) for each in ast.walk(part))
    return found


def _parts_of_time(node: ast.AST) -> Iterator[ast.AST]:
    match node:
        case ast.arg(arg=name, annotation=annotation) if annotation and _is_of_time(name):
            yield annotation
        case ast.AnnAssign(target=target) if _is_of_time(_name(target)):
            yield node
        case ast.Assign(targets=[target]) if _is_of_time(_name(target)):
            yield node.value
        case ast.keyword(arg=str(name), value=value) if _is_of_time(name):
            yield value
        case ast.Call(func=function, args=arguments) if _name(function) in _WAITS:
            yield from arguments
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
            if _is_of_time(name) and node.returns:
                yield node.returns
            yield from _defaults_of_time(node.args)
        case _:
            pass


def _defaults_of_time(given: ast.arguments) -> Iterator[ast.AST]:
    positional = [*given.posonlyargs, *given.args]
    with_default = zip(positional[len(positional) - len(given.defaults) :], given.defaults, strict=True)
    keyword_only = zip(given.kwonlyargs, given.kw_defaults, strict=True)
    for argument, default in (*with_default, *keyword_only):
        if default is not None and _is_of_time(argument.arg):
            yield default


def _is_of_time(name: str) -> bool:
    return _OF_TIME.search(name) is not None


def _name(expression: ast.AST) -> str:
    match expression:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case _:
            return ""


CHECK = Check(
    "exact-numbers",
    "No float but seconds, and no rounding but domain.money's.",
    find,
    (
        Sample(
            "integers, exact fractions, and seconds",
            sample(
                "operations/some.py",
                """
                PATIENCE_S = 2.5

                async def held(total_minor: int, patience_s: float = 1.0, *, grace_s: float = 0.1) -> int:
                    await asyncio.sleep(0.2)
                    await lease.fetch(timeout=0.5)
                    return round_half_away(Decimal("0.5") * part / total_minor)

                def elapsed_s() -> float:
                    started_s: float = perf_counter()
                    return perf_counter() - started_s
                """,
            ),
        ),
        Sample("the one rounding", sample("domain/money.py", "WHOLE = round(exact)\n")),
        Sample(
            "a float by any door",
            sample(
                "domain/some.py",
                """
                TAX = 0.19  # BAD

                def net(gross: float) -> int:  # BAD
                    share = float(gross)  # BAD
                    return round(share * 100)  # BAD
                """,
            ),
        ),
    ),
)
