"""Table rows as answers, from index to output, with the default model."""

from __future__ import annotations

import pytest

from index.models.encoder import load
from qa.answering.library import Library
from qa.output import console
from qa.output.json_objects import answer_json
from tests.factories.libraries import library_of

TOWNS = ["Arvik", "Bergo", "Dale", "Eidet", "Fossen", "Granvik", "Holm", "Ulvik"]
SCHOOLS = "".join(f"| District {n:03} | {7 * n + 1000:,} | {11 * n + 2000:,} |\n" for n in range(1, 81))
ROADS = (
    "<html><head><title>Roads 2019</title></head><body><main><h1>Roads</h1><p>The county keeps its roads in order.</p>"
    "<p>The following table shows the length of roads and the sums spent (in million crowns):</p><table>"
    "<tr><td></td><td></td><td colspan=2>Gravel</td><td colspan=2>Asphalt</td></tr>"
    "<tr><td></td><td></td><td>Length</td><td>Cost</td><td>Length</td><td>Cost</td></tr>"
    + "".join(
        f"<tr>{'<td rowspan=4>Northern region</td>' * (n == 0)}{'<td rowspan=4>Southern region</td>' * (n == 4)}"
        f"<td>{town}²</td><td>{n + 31}</td><td>{n + 2}.5</td><td>{n + 71}</td><td>{n + 5}.1</td></tr>"
        for n, town in enumerate(TOWNS)
    )
    + "</table><p>Figures of the last day of the year.</p></main></body></html>"
)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    header = (
        "# Schools\n\nTable 4. Pupils by district, in hundreds\n\n| District | Primary schools | Secondary schools |\n"
    )
    files = {"schools.md": f"{header}|---|--:|--:|\n{SCHOOLS}", "roads.html": ROADS}
    return library_of(tmp_path_factory.mktemp("tables"), files, encoder=load())


@pytest.mark.parametrize(
    ("question", "row", "wording"),
    [
        (
            "How many pupils were in secondary schools of District 073?",
            "| District 073 | 1,511 | 2,803 |",
            "District 073, Primary schools: 1,511; Secondary schools: 2,803",
        ),
        (
            "What is the length of gravel roads in Granvik?",
            "| Granvik",
            "Southern region, Granvik, Gravel, Length: 36; Gravel, Cost: 7.5; Asphalt, Length: 76; Asphalt, Cost: 10.1",
        ),
    ],
)
def test_the_first_answer_is_the_row_and_its_header_is_shown(
    library: Library, question: str, row: str, wording: str, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = library.ask(question)
    (first, *_) = answer_json(answer)["answer"]
    document = first["passage"].partition("@")[0]
    assert first["text"].startswith(row)
    assert library.index.document(document).text[first["start"] : first["end"]] == first["text"]
    assert first["wording"] == wording
    console.answer(answer)
    lines = capsys.readouterr().out.splitlines()
    shown = next(number for number, line in enumerate(lines) if line.strip().startswith(row.strip("| ")))
    assert all(cell in lines[shown - 1] for cell in first["header"].split("\n"))


def test_each_part_of_a_long_table_has_the_header_that_its_text_lacks(library: Library) -> None:
    (schools,) = (document for document in library.index.documents if document.id == "schools")
    first, *others = (item.passage for item in library.index.records.passages_of_document(schools.number))
    assert (first.missing_header, len(others) > 1) == ("", True)
    header = "Table 4. Pupils by district, in hundreds\nDistrict | Primary schools | Secondary schools"
    assert {passage.missing_header for passage in others} == {header}


@pytest.mark.parametrize(
    ("question", "row"),
    [
        ("What were the running costs of the ferry office?", "| Running costs | 586 |"),
        ("What were the other running costs of the ferry office?", "| Other running costs | 63 |"),
    ],
)
def test_of_rows_with_nearly_the_same_name_the_one_asked_for_answers(
    question: str, row: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    rows = "| Other running costs | 63 |\n| Income from fares | 512 |\n| Running costs | 586 |\n"
    text = f"# Ferry office\n\nTable 1. Accounts in thousand crowns\n\n| Item | 2019 |\n|---|--:|\n{rows}"
    library = library_of(tmp_path_factory.mktemp("costs"), {"ferries.md": text}, encoder=load())
    assert library.ask(question).sentences[0].text == row
