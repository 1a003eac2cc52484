"""Fixtures of the tests of questions and answers."""

from __future__ import annotations

import pytest

from qa.answering.library import Library
from tests.factories.harbours import harbours


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    """The harbours; tests that change an index, or need another, define a library of their own."""
    return harbours(tmp_path_factory.mktemp("harbours"))
