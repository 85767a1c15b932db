"""Tax by rate tables: which rate an account is taxed at, and the tax of an invoice, computed once a rate.

Owns rates, exemptions and the arithmetic. Does not own tax determination beyond the tables (not ours), nor which lines
an invoice has (invoicing).
"""

from enum import StrEnum


class TaxExemption(StrEnum):
    """What finance has noted of an account: nothing, exempt by certificate, or liable itself (reverse charge)."""

    NONE = "NONE"
    EXEMPT = "EXEMPT"
    REVERSE_CHARGE = "REVERSE_CHARGE"


class TaxTreatment(StrEnum):
    """How a line is taxed; NOT_TAXED where no rate is on the tables."""

    STANDARD = "STANDARD"
    EXEMPT = "EXEMPT"
    REVERSE_CHARGE = "REVERSE_CHARGE"
    NOT_TAXED = "NOT_TAXED"
