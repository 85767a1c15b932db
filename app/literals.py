"""Where in a document a bad value stands: the path a client can show beside a form field.

Owns finding it. GraphQL's own message quotes the value and its line and column, but names no field.
"""

from typing import Any

from graphql import (
    BREAK,
    ArgumentNode,
    DocumentNode,
    GraphQLError,
    ListValueNode,
    Node,
    ObjectFieldNode,
    ValueNode,
    VariableDefinitionNode,
    Visitor,
    visit,
)


def place_of(document: DocumentNode, error: GraphQLError) -> list[str] | None:
    """The argument and the input fields below it that an error's value stands in: ["input", "seats"].

    None when the error is not about a value. Linear in the document, and only worked out for an error.
    """
    node = error.nodes[0] if error.nodes else None
    if not isinstance(node, ValueNode | ObjectFieldNode):
        return None
    finder = _Finder(node)
    visit(document, finder)
    return finder.place


class _Finder(Visitor):
    """Stops at one node and keeps the names on the way to it."""

    def __init__(self, wanted: Node) -> None:
        super().__init__()
        self.wanted = wanted
        self.place: list[str] | None = None

    def enter(self, node: Node, _key: Any, parent: Any, path: list[str | int], ancestors: list[Any]) -> Any:
        """Compare one node; graphql-core hands over how it got there."""
        if node is not self.wanted:
            return None
        place: list[str] = []
        chain = [*ancestors, parent, node]
        for at, key in enumerate(path):
            step = chain[at + 1]
            if isinstance(step, ArgumentNode):
                place = [step.name.value]
            elif isinstance(step, VariableDefinitionNode):
                place = [step.variable.name.value]
            elif isinstance(step, ObjectFieldNode):
                place.append(step.name.value)
            elif isinstance(key, int) and isinstance(chain[at - 1], ListValueNode):
                place.append(str(key))
        self.place = place
        return BREAK
