"""Rows by many ids: one array in the statement, however many there are.

A list of parameters would be another statement for each number of ids: rendered, sent, parsed and planned anew.
"""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Uuid, any_, bindparam, literal
from sqlalchemy.dialects.postgresql import ARRAY


def among(column: ColumnElement[Any], ids: Iterable[UUID]) -> ColumnElement[bool]:
    """The predicate that a column holds one of these ids; of none, it holds for no row."""
    return column == any_(literal(list(ids), ARRAY(Uuid)))


def among_given(column: ColumnElement[Any], name: str) -> ColumnElement[bool]:
    """The same for a statement that is made once and kept: the list is given as `name` whenever it is run."""
    return column == any_(bindparam(name, type_=ARRAY(Uuid)))
