"""Mutates files: random bytes, and mutations that keep the structure of a format and so pass its first checks.

All randomness comes from the generator passed in, so that a case can be repeated. Text formats are mutated token by
token (a tag, a number, a word), ZIP archives inside their parts, PDF files inside their streams and references.
"""

from __future__ import annotations

import io
import random
import re
import zipfile
import zlib
from collections.abc import Sequence

from lxml import etree

ODD_TOKENS = (
    b"0", b"-1", b"1", b"65536", b"2147483648", b"99999999999999999999", b"1e308", b"nan", b"", b" ", b"\t", b"\n",
    b"\r", b"\0", b"\f", b"\xef\xbb\xbf", b"\xff\xfe", b"\xc2\x85", b"\xe2\x80\xa8", b"\xe2\x80\xae", b"\xed\xa0\x80",
    b"\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x9a\x80", b"e\xcc\x81" * 30, b"\xe6\xb8\xaf", b"%", b"{", b"}", b"[", b"]",
    b"(", b")", b"<", b">", b"&", b"&amp;amp;", b"&#x110000;", b"&#0;", b"<!--", b"-->", b"<![CDATA[", b"|", b"`",
    b"```", b"> ", b"# ", b"* ", b"1. ", b"[^1]: ", b"\\", b'"', b"'", b'"""', b"=", b"----", b"====", b"Notes", b"(1)",
    b"*1", b"<td colspan=99999>", b"<table><tr><td>", b"</table>", b"<h1>", b"<pre>", b"<script>", b"<style>", b"<svg>",
    b"<math>", b"<select>", b"<p hidden>", b"<div>" * 300, b"[[" * 300, b"> " * 300, b"A" * 5000, b"12.5 million ",
)  # fmt: skip
"""Tokens with a meaning in some format, and numbers out of range."""

_TOKENS = {
    ".pdf": rb"\d+ \d+ R|/[A-Za-z0-9#]+|-?\d*\.?\d+|<<|>>|\[|\]|\([^)]*\)|\w+",
    ".html": rb"<[^>]*>|&[^;\s]*;|\d+|\w+",
    ".xml": rb"<[^>]*>|\"[^\"]*\"|\d+|\w+",
    "other": rb"\n[ \t]*|\d+|\w+|[^\w\s]",
}
_COMPOUND = frozenset((".doc", ".xls", ".ppt"))
_ZIPPED = frozenset(".docx .xlsx .xlsm .ods .odt .odp .pptx .epub .zip".split())
_HEAVY = "document notes styles number sheet workbook content slide chapter package".split()
"""Words in the names of the parts that readers read."""

_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
_MAX_LENGTH = 3_000_000
_VALUES = (
    "0", "-1", "1", "7", "65536", "2147483648", "99999999999999999999", "1e308", "nan", "", " ", "true", "hidden",
    "none", "A1", "A1:XFD1048576", "XFD1048576", "[$-F800]0.0;;@", "../../etc/passwd", "=1+1", "港", "e\u0301" * 30,
    "A" * 5000,
)  # fmt: skip
"""Texts and values of attributes with a meaning in some format, and numbers out of range."""


def damage(data: bytes, draw: random.Random) -> bytes:
    """Replace, delete, repeat or move some bytes."""
    result = bytearray(data or b" ")
    for _ in range(draw.randint(1, 12)):
        start = draw.randrange(len(result))
        end = min(len(result), start + draw.randint(1, 60))
        piece = result[start:end]
        match draw.randrange(4):
            case 0:
                result[start:end] = draw.randbytes(end - start)
            case 1:
                del result[start:end]
            case 2:
                result[start:start] = piece * draw.randint(1, 20)
            case _:
                target = draw.randrange(len(result))
                result[target : target + len(piece)] = piece
        if not result:
            break
    return bytes(result)


def mutate(suffix: str, data: bytes, others: Sequence[bytes], draw: random.Random) -> bytes:
    """Mutate a file with this suffix in one of several ways; `others` are files to splice in."""
    way = draw.randrange(8)
    if way == 0:
        return damage(data, draw)
    if way == 1:
        return data[: draw.randrange(len(data) + 1)] + (draw.choice(others)[draw.randrange(4096) :] if others else b"")
    if suffix in _ZIPPED:
        return _mutate_parts(data, draw)
    if suffix in _COMPOUND:
        return _overwrite(data, draw)
    if suffix == ".pdf" and way < 5:
        return _mutate_stream(data, draw)
    return mutate_tokens(suffix, data, draw)


