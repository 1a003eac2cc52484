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
