"""Titles that programs fill in."""

import pytest

from corpus.metadata.cover import is_placeholder_title


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
