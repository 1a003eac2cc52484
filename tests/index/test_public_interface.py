"""The public interface of `index`: its names resolve lazily, and its worked example runs."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

import index
from tests.factories.encoders import HashEncoder
from tests.paths import ROOT


def test_every_public_name_resolves() -> None:
    assert all(getattr(index, name) is not None for name in index.__all__)
    assert set(index.__all__) <= set(dir(index))


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no_such_name"):
        index.no_such_name  # noqa: B018


def test_importing_the_package_loads_no_library() -> None:
    script = "import index, sys; assert not {'faiss', 'numpy', 'onnxruntime', 'tantivy'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=True)


def test_the_worked_example_of_the_docstring_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "documents").mkdir()
    text = "Fishery Report 2016\n\nThe herring quota was cut.\n"
    (tmp_path / "documents" / "fishery.txt").write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(index, "load_encoder", HashEncoder, raising=False)
    example = "\n".join(line for line in (index.__doc__ or "").splitlines() if line.startswith("    "))
    exec(textwrap.dedent(example), {})  # noqa: S102 - our own docstring
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "1 documents, 1 passages"
    assert lines[1].split(maxsplit=2)[1].startswith("fishery@")
    assert lines[-1] == "The herring quota was cut."
