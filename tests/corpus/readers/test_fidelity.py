"""What is read of generated yearbooks, compared with their source.

`tests.benchmarks.reading.fidelity` has more producers.
"""

from __future__ import annotations

import pytest

from tests.benchmarks.reading.fidelity import IN_PROCESS, measure
from tests.factories.yearbooks import yearbook


@pytest.mark.parametrize("producer", IN_PROCESS)
@pytest.mark.parametrize(("language", "columns"), [("en", 2), ("fr", 1)])
def test_a_yearbook_is_read_as_printed(producer: str, language: str, columns: int) -> None:
    result = measure(yearbook(language, 3, columns, scale=1), producer)
    assert result.misses() == [], result.examples
