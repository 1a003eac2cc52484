"""A file of questions in the form, as a person asks it: in Chromium, of a real server with the real model."""

from __future__ import annotations

import csv
import io
import json
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from qa.answering.library import Library
from qa.cli.index_location import SAMPLES
from qa.evaluation.evaluate import evaluate
from qa.evaluation.questions import read_questions
from tests.browser.conftest import drop
from tests.browser.test_accessibility import violations
from tests.factories.harbours import counted_questions

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

    from tests.browser.conftest import Visit


pytestmark = pytest.mark.browser

JUDGED = SAMPLES / "questions.jsonl"
UPLOAD = '.yq-drop:has(#yq-batch-upload) input[type="file"]'
HOSTILE = """\
Nr,Wortlaut
1,"Who is <img src=x onerror=""window.pwned=1""> <script>window.pwned=2</script> of [a](javascript:window.pwned=3)?"
2,"=HYPERLINK(""http://x.example"",""Zandhafen"") bought how many cranes?"
"""


@pytest.fixture
def many(tmp_path: Path) -> Path:
    """Questions that take a minute and more: a browser takes as long to have so many lines typed in."""
    file = tmp_path / "many.txt"
    file.write_text("What happened in cyberspace in 2015?\n" * 4000, encoding="utf-8")
    return file


def open_batch(visit: Visit, address: str, **options: object) -> Page:
    page = visit(f"{address}/#batch", **options)
    page.wait_for_selector("#yq-batch-upload")
    return page


def run(page: Page) -> None:
    page.click("#yq-batch-start")
    page.wait_for_selector("#yq-batch-result .yq-rows")


def percents(page: Page) -> list[int]:
    return [int(one) for one in page.locator(".yq-rows meter").evaluate_all("all => all.map(one => one.value)")]


def test_a_judged_file_gives_the_measures_of_evaluate_and_each_row_its_answer(
    visit: Visit, address: str, library: Library, tmp_path: Path
) -> None:
    page = open_batch(visit, address)
    page.set_input_files(UPLOAD, JUDGED)
    page.wait_for_selector(".yq-file")
    questions = read_questions(JUDGED)
    said = f"questions.jsonl: {len(questions)} questions, {len(questions)} with judgements."
    assert page.inner_text(".yq-file") == said
    run(page)
    expected = evaluate(library, questions, tmp_path / "out", k=5)
    assert expected.metrics is not None
    for name, figure in expected.metrics["measures"].items():
        assert f"{name}\n{figure['value']:.3f}" in page.inner_text(".yq-tiles")
    headings = page.locator(".yq-measures h3").all_text_contents()
    assert {"Success@1 by type", "Success@1 by edition"} <= set(headings)
    assert page.locator(".yq-measures svg[role=img][aria-label]").count() == len(page.locator(".yq-measures svg").all())
    confidences = sorted(round(100 * one.confidence) for one in expected.outcomes)
    assert percents(page) == confidences[: len(percents(page))]
    answered = page.locator(".yq-rows tr:has(.yq-quote) a.yq-ask").first
    question = answered.inner_text()
    answered.click()
    page.wait_for_selector("#yq-answer .yq-sentences")
    assert page.input_value("#yq-question textarea") == question
    assert page.is_visible("#yq-answer .yq-card >> nth=0")
    (outcome,) = (one for one in expected.outcomes if one.question.text == question)
    assert page.locator("#yq-answer q.yq-quote").all_text_contents() == [one.text for one in outcome.sentences]


