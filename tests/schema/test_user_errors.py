"""Every no that an operation can say has a code in the graph."""

import ast
from pathlib import Path

from resolvers.mutations.user_errors import UserErrorCode

ROOT = Path(__file__).parent.parent.parent


def codes_of_operations() -> set[str]:
    """The first argument of every `NotNow(...)` there is."""
    calls = (
        node
        for path in (ROOT / "operations").glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "NotNow"
    )
    return {call.args[0].value for call in calls if call.args and isinstance(call.args[0], ast.Constant)}  # type: ignore[misc]


def test_every_no_of_an_operation_has_a_code() -> None:
    codes = codes_of_operations()
    assert len(codes) > 10, "the walk must walk over something"
    assert codes - {code.value for code in UserErrorCode} == set()
