"""What `billing audit` says of a customer of a story."""

from cli.audit import audit_all, line_of
from db.engine import Database
from domain.audit.disagreement import Disagreement
from domain.ids import AccountId, parse_id_of
from tests.stories.telling import Customer


async def audited(database: Database, customer: Customer) -> list[str]:
    """Every disagreement in the customer's books, as a line each; none where they are sound."""
    said: list[Disagreement] = []
    only = AccountId(parse_id_of("Account", customer.id))
    await audit_all(database, said.append, lambda done, total, doing: None, only)
    return [line_of(each) for each in said]
