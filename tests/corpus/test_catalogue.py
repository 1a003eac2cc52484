"""`corpus.toml`: valid keys and values, errors with their lines, and the files that a rule lists."""

from __future__ import annotations

import tomllib
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus import catalogue
from corpus.catalogue import Catalogue, Entry, TomlLines, append, remove, table
from corpus.errors import CatalogueError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def load(folder: Path, text: str) -> Catalogue:
    path = folder / catalogue.NAME
    path.write_text(text, encoding="utf-8")
    return catalogue.read(path)


def refusal(folder: Path, text: str) -> str:
    with pytest.raises(CatalogueError) as caught:
        load(folder, text)
    message = str(caught.value)
    assert "\n" not in message
    assert message.startswith(str(folder / catalogue.NAME))
    return message


def entry_of(folder: Path, text: str, file: str = "a.txt") -> Entry:
    return load(folder, text).entry(folder / file)[0]


DOCUMENT = '[[document]]\nfile = "a.txt"\n'


class TestKeys:
    def test_every_key_reaches_the_entry(self, folder: Path) -> None:
        entry = entry_of(
            folder,
            DOCUMENT
            + """
id = "review-2016"
title = "Review 2016"
series = "Review"
publisher = "A Ministry"
edition = 2016
covers = [2014, 2015]
published = "2016-04-01"
part = "Chapter 3"
url = "https://example.org/review"
language = "en"
""",
        )
        assert entry == Entry(
            "review-2016",
            "Review 2016",
            "Review",
            "A Ministry",
            2016,
            (2014, 2015),
            "2016-04-01",
            "Chapter 3",
            "https://example.org/review",
            "en",
        )

    def test_missing_keys_are_none(self, folder: Path) -> None:
        assert entry_of(folder, DOCUMENT) == Entry()

    def test_an_empty_catalogue_lists_nothing(self, folder: Path) -> None:
        assert load(folder, "").entry(folder / "a.txt") == (Entry(), False)

    @pytest.mark.parametrize(
        ("written", "covers"),
        [("2015", (2015, 2015)), ("[2014, 2015]", (2014, 2015)), ("[2015, 2015]", (2015, 2015))],
    )
    def test_covers_is_a_year_or_first_and_last_year(self, folder: Path, written: str, covers: tuple[int, int]) -> None:
        assert entry_of(folder, f"{DOCUMENT}covers = {written}").covers == covers

    @pytest.mark.parametrize(
        ("written", "published"),
        [
            ('"2016"', "2016"),
            ("2016", "2016"),
            ('"2016-04"', "2016-04"),
            ('"2016-04-01"', "2016-04-01"),
            ("2016-04-01", "2016-04-01"),
            ('"2016-02-29"', "2016-02-29"),
        ],
    )
    def test_published_is_a_year_a_month_or_a_day(self, folder: Path, written: str, published: str) -> None:
        assert entry_of(folder, f"{DOCUMENT}published = {written}").published == published

    def test_a_text_over_several_lines_becomes_one_line(self, folder: Path) -> None:
        assert entry_of(folder, f'{DOCUMENT}title = """\nAnnual\n  Report\\u001b[2J"""').title == "Annual Report [2J"

    def test_defaults_apply_to_missing_keys_and_unlisted_files(self, folder: Path) -> None:
        read = load(folder, f'[defaults]\npublisher = "P"\nlanguage = "fr"\n{DOCUMENT}language = "en"')
        assert read.entry(folder / "a.txt") == (Entry(publisher="P", language="en"), True)
        assert read.entry(folder / "b.txt") == (Entry(publisher="P", language="fr"), False)

    def test_a_byte_order_mark_is_ignored(self, folder: Path) -> None:
        path = folder / catalogue.NAME
        path.write_bytes(b"\xef\xbb\xbf[defaults]\r\nedition = 2016\r\n")
        assert catalogue.read(path).defaults.edition == 2016


