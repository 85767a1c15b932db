"""The components of an edition: what is sold by quantity within bounds, and what a meter counts."""

from domain.catalog import BASE, ChargeTiming, Component
from domain.commands.catalog import ComponentTerms
from domain.errors import InvalidInput
from domain.naming import ensure_code, ensure_name
from domain.publishing.known import Known, ensure_at_most, found

MOST_COMPONENTS = 10


def components_of(asked: tuple[ComponentTerms, ...], known: Known) -> tuple[Component, ...]:
    """Every component, in order. Raises InvalidInput naming the component and its field.

    The base is always one of them, sold once: it says for how long a plan was in force.
    """
    if not any(terms.code == BASE for terms in asked):
        raise InvalidInput(("components",), f"Every plan has the component “{BASE}”; it may cost nothing.", BASE)
    ensure_at_most(len(asked), MOST_COMPONENTS, "components", "components")
    components: list[Component] = []
    for index, terms in enumerate(asked):
        path = ("components", str(index))
        if any(each.code == terms.code for each in components):
            raise InvalidInput((*path, "code"), f"“{terms.code}” is there twice.", terms.code)
        components.append(_component(terms, known, path))
    return tuple(components)


def _component(terms: ComponentTerms, known: Known, path: tuple[str, ...]) -> Component:
    ensure_code(terms.code, *path, "code")
    ensure_name(terms.name, *path, "name")
    if terms.code == BASE:
        _ensure_sold_once(terms, path)
    if terms.minimum < 0:
        raise InvalidInput((*path, "minimum"), "A quantity is never negative.", terms.minimum)
    if terms.maximum is not None and terms.maximum < max(terms.minimum, 1):
        raise InvalidInput((*path, "maximum"), "The greatest quantity is at least the least, and 1.", terms.maximum)
    if terms.meter is None:
        return Component(terms.code, terms.name, terms.minimum, terms.maximum, terms.timing)
    meter = found(known.meters, terms.meter, "meter", *path, "meter")
    if terms.timing is not ChargeTiming.IN_ARREARS:
        raise InvalidInput((*path, "timing"), "What a meter counts is known afterwards: in arrears.", terms.timing)
    for field, bound in (("minimum", terms.minimum or None), ("maximum", terms.maximum)):
        if bound is not None:
            raise InvalidInput((*path, field), "What a meter counts has no bounds to choose within.", bound)
    return Component(terms.code, terms.name, 0, None, terms.timing, meter.id, meter.aggregation)


def _ensure_sold_once(terms: ComponentTerms, path: tuple[str, ...]) -> None:
    for field, quantity in (("minimum", terms.minimum), ("maximum", terms.maximum)):
        if quantity != 1:
            raise InvalidInput((*path, field), f"“{BASE}” is there once: at least 1, at most 1.", quantity)
    if terms.meter is not None:
        raise InvalidInput((*path, "meter"), f"“{BASE}” is there once, and counted by no meter.", terms.meter)
