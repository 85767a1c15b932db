"""One copy of the project a module, to plant faults in."""

import pytest

from tests.checks.planting import Copy


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    """A copy of the project's files."""
    return Copy(tmp_path_factory.mktemp("copy"))
