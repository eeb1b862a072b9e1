"""Servers that many tests ask."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from serving import Served, served


@pytest.fixture(scope="session")
def server(shipped_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server of the first article."""
    with served(shipped_folder, tmp_path_factory.mktemp("log") / "log") as found:
        yield found
