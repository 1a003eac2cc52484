"""Paths to documents: every file is read or reported, ids, and the identity of sources."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
import shutil
import socket
import stat
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import corpus.samples
from corpus import limits
from corpus.catalogue import Entry
from corpus.errors import CatalogueError, LimitError, NothingToRead, UnreadableFile
from corpus.ingest import IndexedFile, Plan, Source, build_document, plan, read
from corpus.readers.base import FileContent
from tests.factories.rendered.pages import draw_lines, draw_pages, edit_pdf

TEXT = "Report on Boats 2016\n\nIn 2015 boats were built. In 2015 boats were sold, and in 2015 some sank.\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    return folder


def write(path: Path, content: str | bytes = TEXT) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def ids(planned: Plan) -> list[str]:
    return [source.id for source in planned.sources]


def reasons(planned: Plan) -> dict[str, str]:
    """Reason by file name, of what is refused by the plan and of what is refused on reading."""
    found = {one.path.name: one.reason for one in planned.unread}
    for source in planned.sources:
        try:
            read(source)
        except UnreadableFile as error:
            found[source.path.name] = str(error)
    return found


def link(target: Path, name: Path) -> None:
    try:
        name.symlink_to(target)
    except OSError:
        pytest.skip("this system lets nobody make symbolic links")


class TestFinding:
    def test_a_folder_yields_its_files_recursively_in_order(self, folder: Path) -> None:
        for name in ("b.txt", "a.md", "sub/c.txt", "sub/deep/d.text"):
            write(folder / name)
        assert ids(plan([folder])) == ["a", "b", "c", "d"]

    def test_a_file_yields_itself(self, folder: Path) -> None:
        write(folder / "a.txt")
        write(folder / "b.txt")
        planned = plan([folder / "b.txt"])
        assert ids(planned) == ["b"]
        assert planned.roots == ((folder / "b.txt").resolve(),)

    def test_paths_keep_their_order(self, folder: Path) -> None:
        for name in ("x/a.txt", "y/b.txt", "c.txt"):
            write(folder / name)
        assert ids(plan([folder / "y", folder / "c.txt", folder / "x"])) == ["b", "c", "a"]

    def test_a_relative_path_is_accepted(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        write(folder / "a.txt")
        write(folder / "corpus.toml", '[[document]]\nfile = "a.txt"\nid = "x"\n')
        monkeypatch.chdir(folder)
        for path in (Path(), Path("a.txt"), Path("../corpus"), Path("../corpus/a.txt")):
            planned = plan([path])
            assert ids(planned) == ["x"], path
            assert read(planned.sources[0]).source == (folder / "a.txt").resolve().as_posix()

    def test_a_file_passed_twice_is_read_once(self, folder: Path) -> None:
        write(folder / "a.txt")
        assert ids(plan([folder, folder / "a.txt", folder, folder / ".." / "corpus" / "a.txt"])) == ["a"]

    @pytest.mark.parametrize("name", [".hidden.txt", ".git/a.txt", "sub/.cache/a.txt"])
    def test_hidden_files_are_left_out(self, folder: Path, name: str) -> None:
        write(folder / name)
        write(folder / "a.txt")
        planned = plan([folder])
        assert (ids(planned), planned.unread) == (["a"], ())

    def test_a_hidden_file_that_is_passed_or_listed_is_read(self, folder: Path) -> None:
        hidden = write(folder / ".a.txt")
        assert ids(plan([hidden])) == [".a"]
        write(folder / "corpus.toml", '[[document]]\nfile = ".a.txt"\nid = "x"\n')
        planned = plan([folder])
        assert (ids(planned), planned.missing) == (["x"], ())

    def test_an_empty_folder_has_no_sources(self, folder: Path) -> None:
        assert plan([folder]) == Plan((folder.resolve(),), ())

    @pytest.mark.parametrize("name", ["nothing.txt", "nothing", "a.txt/b.txt"])
    def test_a_missing_path_is_an_error_that_names_it(self, folder: Path, name: str) -> None:
        write(folder / "a.txt")
        with pytest.raises(NothingToRead, match=name.replace(".", r"\.")):
            plan([folder, folder / name])

    def test_a_path_without_permission_is_an_error_that_names_it(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuse(path: Path) -> bool:
            raise PermissionError(13, "Permission denied", str(path))

        monkeypatch.setattr(Path, "exists", refuse)
        with pytest.raises(NothingToRead, match=r"corpus: Permission denied"):
            plan([folder])


class TestIds:
    @pytest.mark.parametrize(
        ("name", "identifier"),
        [
            ("report.txt", "report"),
            ("Report_2016-v1.2.txt", "Report_2016-v1.2"),
            ("annual report (2016).txt", "annual-report--2016"),
            ("Résumé 2016.txt", "Resume-2016"),
            ("a@5-9.txt", "a-5-9"),
            ("--a--.txt", "a"),
        ],
    )
    def test_an_id_is_the_stem_with_invalid_characters_replaced(self, folder: Path, name: str, identifier: str) -> None:
        assert ids(plan([write(folder / name)])) == [identifier]

    @pytest.mark.parametrize("name", ["外交青書2016.txt", "白書2016.txt", "Отчёт.txt", "@@@.txt", "---.txt"])
    def test_names_in_other_scripts_get_distinct_ids(self, folder: Path, name: str) -> None:
        write(folder / name)
        write(folder / "2016.txt")
        write(folder / "報告2016.txt")
        found = ids(plan([folder]))
        assert len(set(found)) == 3
        assert all(part.isascii() and part for part in found)

    @pytest.mark.parametrize(
        ("names", "expected"),
        [
            (("2015/report.txt", "2016/report.txt", "2016/notes.txt"), ["2015-report", "notes", "2016-report"]),
            (("a.txt", "sub/a.md"), ["corpus-a", "sub-a"]),
            (("x/2016/ch1.txt", "y/2016/ch1.txt", "y/2017/ch1.txt"), ["x-2016-ch1", "y-2016-ch1", "2017-ch1"]),
            (("2016/a.txt", "2017/a.txt", "x/2016-a.txt"), ["corpus-2016-a", "2017-a", "2016-a"]),
        ],
    )
    def test_files_of_the_same_name_get_ids_with_their_folders(
        self, folder: Path, names: Sequence[str], expected: Sequence[str]
    ) -> None:
        for name in names:
            write(folder / name)
        assert ids(plan([folder])) == expected

    def test_an_indexed_file_keeps_its_id_when_another_of_its_name_appears(self, folder: Path) -> None:
        first = write(folder / "2015" / "report.txt")
        write(folder / "2016" / "report.txt")
        indexed = {first.resolve().as_posix(): IndexedFile("report", "")}
        assert ids(plan([folder], indexed=indexed)) == ["report", "2016-report"]
        assert ids(plan([folder / "2016"], indexed=indexed)) == ["2016-report"]
        first.unlink()  # moved
        assert ids(plan([folder / "2016"], indexed=indexed)) == ["report"]

    def test_all_clashes_are_reported_and_the_other_files_planned(self, folder: Path) -> None:
        for name in ("a.txt", "a.md", "b.txt", "b.html", "c.txt"):
            write(folder / name)
        planned = plan([folder])
        assert ids(planned) == ["c"]
        assert {unread.path.name: unread.path.stem in unread.reason for unread in planned.unread} == dict.fromkeys(
            ("a.txt", "a.md", "b.txt", "b.html"), True
        )

    def test_an_id_in_the_catalogue_resolves_a_clash(self, folder: Path) -> None:
        for name in ("a.txt", "sub/a.md"):
            write(folder / name)
        write(folder / "corpus.toml", '[[document]]\nfile = "sub/a.md"\nid = "b"\n')
        assert ids(plan([folder])) == ["a", "b"]


class TestCatalogues:
    def test_unlisted_files_are_reported_and_read(self, folder: Path) -> None:
        for name in ("a.txt", "b.txt"):
            write(folder / name)
        write(folder / "corpus.toml", '[[document]]\nfile = "a.txt"\n')
        planned = plan([folder])
        assert planned.unlisted == (folder / "b.txt",)
        assert [(source.id, source.listed) for source in planned.sources] == [("a", True), ("b", False)]

    def test_listed_files_that_do_not_exist_are_reported(self, folder: Path) -> None:
        write(folder / "a.txt")
        write(folder / "corpus.toml", "".join(f'[[document]]\nfile = "{one}"\n' for one in ("a.txt", "b.txt", "*.md")))
        assert plan([folder]).missing == (str(folder / "b.txt"), str(folder / "*.md"))

    def test_the_innermost_catalogue_that_lists_a_file_applies(self, folder: Path) -> None:
        for name in ("a.txt", "sub/b.txt", "sub/c.txt", "sub/d.txt"):
            write(folder / name)
        outer = '[defaults]\npublisher = "outer"\n[[document]]\nfile = "**/[abc].txt"\nseries = "outer"\n'
        write(folder / "corpus.toml", outer)
        inner = '[defaults]\npublisher = "inner"\n[[document]]\nfile = "b.txt"\nseries = "inner"\n'
        write(folder / "sub" / "corpus.toml", inner)
        planned = plan([folder])
        assert {one.id: (one.entry.series, one.entry.publisher) for one in planned.sources} == {
            "a": ("outer", "outer"),
            "b": ("inner", "inner"),
            "c": ("outer", "outer"),
            "d": (None, "inner"),
        }
        assert planned.unlisted == (folder / "sub" / "d.txt",)
        assert planned.missing == ()

    def test_a_catalogue_beside_a_file_applies_to_it(self, folder: Path) -> None:
        write(folder / "a.txt")
        write(folder / "corpus.toml", '[[document]]\nfile = "a.txt"\nid = "x"\n[[document]]\nfile = "b.txt"\n')
        planned = plan([folder / "a.txt"])
        assert (ids(planned), planned.missing) == (["x"], ())

    def test_a_default_language_yields_to_the_text_of_unlisted_files(self, folder: Path) -> None:
        german = "Die Flotte der Bucht und die Boote im Hafen sind nicht alt, und der Fang ist gut für das Dorf. " * 5
        for name in ("listed.txt", "english.txt"):
            write(folder / name)
        write(folder / "german.txt", german)
        catalogued = '[defaults]\nlanguage = "en"\n[[document]]\nfile = "listed.txt"\n'
        write(folder / "corpus.toml", catalogued)
        documents = {source.id: read(source) for source in plan([folder]).sources}
        assert {name: document.language for name, document in documents.items()} == {
            "listed": "en",
            "english": "en",
            "german": "de",
        }
        assert [name for name, document in documents.items() if document.warnings] == ["german"]
        write(folder / "corpus.toml", f'{catalogued}[[document]]\nfile = "german.txt"\n')
        assert {read(source).language for source in plan([folder]).sources if source.listed} == {"en"}

    def test_the_catalogue_of_the_samples_says_nothing_of_other_files(self, folder: Path) -> None:
        samples = Path(corpus.samples.__path__[0])
        for path in samples.glob("*.t*"):
            shutil.copy(path, folder)
        write(folder / "own.txt")
        planned = plan([folder])
        assert [source.entry for source in planned.sources if not source.listed] == [Entry()]
        assert all(source.entry.publisher and source.entry.language for source in planned.sources if source.listed)

    def test_an_invalid_catalogue_is_an_error(self, folder: Path) -> None:
        write(folder / "a.txt")
        write(folder / "sub" / "corpus.toml", "x = 1\n")
        with pytest.raises(CatalogueError, match="line 1: unknown key `x`"):
            plan([folder])

    def test_catalogue_precedes_file_metadata_which_precedes_inference(self, folder: Path) -> None:
        front = "---\ntitle: Boats, declared\nedition: 2014\nlang: de\nseries: Boats\n---\n"
        write(folder / "a.md", front + "# Report on Boats 2016\n\nThis report covers 2013.\n")
        write(folder / "corpus.toml", '[[document]]\nfile = "a.md"\ntitle = "Boats, listed"\n')
        document = read(plan([folder]).sources[0])
        assert (document.title, document.edition, document.language) == ("Boats, listed", 2014, "de")
        assert (document.series, document.covers) == ("Boats", (2013, 2013))
        assert {key: document.origins[key] for key in ("title", "edition", "covers", "published")} == {
            "title": "catalogue",
            "edition": "file",
            "covers": "inferred",
            "published": "unknown",
        }

    def test_a_declared_title_that_is_only_the_publisher_gives_way_to_the_cover(self, folder: Path) -> None:
        for year in (2011, 2012):
            front = "---\ntitle: Stichting De Kade\n---\n\n# Stichting De Kade\n\n"
            cover = f"# Havencijfers van Arvik\n\n## Editie {year}\n\n"
            write(folder / f"hca{year}.md", f"{front}{cover}## Voorwoord\n\nDe haven is in het voorjaar geopend.\n")
        documents = [read(source) for source in plan([folder]).sources]
        assert {document.series for document in documents} == {"Havencijfers van Arvik"}
        assert {document.publisher for document in documents} == {"Stichting De Kade"}
        assert [document.edition for document in documents] == [2011, 2012]

    @pytest.mark.parametrize(
        ("declared", "text", "language"),
        [
            ("en-US", "Los barcos de la bahía llegaron con el pescado, y el puerto no se cerró en el año.", "es"),
            ("en", "Die Boote lagen im Hafen, und der Rat hat die Pläne für das Jahr nicht geändert.", "de"),
            ("nl", "The boats were in the harbour, and the board has not changed the plans of that year.", "en"),
        ],
    )
    def test_the_language_of_a_long_text_outweighs_that_of_its_file(
        self, folder: Path, declared: str, text: str, language: str
    ) -> None:
        file = write(folder / "a.md", f"---\nlang: {declared}\n---\n\n" + f"{text}\n\n" * 10)
        write(folder / "short.md", f"---\nlang: {declared}\n---\n\n{text}\n")
        document, short = (read(source) for source in plan([folder]).sources)
        assert (document.language, document.origins["language"]) == (language, "inferred")
        assert [f'"{declared}"' in line and f'"{language}"' in line for line in document.warnings] == [True]
        assert (short.language, short.origins["language"], short.warnings) == (declared, "file", ())
        written = f'[[document]]\nfile = "a.md"\nlanguage = "{declared}"'
        write(folder / "corpus.toml", written)
        (listed,) = (read(source) for source in plan([file]).sources)
        assert (listed.language, listed.origins["language"], listed.warnings) == (declared, "catalogue", ())
        write(folder / "corpus.toml", f"{written}  # from the file")  # copied by a program, and not checked
        (copied,) = (read(source) for source in plan([file]).sources)
        assert (copied.language, copied.origins["language"]) == (language, "inferred")

    @pytest.mark.parametrize(
        "line",
        [
            *(
                "edition: 3",
                "edition: Second",
                "covers: 2015-04-01",
                "covers: now",
                "date: 4 March 2016",
                "lang: English",
            ),
            *("url: javascript:alert(1)", "title: Microsoft Word - draft7.doc", "title: untitled", "published: 99"),
        ],
    )
    def test_file_metadata_in_an_unknown_form_is_ignored(self, folder: Path, line: str) -> None:
        document = read(
            plan([write(folder / "a.md", f"---\n{line}\n---\n\nOf boats and of the men in them.\n")]).sources[0]
        )
        assert "file" not in document.origins.values()

    @pytest.mark.parametrize(
        ("line", "field", "value"),
        [
            ("covers: 2014-2015", "covers", (2014, 2015)),
            ("covers: [2014, 2015]", "covers", (2014, 2015)),
            ("covers: 2014", "covers", (2014, 2014)),
            ("date: 2016-04-01T10:00:00Z", "published", "2016-04-01"),
            ("edition: 2016", "edition", 2016),
        ],
    )
    def test_file_metadata_is_read_in_these_forms(self, folder: Path, line: str, field: str, value: object) -> None:
        document = read(plan([write(folder / "a.md", f"---\n{line}\n---\n\nOf boats.\n")]).sources[0])
        assert (getattr(document, field), document.origins[field]) == (value, "file")

    def test_the_name_of_a_file_in_another_spelling_is_no_part_of_the_series(self, folder: Path) -> None:
        for year in (2019, 2020, 2021):
            write(
                folder / f"Jahresbericht_Haefen_{year}.md",
                f"# Jahresbericht der Häfen {year}\n\nSchiffe kamen {year} an.\n",
            )
            cover = f"Port Office of Ness\n\n# Annual Review {year}\n\nShips came in {year}.\n"
            write(folder / f"Ness Annual Review {year}.md", cover)
        documents = [read(source) for source in plan([folder]).sources]
        assert {document.series for document in documents} == {
            "Jahresbericht der Häfen",
            "Port Office of Ness: Annual Review",
        }

    def test_the_series_of_a_folder_of_many_publications_are_named_as_on_their_covers(self, folder: Path) -> None:
        covers = {
            "FWA_AR": "Ferra Water Authority\n\n# Ferra Water Authority: Activity Review {year}",
            "nordbank-20f": "Nordbank Ltd\n\n# Nordbank Ltd {year} Shareholder Review",
            "annuaire_peche": "Ministère de la Mer\n\n# Annuaire de la pêche – Édition {year}",
            "RSP": "Agenzia per i porti\n\n# Rapporto sulla sicurezza nei porti {year}",
            "蓝海": "蓝海市地方志编纂委员会\n\n# 蓝海年鉴{year}",
            "raport-zarzad": "# Raport roczny {year}\n\nZarząd Portu w Sennie S.A.",
            "Duinse-Havens-jaarverslag": "Duinse Havens N.V.\n\n# Jaarverslag {year}",
        }
        for name, cover in covers.items():
            for year in (2019, 2020, 2021):
                write(folder / f"{name}_{year}.md", f"{cover.format(year=year)}\n\n## 1\n\n{year}.\n")
        documents = [read(source) for source in plan([folder]).sources]
        assert {document.series for document in documents} == {
            "Ferra Water Authority: Activity Review",
            "Nordbank Ltd Shareholder Review",
            "Annuaire de la pêche",
            "Rapporto sulla sicurezza nei porti",
            "蓝海年鉴",
            "Duinse Havens N.V.: Jaarverslag",
            "Zarząd Portu w Sennie S.A.: Raport roczny",
        }
        assert {document.publisher for document in documents} >= {
            "Duinse Havens N.V.",
            "蓝海市地方志编纂委员会",
        }

    @pytest.mark.parametrize(("declared", "origin"), [({}, "inferred"), ({"/Title": "Report on Boats 2016"}, "file")])
    def test_only_a_title_in_the_fields_of_the_file_is_from_the_file(
        self, folder: Path, declared: dict[str, str], origin: str
    ) -> None:
        cover = draw_lines("Report on Boats 2016", size=24, font="Helvetica-Bold")
        data = draw_pages(cover, *[draw_lines("Boats were built on the coast.", "The harbour was dredged.")] * 2)
        (folder / "a.pdf").write_bytes(edit_pdf(data, lambda writer: writer.add_metadata(declared)))
        document = read(plan([folder]).sources[0])
        assert (document.title, document.origins["title"]) == ("Report on Boats 2016", origin)
        place = "title" if declared else "cover"
        assert (document.series, document.evidence["series"], document.evidence["edition"]) == (
            "Report on Boats",
            place,
            place,
        )

    def test_a_document_without_a_title_is_called_by_its_id(self, folder: Path) -> None:
        document = read(
            plan([write(folder / "boats.txt", "This is prose, and no title stands over it at all.\n")]).sources[0]
        )
        assert (document.title, document.origins["title"]) == ("boats", "inferred")


BAD: dict[str, tuple[bytes, str]] = {
    "binary.txt": (bytes(range(256)) * 8, "control characters"),
    "empty.txt": (b"", "empty"),
    "blank.md": (b" \n\t\n", "empty"),
    "mark.txt": (b"\xef\xbb\xbf", "empty"),
    "misnamed.txt": (b"%PDF-1.7\n1 0 obj", "PDF"),
    "archive.md": (b"PK\x03\x04" + b"x" * 60, "ZIP"),
    "utf16.txt": (b"\xff\xfeB\x00o\x00a\x00\x00\xd8x\x00", "utf-16-le"),
    "odd.txt": (b"\xff\xfeB\x00o", "utf-16-le"),
    "table.parquet": (b"a,b\n", "cannot read .parquet files"),
    "README": (b"text", "cannot read files without a suffix"),
}


class TestUnreadable:
    def test_unreadable_files_are_reported_and_the_others_are_read(self, folder: Path) -> None:
        for name, (content, _) in BAD.items():
            write(folder / name, content)
        write(folder / "good.txt")
        planned = plan([folder])
        found = reasons(planned)
        assert found.keys() == BAD.keys()
        for name, (_, reason) in BAD.items():
            assert reason in found[name], name
        good = next(source for source in planned.sources if source.id == "good")
        assert read(good).text == TEXT

    @pytest.mark.parametrize("ocr", [False, True])
    def test_a_file_that_its_reader_cannot_cope_with_ends_no_build(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch, ocr: bool
    ) -> None:
        def fail(*_: object, **__: object) -> FileContent:
            raise ZeroDivisionError

        (source,) = plan([write(folder / "good.txt").parent]).sources
        monkeypatch.setattr(f"corpus.ingest.{'ocr_' * ocr}reader_for", lambda _: fail)
        with pytest.raises(UnreadableFile, match="ZeroDivisionError"):
            read(dataclasses.replace(source, ocr=ocr))

    def test_a_limit_that_is_no_number_ends_the_build(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        (source,) = plan([write(folder / "a.md").parent]).sources
        monkeypatch.setenv(limits.MARKUP.variable, "many")
        with pytest.raises(LimitError, match="many"):
            read(source)

    def test_a_broken_link_is_reported(self, folder: Path) -> None:
        link(folder / "nothing.txt", folder / "a.txt")
        assert "does not exist" in reasons(plan([folder]))["a.txt"]

    def test_a_link_to_itself_is_reported(self, folder: Path) -> None:
        link(folder / "a.txt", folder / "a.txt")
        assert plan([folder]).unread[0].path == folder / "a.txt"

    def test_a_link_out_of_the_folder_is_not_followed(self, folder: Path) -> None:
        outside = write(folder.parent / "secret.txt")
        link(outside, folder / "a.txt")
        planned = plan([folder])
        assert planned.sources == ()
        assert "leads out" in reasons(planned)["a.txt"]
        assert ids(plan([folder / "a.txt"])) == ["a"], "given itself, a link is its file"

    def test_a_link_to_a_folder_is_reported_and_not_followed(self, folder: Path) -> None:
        write(folder / "sub" / "a.txt")
        link(folder, folder / "sub" / "round")
        link(folder.parent, folder / "out")
        planned = plan([folder])
        assert ids(planned) == ["a"]
        assert [one.path.name for one in planned.unread] == ["out", "round"]

    def test_a_file_with_a_link_in_the_same_folder_is_read_once(self, folder: Path) -> None:
        write(folder / "z.txt")
        link(folder / "z.txt", folder / "a.txt")
        assert ids(plan([folder])) == ["z"]
        write(folder / "corpus.toml", '[[document]]\nfile = "a.txt"\nid = "listed"\n')
        assert ids(plan([folder])) == ["listed"]

    @pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
    @pytest.mark.parametrize("name", ["a.txt", "corpus.jsonl", "corpus.toml"])
    def test_a_named_pipe_does_not_hang(self, folder: Path, name: str) -> None:
        os.mkfifo(folder / name)  # reading it would wait for a writer for ever
        write(folder / "sub" / "b.txt")
        planned = plan([folder])
        assert ids(planned) == ["b"]
        if name != "corpus.toml":
            assert "a named pipe" in reasons(planned)[name]
            assert "a named pipe" in reasons(plan([folder / name]))[name]

    @pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="no such sockets here")
    def test_a_socket_is_reported(self, monkeypatch: pytest.MonkeyPatch) -> None:
        with tempfile.TemporaryDirectory() as short, socket.socket(socket.AF_UNIX) as listener:
            monkeypatch.chdir(short)  # the path of a socket holds a hundred characters at most
            listener.bind("a.txt")
            assert "a socket" in reasons(plan([Path(short)]))["a.txt"]

    @pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="permissions do not bind this user")
    def test_a_file_without_permission_is_reported(self, folder: Path) -> None:
        write(folder / "a.txt").chmod(0)
        write(folder / "sub" / "b.txt")
        write(folder / "c.txt")
        write(folder / "corpus.toml", '[[document]]\nfile = "sub/b.txt"\n')
        (folder / "sub").chmod(0)
        try:
            planned = plan([folder])
        finally:
            (folder / "sub").chmod(stat.S_IRWXU)
        assert ids(planned) == ["c"]
        assert reasons(planned).keys() == {"a.txt", "sub"}
        assert planned.missing == (str(folder / "sub" / "b.txt"),)

    def test_a_folder_that_cannot_be_listed_is_reported(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        write(folder / "a.txt")
        write(folder / "sub" / "b.txt")
        scan: Callable[..., object] = os.scandir

        def refuse(path: str | Path) -> object:
            if Path(path).name == "sub":
                raise PermissionError(13, "Permission denied", str(path))
            return scan(path)

        monkeypatch.setattr(os, "scandir", refuse)
        planned = plan([folder])
        assert ids(planned) == ["a"]
        assert reasons(planned) == {"sub": "Permission denied"}

    def test_a_file_above_the_limit_is_reported_without_reading_it(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        write(folder / "a.txt", "x" * 101)
        write(folder / "b.txt", "x" * 100)
        monkeypatch.setenv("YEARBOOK_QA_MAX_FILE", "100")
        planned = plan([folder])
        assert ids(planned) == ["b"]
        assert "101 bytes; the limit is 100" in reasons(planned)["a.txt"]

    @pytest.mark.skipif(sys.platform != "linux", reason="only Linux has names that are not Unicode")
    def test_a_name_that_is_not_unicode_is_reported(self, folder: Path) -> None:
        try:
            (folder / os.fsdecode(b"a\xff.txt")).write_text(TEXT, encoding="utf-8")
        except OSError:
            pytest.skip("this file system takes only Unicode names")
        assert "Unicode" in plan([folder]).unread[0].reason

    def test_a_file_deleted_before_it_is_read_is_an_error(self, folder: Path) -> None:
        source = plan([write(folder / "a.txt")]).sources[0]
        source.path.unlink()
        with pytest.raises(FileNotFoundError):
            read(source)

    def test_a_file_changed_before_it_is_read_is_an_error(self, folder: Path) -> None:
        source = plan([write(folder / "a.txt")]).sources[0]
        write(folder / "a.txt", "Other text.\n")
        with pytest.raises(UnreadableFile, match="changed"):
            read(source)

    def test_a_line_of_a_million_characters_is_read(self, folder: Path) -> None:
        text = "word " * 200_000
        assert read(plan([write(folder / "a.txt", text)]).sources[0]).text == text


def record(identifier: object, text: str = "Boats float.", **more: object) -> str:
    return json.dumps({"_id": identifier, "text": text, **more}) + "\n"


class TestBeir:
    def test_a_beir_folder_yields_its_records_only(self, folder: Path) -> None:
        write(folder / "corpus.jsonl", record("d 1/a", title="Boats") + "\n" + record(2))
        write(folder / "queries.jsonl", record("q"))
        write(folder / "qrels" / "test.tsv", "query-id\tcorpus-id\tscore\n")
        planned = plan([folder])
        assert ids(planned) == ["d 1/a", "2"]
        assert planned.unread == ()
        first = read(planned.sources[0])
        assert (first.title, first.text, first.edition, first.covers) == ("Boats", "Boats float.", None, None)

    def test_documents_beside_a_beir_corpus_are_reported_or_listed(self, folder: Path) -> None:
        write(folder / "corpus.jsonl", record("d"))
        write(folder / "notice.txt")
        assert "BEIR" in reasons(plan([folder]))["notice.txt"]
        write(folder / "corpus.toml", '[[document]]\nfile = "notice.txt"\n')
        planned = plan([folder])
        assert (ids(planned), planned.unread) == (["d", "notice"], ())

    def test_a_beir_corpus_can_be_passed_as_a_file(self, folder: Path) -> None:
        assert ids(plan([write(folder / "corpus.jsonl", record("d"))])) == ["d"]

    @pytest.mark.parametrize(
        ("content", "reason"),
        [
            ("", "empty"),
            ("\n\n", "empty"),
            (record("a") + "{\n", "line 2"),
            (record("a") + "[]\n", "line 2"),
            (record(""), "`_id`"),
            (record("a\nb"), "`_id`"),
            (record("\ud800"), "`_id`"),
        ],
    )
    def test_an_invalid_beir_corpus_is_reported(self, folder: Path, content: str, reason: str) -> None:
        planned = plan([write(folder / "corpus.jsonl", content)])
        assert planned.sources == ()
        assert reason in reasons(planned)["corpus.jsonl"]

    def test_two_records_with_the_same_id_are_an_error(self, folder: Path) -> None:
        with pytest.raises(CatalogueError, match='two records with the `_id` "a"'):
            plan([write(folder / "corpus.jsonl", record("a") + record("a", "Other."))])

    def test_a_record_without_text_is_reported_and_the_others_read(self, folder: Path) -> None:
        planned = plan([write(folder / "corpus.jsonl", record("a", "") + record("b"))])
        with pytest.raises(UnreadableFile, match="empty"):
            read(planned.sources[0])
        assert read(planned.sources[1]).text == "Boats float."

    def test_a_corpus_changed_before_it_is_read_is_an_error(self, folder: Path) -> None:
        file = write(folder / "corpus.jsonl", record("a") + record("b"))
        second = plan([folder]).sources[1]
        write(file, record("c", "Much longer, so that all moves.") + record("b"))
        with pytest.raises(UnreadableFile, match="changed"):
            read(second)

    def test_half_of_a_surrogate_pair_is_replaced(self, folder: Path) -> None:
        document = read(plan([write(folder / "corpus.jsonl", record("a", "x\ud83dy", title="\udc00t"))]).sources[0])
        assert (document.text, document.title) == ("x\ufffdy", "\ufffdt")

    def test_each_record_has_the_hash_of_its_line(self, folder: Path) -> None:
        file = write(folder / "corpus.jsonl", record("a") + record("b"))
        before = {source.id: source.identity for source in plan([folder]).sources}
        write(file, record("new") + record("a") + record("b", "Boats sink."))
        after = {source.id: source.identity for source in plan([folder]).sources}
        assert after["a"] == before["a"]
        assert after["b"] != before["b"]


class TestIdentity:
    def test_identity_is_stable_for_the_same_file_and_entry(self, folder: Path) -> None:
        file = write(folder / "a.txt")
        before = plan([folder]).sources[0].identity
        os.utime(file, (0, 0))
        assert plan([folder]).sources[0].identity == before
        moved = folder.parent / "elsewhere"
        shutil.copytree(folder, moved)
        assert plan([moved]).sources[0].identity == before

    def test_identity_changes_with_the_text(self, folder: Path) -> None:
        before = plan([write(folder / "a.txt")]).sources[0].identity
        assert plan([write(folder / "a.txt", TEXT + " ")]).sources[0].identity != before

    @pytest.mark.parametrize("field", [one.name for one in dataclasses.fields(Entry)])
    def test_identity_changes_with_each_key_of_the_entry(self, field: str) -> None:
        source = Source("a", Path("a.txt"), Entry(), True, "0")
        others: dict[str, Any] = {"edition": 2016, "covers": (2015, 2015)}
        changed = dataclasses.replace(
            source, entry=dataclasses.replace(source.entry, **{field: others.get(field, "x")})
        )
        assert changed.identity != source.identity

    def test_identity_changes_with_the_catalogue(self, folder: Path) -> None:
        write(folder / "a.txt")
        seen = {plan([folder]).sources[0].identity}
        for line in ("edition = 2015", "edition = 2016", "covers = 2016", 'title = "2016"', 'series = "2016"'):
            write(folder / "corpus.toml", f'[[document]]\nfile = "a.txt"\n{line}\n')
            seen.add(plan([folder]).sources[0].identity)
        assert len(seen) == 6

    def test_different_entries_have_different_identities(self) -> None:
        one = Source("a", Path("a"), Entry(title="x", series="y"), True, "0")
        other = dataclasses.replace(one, entry=Entry(title="y", series="x"))
        assert one.identity != other.identity


class TestCanonicalText:
    def canonical(self, folder: Path, content: bytes) -> str:
        return read(plan([write(folder / "a.txt", content)]).sources[0]).text

    @pytest.mark.parametrize(
        ("content", "text"),
        [
            (b"\xef\xbb\xbfa\n", "a\n"),
            (b"a\xef\xbb\xbfb", "a\ufeffb"),
            (b"a\r\nb\rc\nd\r\n\r\n", "a\nb\nc\nd\n\n"),
            (b"a\r\r\nb", "a\n\nb"),
            (b"  a \t\n\n\n", "  a \t\n\n\n"),
            ("é e\u0301 ﬁ １".encode(), "é e\u0301 ﬁ １"),
            ("a\u2028b\u2029c\x85d\x0be\x0cf".encode(), "a\u2028b\u2029c\x85d\x0be\x0cf"),
            ("😀 𝒳 a".encode(), "😀 𝒳 a"),
            (b"\xff\xfe" + "añ😀\r\nb".encode("utf-16-le"), "añ😀\nb"),
            (b"\xfe\xff" + "añ😀\r\nb".encode("utf-16-be"), "añ😀\nb"),
            (b"\xff\xfe\x00\x00" + "añ😀\r\nb".encode("utf-32-le"), "añ😀\nb"),
            (b"x" * 200 + b"\x00y", "x" * 200 + "\x00y"),
        ],
    )
    def test_only_byte_order_mark_and_line_ends_change(self, folder: Path, content: bytes, text: str) -> None:
        assert self.canonical(folder, content) == text

    # soft hyphens are declared exclusions, and form feeds are pages
    @given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\xad\x0c")))
    @example("a\u2028\x85\x0c b\r\n")
    def test_no_character_of_any_text_is_lost(self, text: str) -> None:
        with tempfile.TemporaryDirectory() as folder:
            planned = plan([write(Path(folder) / "a.txt", ("\ufeff" + text))])
            source = planned.sources[0]
            if not text.strip():
                with pytest.raises(UnreadableFile, match="empty"):
                    read(source)
                return
            document = read(source)
        assert document.text == text.replace("\r\n", "\n").replace("\r", "\n")
        assert document.sha256 == hashlib.sha256(("\ufeff" + text).encode()).hexdigest()

    @given(st.text(st.sampled_from("1.(a) Ab\n\u2028\x0c\x85\u3000\x00第章"), max_size=80))
    def test_every_section_is_a_slice_of_the_text(self, text: str) -> None:
        document = build_document(Source("a", Path("a.txt"), Entry(), False, ""), FileContent(text))
        for section in document.outline:
            assert document.text[section.start : section.heading_end] == section.text
            assert section.start <= section.heading_end <= section.end <= len(text)
            assert "\n" not in section.text


def test_the_seeds_have_the_metadata_of_their_catalogue(data: Path) -> None:
    planned = plan([data / "seeds"])
    assert ids(planned) == ["bluebook-2016", "bluebook-2020", "whitepaper-2016"]
    assert (planned.unread, planned.unlisted, planned.missing) == ((), (), ())
    for source in planned.sources:
        document = read(source)
        raw = source.path.read_bytes()
        assert document.text == raw.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
        assert document.sha256 == hashlib.sha256(raw).hexdigest()
        assert {document.origins[key] for key in ("title", "edition", "covers", "series")} == {"catalogue"}
