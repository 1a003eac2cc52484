"""The public interface of the package: its worked example, and how it reports files that cannot be read."""

from __future__ import annotations

import doctest
import shutil
from pathlib import Path

import pytest

import corpus

SAMPLES = Path(corpus.__file__).parent / "samples"


def test_the_worked_example_is_right(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(SAMPLES, tmp_path / "reports")
    monkeypatch.chdir(tmp_path)
    result = doctest.testmod(corpus)
    assert (result.failed, result.attempted > 4) == (0, True)


def test_every_public_name_can_be_imported() -> None:
    assert all(getattr(corpus, name) is not None for name in corpus.__all__)
    with pytest.raises(AttributeError, match="nothing"):
        corpus.nothing  # noqa: B018


def test_unreadable_files_are_listed_with_the_reason(tmp_path: Path) -> None:
    (tmp_path / "good.txt").write_text("Annual Report 2016\n\nThe harvest was good.\n", encoding="utf-8")
    (tmp_path / "empty.txt").touch()
    loaded = corpus.load([tmp_path])
    assert [document.id for document in loaded.documents] == ["good"]
    assert [file.path.name for file in loaded.unread] == ["empty.txt"]


def test_no_readable_file_is_an_error_that_names_the_reason(tmp_path: Path) -> None:
    (tmp_path / "empty.txt").touch()
    with pytest.raises(corpus.NothingToRead, match=r"empty\.txt"):
        corpus.load([tmp_path])
    with pytest.raises(corpus.NothingToRead, match="absent"):
        corpus.load([str(tmp_path / "absent")])
