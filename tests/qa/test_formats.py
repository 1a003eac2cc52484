"""Yearbooks as office files, spreadsheets, EPUB and archives: inferred, answered, compared and checked like texts."""

from __future__ import annotations

from pathlib import Path

import pytest

import qa
from qa.output.json_objects import answer_json
from qa.web.render.library import document_html
from tests.factories.libraries import library_of
from tests.factories.outlined_texts import Block, Publication
from tests.factories.rendered.formats import RENDERERS
from tests.factories.rendered.sheets import pack

PIERS = {
    2016: "The northern pier is 312 metres long and was painted green in May 2015.",
    2020: "The northern pier is 340 metres long and was painted blue in June 2019.",
}
SLIDES, SHEETS = (".pptx", ".odp"), (".xlsx", ".ods", ".csv", ".tsv")


def yearbook(year: int) -> Publication:
    return Publication(
        f"Harbour Yearbook {year}",
        (
            Block("section", f"Harbour Yearbook {year}"),
            Block("section", "1. Piers", 1, 0),
            Block("body", PIERS[year], parent=1),
            Block("section", "2. Ferries", 1, 0),
            Block("body", "A ferry sails to Eastholm twice a day, at nine and at five.", parent=3),
        ),
    )


@pytest.mark.parametrize("archived", [False, True])
@pytest.mark.parametrize("suffix", [".odt", ".epub", *SLIDES, *SHEETS])
def test_yearbooks_of_any_format_are_inferred_answered_compared_and_checked(
    suffix: str, archived: bool, tmp_path: Path
) -> None:
    files: dict[str, str | bytes] = {
        f"harbour-yearbook-{year}{suffix}": RENDERERS[suffix](yearbook(year)) for year in PIERS
    }
    library = library_of(tmp_path, {"books.zip": pack(files)} if archived else files)
    assert {(info.series, info.edition) for info in library.index.documents} == {
        ("Harbour Yearbook", 2016),
        ("Harbour Yearbook", 2020),
    }
    answer = answer_json(qa.ask(library, "How long is the northern pier in the 2020 Harbour Yearbook?"))
    first = answer["passages"][0]
    assert (first["edition"], "340 metres" in first["text"]) == (2020, True)
    assert (first["page"] is not None, first.get("cells") is not None) == (suffix in SLIDES, suffix in SHEETS)
    comparison = qa.compare(library, "northern pier")
    assert [match.edition.label for match in comparison.shown_matches if match.treated] == ["2016", "2020"]
    quoted = next(line for line in first["text"].split("\n") if "340 metres" in line)
    report = qa.check(library, f'The Harbour Yearbook 2020 says: "{quoted}"')
    assert (report.counts["verbatim"], report.has_faults) == (1, False)
    for info in library.index.documents:
        assert f"Harbour Yearbook {info.edition}" in document_html(info, library.index.document(info.id))
