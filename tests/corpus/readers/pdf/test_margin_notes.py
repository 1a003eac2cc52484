"""Notes of one line in the margin of PDF pages."""

from __future__ import annotations

import pytest

from corpus.readers.pdf import reader
from tests.factories.rendered.pages import draw_all, draw_lines, draw_pages

BODY = (
    "The harbours of the province took in more vessels than in the year before,",
    "most of them with timber from the neighbouring countries in the north.",
)


@pytest.mark.parametrize("note", ["Repair of the quay", "Mehr Geld für die Rinne", "Dragages en mer"])
@pytest.mark.parametrize(("x", "below"), [(60, -7), (60, 6), (470, -7)])
def test_a_note_of_one_line_in_the_margin_is_no_part_of_the_line_beside_it(note: str, x: float, below: float) -> None:
    left = 190 if x == 60 else 60
    page = draw_all(
        draw_lines(*BODY[:1], x=left, y=740, size=9),
        draw_lines("Quays", x=left, y=700, size=14, font="Helvetica-Bold"),
        draw_lines(*(line[:60] for line in BODY * 2), x=left, y=680, size=10),
        draw_lines(note, x=x, y=700 - below, size=7),
    )
    lines = reader.read(draw_pages(page)).text.split("\n\n")
    assert "Quays" in lines
    assert note in [line.strip() for line in lines]
