"""What turns drafts into documents: who sells to whom, the tax tables, the discounts and the periods they cover.

Owns how these are asked. Does not own rates (tax.py), discounts (discount.py) or the documents (documents.py).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from domain.account import Account, LegalEntity
from domain.discount import Discount, covers, is_covered
from domain.ids import DiscountId
from domain.periods import Period
from domain.tax import AppliedTax, TaxProfile, TaxRate, rate_for


@dataclass(frozen=True, slots=True)
class Coverage:
    """A billing period that a discount covers from now on: a row of `discount_periods`."""

    discount_id: DiscountId
    period: Period


@dataclass(frozen=True, slots=True)
class BillingTerms:
    """The terms one account is billed on, for one of its subscriptions (or none: then there are no discounts).

    `rates` may be the whole table. `covered` are the billing periods each discount has covered so far.
    """

    account: Account
    seller: LegalEntity
    rates: tuple[TaxRate, ...] = ()
    discounts: tuple[Discount, ...] = ()
    covered: Mapping[DiscountId, tuple[Period, ...]] = field(default_factory=dict)

    @property
    def currency(self) -> str:
        """The account's one currency."""
        return self.account.currency

    def tax_on(self, on: date) -> AppliedTax:
        """How the account is taxed on an issue day."""
        account = self.account
        profile = TaxProfile(self.seller.country, account.country, account.region, account.exemption, account.tax_id)
        return rate_for(profile, self.rates, on)

    def covering(self, period: Period) -> tuple[Discount, ...]:
        """The discounts known to cover a billing period that was opened before."""
        return tuple(each for each in self.discounts if is_covered(self.covered.get(each.id, ()), period))

    def opening(self, period: Period) -> tuple[Coverage, ...]:
        """What opening a billing period uses up: the discounts that begin to cover it. None for one opened before.

        A period is used up whether or not it has anything to discount: what is charged in arrears comes at its end.
        """
        return tuple(
            Coverage(each.id, period)
            for each in self.discounts
            if not is_covered(self.covered.get(each.id, ()), period)
            and covers(each, self.covered.get(each.id, ()), period)
        )

    def opened(self, period: Period) -> "BillingTerms":
        """The same terms once the billing period is open."""
        new = {each.discount_id: each.period for each in self.opening(period)}
        if not new:
            return self
        covered = dict(self.covered)
        for discount_id in new:
            covered[discount_id] = (*covered.get(discount_id, ()), period)
        return replace(self, covered=covered)


def untaxed(account: Account) -> BillingTerms:
    """Terms without a tax table or discounts, for who bills outside both."""
    return BillingTerms(account, LegalEntity(account.legal_entity_id, "", "", account.country))
