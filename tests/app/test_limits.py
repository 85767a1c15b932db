"""Counting documents: what is counted, where the limits lie, and that counting takes work in step with the document."""

import sys
from collections.abc import Callable
from types import FrameType

import pytest
from graphql import DocumentNode, FragmentDefinitionNode, FragmentSpreadNode, OperationDefinitionNode, parse
from graphql.language import SelectionSetNode
from hypothesis import given
from hypothesis import strategies as st

from app.documents import read
from app.errors import Code
from app.limits import Counts, Limits, excesses, measure


def bomb(levels: int, leaf: str = "hello") -> str:
    """Fragments that each spread the next one twice: 2^levels leaves in a few hundred bytes."""
    links = " ".join(f"fragment F{i} on Query{{...F{i + 1} ...F{i + 1}}}" for i in range(levels))
    return f"{{...F0}} {links} fragment F{levels} on Query{{{leaf}}}"


@pytest.mark.parametrize(
    ("document", "counts", "says"),
    [
        ("{a}", Counts(1, 1, 0, 0, 1), "one field"),
        ("{a{b{c}} d}", Counts(3, 4, 0, 0, 1), "the deepest branch counts, all fields count"),
        ("{x:a y:a a}", Counts(1, 3, 2, 0, 1), "aliases are what carries one"),
        ("query @q {a @x @y ...@z{b}}", Counts(1, 2, 0, 4, 1), "directives wherever they stand"),
        ("query($v:Int @d){a}", Counts(1, 1, 0, 1, 1), "also on a variable"),
        ("query A{a} query B{a{b}}", Counts(2, 2, 0, 0, 2), "each operation on its own, the greatest wins"),
        ("{...F ...F} fragment F on Q{x:a{b}}", Counts(2, 4, 2, 0, 1), "a fragment counts as often as it is spread"),
        ("{a{...F}} fragment F on Q{b{c}}", Counts(3, 3, 0, 0, 1), "and as deep as it is spread"),
        ("{... on Q{... on Q{a}}}", Counts(1, 1, 0, 0, 1), "inline fragments have no depth of their own"),
        ("{...Nowhere a}", Counts(1, 1, 0, 0, 1), "an unknown fragment is validation's to refuse"),
        ("{...F} fragment F on Q{a ...F}", Counts(1, 1, 0, 0, 1), "so is one that spreads itself"),
        ("{__schema{types{fields{type{name}}}} a{b}}", Counts(2, 7, 0, 0, 1), "introspection has no depth here"),
    ],
)
def test_counts_are_those_of_the_written_out_document(document: str, counts: Counts, says: str) -> None:
    assert measure(parse(document)).counts == counts, says


@pytest.mark.parametrize(
    ("document", "reads", "says"),
    [
        ("{__typename}", False, "a type's name is in every answer"),
        ("{__schema{types{name}}}", True, "at the root"),
        ('{__type(name:"Q"){name}}', True, "one type"),
        ("{_service{sdl}}", True, "the federation's way"),
        ("{...{__schema{types{name}}}}", True, "inside an inline fragment"),
        ("{...F} fragment F on Q{...G} fragment G on Q{x:__schema{types{name}}}", True, "deep in fragments, aliased"),
        ("query A{a} query B{__schema{types{name}}}", True, "in an operation that is not the one to run"),
    ],
)
def test_a_document_that_reads_the_schema_is_known(document: str, reads: bool, says: str) -> None:
    assert measure(parse(document)).reads_schema is reads, says


@pytest.mark.parametrize(
    ("counts", "codes"),
    [
        (Counts(12, 1000, 30, 50, 10), []),
        (Counts(depth=13), [Code.TOO_DEEP]),
        (Counts(fields=1001), [Code.TOO_MANY_FIELDS]),
        (Counts(aliases=31), [Code.TOO_MANY_ALIASES]),
        (Counts(directives=51), [Code.TOO_MANY_DIRECTIVES]),
        (Counts(operations=11), [Code.TOO_MANY_OPERATIONS]),
        (Counts(depth=13, aliases=31), [Code.TOO_DEEP, Code.TOO_MANY_ALIASES]),
    ],
)
def test_each_limit_is_refused_one_past_it(counts: Counts, codes: list[Code]) -> None:
    assert [excess.code for excess in excesses(counts, Limits())] == codes


def ring(size: int) -> str:
    """Fragments that spread each other in a circle."""
    return "{...F0} " + " ".join(f"fragment F{i} on Query{{a ...F{(i + 1) % size}}}" for i in range(size))


