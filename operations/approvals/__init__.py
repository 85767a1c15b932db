"""Requests for approval: asked for, answered, withdrawn, used, expired; and who may grant how much."""
