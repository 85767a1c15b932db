"""Every check, in the order in which they run and print; a new one is added here."""

from typing import Final

from checks import (
    addresses,
    bundles,
    docstrings,
    exact_numbers,
    file_length,
    given_time,
    graph_scope,
    log_fields,
    names,
    one_verb,
    open_statements,
    personal_columns,
    query_scope,
    raw_sql,
    secrets,
    silenced,
    tenant_keys,
    write_keys,
)
from checks.check import Check

CHECKS: Final[tuple[Check, ...]] = (
    # whose rows are whose
    tenant_keys.CHECK,
    query_scope.CHECK,
    write_keys.CHECK,
    graph_scope.CHECK,
    raw_sql.CHECK,
    open_statements.CHECK,
    # money and time
    exact_numbers.CHECK,
    given_time.CHECK,
    # people
    personal_columns.CHECK,
    log_fields.CHECK,
    # words and habits
    docstrings.CHECK,
    names.CHECK,
    file_length.CHECK,
    one_verb.CHECK,
    silenced.CHECK,
    # what must not be committed
    addresses.CHECK,
    bundles.CHECK,
    secrets.CHECK,
)
