"""The forms of the tab of comparisons: a topic, whole editions, a draft. Pure: what there is in, HTML out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from qa import limits
from qa.question.corpus_facts import CorpusFacts
from qa.web.render.markup import escape
from qa.web.routes.comparison_request import LONGEST_SECTION, Wanted

DRAFT_FILES = (".txt", ".md", ".docx")
"""Kinds of files that a draft is read from."""


def forms_html(corpus_facts: CorpusFacts, wanted: Wanted, *, draft: str | None = None) -> str:
    """The three forms, of which the one in use is unfolded; `draft` is what was checked."""
    editions = {series: years for series, years in corpus_facts.series.items() if years}
    if not editions:
        return (
            '<p class="yq-message">No document here has both a series and an edition: there are no editions to '
            f"compare. A draft can be checked all the same.</p>{_draft(draft or '', is_open=True)}"
        )
    is_draft = draft is not None
    is_whole = not is_draft and wanted.topic is None and wanted.is_asked
    return (
        _topic(editions, wanted, is_open=not is_draft and not is_whole)
        + _whole(editions, wanted, is_open=is_whole)
        + _draft(draft or "", is_open=is_draft)
    )


def _folded(title: str, body: str, *, is_open: bool) -> str:
    opened = " open" if is_open else ""
    return (
        f'<details class="yq-details" name="yq-compare"{opened}><summary>{title}</summary>{body}'
        '<p class="yq-wait yq-soft" hidden></p></details>'
    )


def _topic(editions: Mapping[str, Sequence[int]], wanted: Wanted, *, is_open: bool) -> str:
    years = sorted({year for some in editions.values() for year in some})
    series = _select("Series", "series", [("", "any"), *((one, one) for one in editions)], wanted.series)
    bounds = [("", "any"), *((str(year), str(year)) for year in years)]
    return _folded(
        "Compare a topic",
        '<form class="yq-compare-form" action="./compare" method="get" role="search" aria-label="Compare a topic">'
        '<label class="yq-wide">Topic<input type="text" name="topic" required autocomplete="off" '
        f'placeholder="a subject, in a few words" maxlength="{limits.QUESTION.value}" '
        f'value="{escape(wanted.topic or "")}">'
        f"</label>{series}{_select('Editions from', 'from', bounds, wanted.first)}"
        f'{_select("Editions to", "to", bounds, wanted.last)}<button type="submit" class="yq-primary">Compare</button>'
        "</form>",
        is_open=is_open,
    )


def _whole(editions: Mapping[str, Sequence[int]], wanted: Wanted, *, is_open: bool) -> str:
    several = {series: years for series, years in editions.items() if len(years) > 1}
    if not several:
        return ""
    series = wanted.series if wanted.series in several else next(iter(several))
    pair = [str(one) for one in several[series][-2:]]
    return _folded(
        "Compare whole editions",
        '<form class="yq-compare-form" action="./compare" method="get" aria-label="Compare whole editions">'
        + _select("Series", "series", [(one, one) for one in several], series)
        + _grouped("Edition", "edition", several, series, wanted.edition or pair[0])
        + _grouped("and edition", "with", several, series, wanted.other or pair[1])
        + '<label class="yq-words">Only sections under a heading with these words<input type="text" name="section" '
        f'autocomplete="off" maxlength="{LONGEST_SECTION}" value="{escape(wanted.section)}"></label>'
        '<button type="submit" class="yq-primary">Compare</button></form>',
        is_open=is_open,
    )


def _draft(draft: str, *, is_open: bool) -> str:
    return _folded(
        "Check a draft",
        '<form class="yq-compare-form yq-check-form" action="./check" method="post" '
        'enctype="multipart/form-data" aria-label="Check a draft">'
        '<label class="yq-wide">Draft<textarea name="draft" rows="8" '
        f'maxlength="{limits.DRAFT.value}">\n{escape(draft)}</textarea></label>'
        f'<label class="yq-wide">Or a file<input type="file" name="file" accept="{",".join(DRAFT_FILES)}"></label>'
        '<p class="yq-soft yq-wide">Every quotation, in quotation marks or in lines that begin with “&gt;”, is looked '
        "for word by word; figures are held against a source that their sentence names. "
        f"Up to {limits.DRAFT.value:,} characters; nothing of it is kept.</p>"
        '<button type="submit" class="yq-primary">Check</button></form>',
        is_open=is_open,
    )


def _select(label: str, name: str, choices: Sequence[tuple[str, str]], value: str) -> str:
    return f'<label>{label}<select name="{name}">{_options(choices, value)}</select></label>'


def _grouped(label: str, name: str, editions: Mapping[str, Sequence[int]], series: str, value: str) -> str:
    """A choice among the editions of all series: the page's script shows those of the one that is chosen."""
    groups = "".join(
        f'<optgroup label="{escape(one)}">'
        f"{_options([(str(year), str(year)) for year in years], value if one == series else '')}</optgroup>"
        for one, years in editions.items()
    )
    return f'<label>{label}<select name="{name}" class="yq-of-series">{groups}</select></label>'


def _options(choices: Sequence[tuple[str, str]], value: str) -> str:
    return "".join(
        f'<option value="{escape(key)}"{" selected" if key == value else ""}>{escape(text)}</option>'
        for key, text in choices
    )
