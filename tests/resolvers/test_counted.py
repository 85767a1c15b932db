"""What the gateway counts of previews."""

from app.metrics import Metrics
from db.engine import Database
from domain.actor import Actor
from domain.ids import public_id
from resolvers.context import RequestContext
from tests.make import PRO, SCALE, april
from tests.queries.ask import billing
from tests.stored import a_world


async def test_previews_are_counted_by_what_was_asked_and_said(database: Database) -> None:
    """The owner may go up; a viewer may not, by PC-02."""
    world, metrics = await a_world(database), Metrics()
    who = await world.customer()
    subscription = await world.subscribe(who, PRO)

    async def preview(actor: Actor) -> None:
        context = RequestContext(actor=actor, now=april(8), database=database, recorder=metrics)
        document = "query($input: PlanChangeInput!) { planChangePreview(input: $input) { decision { verdict } } }"
        given = {"subscriptionId": public_id("sub", subscription), "planId": public_id("plan", SCALE.plan.id)}
        try:
            answer = await billing().execute(document, variable_values={"input": given}, context_value=context)
        finally:
            await context.close()
        assert not answer.errors

    for actor in (who.owner, who.owner, who.viewer):
        await preview(actor)
    sample = metrics.registry.get_sample_value
    assert sample("billing_plan_change_previews_total", {"kind": "SWITCH", "verdict": "ALLOW"}) == 2
    assert sample("billing_plan_change_previews_total", {"kind": "SWITCH", "verdict": "REFUSE"}) == 1
    assert sample("billing_refusals_total", {"rule": "PC-02"}) == 1