WRONG: list[tuple[str, str]] = [
    *((key, value) for key in ("title", "series", "publisher", "part", "url", "language") for value in ("1", '""')),
    *(("title", value) for value in ('" \\n "', "true", '["a"]', "{a = 1}", "2016-01-01")),
    ("language", '"English"'),
    ("url", '"javascript:alert(1)"'),
    *(("id", value) for value in ("1", '""', '"a b"', '"a@b"', '"a/b"', '"é"', '"a\\n"')),
    *(("edition", value) for value in ('"2016"', "16", "20160", "2016.0", "true", "[2016]", "-2016", "2016-01-01")),
    *(("covers", value) for value in ('"2015"', "[2015]", "[2016, 2015]", "[2014, 2015, 2016]", "[]", "true", "15")),
    *(("covers", value) for value in ('["2014", "2015"]', "[true, true]", "{first = 2015}")),
    *(("published", value) for value in ('"April 2016"', '"2016-13"', '"2016-02-30"', '"2016-4-1"', "true", "16")),
    *(("published", value) for value in ("2016-04-01T10:00:00", "10:00:00", '""', '"2016-04-01 "')),
    *(("edition_from", value) for value in ("1", "true", '"("', '"20.."', '"(20)(..)"', '"(?:20..)"', "[]")),
]


