"""Templates: one line of HTML, every value escaped, undefined names refused."""

from __future__ import annotations

import html
import re
import subprocess
import sys
from html.parser import HTMLParser

import jinja2
import pytest
from markupsafe import Markup

from qa.templating import environment, marked, render, render_report, row_table, sentence

HOSTILE = '<img src=x onerror="alert(1)">\n  & \'</script>'


class Text(HTMLParser):
    """The text of a page, as a browser shows it."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.text, self.tags = "", list[str]()
        self.feed(str(html))
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


def test_values_are_escaped_and_keep_every_character() -> None:
    page = Text(render("form.html", part="message", text=HOSTILE))
    assert page.text == f"{HOSTILE}."  # a message is a sentence
    assert page.tags == ["p"]


def test_every_template_can_be_compiled() -> None:
    names = environment().list_templates(extensions=["html"])
    assert "answer.html" in names
    for name in names:
        environment().get_template(name)


def test_rendered_html_has_no_line_breaks() -> None:
    assert "\n" not in render("form.html", part="library", facts=[HOSTILE], notices=[HOSTILE])


def test_line_breaks_of_a_template_vanish_and_those_between_words_become_a_space() -> None:
    template = environment().from_string("<p>\n  <b>{{ a }}</b>\n</p>\n<i>one\n  two</i>")
    assert template.render(a="  x ") == "<p><b>  x </b></p><i>one two</i>"


def test_an_undefined_name_is_an_error() -> None:
    with pytest.raises(jinja2.UndefinedError):
        render("form.html", part="message")


@pytest.mark.parametrize("name", environment().list_templates(extensions=["html"]))
def test_every_template_compiles(name: str) -> None:
    environment().get_template(name)


def test_a_report_has_a_policy_that_forbids_scripts_and_requests() -> None:
    html = render_report(HOSTILE, Markup("<p>body</p>"), ["templates/evaluation.css"])
    assert "default-src 'none'; style-src 'unsafe-inline'" in html
    assert {"img", "script"}.isdisjoint(Text(html).tags)


def test_asking_on_the_command_line_does_not_import_jinja2() -> None:
    code = "import sys, qa.cli.cli, qa.answering.library, qa.output.console, qa.output.json_objects\n"
    command = [sys.executable, "-c", f"{code}print('jinja2' in sys.modules)"]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == "False\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("the documents do not answer", "The documents do not answer."),
        ("Is it still running?", "Is it still running?"),
        ("a.txt: the id is missing", "a.txt: the id is missing."),
        ("my own file.docx cannot be read (empty)", "my own file.docx cannot be read (empty)."),
        ("opening …", "Opening …"),
        ("", ""),
    ],
)
def test_messages_are_sentences_and_names_of_files_stay(text: str, expected: str) -> None:
    assert sentence(text) == expected


TABLES = (
    "Table 1. Boats\nPort | Boats | Sunk\nNorr | 220 | 10\nSund | 190 | 25\n\nThe fleet | grew.\n",
    "| Port | Boats |\n|---|---:|\n| Norr | 220 |\n| Sund | 190 |\n",
    "A | B\n1 | 2\n\nC | D\n3 | 4\nend",
    "| A | B |\n|---|---|\n",
    "x | y | z\nno\n1 | 2 | 3",
    "a|b\nc|d",
    "<b> | &\n1 | 2\n",
)


def _text(markup: str) -> str:
    return html.unescape(re.sub(r"<[^>]+>", "", markup))


@pytest.mark.parametrize("text", TABLES)
@pytest.mark.parametrize("spans", [[], [(100, 104)], [(115, 130), (131, 160)]])
def test_a_reader_who_copies_a_table_has_the_text_of_the_document(text: str, spans: list[tuple[int, int]]) -> None:
    assert _text(str(marked(text, 100, spans))) == text


def test_rows_have_cells_headers_and_marks() -> None:
    text = TABLES[0]
    start = text.index("Sund")
    span = (start, start + len("Sund | 190 | 25"))
    shown = str(marked(text, 0, [span], cited=[span]))
    assert shown.count('role="table"') == 1
    assert [shown.count(f'role="{role}"') for role in ("row", "columnheader", "cell")] == [3, 3, 6]
    assert shown.count('<span role="row" class="yq-marked yq-cited">') == 1
    assert "The fleet | grew." in shown
    assert "---" not in re.sub(r'<span class="yq-between"[^>]*>[^<]*</span>', "", str(marked(TABLES[1], 0, [])))


@pytest.mark.parametrize(
    ("row", "header", "is_shown"),
    [
        ("Sund | 190 | 25", "Table 1. Boats\nPort | Boats | Sunk", True),
        ("Sund | 190", "Table 1. Boats\nPort | Boats | Sunk", False),
        ("Sund | 190 | 25", "Table 1. Boats", False),
        ("Sund", "Port", False),
    ],
)
def test_a_quoted_row_is_shown_below_its_header(row: str, header: str, is_shown: bool) -> None:
    shown = row_table(row, header)
    assert (shown is not None) == is_shown
    assert shown is None or _text(str(shown)).endswith(row)
