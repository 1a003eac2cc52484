"""ZIP archives: read as a folder, within limits, without leaving it."""

from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path

import pytest

from corpus import archives, limits
from corpus.errors import UnreadableFile
from corpus.ingest import load, plan, read
from corpus.readers.zipped_xml import Archive
from tests.factories.rendered.sheets import csv_file, pack

CATALOGUE = '[[document]]\nfile = "deep/*.txt"\nseries = "Port Report"\nedition = 2015\n'


def test_an_archive_is_read_as_a_folder_with_its_catalogue(tmp_path: Path) -> None:
    nets = csv_file([["Port", "Nets"], ["A", 1]])
    parts: dict[str, str | bytes] = {"deep/ports.txt": "Boats sailed.", "corpus.toml": CATALOGUE, "nets.csv": nets}
    (tmp_path / "reports.zip").write_bytes(pack(parts | {"__MACOSX/a.txt": "x", ".hidden.txt": "x"}))
    for path in (tmp_path, tmp_path / "reports.zip"):
        loaded = load([path])
        assert [(document.id, document.series) for document in loaded.documents] == [
            ("ports", "Port Report"), ("nets", None),
        ]  # fmt: skip
        assert loaded.documents[0].source == (tmp_path / "reports.zip" / "deep" / "ports.txt").resolve().as_posix()
        assert loaded.unread == ()


def test_what_cannot_be_read_in_an_archive_is_named(tmp_path: Path) -> None:
    outside: dict[str, str | bytes] = {"../out.txt": "x", "/etc/a.txt": "x", "c:\\a.txt": "x", ".": "x"}
    parts = outside | {"in.zip": pack({"a.txt": "x"}), "a.bin": "x", "ok.txt": "Boats sailed."}
    (tmp_path / "a.zip").write_bytes(pack(parts))
    (tmp_path / "b.zip").write_bytes(b"PK\3\4 no archive")
    planned = plan([tmp_path])
    assert [source.path.name for source in planned.sources] == ["ok.txt"]
    assert sorted(file.reason.split(":")[0].split(";")[0] for file in planned.unread) == [
        *["a name that leads out of the archive"] * 4,
        "an archive inside an archive", "cannot read .bin files", "damaged",
    ]  # fmt: skip


def test_limits_hold_for_archives(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "a.zip"
    file.write_bytes(pack({"a.txt": "x" * 5000, "b.txt": "Boats."}))
    monkeypatch.setenv(limits.FILE.variable, "1000")
    reason = "5,000 bytes; the limit is 1,000: raise YEARBOOK_QA_MAX_FILE or split the file"
    assert archives.listing(file).unread == {"a.txt": reason}
    for limit in (limits.ARCHIVE, limits.PARTS):
        other = tmp_path / f"{limit.variable}.zip"
        other.write_bytes(file.read_bytes())
        monkeypatch.setenv(limit.variable, "1")
        with pytest.raises(UnreadableFile, match=f"raise {limit.variable}"):
            archives.listing(other)
        monkeypatch.delenv(limit.variable)


def test_a_header_that_states_too_small_a_size_brings_no_more_bytes(tmp_path: Path) -> None:
    data = bytearray(pack({"a.txt": "Boats sailed. " * 100}))
    size = (1400).to_bytes(4, "little")
    while (at := data.find(size)) >= 0:
        data[at : at + 4] = (14).to_bytes(4, "little")
    (tmp_path / "a.zip").write_bytes(data)
    with pytest.raises(UnreadableFile, match="cannot be unpacked"):
        archives.read_bytes(tmp_path / "a.zip" / "a.txt")
    assert [file.reason.split(" (")[0] for file in plan([tmp_path]).unread] == ["damaged: it cannot be unpacked"]


def test_damaged_lzma_is_reported(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("a.txt", "Boats sailed.")
    data = bytearray(buffer.getvalue())
    data[data.index(b"a.txt") + len("a.txt") + 4] = 0xFF  # the properties of the compression
    (tmp_path / "a.zip").write_bytes(data)
    with pytest.raises(UnreadableFile, match="cannot be unpacked"):
        archives.read_bytes(tmp_path / "a.zip" / "a.txt")
    with pytest.raises(UnreadableFile, match=r"a\.txt cannot be unpacked"):
        Archive(bytes(data), "DOCX").read("a.txt")


def test_a_directory_that_would_take_minutes_to_parse_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(limits.PARTS.variable, "1000")
    data = pack({"a.txt": "Boats sailed."})
    start, end = data.index(b"PK\1\2"), data.index(b"PK\5\6")
    fields = struct.pack("<HH", 0xFFFF, 0) * 16_000  # each of which zipfile copies the rest of the entry for
    entry = data[start : start + 30] + struct.pack("<H", len(fields)) + data[start + 32 : end] + fields
    bomb = data[:start] + 8 * entry + struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 8, 8, 8 * len(entry), start, 0)
    (tmp_path / "a.zip").write_bytes(bomb)
    with pytest.raises(UnreadableFile, match="directory"):
        archives.listing(tmp_path / "a.zip")
    with pytest.raises(UnreadableFile, match="directory"):
        Archive(bomb, "DOCX")


@pytest.mark.parametrize(
    ("name", "encoding"),
    [("港湾.txt", "cp932"), ("港 2015.txt", "cp932"), ("Größe.txt", "cp437"), ("année.txt", "utf-8")],
)
def test_names_without_an_encoding_are_read(name: str, encoding: str, tmp_path: Path) -> None:
    raw = name.encode(encoding)
    data = pack({"x" * len(raw): "Boats sailed."}).replace(b"x" * len(raw), raw)
    (tmp_path / "a.zip").write_bytes(data)
    assert [source.path.name for source in plan([tmp_path / "a.zip"]).sources] == [name]


def test_a_changed_archive_is_noticed(tmp_path: Path) -> None:
    file = tmp_path / "a.zip"
    file.write_bytes(pack({"a.txt": "Boats sailed."}))
    (source,) = plan([file]).sources
    file.write_bytes(pack({source.path.name: "Boats sailed home."}))
    with pytest.raises(UnreadableFile, match="changed while"):
        read(source)
