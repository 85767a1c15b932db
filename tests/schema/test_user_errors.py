"""Every no that an operation can say has a code in the graph."""

import ast
from pathlib import Path

from domain.subscription import SubscriptionStatus
from resolvers.mutations.user_errors import UserErrorCode

ROOT = Path(__file__).parent.parent.parent


def codes_of_operations() -> set[str]:
    """The first argument of every `NotNow(...)` there is."""
    calls = (
        node
        for path in (ROOT / "operations").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "NotNow"
    )
    firsts = (call.args[0] for call in calls if call.args)
    return {str(first.value) for first in firsts if isinstance(first, ast.Constant)}


def test_every_no_of_an_operation_has_a_code() -> None:
    codes = codes_of_operations()
    assert len(codes) > 10, "the walk must walk over something"
    codes |= {f"SUBSCRIPTION_{status}" for status in SubscriptionStatus}
    assert codes - {code.value for code in UserErrorCode} == set()
