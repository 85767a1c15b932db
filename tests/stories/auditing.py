"""What `billing audit` says of a customer of a story."""

from cli.audit import audit_all, line_of
from db.engine import Database
from domain.audit.disagreement import Disagreement
from domain.ids import AccountId, parse_id_of
from tests.stories.telling import Customer


async def audited(database: Database, customer: Customer) -> list[str]:
    """Every disagreement in the customer's books, as a line each; none where they are sound.

    A database that does not know the customer fails the test: nothing would have been looked at.
    """
    said: list[Disagreement] = []
    only = AccountId(parse_id_of("Account", customer.id))
    looked_at = await audit_all(database, said.append, lambda done, total, doing: None, only)
    assert looked_at.accounts == 1, "this database has no such account"
    return [line_of(each) for each in said]
