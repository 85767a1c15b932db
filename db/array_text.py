"""Columns of a large batch as texts that Postgres reads as arrays.

The driver looks at each element of an array by itself, which for thousands of rows costs more than the rest of the
request. A text of the whole is built in one go, and cast in the statement: `CAST(:ids AS text[])`.
"""

from collections.abc import Sequence


def array_of(words: Sequence[str]) -> str:
    """An array of what needs no quotes: numbers, ids, instants."""
    return "{" + ",".join(words) + "}"


def array_of_texts(texts: Sequence[str]) -> str:
    """An array of any texts; what would end one is written so that it does not."""
    joined = "".join(texts)
    if '"' in joined or "\\" in joined:
        texts = [each.replace("\\", "\\\\").replace('"', '\\"') for each in texts]
    return '{"' + '","'.join(texts) + '"}' if texts else "{}"


def array_of_maybe(texts: Sequence[str | None]) -> str:
    """An array of texts some of which are null."""
    quoted = ["NULL" if each is None else array_of_texts([each])[1:-1] for each in texts]
    return "{" + ",".join(quoted) + "}"
