"""Reads the text of a SELECT into blocks: as much of SQL as tells which tables it reads and what holds their rows.

Owns the reading. What it does not know (a condition with OR, a function) holds nothing, so it errs on the strict side.
"""

import re
from collections.abc import Iterator
from typing import Final, TypeAlias

from checks.tenancy import Anchor, Block, Place, Tie

Tokens: TypeAlias = list["str | Tokens"]

_TOKEN: Final = re.compile(r"'(?:[^']|'')*'|\"[^\"]+\"|::|:\w+|[\w$]+|[<>=!|]+|\S")
_CLAUSES: Final = {"FROM", "WHERE", "GROUP", "ORDER", "HAVING", "LIMIT", "OFFSET", "FETCH", "FOR", "WINDOW"}
_JOINS: Final = {"JOIN", "LEFT", "RIGHT", "FULL", "INNER", "CROSS", "OUTER", "NATURAL"}
_UNIONS: Final = {"UNION", "EXCEPT", "INTERSECT"}
_ACTOR: Final = ":actor"


def read(sql: str) -> list[Block]:
    """The blocks of a statement: one, or one a member of a UNION."""
    return _blocks(_tokens(sql), None)


def _tokens(sql: str) -> Tokens:
    """The words of a text, what stands in parentheses as a list of its own."""
    stack: list[Tokens] = [[]]
    for word in _TOKEN.findall(sql):
        if word == "(":
            stack.append([])
        elif word == ")":
            inner = stack.pop()
            stack[-1].append(inner)
        else:
            stack[-1].append(word.strip('"') if word.startswith('"') else word)
    return stack[0]


def _is_select(part: "str | Tokens") -> bool:
    return isinstance(part, list) and bool(part) and _word(part[0]) in {"SELECT", "WITH"}


def _word(part: "str | Tokens") -> str:
    return part.upper() if isinstance(part, str) else ""


def _blocks(tokens: Tokens, parent: Block | None) -> list[Block]:
    members: list[Tokens] = [[]]
    for part in tokens:
        if _word(part) in _UNIONS:
            members.append([])
        else:
            members[-1].append(part)
    return [_block(member, parent) for member in members]


def _block(tokens: Tokens, parent: Block | None) -> Block:
    block = Block(parent)
    if parent is not None:
        parent.children.append(block)
    clauses = _clauses(tokens)
    _read_from(block, clauses.get("FROM", []))
    _read_outputs(block, clauses.get("SELECT", []))
    _read_conditions(block, clauses.get("WHERE", []), None)
    for name, part in clauses.items():
        if name != "FROM":
            _read_nested(block, part)
    return block


def _clauses(tokens: Tokens) -> dict[str, Tokens]:
    """The parts of one SELECT by the word that begins them."""
    found: dict[str, Tokens] = {}
    name = ""
    for at, part in enumerate(tokens):
        word = _word(part)
        # IS DISTINCT FROM is a comparison
        starts = word in _CLAUSES and not (word == "FROM" and at and _word(tokens[at - 1]) == "DISTINCT")
        if word == "SELECT" or starts:
            name = word
        else:
            found.setdefault(name, []).append(part)
    return found


def _read_nested(block: Block, tokens: Tokens) -> None:
    for part in tokens:
        if _is_select(part):
            assert isinstance(part, list)
            if not _is_scope(part):  # the predicate itself is read by nobody but the reader
                _blocks(part, block)
        elif isinstance(part, list):
            _read_nested(block, part)


def _read_from(block: Block, tokens: Tokens) -> None:
    """The tables of a FROM with their ON conditions; a comma, a JOIN or the start begins each."""
    for kind, item in _from_items(tokens):
        ahead = [_word(part) for part in item]
        at = ahead.index("ON") if "ON" in ahead else len(item)
        alias = _read_source(block, item[:at])
        condition = item[at + 1 :]
        _read_nested(block, condition)
        if kind == "LEFT":
            _read_conditions(block, condition, alias)
        elif kind not in {"RIGHT", "FULL"}:
            _read_conditions(block, condition, None)


