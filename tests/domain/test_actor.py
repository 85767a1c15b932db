"""Which combinations of kind, role and rights exist."""

from uuid import UUID

import pytest

from domain.actor import Actor, ActorKind, Role, StaffRole, customer, staff
from domain.errors import InvalidActor
from domain.ids import UserId

SOMEBODY = UserId(UUID(int=7))


def test_a_customer_is_a_user_who_never_reads_the_schema() -> None:
    assert customer(SOMEBODY) == Actor(ActorKind.CUSTOMER, SOMEBODY, None, can_read_schema=False)
    with pytest.raises(InvalidActor):
        Actor(ActorKind.CUSTOMER, SOMEBODY, can_read_schema=True)
    with pytest.raises(InvalidActor):
        Actor(ActorKind.CUSTOMER)


def test_staff_have_a_staff_role_and_nobody_else_has() -> None:
    assert staff(StaffRole.FINANCE).can_read_schema
    with pytest.raises(InvalidActor):
        Actor(ActorKind.STAFF)
    for kind in (ActorKind.CUSTOMER, ActorKind.GATEWAY, ActorKind.SCHEMA_READER):
        with pytest.raises(InvalidActor):
            Actor(kind, SOMEBODY if kind is ActorKind.CUSTOMER else None, StaffRole.SYSTEM)


def test_a_gateway_or_schema_reader_is_no_user() -> None:
    for kind in (ActorKind.GATEWAY, ActorKind.SCHEMA_READER):
        assert Actor(kind, can_read_schema=True).user_id is None
        with pytest.raises(InvalidActor):
            Actor(kind, SOMEBODY, can_read_schema=True)


def test_viewers_look_and_billing_admins_change() -> None:
    assert [role for role in Role if role.may_change] == [Role.BILLING_ADMIN, Role.OWNER]
