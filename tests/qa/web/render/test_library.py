"""The library as HTML: series through the years, documents with the origins of their values, outlines as trees."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from corpus.catalogue import Entry
from corpus.ingest import Source, build_document
from corpus.readers.text import markdown
from corpus.records import Document, Section
from index.storage.reader import DocumentInfo
from qa.web.render.library import (
    MAX_ITEMS,
    MAX_SERIES,
    PAGE,
    coverage_by_series,
    coverage_chart,
    document_html,
    outline_html,
    rows_html,
)
from tests.factories.hits import make_document

HOSTILE = '<img src=x onerror="window.pwned=1">'


def info(identifier: str, **values: Any) -> DocumentInfo:
    defaults = {"number": 1, "series": "Yearbook", "source": f"/secret/{identifier}.txt", "passage_count": 3}
    return make_document(identifier, **(defaults | values))


def test_a_year_between_covered_ones_is_missing_and_an_edition_between_others_is_not() -> None:
    documents = [
        info("a", edition=2012, covers=(2010, 2011)),
        info("b", edition=2014, covers=(2012, 2013)),
        info("c", edition=2018, covers=(2017, 2017)),
    ]
    (series,) = coverage_by_series(documents)
    assert series.editions == {2012: 1, 2014: 1, 2018: 1}
    assert series.missing == [2014, 2015, 2016]  # 2014 is an edition, but no edition covers it
    assert series.gaps_in_words() == "no document covers 2014–2016"


def test_many_gaps_are_counted() -> None:
    (series,) = coverage_by_series(
        [info(str(year), edition=year, covers=(year, year)) for year in range(1900, 1914, 2)]
    )
    assert series.gaps_in_words() == "6 years of 1900–1912 are not covered"


def test_series_stand_by_name_and_what_is_unknown_is_counted() -> None:
    documents = [
        info("a", series=None),
        info("b", series="Z", edition=2016),
        info("c", series="a", covers=(2015, 2015)),
    ]
    found = coverage_by_series(documents)
    assert [one.name for one in found] == ["a", "Z", ""]
    assert found[1].gaps_in_words() == "covered years unknown for 1 document"
    assert found[0].gaps_in_words() == "edition unknown for 1 document"


def test_the_picture_keeps_editions_and_covered_years_apart() -> None:
    html = coverage_chart(
        coverage_by_series([info("a", edition=2016, covers=(2015, 2015)), info("b", edition=2018, covers=(2017, 2017))])
    )
    editions, covered = re.findall(r'<th scope="row">(?:editions|covers)</th>(.*?)</tr>', html)
    kinds = re.compile(r"<td>(?:</td>|<span class=\"yq-key (yq-\w+)\")")
    assert kinds.findall(editions) == ["yq-edition", "", "yq-edition", ""]  # 2018 to 2015
    assert kinds.findall(covered) == ["", "yq-covered", "yq-missing", "yq-covered"]


def test_a_library_without_years_says_so() -> None:
    assert "No document here has a known edition" in coverage_chart(coverage_by_series([info("a")]))


def test_what_the_picture_leaves_out_is_counted_and_said() -> None:
    known = info("a", series="A", edition=2016)
    html = coverage_chart(coverage_by_series([known, info("b"), info("c", series="C")]))
    assert "Not shown: 2 documents with no known year." in html
    many = [info(f"s{number}", series=f"S{number:03}", edition=2016) for number in range(MAX_SERIES + 2)]
    assert "Not shown: 2 more series." in coverage_chart(coverage_by_series(many))
    assert "Not shown" not in coverage_chart(coverage_by_series([known]))


def titles(html: str) -> list[str]:
    return re.findall(r'class="yq-context"[^>]*>([^<]*)<', html)


def test_documents_are_found_by_any_of_their_values_and_each_is_on_some_page() -> None:
    documents = [info(f"d{number:03}", edition=2000 + number) for number in range(2 * PAGE + 1)]
    assert titles(rows_html(documents, "2007 yearbook")) == ["d007"]
    assert "No document" in rows_html(documents, "nowhere")
    pages = [titles(rows_html(documents, order="edition", descending=True, page=number)) for number in (1, 2, 3)]
    assert [one for page in pages for one in page] == [f"d{number:03}" for number in reversed(range(2 * PAGE + 1))]


def test_each_value_bears_its_origin() -> None:
    origins = {"edition": "inferred", "covers": "file", "series": "catalogue"}
    html = rows_html([info("a", edition=2016, covers=(2014, 2015), origins=origins, contradictions=("x", "y"))])
    assert '2016 <span class="yq-origin">inferred</span>' in html
    assert '2014–2015 <span class="yq-origin">from the file</span>' in html
    assert ">Yearbook</td>" in html
    assert "2 inconsistent values" in html
    assert '<span class="yq-soft">unknown</span>' in rows_html([info("a")])


def outlined(text: str) -> Document:
    source = Source("doc", Path("doc.md"), Entry(), listed=False, sha256="0")
    return build_document(source, markdown.read(text.encode()))


def tree(html: str) -> str:
    """The tree with its links as `[text](span)`, and without other attributes."""
    html = re.sub(r"<summary>.*?</summary>", "", html)
    html = re.sub(r'<a [^>]*passage=doc%40([\d-]+)"[^>]*>(.*?)</a>', r"[\2](\1)", html)
    return re.sub(r"<(\w+)[^>]*>", r"<\1>", html)


def test_an_outline_is_a_tree_whose_links_lead_to_the_headings() -> None:
    document = outlined("# Ships\n\nText.\n\n## Tugs\n\nMore.\n\n# Piers\n\nText.\n")
    headings = [document.text[one.start : one.heading_end] for one in document.outline]
    places = [f"({one.start}-{one.heading_end})" for one in document.outline]
    assert len(places) == 3
    ships, tugs, piers = (f"[{text}]{place}" for text, place in zip(headings, places, strict=True))
    expected = f"<div><ul><li>{ships}<details><ul><li>{tugs}</li></ul></details></li><li>{piers}</li></ul></div>"
    assert tree(outline_html(document)) == expected


def test_an_outline_shows_no_strokes_below_headings() -> None:
    html = outline_html(outlined("Ships\n=====\n\nText.\n\nTugs\n----\n\nMore.\n"))
    assert ">Ships</a>" in html
    assert ">Tugs</a>" in html


def test_what_is_no_heading_is_folded_under_its_section() -> None:
    html = outline_html(outlined("# Ships\n\nText[^1] and[^2].\n\n[^1]: One note.\n[^2]: Another.\n"))
    assert "2 notes" in html
    assert html.count("<details>") == 1


def document_of(outline: Sequence[Section]) -> Document:
    return Document("doc", "Doc", "x" * 10, tuple(outline), "0", "doc.txt")


def test_a_hostile_outline_is_escaped_and_bounded_and_may_nest_deeply() -> None:
    deep = [Section(HOSTILE, "section", 1, n - 1 if n else None, 0, 5, 10) for n in range(MAX_ITEMS + 7)]
    html = outline_html(document_of(deep))
    assert "<img" not in html
    assert "7 more items are not shown" in html
    assert html.count("<ul>") == html.count("</ul>") == MAX_ITEMS
    assert html.count("<details") == html.count("</details>")


@pytest.mark.parametrize("key", ["title", "series", "publisher", "part", "url"])
def test_values_of_a_document_are_escaped_and_no_path_of_the_server_is_told(key: str) -> None:
    one = info("a", **{key: HOSTILE}, contradictions=(HOSTILE,))
    for html in (document_html(one, document_of([])), rows_html([one]), coverage_chart(coverage_by_series([one]))):
        assert "<img" not in html
        assert "/secret" not in html
    assert "a.txt" in document_html(one, document_of([]))