def test_downloads_hold_every_answer(visit: Visit, address: str, library: Library, tmp_path: Path) -> None:
    page = open_batch(visit, address)
    page.fill("#yq-batch-pasted textarea", "\n".join(one.text for one in read_questions(JUDGED).items))
    run(page)
    content: dict[str, str] = {}
    for link in page.locator("#yq-batch-result a[download]").all():
        with page.expect_download() as download:
            link.click()
        content[download.value.suggested_filename] = download.value.path().read_text(encoding="utf-8")
    questions = read_questions(JUDGED)
    pasted = tmp_path / "pasted.txt"
    pasted.write_text("\n".join(one.text for one in questions.items), encoding="utf-8")
    evaluate(library, read_questions(pasted), tmp_path / "out", k=5)
    for name in ("answers.jsonl", "run.trec"):
        assert content[name] == (tmp_path / "out" / name).read_text(encoding="utf-8")
    rows = list(csv.DictReader(io.StringIO(content["answers.csv"].removeprefix("\ufeff"))))
    answers = [json.loads(line) for line in content["answers.jsonl"].splitlines()]
    assert [(row["question"], row["answered"] == "yes") for row in rows] == [
        (one["question"], one["answered"]) for one in answers
    ]
    assert "<title>Evaluation of pasted-lines</title>" in content["report.html"]


