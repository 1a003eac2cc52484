"""A library of one series, an edition for each year."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from corpus.ingest import plan
from index.building.build import build
from index.models.encoder import Encoder
from qa.answering.library import Library

EDITION_FROM = 'language = "en"\nedition_from = "^(\\\\d{4})"\n'
"""Defaults of a catalogue for files whose names begin with the year of the edition."""


def series_library(
    folder: Path, series: str, texts: Mapping[int, str], encoder: Encoder, language: str = "en"
) -> Library:
    """Return a library of Markdown texts in a folder; the title of each is the series with the year."""
    for year, text in texts.items():
        (folder / f"{year}.md").write_text(f"---\ntitle: {series} {year}\n---\n\n{text}\n", "utf-8")
    defaults = EDITION_FROM.replace('"en"', f'"{language}"')
    (folder / "corpus.toml").write_text(f'[defaults]\nseries = "{series}"\n{defaults}', "utf-8")
    build(folder / "index", plan([folder]), encoder)
    return Library(folder / "index", encoder)