def calls(work: Callable[[], object]) -> int:
    """How many calls some work makes: the same figure on every machine, however busy."""
    made = 0

    def note(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal made
        made += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(before)
    return made


@pytest.mark.parametrize(
    ("says", "document"),
    [
        ("fragments that spread the next one twice", bomb),
        ("fragments in a circle", ring),
        ("aliases", lambda size: "{" + " ".join(f"a{i}: hello" for i in range(size)) + "}"),
        ("fields", lambda size: "{" + " hello" * size + "}"),
        ("directives", lambda size: "{ hello" + " @zz" * size + " }"),
        ("levels", lambda size: "{ leaf" + " { leaf" * size + " { name }" + " }" * (size + 1)),
        ("operations", lambda size: " ".join(f"query Q{i} {{ hello }}" for i in range(size))),
    ],
)
def test_twice_the_document_is_twice_the_work(says: str, document: Callable[[int], str]) -> None:
    """Written out, 20 doubling levels are a million leaves: a walk that follows spreads fails here 500 times over."""
    limits = Limits(tokens=100_000)

    def read_and_judge(size: int) -> object:
        return excesses(read(document(size), limits).measure.counts, limits)

    once, twice = calls(lambda: read_and_judge(10)), calls(lambda: read_and_judge(20))
    assert twice < 2.2 * once, says


@pytest.mark.parametrize("levels", [20, 200])
def test_doubling_fragments_are_counted_to_the_ceiling_and_refused(levels: int) -> None:
    counts = measure(parse(bomb(levels, "x:hello"))).counts
    assert counts.fields >= 1_000_000
    assert {Code.TOO_MANY_FIELDS, Code.TOO_MANY_ALIASES} <= {excess.code for excess in excesses(counts, Limits())}


def test_a_long_chain_of_fragments_needs_no_stack() -> None:
    links = " ".join(f"fragment F{i} on Q{{a{{...F{i + 1}}}}}" for i in range(3000))
    counts = measure(parse(f"{{...F0}} {links} fragment F3000 on Q{{a}}")).counts
    assert counts == Counts(depth=3001, fields=3001, operations=1)


def test_circles_of_fragments_end() -> None:
    assert measure(parse(ring(50))).counts.operations == 1


def written_out(document: DocumentNode) -> Counts:
    """The same counts by the slow way that needs no cleverness: follow every spread."""
    fragments = {node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)}

    def walk(selections: SelectionSetNode, depth: int) -> tuple[int, int, int]:
        deepest, fields, aliases = 0, 0, 0
        for node in selections.selections:
            if isinstance(node, FragmentSpreadNode):
                found = walk(fragments[node.name.value].selection_set, depth)
            else:
                is_field = hasattr(node, "alias")
                below = getattr(node, "selection_set", None)
                found = walk(below, depth + is_field) if below else (0, 0, 0)
                aliased = is_field and getattr(node, "alias", None) is not None
                found = (max(found[0], depth + is_field), found[1] + is_field, found[2] + aliased)
            deepest, fields, aliases = max(deepest, found[0]), fields + found[1], aliases + found[2]
        return deepest, fields, aliases

    operation = next(node for node in document.definitions if isinstance(node, OperationDefinitionNode))
    depth, fields, aliases = walk(operation.selection_set, 0)
    return Counts(depth, fields, aliases, 0, 1)


def _selections(spreads: list[str]) -> st.SearchStrategy[str]:
    leaves = st.sampled_from(["a", "x: b", *(f"...{name}" for name in spreads)])
    nested = st.recursive(
        leaves,
        lambda inner: st.lists(inner, min_size=1, max_size=3).flatmap(
            lambda parts: st.sampled_from(["c", "y: d", "... on Q"]).map(lambda head: f"{head} {{ {' '.join(parts)} }}")
        ),
        max_leaves=6,
    )
    return st.lists(nested, min_size=1, max_size=3).map(" ".join)


@st.composite
def documents(draw: st.DrawFn) -> str:
    """Documents whose fragments spread only later ones, as deep and as often as they like."""
    names = [f"F{i}" for i in range(draw(st.integers(0, 4)))]
    parts = ["{ " + draw(_selections(names)) + " }"]
    parts += [f"fragment {name} on Q {{ {draw(_selections(names[i + 1 :]))} }}" for i, name in enumerate(names)]
    return "\n".join(parts)


@given(documents())
def test_counting_once_equals_writing_out(text: str) -> None:
    document = parse(text)
    assert measure(document).counts == written_out(document)
