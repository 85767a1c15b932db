"""Set a feature's value by hand for one account, for a while or for good."""

from dataclasses import dataclass
from datetime import datetime

from db import audit
from db.queries import catalog
from db.queries.accounts import account as account_for
from db.save import entitlements
from db.unit_of_work import UnitOfWork
from domain.entitlement import EntitlementOverride, FeatureValue
from domain.errors import NotFound
from domain.events import entitlement_overridden, override_state
from domain.ids import AccountId, OverrideId
from operations.use.entitle import entitle


@dataclass(frozen=True, slots=True)
class OverrideEntitlement:
    """The greatest priority among live overrides of a feature wins. `ends_at` None: until changed again."""

    account_id: AccountId
    feature_code: str
    value: FeatureValue
    reason: str
    starts_at: datetime
    ends_at: datetime | None = None
    priority: int = 0


async def override_entitlement(unit: UnitOfWork, command: OverrideEntitlement, at: datetime) -> OverrideId:
    """Write the override and derive the account's entitlements again. Raises NotFound."""
    found = await account_for(unit.session, unit.scope, command.account_id, for_change=True)
    known = {feature.code: feature for feature in (await catalog.all_features(unit.session)).values()}
    if found is None or command.feature_code not in known:
        raise NotFound(command.account_id if found is None else command.feature_code)
    override = EntitlementOverride(
        id=OverrideId(unit.ids.new()),
        feature=known[command.feature_code],
        value=command.value,
        priority=command.priority,
        created_at=at,
        starts_at=command.starts_at,
        ends_at=command.ends_at,
    )
    await entitlements.new_override(unit, found.account, override, command.reason)
    await entitle(unit, found.account, at)
    unit.emit(found.account.id, entitlement_overridden(override, at))
    await unit.audit(
        audit.Entry(
            command.account_id,
            "entitlement.override",
            "EntitlementOverride",
            override.id,
            at,
            after=override_state(override),
            reason=command.reason,
        )
    )
    return override.id
