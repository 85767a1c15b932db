"""The made company for reading, one a module."""

import pytest

from db.engine import Database
from tests.queries.company import Company, make_company


@pytest.fixture(scope="module")
async def company(database: Database) -> Company:
    """Three accounts of five invoices, one owner, one stranger."""
    return await make_company(database)
