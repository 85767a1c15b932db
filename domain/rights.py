"""Who may do what with money: by the role on the account, or by the role among us. Reading is the scope's.

Owns the two rights every deed of billing asks for. Does not own what a policy says of a change (plan_change/).
"""

from collections.abc import Callable

from domain.actor import Actor, Role, StaffRole

Right = Callable[[Actor, Role | None], bool]
"""Whether an actor with this role on the account (None: none) may do it."""


def acts_for_the_account(actor: Actor, role: Role | None) -> bool:
    """Owners and billing admins of the account itself. A parent's people read its children and change nothing there."""
    return role is not None and role.may_change


def is_finance(actor: Actor, role: Role | None) -> bool:
    """Those among us who approve and credit."""
    return actor.staff_role is StaffRole.FINANCE


def acts_or_is_finance(actor: Actor, role: Role | None) -> bool:
    """The account's own people, and finance in their stead."""
    return acts_for_the_account(actor, role) or is_finance(actor, role)


def asks_for_approval(actor: Actor, role: Role | None) -> bool:
    """The account's own people ask, and support proposes."""
    return acts_for_the_account(actor, role) or actor.staff_role is StaffRole.SUPPORT


def may_withdraw(actor: Actor, role: Role | None) -> bool:
    """Whoever asks for approval, and finance, who grants it."""
    return asks_for_approval(actor, role) or is_finance(actor, role)


def is_a_job(actor: Actor, role: Role | None) -> bool:
    """What is due, done by the system."""
    return actor.staff_role is StaffRole.SYSTEM


def opens_accounts(actor: Actor, role: Role | None) -> bool:
    """Those who bring customers in: finance, and the hub's own service."""
    return is_finance(actor, role) or is_a_job(actor, role)


def acts_or_is_a_job(actor: Actor, role: Role | None) -> bool:
    """The account's own people, and jobs in their stead."""
    return acts_for_the_account(actor, role) or is_a_job(actor, role)
