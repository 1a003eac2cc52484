"""An answer as HTML: the answer's sentences, and a card for each passage. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from index.storage.reader import DocumentInfo
from qa.answering.library import Answer, AnswerSentence
from qa.citation import CitedPassage, format_years
from qa.confidence.confidence import confidence_label
from qa.output.citation_formats import FORMATS
from qa.web.render.markup import Span, context_link, escape, language, marked, page_link, web_link, with_code
from qa.web.routes import source
from qa.web.urls import Asked, write

GAP = " […] "
"""Stands for what a quotation leaves out."""

_KINDS = {"inset": "column", "notes": "note", "glossary": "glossary", "caption": "caption", "table": "table"}
"""What a badge calls a passage's section; ordinary sections and front matter have none."""

_PARTS = {
    "passage": "The passage as a whole is about the question",
    "sentence": "Its best sentence is about the question",
    "lexical": "It has the question's words",
    "year": "It covers a year that the question names",
    "edition": "It is in an edition that the question names",
    "series": "It is in a series that the question names",
    "compare": "It stands for an edition that is compared",
}


def answer_html(answer: Answer, asked: Asked, *, hide: Sequence[str] = ()) -> str:
    """The whole answer on one line of HTML; the notices in `hide` are shown elsewhere already."""
    passages = answer.distinct_passages()
    numbers = {cited.hit.id: number for number, cited in enumerate(passages, 1)}
    notices = "".join(f"<li>{with_code(_sentence_case(one))}</li>" for one in answer.notices if one not in hide)
    cards = "".join(card(cited, number, to_mark(cited, answer.sentences)) for number, cited in enumerate(passages, 1))
    heading = "Passages" if answer.answered else "The nearest passages"
    return (
        f'<div class="yq-result{"" if answer.answered else " yq-nearest"}">'
        + (f'<ul class="yq-notices">{notices}</ul>' if notices else "")
        + (_answer(answer, passages, numbers, asked) if passages else "")
        + (f'<h2 class="yq-heading">{heading}</h2>{cards}' if passages else "")
        + "</div>"
    )


def _answer(answer: Answer, passages: Sequence[CitedPassage], numbers: Mapping[str, int], asked: Asked) -> str:
    by_id = {cited.hit.id: cited for cited in passages}
    if answer.answered:
        heading = "Answer"
        body = "".join(_quoted(one, by_id[one.passage], numbers[one.passage]) for one in answer.sentences)
        body = f'<div class="yq-sentences">{body}</div>'
    else:
        heading = "The documents here do not seem to answer this"
        body = "<p>No passage comes close enough to be quoted. What comes nearest follows; it may still help.</p>"
    link = write(asked)
    downloads = " ".join(
        f'<a class="yq-action" href="citations/{form}{escape(link)}" download>{citation.label}</a>'
        for form, citation in FORMATS.items()
    )
    return (
        f'<section class="yq-answer{"" if answer.answered else " yq-refusal"}"><h2>{heading}</h2>{body}'
        f'<div class="yq-foot">{_confidence(answer)}<span class="yq-actions">'
        f'<a class="yq-action yq-link" href="{escape(link)}">Link to this question</a>'
        f'<span class="yq-downloads">Citations: {downloads}</span></span></div></section>'
    )


def _quoted(sentence: AnswerSentence, cited: CitedPassage, number: int) -> str:
    document = cited.hit.document
    return (
        f'<p><q class="yq-quote"{language(document.language)} dir="auto">{escape(sentence.text)}</q> '
        f'<a class="yq-ref" href="#passage-{number}" title="{escape(cited.citation)}">[{number}]</a> '
        f'<span class="yq-source">{escape(_short(document))}</span></p>'
    )


def _short(document: DocumentInfo) -> str:
    covers = f", covers {format_years(document.covers)}" if document.covers else ""
    return f"{document.title}{covers}"


def _confidence(answer: Answer) -> str:
    percent = round(100 * answer.confidence)
    words = confidence_label(answer.confidence)
    advice = ": read the passages before you rely on it" if words == "low" else ""
    return (
        f'<label class="yq-confidence"><span>Confidence: <strong>{words}</strong>{advice}</span> '
        f'<meter min="0" max="100" value="{percent}" title="{percent} %">{percent} %</meter></label>'
    )


def to_mark(cited: CitedPassage, sentences: Sequence[AnswerSentence]) -> list[Span]:
    """Spans of a passage that match the question, and those that the answer quotes from it, in order."""
    quoted = [(one.start, one.end) for one in sentences if one.passage == cited.hit.id]
    spans: list[Span] = []
    for start, end in sorted({*cited.highlights, *quoted}):
        if spans and start < spans[-1][1]:
            spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
        else:
            spans.append((start, end))
    return spans