def _overwrite(data: bytes, draw: random.Random) -> bytes:
    """Overwrite some bytes in place, so that the sectors of a compound file and its records stay where they are."""
    result = bytearray(data or b" ")
    for _ in range(draw.choice((1, 3, 10, 40))):
        start = draw.randrange(len(result))
        length = min(draw.choice((1, 1, 2, 4, 16)), len(result) - start)
        values = (draw.randbytes(length), b"\0" * length, b"\xff" * length, b"\x7f" * length)
        result[start : start + length] = draw.choice(values)
    return bytes(result)


def mutate_tokens(suffix: str, data: bytes, draw: random.Random) -> bytes:
    """Delete, repeat, exchange, nest or replace tokens of the file."""
    tokens = list(re.finditer(_TOKENS.get(suffix, _TOKENS["other"]), data))
    if not tokens:
        return data + draw.choice(ODD_TOKENS)
    changes: dict[int, tuple[int, bytes]] = {}
    for _ in range(draw.choice((1, 2, 5, 20, 60))):
        passage, other = draw.choice(tokens), draw.choice(tokens)
        match draw.randrange(6):
            case 0:
                new = b""
            case 1:
                new = passage.group() * draw.choice((2, 3, 40, 400))
            case 2 | 3:
                new = other.group()
            case 4:
                new = data[min(passage.start(), other.start()) : max(passage.end(), other.end())][:20_000] * 2
            case _:
                new = draw.choice(ODD_TOKENS) * draw.choice((1, 1, 1, 5, 50))
        changes[passage.start()] = (passage.end(), new)
    result, place = bytearray(), 0
    for start, (end, new) in sorted(changes.items()):
        result += data[place:start] + new
        place = end
    return bytes(result + data[place:])[:_MAX_LENGTH]


def _mutate_parts(data: bytes, draw: random.Random) -> bytes:
    """Mutate, remove or exchange parts of a ZIP archive."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
    except Exception:  # noqa: BLE001 - zipfile raises many errors for a file that was mutated before
        return damage(data, draw)
    names = [name for name in parts if name.endswith((".xml", ".rels", ".xhtml", ".opf"))] or list(parts)
    if not names:
        return damage(data, draw)
    heavy = [name for name in names if any(word in name for word in _HEAVY)]
    for _ in range(draw.choice((1, 1, 2, 4))):
        name = draw.choice(heavy if heavy and draw.random() < 0.7 else names)
        match draw.randrange(12):
            case 0:
                parts.pop(name, None)
            case 1:
                parts[name] = parts.get(draw.choice(names), b"")
            case 2:
                parts[name] = damage(parts.get(name) or b"<a/>", draw)
            case 3 | 4:
                parts[name] = mutate_tokens(".xml", parts.get(name) or b"<a/>", draw)
            case _:
                parts[name] = _mutate_tree(parts.get(name) or b"<a/>", draw)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return packed.getvalue()


def _mutate_tree(data: bytes, draw: random.Random) -> bytes:
    """Delete, rename and change elements of an XML part, which stays well-formed."""
    try:
        root = etree.fromstring(data)
    except (etree.XMLSyntaxError, ValueError):  # mutated before
        return mutate_tokens(".xml", data, draw)
    elements = [element for element in root.iter() if isinstance(element.tag, str)]
    for _ in range(draw.choice((1, 2, 5, 20))):
        one, other = draw.choice(elements), draw.choice(elements)
        match draw.randrange(4):
            case 0 if one.getparent() is not None:
                one.getparent().remove(one)
            case 1:
                other.tag = one.tag
            case 2:
                one.text = draw.choice(_VALUES)
            case _:
                for name in one.attrib:
                    one.set(name, draw.choice((*_VALUES, *other.attrib.values())))
    written: bytes = etree.tostring(root)
    return written


def _mutate_stream(data: bytes, draw: random.Random) -> bytes:
    """Mutate the content of a compressed stream of a PDF file, without correcting its length."""
    streams = list(_STREAM.finditer(data))
    draw.shuffle(streams)
    for match in streams[:20]:
        try:
            plain = zlib.decompress(match[1])
        except zlib.error:
            continue
        packed = zlib.compress(mutate_tokens(".pdf", plain, draw))
        return data[: match.start(1)] + packed + data[match.end(1) :]
    return mutate_tokens(".pdf", data, draw)
