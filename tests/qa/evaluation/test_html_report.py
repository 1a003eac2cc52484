"""The report: self-contained, escaped, worst outcomes first."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from qa.evaluation import html_report, metrics
from qa.evaluation.judgements import Judged
from qa.evaluation.metrics import Evaluation
from qa.evaluation.outcome import EvidenceGroups, Outcome, ShownPassage
from qa.evaluation.questions import Evidence, Question
from qa.templating import environment

HOSTILE = '<script src="https://evil.example/x.js">alert(1)</script><img onerror=x> & "\'</title>\x00\x1b[31m'


def outcome(
    identifier: str,
    answerable: bool | None = True,
    *,
    first: int | None = 1,
    answered: bool = True,
    confidence: float = 0.5,
    text: str = "",
) -> Outcome:
    ranking = tuple("x" if rank == first else f"n{rank}" for rank in range(1, 6))
    return Outcome(
        question=Question(
            identifier,
            text or f"text of {identifier}",
            1,
            type=text or "factoid",
            evidence={True: (Evidence(text or "d", text or "quote"),), False: (), None: None}[answerable],
        ),
        judged=Judged(answerable, {"x": 1} if answerable else {}, missing=(text,) if text else ()),
        groups=EvidenceGroups((text or "2016", "2020"), (text or "Yearbook", "Report")),
        answered=answered,
        confidence=confidence,
        notices=(text,) if text else (),
        ranking=ranking,
        scores=(5.0, 4.0, 3.0, 2.0, 1.0),
        sentences=(ShownPassage("x", text or "A sentence.", text or "Yearbook 2016", True),),
        passages=(ShownPassage(text or "x", text or "A passage.", text or "Yearbook 2016", False),),
        first=first if answerable else None,
        words=12 if answerable else None,
        holds_answer=True if answerable else None,
    )


def evaluation(outcomes: list[Outcome], notices: tuple[str, ...] = (), source: str = "questions.jsonl") -> Evaluation:
    values = metrics.compute_values(["Success@1", "RR@10"], outcomes)
    return Evaluation(
        out=Path("out"),
        source=Path(source),
        k=10,
        depth=100,
        unit="passage",
        outcomes=tuple(outcomes),
        seconds=0.5,
        values=values,
        metrics=metrics.compute_metrics(outcomes, values),
        notices=notices,
    )


class Page(HTMLParser):
    """Collects tags with their attributes, and checks that every tag is closed."""

    VOID = frozenset({"meta", "line", "circle", "rect"})

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.texts: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def test_the_page_loads_no_resources_and_runs_no_scripts() -> None:
    html = html_report.report_html(evaluation([outcome("a"), outcome("b", False)]))
    page = Page(html)
    assert page.open == []
    assert {tag for tag, _ in page.tags} & {"script", "link", "img", "iframe", "object", "base", "form", "a"} == set()
    assert not [
        name for _, attributes in page.tags for name in attributes if name in {"src", "href"} or name[:2] == "on"
    ]
    assert not re.search(r"https?://|url\(|@import", html)
    policies = [item.get("content") for tag, item in page.tags if tag == "meta" and "http-equiv" in item]
    assert policies == ["default-src 'none'; style-src 'unsafe-inline'"]


def test_text_of_strangers_stays_text() -> None:
    hostile = [outcome("a", text=HOSTILE), outcome("b", False, text=HOSTILE), outcome(HOSTILE)]
    page = Page(html_report.report_html(evaluation(hostile, (HOSTILE,), f"{HOSTILE.replace('/', '')}.jsonl")))
    assert page.open == []
    assert {tag for tag, _ in page.tags} & {"script", "img"} == set()
    assert not [name for _, attributes in page.tags for name in attributes if name == "onerror"]
    assert not any(character in text for text in page.texts for character in "\0\x1b")
    assert any("alert(1)" in text for text in page.texts)


def order(html: str) -> list[str]:
    """Ids of the questions in the order of the page."""
    return re.findall(r'<span class="soft">(\w+) · ', html)


def test_the_worst_question_comes_first() -> None:
    html = html_report.report_html(
        evaluation(
            [
                outcome("unjudged", None),  # last: -1
                outcome("found", first=1),  # 0
                outcome("lost", first=None),  # 1 - 0
                outcome("second", first=2),  # 1 - 1/2, before the next by its place in the file
                outcome("refused", first=1, answered=False),  # 1/2, however well it ranks
                outcome("fifth", first=5),  # 1 - 1/5
                outcome("invented", False, confidence=0.9),  # .9
                outcome("declined", False, answered=False, confidence=0.2),  # 0, after `found`
            ]
        )
    )
    assert order(html) == ["lost", "invented", "fifth", "second", "refused", "found", "declined", "unjudged"]


@pytest.mark.parametrize(
    ("one", "words"),
    [
        (outcome("a", first=1), "✓ rank 1"),
        (outcome("a", first=3), "✗ rank 3"),
        (outcome("a", first=None), "✗ not found"),
        (outcome("a", first=2, answered=False), "✗ refused, rank 2"),
        (outcome("a", False), "✗ wrongly answered"),
        (outcome("a", False, answered=False), "✓ rightly refused"),
        (outcome("a", None), "not judged"),
    ],
)
def test_every_outcome_has_a_verdict_in_words(one: Outcome, words: str) -> None:
    assert f">{words}</span>" in html_report.report_html(evaluation([one]))


def test_without_judgements_the_page_says_so() -> None:
    html = html_report.report_html(evaluation([outcome("a", None)]))
    assert "No question was judged" in html
    assert "<svg" not in html


def test_only_the_worst_questions_show_their_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(html_report, "MAX_DETAILED", 2)
    html = html_report.report_html(evaluation([outcome(f"q{number}") for number in range(5)]))
    assert len(order(html)) == 5
    assert html.count("<details>") == 2
    assert "The first 2 are shown with their answers" in html


def test_long_texts_are_clipped() -> None:
    html = html_report.report_html(evaluation([outcome("a", text="word " * 200_000)]))
    assert len(html) < 60_000


def plots() -> Any:
    """The macros that draw plots."""
    return environment().get_template("plots.html").module


def test_a_plot_of_intervals_puts_numbers_where_they_belong() -> None:
    # The axis begins at x = 300 and is 430 wide: .5 is at 515, .25 at 407.5, 1 at 730.
    svg = plots().intervals("t", {"a": {"value": 0.5, "interval": [0.25, 1.0], "n": 7}})
    assert '<line class="whisker" x1="407.5" x2="730.0"' in svg
    assert 'cx="515.0"' in svg
    assert "0.500 [0.250, 1.000]  n 7" in svg


def test_a_plot_of_bars_is_as_wide_as_its_counts() -> None:
    # The longest bar (4) is 430 wide: 1 is 107.5; in the second row, 2 good are 215 and 2 bad another 215.
    svg = plots().bars("t", [("a", 1, 0), ("b", 2, 2), ("c", 0, 0)], "good", "bad")
    assert re.findall(r'<rect class="(\w+)" x="([\d.]+)" y="\d+" width="([\d.]+)"', svg) == [
        ("good", "300", "107.5"),
        ("good", "300", "215.0"),
        ("bad", "515.0", "215.0"),
        ("good", "300", "0.0"),
    ]
    assert "2 good, 2 bad" in svg
