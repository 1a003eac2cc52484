"""Recognise titles that programs fill in, which say nothing about a document."""

import re

_PLACEHOLDER = re.compile(
    r"\(?(?:untitled.*|anonymous|unspecified|title|(?:document|book|workbook|presentation|sheet|slide|page) ?\d*"
    r"|microsoft (?:office )?(?:word|excel|powerpoint|publisher|visio|works)\b.*"
    r"|(?:word|excel|powerpoint) (?:document|worksheet|presentation)"
    r"|.*\.(?:docx?|xlsx?|pptx?|od[tsp]|indd|qxd|tex|pdf|rtf|txt|html?))\)?|[\W\d_]*",
    re.IGNORECASE,
)


def is_placeholder_title(title: str) -> bool:
    """Whether a title is a file name or the default of a program: "report.docx", "Microsoft Word - x", "Untitled"."""
    return _PLACEHOLDER.fullmatch(title) is not None