class TestRefusals:
    @pytest.mark.parametrize(("key", "value"), WRONG)
    def test_an_invalid_value_is_an_error_with_file_line_and_key(self, folder: Path, key: str, value: str) -> None:
        # The key stands in the fourth line.
        message = refusal(folder, f"# a comment\n{DOCUMENT}{key} = {value}\n")
        assert f"line 4: {key} = " in message

    @pytest.mark.parametrize("value", ["1", '""', '" "', "true", "[]"])
    def test_an_invalid_file_is_an_error(self, folder: Path, value: str) -> None:
        assert "line 2: file = " in refusal(folder, f"[[document]]\nfile = {value}\n")

    def test_a_document_without_file_is_an_error_at_its_header(self, folder: Path) -> None:
        assert "line 3: `file` is missing" in refusal(folder, f'{DOCUMENT}[[document]]\ntitle = "T"\n')

    @pytest.mark.parametrize(
        ("text", "line", "key"),
        [
            ("titel = 1\n", 1, "titel"),
            ('\n\n[[documents]]\nfile = "a"\n', 3, "documents"),
            ("[default]\nedition = 2016\n", 1, "default"),
            (f"[defaults]\nedition = 2016\neditor = 1\n{DOCUMENT}", 3, "editor"),
            ('[defaults]\nid = "a"\n', 2, "id"),
            ('[defaults]\nfile = "a"\n', 2, "file"),
            (f'{DOCUMENT}year = 2016\n[[document]]\nfile = "b.txt"\n', 3, "year"),
            (f'{DOCUMENT}[[document]]\nfile = "b.txt"\nyear = 2016\n', 5, "year"),
            (f'{DOCUMENT}# year = 1\n\n[[document]]\n# year = 2\nfile = "b.txt"\n"year" = 2016\n', 8, "year"),
            (f"{DOCUMENT}  'year'   = 2016\n", 3, "year"),
            (f'{DOCUMENT}title = """\nyear = 1\n[[document]]\n"""\nyear = 2016\n', 7, "year"),
            (f"{DOCUMENT}title = '''\nyear = 1\n[[document]]'''\nyear = 2016\n", 6, "year"),
            (f'{DOCUMENT}title = "[[document]] # no comment"\nyear = 2016\n', 4, "year"),
            (f'{DOCUMENT}title = "\\"" # year = 1 """\nyear = 2016\n', 4, "year"),
            (f"{DOCUMENT}covers = [\n  2014, # year = 1\n  2015,\n]\nyear = 2016\n", 7, "year"),
            (f"{DOCUMENT}[document.year]\nfirst = 1\n", 3, "year"),
            (f"{DOCUMENT}year.first = 1\n", 3, "year"),
            ('[[ "document" ]]\nfile = "a.txt"\n[[document]]\nfile="b.txt"\nyear=1\n', 5, "year"),
            ('document = [\n {file = "a.txt", year = 2016},\n]\n', 1, "year"),
            ('defaults.edition = 2016\ndefaults.language = "en"\ndefaults.year = 1\n', 3, "year"),
            (f"[defaults.year]\na = 1\n{DOCUMENT}", 1, "year"),
        ],
    )
    def test_an_unknown_key_is_an_error_with_its_line(self, folder: Path, text: str, line: int, key: str) -> None:
        message = refusal(folder, text)
        assert f"line {line}: unknown key `{key}` (known" in message

    @pytest.mark.parametrize(("text", "line"), [("defaults = 1\n", 1), ("\n[[defaults]]\nedition = 2016\n", 2)])
    def test_defaults_must_be_a_table(self, folder: Path, text: str, line: int) -> None:
        assert f"line {line}: `defaults` must be a table" in refusal(folder, text)

    @pytest.mark.parametrize("text", ['document = "a.txt"\n', '[document]\nfile = "a.txt"\n', "document = [1]\n"])
    def test_documents_must_be_a_list_of_tables(self, folder: Path, text: str) -> None:
        assert "line 1: `document` must be a list of tables" in refusal(folder, text)

    @pytest.mark.parametrize(
        "text",
        ["[[document]\n", "edition = \n", "a = 1\na = 2\n", "x\0", "a = " + "[" * 9999, "a = " + "1" * 9999, "[a\n]"],
    )
    def test_invalid_toml_is_an_error_in_one_line(self, folder: Path, text: str) -> None:
        assert "not valid TOML" in refusal(folder, text)

    def test_a_syntax_error_names_its_line(self, folder: Path) -> None:
        assert "line 3" in refusal(folder, "[defaults]\nedition = 2016\nlanguage = en\n")

    def test_a_catalogue_that_is_not_utf_8_is_an_error(self, folder: Path) -> None:
        path = folder / catalogue.NAME
        path.write_bytes('title = "é"'.encode("latin-1"))
        with pytest.raises(CatalogueError, match="byte 9"):
            catalogue.read(path)

    def test_a_catalogue_that_cannot_be_opened_is_an_error(self, folder: Path) -> None:
        (folder / catalogue.NAME).mkdir()
        with pytest.raises(CatalogueError, match="cannot be read"):
            catalogue.read(folder / catalogue.NAME)

    def test_two_documents_with_the_same_id_are_an_error_that_names_both(self, folder: Path) -> None:
        message = refusal(folder, f'{DOCUMENT}id = "x"\n\n[[document]]\nfile = "b.txt"\nid = "x"\n')
        assert 'line 7: two documents with the id "x": a.txt (line 2) and b.txt' in message

    @pytest.mark.parametrize("again", ["a.txt", "./a.txt", ".//a.txt"])
    def test_a_file_listed_twice_is_an_error(self, folder: Path, again: str) -> None:
        message = refusal(folder, f'{DOCUMENT}\n[[document]]\nfile = "{again}"\n')
        assert 'line 5: "a.txt" is listed twice (first in line 2)' in message

    @pytest.mark.parametrize(
        "file",
        [
            *("../a.txt", "..", "sub/../../a.txt", "/etc/passwd", "C:/a.txt", "c:a.txt", "*/../../*.txt", "//host/a"),
            *(r"\\\\host\\share\\a.txt", r"..\\a.txt", r"sub\\..\\a.txt", r"\\a.txt"),
        ],
    )
    def test_a_path_outside_the_folder_is_an_error(self, folder: Path, file: str) -> None:
        assert "line 2: file" in refusal(folder, f'[[document]]\nfile = "{file}"\n')

    @pytest.mark.parametrize("file", ["a..b.txt", "...txt", "sub/a.txt", "sub dir/a b.txt", "~a.txt"])
    def test_an_unusual_name_within_the_folder_is_accepted(self, folder: Path, file: str) -> None:
        assert load(folder, f'[[document]]\nfile = "{file}"\n').rules[0].file == file

    @pytest.mark.parametrize("file", ["**.txt", "a/b**/c", "***"])
    def test_two_stars_must_be_a_whole_part(self, folder: Path, file: str) -> None:
        assert "`**` must stand alone" in refusal(folder, f'[[document]]\nfile = "{file}"\n')

    @pytest.mark.parametrize("file", ["*.txt", "a?.txt"])
    def test_an_id_for_a_pattern_of_files_is_an_error(self, folder: Path, file: str) -> None:
        assert "line 3: `id`" in refusal(folder, f'[[document]]\nfile = "{file}"\nid = "x"\n')


