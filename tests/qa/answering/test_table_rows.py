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


def _table(*rows: str) -> str:
    head, *others = rows
    return "\n".join(f"| {row} |" for row in (head, " | ".join(["---"] * (head.count("|") + 1)), *others)) + "\n"


def _fleet(year: int, damaged: tuple[int, int], fares: tuple[int, int], delays: str) -> str:
    east, mill = damaged
    depots = _table("Depot | Trams | Damaged | Scrapped", f"East | 84 | {east} | 4", f"Mill | 61 | {mill} | 1")
    types = _table("Type | Built | Weight | Price", "Heron | 1987 | 38.2 | 310", "Wren | 2016 | 21.0 | 145")
    money = _table(f"Item | {year} | {year - 1}", f"Fares | {fares[0]} | {fares[1]}", "Wages | 510 | 500")
    return (
        f"# Tram Report {year + 1}\n\nThis report describes the year {year}.\n\n## Depots\n\n"
        f"Table 1. Trams by depot, {year}\n\n{depots}\n"
        f"## Types\n\nTable 2. Types of trams, {year}\n\n{types}\n## Money\n\nTable 3. Accounts\n\n{money}\n"
        f"## Delays\n\n{delays}\n"
    )


SUPERLATIVES = {
    "tram-report-2021.md": _fleet(2020, (5, 12), (402, 710), "There were 212 complaints about late trams."),
    "tram-report-2022.md": _fleet(2021, (9, 8), (511, 402), "There were 305 complaints about late trams."),
    "tram-report-2023.md": _fleet(
        2022, (3, 14), (524, 511), "There were 178 complaints about late trams, the fewest since 2008."
    ),
    "fischerei.md": "# Fischerei\n\n"
    "Dieser Bericht beschreibt die Häfen und die Boote der Fischer im Haff und was mit ihnen geschah.\n\n"
    "Tabelle 1. Zustand der Boote nach Häfen\n\n"
    + _table("Hafen | Boote | Beschädigt | Stillgelegt", "Altsand | 48 | 3 | 7", "Brook | 31 | 6 | 2"),
    "musees.md": "# Musées\n\n"
    "Cet annuaire décrit les musées de la ville et les tableaux qui y sont conservés.\n\n"
    "Tableau 1. Tableaux par musée\n\n"
    + _table("Musée | Tableaux | Endommagés | Restaurés", "Musée Orsin | 910 | 14 | 3", "Musée du Port | 402 | 21 | 9"),
    "escuelas.md": "# Escuelas\n\n"
    "Este anuario describe las escuelas del valle y las aulas que hay en cada uno de los distritos.\n\n"
    "Tabla 1. Aulas por distrito\n\n"
    + _table("Distrito | Aulas | Cerradas | Renovadas", "Norte | 120 | 4 | 19", "Ribera | 88 | 9 | 7"),
}


@pytest.fixture(scope="module")
def superlatives(tmp_path_factory: pytest.TempPathFactory) -> Library:
    return library_of(tmp_path_factory.mktemp("superlatives"), SUPERLATIVES, encoder=load())


@pytest.mark.parametrize(
    ("question", "document", "row"),
    [
        ("Which depot had the most damaged trams in 2020?", "tram-report-2021", "| Mill"),
        ("Which depot had the fewest damaged trams in 2022?", "tram-report-2023", "| East"),
        ("Which depot had the most trams in 2020?", "tram-report-2021", "| East"),
        ("most damaged trams?", "tram-report-2023", "| Mill"),
        ("Which type of tram was the cheapest in 2021?", "tram-report-2022", "| Wren"),
        ("Which type of tram was the oldest in 2021?", "tram-report-2022", "| Heron"),
        ("Which type of tram was the lightest in 2021?", "tram-report-2022", "| Wren"),
        ("In which year were fares highest?", "tram-report-2021", "| Fares | 402 | 710"),
        ("Which year had the most complaints about late trams?", "tram-report-2022", "There were 305"),
        ("Which year had the fewest complaints about late trams?", "tram-report-2023", "There were 178"),
        ("Welcher Hafen hatte die meisten beschädigten Boote?", "fischerei", "| Brook"),
        ("Welcher Hafen hatte die wenigsten stillgelegten Boote?", "fischerei", "| Brook"),
        ("Quel musée avait le plus de tableaux endommagés ?", "musees", "| Musée du Port"),
        ("Quel musée avait le moins de tableaux restaurés ?", "musees", "| Musée Orsin"),
        ("¿Qué distrito tenía más aulas cerradas?", "escuelas", "| Ribera"),
        ("¿Qué distrito tenía menos aulas renovadas?", "escuelas", "| Ribera"),
    ],
)
def test_a_superlative_is_of_the_column_that_it_names(
    superlatives: Library, question: str, document: str, row: str
) -> None:
    first = superlatives.ask(question).sentences[0]
    assert (first.passage.partition("@")[0], first.text[: len(row)]) == (document, row)


@pytest.mark.parametrize(
    "question",
    ["In which year were fares highest?", "Which year had the most complaints about late trams?"],
)
def test_a_column_or_an_edition_tells_the_year_asked_for(superlatives: Library, question: str) -> None:
    assert "date asked for" not in " ".join(superlatives.ask(question).notices)


def test_what_is_the_case_in_several_years_does_not_tell_the_year_of_an_event(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    text = (
        "# Harbour Report 2022\n\nThis report describes the year 2021.\n\n"
        "The kiosk of the harbour is open on weekdays.\n\n"
        "Deer overtook elk as the most common animal.\n"
    )
    library = library_of(tmp_path_factory.mktemp("events"), {"harbour-report-2022.md": text}, encoder=load())
    notice = "the answer does not give the date asked for"
    assert notice in library.ask("In which year did the harbour kiosk open?").notices
    assert notice not in library.ask("In which year did deer overtake elk?").notices
