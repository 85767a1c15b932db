"""A policy's answer: reasons with their figures, and what can be done about a no."""

import strawberry

from domain.plan_change.verdict import RemedyAction, Verdict
from schema.base import stored
from schema.scalars import DateTime


@strawberry.type(description="A number, a date or names that a reason rests on.")
class Figure:
    name: str = stored("What it is, such as seats_in_use.")
    value: str = stored("The value as text.")


@strawberry.type(description="What would turn a no into a yes.")
class Remedy:
    action: RemedyAction = stored("What to do.")
    sentence: str = stored("The same for people.")
    target: str | None = stored("The public id of what to act on, where there is one.")


@strawberry.type(description="One finding of a policy.")
class Reason:
    code: str = stored("The rule's stable code, such as PC-18.")
    verdict: Verdict = stored("What this rule alone asks for.")
    sentence: str = stored("Why, in a sentence for the customer.")
    figures: list[Figure] = stored("The numbers and dates it rests on.")
    remedy: Remedy | None = stored("What can be done about it, where anything can.")
    granted_by: str | None = stored("The approval that grants what this rule asks for, aprv_…; null for none.")
    step: int | None = stored("The later step of a ramp that it is about; null: what is asked for now, or the whole.")
    effective_at: DateTime | None = stored("The earliest instant this rule allows, where it moves the date.")