class TestFiles:
    @pytest.mark.parametrize(
        ("pattern", "file", "listed"),
        [
            ("a.txt", "a.txt", True),
            ("a.txt", "sub/a.txt", False),
            ("./sub//a.txt", "sub/a.txt", True),
            ("*.txt", "a.txt", True),
            ("*.txt", "a.txt.md", False),
            ("*.txt", "sub/a.txt", False),
            ("*/a.txt", "sub/a.txt", True),
            ("*/a.txt", "a.txt", False),
            ("sub/*", "sub/deep/a.txt", False),
            ("**/*.txt", "a.txt", True),
            ("**/*.txt", "sub/a.txt", True),
            ("**/*.txt", "sub/deep/a.txt", True),
            ("**/*.txt", "sub/a.md", False),
            ("sub/**", "sub/deep/a.txt", True),
            ("sub/**", "sub", False),
            ("sub/**", "other/a.txt", False),
            ("sub/**/a.txt", "sub/a.txt", True),
            ("sub/**/a.txt", "sub/x/y/a.txt", True),
            ("**/deep/**/*.txt", "sub/deep/x/a.txt", True),
            ("**/deep/**/*.txt", "sub/x/a.txt", False),
            ("report-20??.txt", "report-2016.txt", True),
            ("report-20??.txt", "report-20160.txt", False),
            ("report-201[5-7].txt", "report-2016.txt", True),
            ("report-201[!5-7].txt", "report-2016.txt", False),
            ("a.TXT", "a.txt", False),
            ("report [2016].txt", "report [2016].txt", True),
        ],
    )
    def test_a_pattern_lists_these_files(self, folder: Path, pattern: str, file: str, listed: bool) -> None:
        assert load(folder, f'[[document]]\nfile = "{pattern}"\n').entry(folder / file)[1] is listed

    def test_a_name_is_the_same_composed_and_decomposed(self, folder: Path) -> None:
        name = "Überblick.txt"
        read = load(folder, f'[[document]]\nfile = "{unicodedata.normalize("NFC", name)}"\n')
        assert read.entry(folder / unicodedata.normalize("NFD", name))[1]

    def test_an_exact_path_precedes_an_earlier_pattern(self, folder: Path) -> None:
        text = f'[[document]]\nfile = "*.txt"\nedition = 2015\n{DOCUMENT}edition = 2016\n'
        assert entry_of(folder, text).edition == 2016
        assert entry_of(folder, text, "b.txt").edition == 2015

    def test_the_first_of_two_patterns_applies_alone(self, folder: Path) -> None:
        text = '[[document]]\nfile = "a*"\nedition = 2015\n[[document]]\nfile = "*"\nedition = 2016\nseries = "S"\n'
        assert entry_of(folder, text) == Entry(edition=2015)

    def test_an_existing_name_with_brackets_is_no_pattern(self, folder: Path) -> None:
        (folder / "report [2016].txt").write_text("text", encoding="utf-8")
        read = load(folder, '[[document]]\nfile = "report [2016].txt"\nid = "x"\n')
        assert not read.rules[0].is_glob
        assert read.entry(folder / "report [2016].txt") == (Entry(id="x"), True)
        assert read.entry(folder / "report 2.txt") == (Entry(), False)

    def test_listed_files_that_do_not_exist_are_missing(self, folder: Path) -> None:
        read = load(folder, "".join(f'[[document]]\nfile = "{file}"\n' for file in ("a.txt", "*.md", "x.txt", "**/y")))
        assert read.missing([folder / "a.txt", folder / "sub" / "y", folder / "sub" / "b.md"]) == ["*.md", "x.txt"]


class TestEditionFrom:
    def edition(self, folder: Path, text: str, file: str) -> int | None:
        return entry_of(folder, text, file).edition

    def test_the_edition_is_read_from_the_file_name(self, folder: Path) -> None:
        text = "[[document]]\nfile = \"sub/*.txt\"\nedition_from = '-(\\d{4})'\n"
        assert self.edition(folder, text, "sub/report-2016-en.txt") == 2016
        assert self.edition(folder, text, "sub/report.txt") is None

    def test_folders_are_no_part_of_the_name(self, folder: Path) -> None:
        text = "[[document]]\nfile = \"**/*.txt\"\nedition_from = '(\\d{4})'\n"
        assert self.edition(folder, text, "2015/report.txt") is None

    def test_the_default_pattern_applies_to_rules_without_a_pattern(self, folder: Path) -> None:
        text = f"[defaults]\nedition_from = '(20\\d\\d)'\nedition = 1999\n{DOCUMENT}edition = 2001\n"
        text += "[[document]]\nfile = \"b*\"\nedition_from = 'v(\\d{4})'\n"
        assert self.edition(folder, text, "a.txt") == 2001, "what a rule says beats every pattern"
        assert self.edition(folder, text, "b-2015-v2016.txt") == 2016, "the rule's own pattern comes first"
        assert self.edition(folder, text, "c-2015.txt") == 2015
        assert self.edition(folder, text, "c.txt") == 1999, "a pattern that finds nothing leaves the default"

    @pytest.mark.parametrize(
        ("pattern", "name", "found"),
        [("(v\\d)", "v2.txt", "'v2'"), ("-(\\d\\d)", "a-16.txt", "'16'"), ("a(b)?", "a.txt", "''")],
    )
    def test_a_match_that_is_no_year_is_an_error_that_names_both(
        self, folder: Path, pattern: str, name: str, found: str
    ) -> None:
        read = load(folder, f"[[document]]\nfile = \"*\"\nedition_from = '{pattern}'\n")
        with pytest.raises(CatalogueError) as caught:
            read.entry(folder / name)
        assert f"line 3: edition_from finds {found} in the name {name}" in str(caught.value)