def card(cited: CitedPassage, number: int, spans: Sequence[Span]) -> str:
    """A passage with where it stands, with these spans marked, and what can be done with it."""
    document, passage = cited.hit.document, cited.hit.stored.passage
    page = passage.page_label or passage.page
    context = context_link(passage.id, spans)
    place = [*passage.path, *([f"p. {page}"] if page else [])]
    return (
        f'<article class="yq-card" id="passage-{number}" tabindex="-1">'
        f'<h3><span class="yq-number">{number}</span> {escape(document.title)}</h3>'
        f'<p class="yq-badges">{badges(document, passage.kind)}</p>'
        + (f'<p class="yq-path">{escape(" › ".join(place))}</p>' if place else "")
        + f'<blockquote class="yq-text"{language(document.language)} dir="auto">'
        + marked(passage.text, passage.start, spans)
        + "</blockquote>"
        + _also_in(cited)
        + '<div class="yq-foot"><span class="yq-actions">'
        f'<a class="yq-action yq-context" href="{escape(context)}">Show in context</a>'
        + _page(cited, spans)
        + '<button type="button" class="yq-action yq-copy" value="citation">Copy citation</button>'
        '<button type="button" class="yq-action yq-copy" value="quotation">Copy quotation</button>'
        + _file(document)
        + web_link(document.url, "Source")
        + f"</span>{_score(cited)}</div>"
        f'<span class="yq-citation" hidden>{escape(cited.citation)}</span>'
        f'<span class="yq-quotation" hidden>{escape(quotation(cited, spans))}</span>'
        "</article>"
    )


def _page(cited: CitedPassage, spans: Sequence[Span]) -> str:
    passage = cited.hit.stored.passage
    if passage.page is None or not source.is_pdf(cited.hit.document):
        return ""
    return f'<a class="yq-action yq-context" href="{escape(page_link(passage.id, spans))}">Show page</a>'


def _file(document: DocumentInfo) -> str:
    """A link to the file, unless the page shows it."""
    file = None if source.is_pdf(document) else source.address(document)
    return f'<a class="yq-action" href="{escape(file)}" download>File</a>' if file else ""


def badges(document: DocumentInfo, kind: str = "section") -> str:
    """Edition and covered years, each named, since they are not the same; what is unknown is said to be."""
    texts = [
        f"edition {document.edition or 'unknown'}",
        f"covers {format_years(document.covers)}" if document.covers else "covered years unknown",
        *([document.part] if document.part and document.part not in document.title else []),
        *([_KINDS[kind]] if kind in _KINDS else []),
    ]
    return " ".join(f'<span class="yq-badge">{escape(text)}</span>' for text in texts)


def quotation(cited: CitedPassage, spans: Sequence[Span]) -> str:
    """The marked sentences, verbatim and in quotation marks, with the citation behind them."""
    passage = cited.hit.stored.passage
    runs: list[Span] = []
    for start, end in spans:
        if runs and not passage.text[runs[-1][1] - passage.start : start - passage.start].strip():
            runs[-1] = (runs[-1][0], end)
        else:
            runs.append((start, end))
    quoted = GAP.join(passage.text[start - passage.start : end - passage.start] for start, end in runs)
    url = f" {cited.hit.document.url}" if cited.hit.document.url else ""
    return f"“{quoted}” ({cited.citation}){url}"


def _also_in(cited: CitedPassage) -> str:
    links = ", ".join(
        f'<a class="yq-context" href="{escape(context_link(one.passage))}" title="{escape(one.document)}">'
        f"{escape(str(one.edition or one.document))}</a>"
        for one in cited.also_in
    )
    return f'<p class="yq-also">Nearly the same also in {links}</p>' if links else ""


def _score(cited: CitedPassage) -> str:
    rows = "".join(
        f'<tr><th scope="row">{escape(_PARTS.get(name, name))}</th><td>{value:+.2f}</td></tr>'
        for name, value in cited.hit.scores.items()
        if round(value, 2)
    )
    return (
        '<details class="yq-score"><summary>Why this passage</summary><table><tbody>'
        f'{rows}<tr class="yq-total"><th scope="row">Together, which decides the order</th>'
        f"<td>{cited.hit.score:.2f}</td></tr>"
        "</tbody></table></details>"
    )


def _sentence_case(notice: str) -> str:
    text = notice[:1].upper() + notice[1:]
    return text if text.endswith((".", "?", "!")) else f"{text}."
