"""Find the line of a key in a valid TOML file, for error messages: Python's TOML parser has no line numbers."""

from __future__ import annotations

import re

_INERT = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}'
    r"|'''.*?'{3,5}"
    r'|(?P<short>"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\')'
    r"|#[^\n]*",
    re.DOTALL,
)
"""Comments and multi-line strings, which hold no key or header. A short string can be a quoted key."""

_NAME = re.compile(r"""\s*(?:"([^"\n]*)"|'([^'\n]*)'|([A-Za-z0-9_-]+))\s*""")


class TomlLines:
    """The keys and headers in the lines of a file."""

    def __init__(self, source: str) -> None:
        source = _INERT.sub(lambda match: match["short"] or "\n" * match.group().count("\n"), source)
        self._lines = [_parse_key(line) for line in source.split("\n")]

    def find(self, key: str | None, table: str | None = None, number: int = 0) -> int:
        """Return the line, from 1, of a key at the top of the file or in the `number`-th `[[table]]`, from 0.

        Without a key, or if it is missing, return the line of the table; if that is missing too, 1.
        """
        seen, inside, fallback = -1, table is None, 1
        for position, (is_header, path) in enumerate(self._lines, 1):
            if is_header and table is None:
                inside = False
                if path[:1] == [key]:
                    return position
            elif is_header:
                seen += path == [table]
                inside = path[:1] == [table] and seen in {number, -1}
                if inside and path[1:2] == [key]:
                    return position
                fallback = position if inside and len(path) == 1 else fallback
            elif path and inside and path[0] == key:
                return position
            elif path and seen < 0 and path[0] == table:  # `defaults.edition = 2016`, `document = [{...}]`
                if path[1:2] == [key]:
                    return position
                fallback = position
        return fallback

    def spans(self, table: str) -> list[tuple[int, int]]:
        """Return the lines `[first, last)` of each `[[table]]` of that name, up to the next header."""
        headers = [position for position, (is_header, _) in enumerate(self._lines, 1) if is_header]
        ends = [*headers, len(self._lines) + 1][1:]
        return [
            (first, last) for first, last in zip(headers, ends, strict=True) if self._lines[first - 1][1] == [table]
        ]


def _parse_key(line: str) -> tuple[bool, list[str]]:
    """Return whether a line is a table header, and the parts of the header or of the key before `=`, if any."""
    brackets = re.match(r"\s*\[{1,2}", line)
    position = brackets.end() if brackets else 0
    path: list[str] = []
    while (name := _NAME.match(line, position)) is not None:
        path.append(next(part for part in name.groups() if part is not None))
        if not line.startswith(".", name.end()):
            ends = line.startswith("]" if brackets else "=", name.end())
            return brackets is not None and ends, path if ends else []
        position = name.end() + 1
    return False, []
