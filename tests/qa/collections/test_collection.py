"""The file of a collection, and where its passages are in a new index."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from index.ranking.search import Index
from qa.collections.collection import (
    Collection,
    CollectionItem,
    collection_json,
    kept_passage_json,
    parse_collection,
)
from qa.collections.relocation import keep, locate
from qa.errors import CollectionError
from tests.factories.libraries import library_of

NETS = "Nine nets were torn in the storm of March.\nThe harbour paid for all of them."
ROPES = "Ropes of hemp were sold to seven captains."
LAMPS = "Every lamp on the northern pier burnt oil."


def index_of(folder: Path, files: dict[str, str]) -> Index:
    return library_of(folder, {f"{name}.txt": text for name, text in files.items()}).index


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Collection:
    text = f"Harbour Report 2018\n\n1 Nets\n{NETS}\n\n2 Ropes\n{ROPES}\n\n3 Lamps\n{LAMPS}\n"
    index = index_of(tmp_path_factory.mktemp("old"), {"harbour-2018": text})
    stored = index.document("harbour-2018").text
    spans = [(stored.index(words), stored.index(words) + len(words)) for words in (NETS, ROPES, LAMPS)]
    passages = [keep(index, f"harbour-2018@{start}-{end}") for start, end in spans]
    return Collection(
        "Harbour", tuple(CollectionItem((one,), "a note", ("x",), "What was torn?") for one in passages), "Mine."
    )


def test_a_collection_is_read_back_from_its_file(kept: Collection) -> None:
    assert parse_collection(json.loads(json.dumps(collection_json(kept)))) == kept
    assert [passage.text for passage in kept.passages] == [NETS, ROPES, LAMPS]
    assert kept.passages[1].reference.path[-1] == "2 Ropes"


def test_the_json_of_an_answer_is_a_collection_of_its_passages(kept: Collection) -> None:
    passages = [kept_passage_json(passage) for passage in kept.passages]
    shown = [
        {key: value for key, value in passage.items() if key not in ("publisher", "sha256")} for passage in passages
    ]
    answer = {"id": "q1", "question": "What was torn?", "answered": True, "answer": [], "passages": shown}
    read = parse_collection(answer)
    assert [(item.passages[0].text, item.question) for item in read.items] == [
        (passage.text, "What was torn?") for passage in kept.passages
    ]
    assert read.passages[0].reference.citation == kept.passages[0].reference.citation


def test_a_passage_is_found_where_a_new_index_has_it(kept: Collection, tmp_path: Path) -> None:
    moved = NETS.replace("\n", " ")
    index = index_of(
        tmp_path,
        {
            "harbour-2018": f"Harbour Report 2018\n\nA new first paragraph of this report.\n\n1 Nets\n{moved}\n",
            "ropes-2018": f"Rope Report 2018\n\n1 Ropes\n{ROPES}\n",
        },
    )
    nets, ropes, lamps = locate(index, kept.passages)
    assert [one.state for one in (nets, ropes, lamps)] == ["moved", "moved", "gone"]
    assert nets.passage is not None
    assert nets.passage.text == moved
    assert ropes.passage is not None
    assert (ropes.passage.reference.source.id, ropes.passage.text) == ("ropes-2018", ROPES)
    assert ropes.passage.reference.citation != kept.passages[1].reference.citation
    assert [one.state for one in locate(index, [nets.passage, ropes.passage])] == ["present", "present"]


def test_a_copy_near_the_old_place_is_preferred(kept: Collection, tmp_path: Path) -> None:
    filler = " ".join(f"Line {number} is about something else." for number in range(60))
    text = f"Harbour Report 2018\n\n{ROPES}\n\n{filler}\n\n{ROPES}\n"
    index = index_of(tmp_path, {"harbour-2018": text})
    (ropes,) = locate(index, [replace(kept.passages[1], start=text.rindex(ROPES) - 3, end=text.rindex(ROPES))])
    assert ropes.passage is not None
    assert ropes.passage.start == index.document("harbour-2018").text.rindex(ROPES)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda file: file.update(version=2), "newer"),
        (lambda file: file["items"][0].pop("passages"), "items.0.passages"),
        (lambda file: file["items"][0].update(passages=[]), "items.0.passages"),
        (lambda file: file["items"][0]["passages"][0].update(text=NETS.replace("Nine", "Five")), "was changed"),
        (lambda file: file["items"][0]["passages"][0].update(end=9), "offsets"),
        (lambda file: file["items"][0]["passages"][0].update(edition="2018"), "edition"),
        (lambda file: file.update(items=file["items"] * 400), "at most"),
    ],
)
def test_a_file_that_is_no_collection_is_refused_with_its_fault(kept: Collection, change: object, message: str) -> None:
    file = json.loads(json.dumps(collection_json(kept)))
    change(file)  # type: ignore[operator]
    with pytest.raises(CollectionError, match=message):
        parse_collection(file)


@pytest.mark.parametrize("value", [None, [], "x", {}, {"version": 1, "name": 3, "items": []}])
def test_other_json_is_refused(value: object) -> None:
    with pytest.raises(CollectionError, match="not a collection"):
        parse_collection(value)
