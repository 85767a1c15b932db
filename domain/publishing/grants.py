"""What an edition grants of the catalog's features: a yes, a limit, an allowance or a setting, as the feature is."""

from typing import assert_never

from domain.catalog import Component, FeatureKind, PlanFeature
from domain.commands.catalog import GrantTerms
from domain.errors import InvalidInput
from domain.naming import ensure_name
from domain.publishing.known import Known, by_code, ensure_at_most, found

MOST_GRANTS = 100
_MOST_LIMIT = 10**15
"""A limit times any quantity still fits its column."""


def grants_of(
    asked: tuple[GrantTerms, ...], components: tuple[Component, ...], known: Known
) -> tuple[PlanFeature, ...]:
    """Every grant, in order. Raises InvalidInput naming the grant and its field."""
    ensure_at_most(len(asked), MOST_GRANTS, "features", "features")
    grants: dict[str, PlanFeature] = {}
    for index, terms in enumerate(asked):
        path = ("features", str(index))
        if terms.feature in grants:
            raise InvalidInput((*path, "feature"), f"“{terms.feature}” is there twice.", terms.feature)
        grants[terms.feature] = _grant(terms, components, known, path)
    return tuple(grants.values())


def _grant(terms: GrantTerms, components: tuple[Component, ...], known: Known, path: tuple[str, ...]) -> PlanFeature:
    feature = found(known.features, terms.feature, "feature", *path, "feature")
    match feature.kind:
        case FeatureKind.BOOLEAN:
            _ensure_nothing_but(terms, feature.kind, path)
        case FeatureKind.CONFIG:
            _ensure_nothing_but(terms, feature.kind, path, "setting")
            if terms.setting is None:
                raise InvalidInput((*path, "setting"), "A setting says what it is set to.", terms.setting)
            ensure_name(terms.setting, *path, "setting")
        case FeatureKind.LIMIT | FeatureKind.METERED:
            _ensure_nothing_but(terms, feature.kind, path, "limit", "limitPerUnit", "component")
            _ensure_limit(terms, components, path)
        case _:
            assert_never(feature.kind)
    return PlanFeature(feature, terms.is_enabled, terms.limit, terms.limit_per_unit, terms.component, terms.setting)


def _ensure_nothing_but(terms: GrantTerms, kind: FeatureKind, path: tuple[str, ...], *used: str) -> None:
    """Refuse values that a feature of this kind has no use for: they would be stored and never granted."""
    given = {
        "limit": terms.limit is not None,
        "limitPerUnit": terms.limit_per_unit != 0,
        "component": terms.component is not None,
        "setting": terms.setting is not None,
    }
    for field, is_given in given.items():
        if is_given and field not in used:
            raise InvalidInput((*path, field), f"A {kind} feature has no {field}.", field)


def _ensure_limit(terms: GrantTerms, components: tuple[Component, ...], path: tuple[str, ...]) -> None:
    for field, limit in (("limit", terms.limit), ("limitPerUnit", terms.limit_per_unit)):
        if limit is not None and not 0 <= limit <= _MOST_LIMIT:
            raise InvalidInput((*path, field), f"A limit is 0 to {_MOST_LIMIT}.", limit)
    if terms.component is None:
        if terms.limit_per_unit:
            message = "Say of which component each unit adds to the limit."
            raise InvalidInput((*path, "component"), message, terms.component)
        return
    component = found(by_code(components), terms.component, "component", *path, "component")
    if component.is_metered:
        message = "What grows with a component needs one that is bought, not one that is counted."
        raise InvalidInput((*path, "component"), message, terms.component)
    if terms.limit is None or terms.limit_per_unit == 0:
        message = "A limit that grows with a component has a start (0 for none) and a step."
        raise InvalidInput((*path, "limit" if terms.limit is None else "limitPerUnit"), message, terms.limit)
