"""The read side's statements as a customer runs them: the text `check graph-scope` reads.

Owns going through every source in every order, with all filters, as rows and as a count. Does not own the statements.
"""

import re

from db.graph.billing import GRAPH
from db.graph.declare import Shape
from db.graph.statements import Variant, statement
from db.graph.whole import Graph
from db.scope import ScopeKind


def customer_statements(graph: Graph = GRAPH) -> dict[str, str]:
    """Name to SQL text, parameters written as `:name`. Cursors and page sizes add no table, so they are left out."""
    found: dict[str, str] = {}
    for source in graph.sources:
        filters = frozenset(source.filters)
        variants = [Variant(ScopeKind.CUSTOMER, order, filters=filters) for order in (source.orders or ("",))]
        if source.shape is Shape.PAGES:
            variants.append(Variant(ScopeKind.CUSTOMER, filters=filters, is_count=True))
        for variant in variants:
            ready = statement(graph, source, variant)
            name = f"{ready.statement.name} {source.label} {variant.order}".strip()
            while name in found:
                name += "'"
            found[name] = _named(ready.statement.sql, ready.parameters)
    return found


def _named(sql: str, parameters: tuple[str, ...]) -> str:
    return re.sub(r"\$(\d+)", lambda place: f":{parameters[int(place[1]) - 1]}", sql)