def test_a_stopped_batch_asks_nothing_more(
    visit: Visit, address: str, many: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = counted_questions(monkeypatch)
    page = open_batch(visit, address)
    page.set_input_files(UPLOAD, many)
    page.wait_for_selector(".yq-file")
    page.click("#yq-batch-start")
    page.wait_for_selector(".yq-progress progress:not([value='0'])")
    assert "of 4,000 questions" in page.inner_text(".yq-progress")
    page.click("#yq-batch-stop")
    page.wait_for_selector("#yq-batch-progress .yq-message:has-text('Stopped')")
    before = -1
    while before != len(asked):  # a step that is under way may end
        before = len(asked)
        time.sleep(1)
    assert 0 < len(asked) < 4000
    page.click("#yq-batch-forget")
    page.fill("#yq-batch-pasted textarea", "What happened in cyberspace in 2015?")
    run(page)
    assert len(asked) == before + 1


def test_a_table_without_our_names_is_mapped_and_its_text_stays_text(
    visit: Visit, address: str, tmp_path: Path
) -> None:
    file = tmp_path / "fragen.csv"
    file.write_text(HOSTILE, encoding="utf-8")
    page = open_batch(visit, address)
    page.set_input_files(UPLOAD, file)
    page.wait_for_selector("#yq-batch-note .yq-message")
    assert '"Wortlaut"' in page.inner_text("#yq-batch-note")
    held: list[Route] = []  # the choice, which is late; the batch is asked with it nonetheless
    pressed = threading.Event()
    page.route("**/queue/join*", lambda route: route.continue_() if pressed.is_set() else held.append(route))
    page.click("#yq-column-id input")
    page.click('[role="option"]:has-text("Nr")')
    while not held:
        page.wait_for_timeout(100)
    pressed.set()
    run(page)
    for late in held:
        late.continue_()
    shown = page.locator(".yq-rows .yq-asked a").all_text_contents()
    assert sorted(shown)[1].startswith('Who is <img src=x onerror="window.pwned=1">')
    assert page.evaluate("window.pwned") is None
    with page.expect_download() as download:
        page.click('#yq-batch-result a[download="answers.csv"]')
    rows = list(csv.reader(io.StringIO(download.value.path().read_text(encoding="utf-8-sig"))))
    assert [row[0] for row in rows[1:]] == ["1", "2"]
    assert rows[2][1].startswith("'=HYPERLINK(")
    with page.context.expect_page() as opened:
        page.click("text=Open the report")
    opened.value.wait_for_selector("h1")
    assert opened.value.evaluate("window.pwned") is None
    for width in (360, 1280):
        opened.value.set_viewport_size({"width": width, "height": 800})
        assert opened.value.evaluate(_CUT_OFF) == [], width


_CUT_OFF = """() => [...document.querySelectorAll("h1, h2, th, td, svg text")].filter((one) => {
    const box = one.getBoundingClientRect();
    return box.width && (box.left < 0 || one.scrollWidth > one.clientWidth + 1 && one.clientWidth);
}).map((one) => one.textContent)"""


def test_the_table_is_ordered_by_its_heads_and_keeps_the_focus(visit: Visit, address: str) -> None:
    page = open_batch(visit, address)
    page.set_input_files(UPLOAD, JUDGED)
    page.wait_for_selector(".yq-file")
    run(page)
    page.focus("th >> text=Question")
    page.keyboard.press("Enter")
    page.wait_for_selector('th[aria-sort="ascending"]:has-text("Question")')
    shown = page.locator(".yq-rows .yq-asked a").all_text_contents()
    assert shown == sorted(shown, key=str.casefold)
    assert page.evaluate("document.activeElement.closest('th')?.innerText").startswith("Question")
    page.keyboard.press("Enter")
    page.wait_for_selector('th[aria-sort="descending"]:has-text("Question")')


def test_a_file_that_cannot_be_asked_is_refused_in_the_page(visit: Visit, address: str, tmp_path: Path) -> None:
    page = open_batch(visit, address)
    page.click("#yq-batch-start")
    page.wait_for_selector("#yq-batch-progress .yq-message:has-text('choose a file')")
    large = tmp_path / "large.txt"
    large.write_bytes(b"Why?\n" * 1_100_000)
    page.set_input_files(UPLOAD, large)
    page.wait_for_selector(".yq-not-taken:has-text('large.txt has 5.2 MB: the limit is 5 MB.')")
    broken = tmp_path / "broken.jsonl"
    broken.write_text('{"question": "How?"}\n{"question"\n', encoding="utf-8")
    page.set_input_files(UPLOAD, broken)
    page.wait_for_selector("#yq-batch-note .yq-message:has-text('broken.jsonl line 2: not JSON')")
    assert page.locator(".yq-not-taken").count() == 0
    page.click("#yq-batch-forget")
    page.wait_for_selector("#yq-batch-pasted textarea")


def test_a_file_of_questions_is_dropped_and_others_are_refused_where_they_fell(visit: Visit, address: str) -> None:
    page = open_batch(visit, address)
    zone = ".yq-drop:has(#yq-batch-upload)"
    drop(page, zone, {"a.txt": "Why?\n", "b.txt": "How?\n"})
    page.wait_for_selector(".yq-not-taken:has-text('2 files: at most 1 can be uploaded at once.')")
    drop(page, zone, {"a.exe": "MZ"})
    page.wait_for_selector(".yq-not-taken:has-text('a.exe is not accepted here: it must be a .jsonl')")
    drop(page, zone, {"dropped.txt": "What happened in cyberspace in 2015?\nWho guided the ships of Zandhafen?\n"})
    page.wait_for_selector(".yq-file:has-text('dropped.txt: 2 questions')")
    assert page.locator(".yq-not-taken").count() == 0
    run(page)
    assert page.locator(".yq-rows tbody tr").count() == 2


def test_axe_finds_nothing_serious_in_a_batch(visit: Visit, address: str, many: Path) -> None:
    page = open_batch(visit, address, bypass_csp=True)
    found = violations(page, "empty")
    page.set_input_files(UPLOAD, JUDGED)
    page.wait_for_selector(".yq-file")
    page.click("#yq-batch-columns > button")
    page.click("#yq-column-type input")
    page.wait_for_selector('[role="listbox"]')
    found += violations(page, "choosing a column")
    page.keyboard.press("Escape")
    run(page)
    found += violations(page, "done")
    page.set_input_files(UPLOAD, many)
    page.wait_for_selector(".yq-file:has-text('4,000')")
    page.click("#yq-batch-start")
    page.wait_for_selector(".yq-progress")
    found += violations(page, "running")
    page.click("#yq-batch-stop")
    page.wait_for_selector("#yq-batch-progress .yq-message")
    found += violations(page, "stopped")
    assert found == []
