"""The error tree is what its head says, and its messages are safe to show and to log."""

from decimal import Decimal

import pytest

import domain.errors
from domain.errors import DomainError, Forbidden, InvalidInput, InvalidTransition, MalformedId, NotFound, quoted


def tree(root: type[DomainError] = DomainError) -> list[type[DomainError]]:
    """Every error class of errors.py below `root`."""
    below = [kind for kind in root.__subclasses__() if kind.__module__ == domain.errors.__name__]
    return [*below, *(kind for parent in below for kind in tree(parent))]


def test_every_error_is_drawn_at_the_head_of_the_file_with_its_code() -> None:
    drawing = domain.errors.__doc__ or ""
    for kind in tree():
        assert any(kind.__name__ in line and f" {kind.code} " in line for line in drawing.splitlines()), kind


def test_every_error_has_a_code_of_its_own() -> None:
    codes = [kind.code for kind in tree()]
    assert len(set(codes)) == len(codes)
    assert DomainError.code not in codes


def test_an_error_is_put_under_the_field_it_was_read_from() -> None:
    error = MalformedId(("id",), "“x” is not an id.", "x").under("input", "subscription")
    assert isinstance(error, MalformedId)
    assert error.path == ("input", "subscription", "id")
    assert (str(error), error.value, error.code) == ("“x” is not an id.", "x", "MALFORMED_ID")


def test_a_missing_transition_names_status_and_event() -> None:
    error = InvalidTransition("PAID", "VOIDED")
    assert str(error) == "PAID has no VOIDED."
    assert error.value == ("PAID", "VOIDED")


def test_what_is_missing_says_nothing_of_what_it_was() -> None:
    assert str(NotFound("acct_1")) == str(NotFound("acct_2"))
    assert NotFound("acct_1").value == "acct_1"
    assert (Forbidden("acct_1").code, Forbidden("acct_1").value) == ("FORBIDDEN", "acct_1")


@pytest.mark.parametrize(
    ("says", "value", "shown"),
    [
        ("a text in quotes", "abc", "'abc'"),
        ("a line end is escaped: no line of a log is forged", "a\nb", r"'a\nb'"),
        ("a number as it is", -3, "-3"),
        ("a long text is cut", "x" * 1_000_000, "'" + "x" * 59 + "…"),
    ],
)
def test_a_value_is_quoted_safely(says: str, value: object, shown: str) -> None:
    assert quoted(value) == shown, says


def test_invalid_input_names_its_field() -> None:
    error = InvalidInput(("quantity",), "A quantity is a whole number from 0, not -1.", -1)
    assert (error.path, error.code) == (("quantity",), "INVALID_INPUT")


def test_an_exact_number_is_shown_as_people_write_it() -> None:
    assert quoted(Decimal("33.333333")) == "33.333333"
    assert quoted("33") == "'33'"
