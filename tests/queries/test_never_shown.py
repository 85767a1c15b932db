"""What no field of the graph reads, whoever asks."""

from db.graph.billing import GRAPH
from db.graph.rows import RowShape
from db.tables import payment_methods, sandbox_charges


def tables_and_columns(shape: RowShape) -> set[str]:
    return {str(expression) for expression in shape.expressions.values()}


def test_a_payment_methods_token_and_its_provider_are_in_no_row() -> None:
    shown = set().union(*(tables_and_columns(shape) for shape in GRAPH.shapes.values()))
    assert "payment_methods.last4" in shown, "the walk must walk over something"
    assert not {str(payment_methods.c.token), str(payment_methods.c.provider)} & shown


def test_the_sandbox_providers_books_are_another_companys() -> None:
    assert sandbox_charges not in {entity.table for entity in GRAPH.entities.values()}