def _from_items(tokens: Tokens) -> Iterator[tuple[str, Tokens]]:
    kind, item = "", Tokens()
    for part in tokens:
        word = _word(part)
        if word == "," or word in _JOINS:
            if item:
                yield kind, item
                kind, item = "", []
            if word not in {",", "JOIN", "OUTER"}:
                kind = word
        else:
            item.append(part)
    if item:
        yield kind, item


def _read_source(block: Block, item: Tokens) -> str | None:
    """Add what one item of a FROM reads, and return its alias."""
    words = [part for part in item if _word(part) not in {"LATERAL", "ONLY", "AS"}]
    if not words:
        return None
    first, rest = words[0], [part for part in words[1:] if isinstance(part, str)]
    if isinstance(first, list):
        if not _is_select(first):
            _read_from(block, first)
            return None
        alias = rest[-1] if rest else f"unnamed {len(block.sources)}"
        inner = _blocks(first, block)
        for each in inner:
            each.derived_as = alias
        block.sources[alias] = inner
        return alias
    alias = rest[-1] if rest else first
    is_function = len(words) > 1 and isinstance(words[1], list)
    block.sources[alias] = f"{first}()" if is_function else first
    _read_nested(block, [part for part in words[1:] if isinstance(part, list)])
    return alias


def _read_outputs(block: Block, tokens: Tokens) -> None:
    """Which columns come out as they are, under which label."""
    for item in _split(tokens, ","):
        place = _place(item[:3])
        if place is None:
            continue
        label = item[4] if len(item) == 5 and _word(item[3]) == "AS" else item[2] if len(item) == 3 else None
        if isinstance(label, str):
            block.outputs[label] = place


def _split(tokens: Tokens, separator: str) -> list[Tokens]:
    parts: list[Tokens] = [[]]
    is_between = False
    for part in tokens:
        word = _word(part)
        if word == separator and not is_between:
            parts.append([])
            continue
        is_between = word == "BETWEEN" or (is_between and word != "AND")
        parts[-1].append(part)
    return parts


def _place(tokens: Tokens) -> Place | None:
    match tokens:
        case [str() as alias, ".", str() as column]:
            return alias, column
        case _:
            return None


def _read_conditions(block: Block, tokens: Tokens, only_for: str | None) -> None:
    """Ties and anchors among conditions that must all hold."""
    if any(_word(part) == "OR" for part in tokens):
        return
    for conjunct in _split(tokens, "AND"):
        match conjunct:
            case [list() as inner] if not _is_select(inner):
                _read_conditions(block, inner, only_for)
            case [str() as word] if word.lower() == "false":
                block.is_empty = only_for is None
            case [_, _, _, "=", _, ".", _]:
                left, right = _place(conjunct[:3]), _place(conjunct[4:])
                if left and right:
                    block.ties.append(Tie(left, right, only_for))
            case [_, _, _, "IN", list() as inner]:
                place = _place(conjunct[:3])
                if place and _is_scope(inner):
                    block.anchors.append(Anchor(place, only_for=only_for))
            case [str() as alias, ".", "user_id", "=", str() as value, *_] if value == _ACTOR:
                # one's own memberships are in reach by what reach means
                if block.sources.get(alias) == "memberships":
                    block.anchors.append(Anchor((alias, "account_id"), only_for=only_for))


_REACH = re.compile(
    # one's own accounts, and, where the statement has them too, the accounts below those
    r"SELECT (\w+) \. account_id FROM memberships AS \1 WHERE \1 \. user_id = :actor( :: UUID)?"
    r"( UNION ALL SELECT (\w+) \. id FROM accounts AS \4 JOIN memberships AS (\w+) "
    r"ON \5 \. account_id = \4 \. parent_account_id WHERE \5 \. user_id = :actor( :: UUID)?)?"
)


def _is_scope(tokens: Tokens) -> bool:
    """Whether this is the subselect that `db.scope.within` makes for a customer."""
    flat = " ".join(part if isinstance(part, str) else "(...)" for part in tokens)
    return _REACH.fullmatch(flat) is not None
