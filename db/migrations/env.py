"""What alembic runs to reach the database: the connection that `db.migrate` hands over, in its transaction."""

from alembic import context
from sqlalchemy import CheckConstraint, MetaData

from db.tables import metadata


def _with_checks_on_tables(declared: MetaData) -> MetaData:
    """A copy in which a column's checks are its table's: alembic leaves a column's own out of what it drafts."""
    copy = MetaData(naming_convention=declared.naming_convention)
    for table in declared.tables.values():
        table.to_metadata(copy)
    for table in copy.tables.values():
        for column in table.columns:
            for check in [one for one in column.constraints if isinstance(one, CheckConstraint)]:
                column.constraints.discard(check)
                table.append_constraint(CheckConstraint(check.sqltext, name=check.name))
    return copy


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=_with_checks_on_tables(metadata),
    include_name=context.config.attributes["include_name"],
)
with context.begin_transaction():
    context.run_migrations()
