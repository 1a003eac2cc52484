"""Contradictions between declared metadata, other metadata and the text are reported; consistent metadata is not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from corpus.catalogue import Entry
from corpus.metadata.inference import find_contradictions, infer_metadata, merge_metadata
from corpus.records import Document
from tests.factories.publications import OTHER_WORDINGS, WORDINGS, Publication, bluebook, plain, plan

TEXT = bluebook(2016).text  # "Foreign Affairs Yearbook 2016", which describes 2015


def document(text: str = TEXT, declared: dict[str, Any] | None = None, **entry: Any) -> Document:
    values, origins, _ = merge_metadata(
        Entry(**entry), declared or {}, infer_metadata(text, entry.get("title")), None, "x"
    )
    return Document(id="x", text=text, outline=(), sha256="", source="/x.txt", origins=origins, **values)


@pytest.mark.parametrize("wording", [*WORDINGS, *OTHER_WORDINGS], ids=lambda wording: wording.__name__)
def test_true_metadata_is_consistent(wording: Callable[[int], Publication]) -> None:
    publication = wording(2016)
    assert find_contradictions(document(publication.text)) == []
    assert find_contradictions(document(publication.text, edition=publication.edition, covers=publication.covers)) == []


@pytest.mark.parametrize(
    ("metadata", "sentence"),
    [
        ({"edition": 2006}, "edition 2006 (in corpus.toml), but the title “Foreign Affairs Yearbook 2016” names 2016"),
        ({"title": "Yearbook", "edition": 2017}, "edition 2017 (in corpus.toml), but the text's first lines name 2016"),
        ({"covers": (2011, 2012)}, "covers 2011–2012 (in corpus.toml), but the text describes 2015"),
        ({"covers": (2016, 2016)}, "covers 2016 (in corpus.toml), but the text describes 2015"),
        ({"published": "2014-05-01"}, "published 2014-05-01 (in corpus.toml), before the first year it covers, 2015"),
        ({"published": "2026"}, "published 2026 (in corpus.toml), but edition 2016 (inferred)"),
        ({"language": "fr"}, 'language "fr" (in corpus.toml), but the text reads as "en"'),
    ],
)
def test_a_contradiction_is_reported_once_with_both_sides(metadata: dict[str, Any], sentence: str) -> None:
    found = find_contradictions(document(**metadata))
    assert [line for line in found if line.startswith(sentence)], found
    assert len(found) == len(set(found))


@pytest.mark.parametrize(
    "metadata",
    [
        {"covers": (2015, 2015), "edition": 2016, "title": "Foreign Affairs Yearbook 2016", "language": "en-GB"},
        {"covers": (2014, 2015)},
        {"published": "2016-04-01"},
        {"published": "2020"},
        {"title": "Yearbook of the Ministry", "edition": 2016},
    ],
)
def test_consistent_metadata_is_not_reported(metadata: dict[str, Any]) -> None:
    assert find_contradictions(document(**metadata)) == []


@pytest.mark.parametrize(("covers", "is_reported"), [((2016, 2017), True), ((2017, 2017), True), ((2015, 2016), False)])
def test_an_edition_before_its_covered_years_is_reported(covers: tuple[int, int], is_reported: bool) -> None:
    found = find_contradictions(document(plain(5), title="Yearbook 2016", covers=covers))
    assert bool(found) is is_reported
    assert all("edition 2016" in line and "covers 201" in line for line in found)


@pytest.mark.parametrize("tag", ["no", "nb", "nb-NO", "nn"])
def test_the_tags_of_norwegian_are_no_contradiction(tag: str) -> None:
    text = (
        "Havnen ble åpnet for alle skip, og rådet er ikke misfornøyd med det som etter lang tid er oppnådd av byen.\n"
    )
    assert find_contradictions(document(text, language=tag)) == []


def test_a_plan_may_be_older_than_the_years_it_covers() -> None:
    assert find_contradictions(document(plan(2016).text, edition=2016)) == []


def test_metadata_declared_by_the_file_is_checked_too() -> None:
    found = find_contradictions(document(declared={"title": "Yearbook", "edition": 2010, "covers": (2009, 2009)}))
    assert [line.partition(",")[0] for line in found] == ["edition 2010 (in the file)", "covers 2009 (in the file)"]


def test_the_upload_date_of_a_page_is_no_contradiction() -> None:
    assert find_contradictions(document(declared={"published": "2026-01-01"})) == []


def test_unknown_metadata_is_consistent() -> None:
    assert find_contradictions(document(plain(3))) == []


def test_years_in_the_text_of_an_annual_report_do_not_contradict_its_title() -> None:
    prose = (
        "The ferry sank in 2018. The inquiry of 2018 was long. In May 2018 the pier was shut. All this was in 2018.\n"
    )
    assert find_contradictions(document(f"Annual Report 2019\n\n{prose}", edition=2019, covers=(2019, 2019))) == []
    stated = f"Annual Report 2019\n\nThis report covers the year 2018.\n\n{prose}"
    assert find_contradictions(document(stated, edition=2019, covers=(2019, 2019))) != []
