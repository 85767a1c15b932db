"""JSON as columns keep it: the text of a value, without spaces. Integers, texts, lists and mappings only."""

from typing import Any

import orjson


def json_text(value: Any) -> str:
    """A value as JSON. Raises TypeError for what JSON has no word for."""
    return orjson.dumps(value, option=orjson.OPT_PASSTHROUGH_DATETIME).decode()
