"""Which files may be uploaded, judged while they come in: how many at once, and of which kinds. Knows no Gradio.

The parts of the page have these limits, too, but who sends a request of their own need not heed the page.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import PurePath

from python_multipart.exceptions import MultipartParseError
from python_multipart.multipart import MultipartParser, parse_options_header


@dataclass(frozen=True, slots=True)
class UploadRules:
    """Files of one request: at most so many, with one of these suffixes (in small letters, with their dot)."""

    most: int
    suffixes: Collection[str]


class RequestRefused(ValueError):
    """The files cannot be taken: an HTTP status, and the reason in a line."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status


class UploadChecker:
    """Reads the names of files out of the body of an upload (multipart/form-data), piece by piece."""

    def __init__(self, content_type: str, allowed: UploadRules) -> None:
        """Raises RequestRefused for another type of content."""
        kind, options = parse_options_header(content_type)
        if kind != b"multipart/form-data" or not options.get(b"boundary"):
            raise RequestRefused(415, "an upload has to be multipart/form-data")
        self._allowed = allowed
        self._files = 0
        self._name = b""
        self._value = b""
        self._parser = MultipartParser(
            options[b"boundary"],
            {
                "on_header_field": self._on_name,
                "on_header_value": self._on_value,
                "on_header_end": self._on_header,
            },
        )

    def read(self, piece: bytes) -> None:
        """Look at the next piece. Raises RequestRefused."""
        try:
            self._parser.write(piece)
        except MultipartParseError as error:
            raise RequestRefused(400, "this upload cannot be read") from error

    def _on_name(self, data: bytes, start: int, end: int) -> None:
        self._name += data[start:end]

    def _on_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _on_header(self) -> None:
        name, value = self._name.lower(), self._value
        self._name = self._value = b""
        if name != b"content-disposition":
            return
        _, options = parse_options_header(value)
        if b"filename" not in options:
            return
        self._files += 1
        if self._files > self._allowed.most:
            raise RequestRefused(413, f"more than {self._allowed.most} files: send fewer at once")
        file = PurePath(options[b"filename"].decode("utf-8", "replace")).name
        if PurePath(file).suffix.lower() not in self._allowed.suffixes:
            kinds = ", ".join(sorted(self._allowed.suffixes))
            raise RequestRefused(415, f"{file[:100]!r} is not taken here: must be one of {kinds}")
