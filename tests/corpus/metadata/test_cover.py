"""Titles that programs fill in."""

import pytest

from corpus.metadata.cover import is_placeholder_title, read_cover


@pytest.mark.parametrize(
    "title",
    [
        "Microsoft Word - draft7.doc",
        "Word Document",
        "(Untitled)",
        "Sheet1",
        "PowerPoint Presentation",
        "a b.docx",
        "2016",
    ],
)
def test_a_file_name_and_a_default_are_placeholders(title: str) -> None:
    assert is_placeholder_title(title)


@pytest.mark.parametrize(
    "title", ["Microsoft Annual Report 2019", "Word of the Year", "Title Deeds 2015", "外交青書", "Page and Screen"]
)
def test_a_title_of_a_publication_is_no_placeholder(title: str) -> None:
    assert not is_placeholder_title(title)


@pytest.mark.parametrize(
    ("cover", "publisher"),
    [
        ("Verband Nordalm e. V.\n\nJahresbericht 2023\n", "Verband Nordalm e. V."),
        ("# Jahresbericht 2022\n\n**Landesverband Imker Falkenau**\nTalgasse 9\n", "Landesverband Imker Falkenau"),
        (
            "# Bilan annuel 2022\n\n**Observatoire forestier du Val d'Orne**\n3, rue des Tilleuls\n",
            "Observatoire forestier du Val d'Orne",
        ),
        (
            "# The Shelter Review 2021\n\nRoofline, the network of night shelters in Averland. Annual report.\n",
            "Roofline",
        ),
        (
            "THE SHELTER REVIEW 2022\n\nRoofline - the national charity for night shelters\nPublished in May 2023\n",
            "Roofline",
        ),
        ("# The Shelter Review 2021\n\nJane Smith, the chief executive of a charity, writes.\n", None),
        ("# The Shelter Review 2021\n\nIn May, the network of shelters grew.\n", None),
    ],
)
def test_the_publisher_is_a_body_named_on_the_cover(cover: str, publisher: str | None) -> None:
    assert read_cover(cover).publisher == publisher


@pytest.mark.parametrize(
    ("file_name", "publisher"),
    [
        (["Elm Tide Watch Annual Report"], "Tide Watch of Elm"),
        (["Tide Watch Elm"], "Tide Watch of Elm"),
        (["Elm Annual Report"], None),
        (["Annual Report"], None),
    ],
)
def test_a_line_with_the_words_of_the_file_name_is_the_publisher(file_name: list[str], publisher: str | None) -> None:
    cover = "# Annual Report and Accounts 2019–20\n\n**Tide Watch of Elm**\n\nLaid before the House\n"
    assert read_cover(cover, file_name=file_name).publisher == publisher


@pytest.mark.parametrize(
    ("title", "name", "text", "publisher"),
    [
        (
            "# Annual Report 2019",
            "**Rowing West**",
            "Rowing West grew. In May Rowing West hired a coach.",
            "Rowing West",
        ),
        (
            "# Jahresbericht 2019",
            "**Uhrenfreunde Tarn**",
            "Uhrenfreunde Tarn wuchs. Auch Uhrenfreunde Tarn half.",
            "Uhrenfreunde Tarn",
        ),
        ("# Annual Report 2019", "**Opening Doors**", "The trust grew. It opened doors.", None),
        (
            "# Annual Report 2019",
            "**Opening Doors**",
            "Opening Doors is new. Opening doors is hard. Opening Doors!",
            None,
        ),
    ],
)
def test_a_name_below_a_generic_title_that_the_text_repeats_is_the_publisher(
    title: str, name: str, text: str, publisher: str | None
) -> None:
    assert read_cover(f"{title}\n\n{name}\n\n## Foreword\n\n{text}\n").publisher == publisher


@pytest.mark.parametrize(
    ("title", "text", "publisher"),
    [
        ("Larkmead Annual Report 2019", "Larkmead grew. The board of Larkmead met.", "Larkmead"),
        ("ROWING WEST ANNUAL REPORT 2019", "Rowing West grew. In May Rowing West hired a coach.", "Rowing West"),
        ("Annual Report of the Larkmead 2019", "Larkmead grew. The board of Larkmead met.", "Larkmead"),
        ("Road Safety Annual Report 2019", "Road Safety matters. Spending on road safety grew. Road Safety!", None),
        ("Larkmead Annual Report 2019", "The board met.", None),
        ("Annual Report 2019 | Port of Elm", "The board met.", "Port of Elm"),
        ("Annual Report 2018–19 | Port of Elm", "The board met.", "Port of Elm"),
        ("St Brannoc's House – Annual Report 2019", "The board met.", "St Brannoc's House"),
        ("Maison d'Orsène – Rapport annuel 2019", "Le conseil.", "Maison d'Orsène"),
    ],
)
def test_a_title_names_its_publisher(title: str, text: str, publisher: str | None) -> None:
    assert read_cover(f"# {title}\n\n## Foreword\n\n{text}\n").publisher == publisher
