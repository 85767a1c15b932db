"""one-verb: a file of operations is one thing the system can be asked, a file of mutations one mutation.

An operation is a public coroutine that takes a unit of work; a mutation is a public coroutine. What several of them
need may stand beside them, in files that hold no second one.
"""

import ast
from collections.abc import Iterator
from typing import Final

from checks.check import Check, Finding, Sample
from checks.house import House, SourceFile, sample

_OPERATIONS: Final = "operations/"
_MUTATIONS: Final = "resolvers/mutations/"


def find(house: House) -> Iterator[Finding]:
    """Each verb of a file beyond its first."""
    for file in house.python("operations", "resolvers"):
        if not file.path.startswith((_OPERATIONS, _MUTATIONS)):
            continue
        verbs = list(_verbs(file))
        for extra in verbs[1:]:
            message = f"{extra.name} is a second verb beside {verbs[0].name}: give it a file of its own"
            yield Finding(file.path, extra.lineno, message)


def _verbs(file: SourceFile) -> Iterator[ast.AsyncFunctionDef]:
    coroutines = (node for node in file.tree.body if isinstance(node, ast.AsyncFunctionDef))
    for node in coroutines:
        if not node.name.startswith("_") and (file.path.startswith(_MUTATIONS) or _takes_unit(node)):
            yield node


def _takes_unit(function: ast.AsyncFunctionDef) -> bool:
    return any(_last_name(each.annotation) == "UnitOfWork" for each in function.args.args)


def _last_name(annotation: ast.expr | None) -> str:
    match annotation:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case _:
            return ""


CHECK = Check(
    "one-verb",
    "A file of operations has one operation, a file of mutations one mutation.",
    find,
    (
        Sample(
            "an operation with what it needs, modules without any, one mutation",
            sample(
                "operations/change_plan.py",
                """
                async def change_plan(unit: UnitOfWork, command): ...

                async def _replayed(unit: UnitOfWork): ...

                def change_json(change): ...
                """,
                more={
                    "operations/plan_change_facts.py": "async def load_facts(session, scope): ...\n",
                    "resolvers/mutations/user_errors.py": "def shown(errors): ...\n\n\ndef coded(error): ...\n",
                    "resolvers/mutations/usage_record.py": "async def usage_record(context, command): ...\n",
                },
            ),
        ),
        Sample(
            "two operations",
            sample(
                "operations/change_plan.py",
                """
                async def change_plan(unit: UnitOfWork, command): ...

                async def cancel_change(unit: UnitOfWork, command): ...  # BAD
                """,
            ),
        ),
        Sample(
            "two mutations",
            sample(
                "resolvers/mutations/pay.py", "async def pay(context): ...\nasync def refund(context): ...  # BAD\n"
            ),
        ),
    ),
)
