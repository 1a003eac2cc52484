"""Example questions come from the documents at hand, and there are none where these say nothing."""

from __future__ import annotations

from pathlib import Path

from qa.answering.example_questions import candidate_questions, example_questions
from qa.answering.library import Library
from tests.factories.libraries import library_of

REPORT = """\
Harbour Report {year}

1 Introduction
This report tells of the year.

2 The harbour
2.1 Cranes and berths
In {covers} the harbour bought {count} cranes and built a berth for each of them, which took the whole of the year.

2.2 Pilots of the estuary (PoE)
The pilots guided {count} ships in {covers}.
"""


def indexed(folder: Path, **texts: str) -> Library:
    """A library of these documents, of one series; `a_2016` is of edition 2016."""
    tables = []
    for name in texts:
        year = int(name.rpartition("_")[2])
        tables.append(f'[[document]]\nfile = "{name}.txt"\nseries = "Harbour"\nedition = {year}\ncovers = {year - 1}\n')
    files = {f"{name}.txt": text for name, text in texts.items()}
    return library_of(folder, {**files, "corpus.toml": "".join(tables)})


def asked(library: Library) -> list[str]:
    return [question for question, _ in candidate_questions(library.index)]


def test_examples_compare_editions_and_name_existing_sections(tmp_path: Path) -> None:
    texts = {f"a_{year}": REPORT.format(year=year, covers=year - 1, count=year - 2000) for year in (2016, 2020)}
    assert asked(indexed(tmp_path / "two", **texts)) == [
        "How did cranes and berths change between the 2016 and 2020 editions?",
        "How did pilots of the estuary (PoE) change between the 2016 and 2020 editions?",
    ]
    assert asked(indexed(tmp_path / "one", a_2016=texts["a_2016"])) == [
        "What is reported about cranes and berths in 2015?",
        "What is reported about pilots of the estuary (PoE) in 2015?",
    ]


def test_a_heading_in_capitals_is_written_as_in_the_text(tmp_path: Path) -> None:
    text = "1 TREATMENT OF THE PORT OF ZANDHAFEN\nThe treatment of Zandhafen, a port, by the UN is good.\n"
    library = indexed(tmp_path / "capitals", a_2016=f"Harbour Report 2016\n\n{text}")
    assert asked(library) == ["What is reported about treatment of the port of Zandhafen in 2015?"]


def test_without_headings_there_are_no_examples(tmp_path: Path) -> None:
    assert (
        example_questions(indexed(tmp_path / "plain", a_2016="The harbour bought fourteen cranes in the year.\n")) == []
    )


def test_only_questions_whose_answer_quotes_the_section_are_offered(tmp_path: Path) -> None:
    library = indexed(tmp_path / "one", a_2016=REPORT.format(year=2016, covers=2015, count=14))
    offered = example_questions(library)
    assert offered
    for question, title in candidate_questions(library.index):
        answer = library.ask(question)
        quoted = {sentence.passage for sentence in answer.sentences[:1]}
        paths = [cited.hit.stored.passage.path for cited in answer.passages if cited.hit.id in quoted]
        assert (question in offered) == any(title.casefold() in " ".join(path).casefold() for path in paths)
    (tmp_path / "silent").mkdir()
    monologue = "1 Let's eat\n\nYes.\n\n2 The harbour\n\nIt bought cranes.\n"
    assert "What is reported about Let's eat in 2015?" not in example_questions(
        indexed(tmp_path / "silent", a_2016=f"Harbour Report 2016\n\n{monologue}")
    )
