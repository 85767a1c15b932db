"""The queries we offer to strangers are queries of this schema."""

import pytest
from graphql import build_schema, parse, validate

from app.personas import Sample
from cli.personas import first_request
from cli.samples import SAMPLES
from schema.export import sdl


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.title)
def test_a_sample_is_a_query_of_this_schema(sample: Sample) -> None:
    # printed federation directives are known to gateways, not to the reference implementation
    assert validate(build_schema(sdl(), assume_valid=True), parse(sample.query)) == []


def test_the_first_request_is_one_command_to_paste() -> None:
    request = first_request("http://127.0.0.1:8000")
    assert request.startswith("curl -s http://127.0.0.1:8000/graphql ")
    assert all(line.endswith("\\") for line in request.splitlines()[:-1])