KEYS = st.text("abcdefgh", min_size=1, max_size=8)
VALUES = st.one_of(
    st.text('ab"\\[]=#\n', max_size=12).map(
        lambda text: '"""' + text.replace("\\", "\\\\").replace('"', '\\"') + '"""'
    ),
    st.text('ab"[]=# \n', max_size=12).map(lambda text: "'''" + text + "'''"),
    st.just('"[[document]]"'),
    st.lists(st.integers(1000, 3000), max_size=3).map(
        lambda years: f"[\n{''.join(f'{y},  # x = 1' + chr(10) for y in years)}]"
    ),
)


@given(st.lists(st.dictionaries(KEYS, VALUES, min_size=1, max_size=4), min_size=1, max_size=4), st.data())
def test_the_line_of_a_key_is_found_whatever_stands_around_it(
    tables: list[dict[str, str]], data: st.DataObject
) -> None:
    number = data.draw(st.integers(0, len(tables) - 1))
    key = data.draw(st.sampled_from(sorted(tables[number])))
    source, line = "", 0
    for position, values in enumerate(tables):
        source += "# [[document]]\n[[document]]\n"
        for name, value in values.items():
            if (position, name) == (number, key):
                line = source.count("\n") + 1
            source += f"{name} = {value}\n"
    assert TomlLines(source).find(key, "document", number) == line


WRITTEN = '''\
# kept
[defaults]
series = "Yearbook" # kept, too

[[document]] # of a
file = "a.txt"
title = """
[[document]]
file = "b.txt"
"""

[["document"]]
file = "b.txt"
covers = [2014, 2015]

[[document]]
file = "c.txt"
'''


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_a_table_is_taken_out_and_the_rest_stays_as_written(tmp_path: Path, line_end: str) -> None:
    file = tmp_path / "corpus.toml"
    file.write_bytes(WRITTEN.replace("\n", line_end).encode())
    remove(file, ["b.txt"])
    expected = WRITTEN.replace('[["document"]]\nfile = "b.txt"\ncovers = [2014, 2015]\n\n', "")
    assert file.read_bytes() == expected.replace("\n", line_end).encode()
    remove(file, ["b.txt", "nowhere.txt"])
    assert file.read_bytes() == expected.replace("\n", line_end).encode()
    remove(file, ["a.txt", "c.txt"])
    assert tomllib.loads(file.read_text(encoding="utf-8")) == {"defaults": {"series": "Yearbook"}}


def test_tables_that_cannot_be_removed_stay_and_are_an_error(tmp_path: Path) -> None:
    file = tmp_path / "corpus.toml"
    written = 'document = [{file = "a.txt"}, {file = "b.txt"}]\n'
    file.write_text(written, encoding="utf-8")
    with pytest.raises(CatalogueError, match=r"b\.txt"):
        remove(file, ["b.txt"])
    assert file.read_text(encoding="utf-8") == written


def test_added_tables_are_read_back(tmp_path: Path) -> None:
    file = tmp_path / "corpus.toml"
    values = {"id": "a", "title": 'A "book" \\ of\n\x7f', "edition": 2016, "covers": [2014, 2015]}
    append(file, table("a.txt", values))
    append(file, table("ü.txt", {"id": "b"}))
    read = tomllib.loads(file.read_text(encoding="utf-8"))["document"]
    assert read == [{"file": "a.txt"} | values, {"file": "ü.txt", "id": "b"}]
    remove(file, ["ü.txt"])
    assert tomllib.loads(file.read_text(encoding="utf-8"))["document"] == read[:1]
