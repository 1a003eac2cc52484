"""Remove what no renderer shows (soft hyphens, comments, hidden elements, tags) from plain text and Markdown.

Everything removed is listed as furniture, and offsets refer to the text without it.
"""

from __future__ import annotations

import re

from corpus.readers.text_builder import raise_digits

SOFT_HYPHEN = re.compile("\u00ad")
MARKDOWN_SOFT_HYPHEN = re.compile("\u00ad|&shy;|&#(?:173|[xX][aA][dD]);")
_LONGEST_INLINE = 2000
"""Characters; a longer stretch between two backticks or tildes is no inline code or struck-out text."""
_LONGEST_RAISED = 12
"""Characters of a raised number."""

_OPENING = re.compile(
    r"""(?m)^[ ]{0,3}(?P<fence>`{3,}|~{3,})[^\n`]*$ | (?P<ticks>`+) | (?P<strike>~~)(?=[^\s~])
    | (?P<comment><!--) | (?P<definition>^[ ]{0,3}\[(?://|\#|comment)\]:[ ](?:\#|<>)[ ])
    | (?P<line>^[ ]{0,3}(?:\[(?!\^)[^][\n]+\]:[ \t]*\S+(?:[ \t]+(?:"[^"\n]*"|'[^'\n]*'|\([^()\n]*\)))?|:{3,}[^\n]*
        |\[{1,2}_?(?i:toc)_?\]{1,2}|\{:[^{}\n]*\})[ \t]*$)
    | <(?P<tag>(?:del|s|strike|script|style|template)(?=[\s>])
        |[a-zA-Z]\w*(?=(?:\s[^<>]*)?\s(?:hidden[\s>=]|style\s*=\s*["'][^"'<>]*display\s*:\s*none)))[^<>]*>
    | (?P<inline></?(?:a|abbr|b|big|br|cite|code|em|font|i|ins|kbd|mark|samp|small|span|strong|sub|sup|tt|u|var|wbr)
        (?=[\s/>])[^<>]*>)""",
    re.VERBOSE,
)


def without_soft_hyphens(text: str, pattern: re.Pattern[str] = MARKDOWN_SOFT_HYPHEN) -> tuple[str, tuple[str, ...]]:
    """Return the text without soft hyphens, and a line that counts them."""
    text, count = pattern.subn("", text)
    return text, (f"{count} soft hyphens",) if count else ()


def without_hidden_markup(text: str) -> tuple[str, tuple[str, ...]]:
    """Return Markdown as it is shown outside code, and the removed parts.

    These are comments, deleted text, hidden elements, definitions of links, places of a table of contents, fences and
    attributes of blocks, and the tags of inline elements, on one line. Raised numbers become superscripts.
    """
    parts: list[str] = []
    removed: list[str] = []
    tags: list[str] = []
    kept_from = position = 0
    absent: set[str] = set()  # closing marks that do not occur any more, so that the search takes linear time
    while (opening := _OPENING.search(text, position)) is not None:
        kind = opening.lastgroup or ""
        if kind == "inline":
            shown, position = _without_tag(text, opening)
            parts += [text[kept_from : opening.start()], shown]
            kept_from = position
            tags.append(opening[0])
            continue
        closing = {"comment": "-->", "definition": "\n", "line": "", "strike": "~~", "tag": f"</{opening['tag']}>"}.get(
            kind, f"\n{opening['fence']}" if kind == "fence" else opening[0]
        )
        inline = kind in ("ticks", "strike")
        limit = opening.end() + _LONGEST_INLINE if inline else len(text)
        end = -1 if closing in absent else text.find(closing, opening.end(), limit)
        if end < 0 and kind in ("definition", "fence"):
            end = len(text)
        if end < 0 or (inline and "\n\n" in text[opening.end() : end]):
            if not inline:
                absent.add(closing)
            position = opening.end()
            continue
        position = min(len(text), end if kind == "definition" else end + len(closing))
        if kind in ("fence", "ticks"):
            continue
        parts.append(text[kept_from : opening.start()])
        removed.append(" ".join(text[opening.start() : position].split()))
        if opening.start() and text[opening.start() - 1] in " \t\n" and text[position : position + 1] == " ":
            position += 1
        kept_from = position
    if tags:
        removed.append(" ".join(tags))
    return "".join((*parts, text[kept_from:])), tuple(removed)


def _without_tag(text: str, tag: re.Match[str]) -> tuple[str, int]:
    """Return what is shown for the tag of an inline element, and where the text goes on."""
    name = tag[0].strip("</>").split(maxsplit=1)[0].rstrip("/").lower()
    if name == "sup" and tag[0][1] != "/":
        end = text.find("</", tag.end(), tag.end() + _LONGEST_RAISED)
        raised = raise_digits(text[tag.end() : end], text[max(0, tag.start() - 3) : tag.start()]) if end > 0 else ""
        return raised, end if raised else tag.end()
    return " " if name == "br" else "", tag.end()
