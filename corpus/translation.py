"""Translate the messages that users see: into English, their own language, or that of the request under way.

A message is written in English and translated where it is made, by the catalogue of its language in `locale/`. The
language is a context variable, so that requests in different languages never mix; child processes receive it with each
request (`corpus.processes`).

Every message is a format, even without values: `_("edition %(year)s", year=2016)`; a per cent sign is written `%%`.

What is stored in an index is written in English (`english`) and translated where it is shown (`translate_sentence`).
"""

from __future__ import annotations

import functools
import gettext as catalogues
import io
import itertools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from importlib import resources
from typing import TypeVar

LANGUAGES = {"en": "English", "ja": "日本語"}
"""Code and native name of each language; messages in the code are written in the first."""

SOURCE_LANGUAGE = "en"

Text = TypeVar("Text", bound=str)

_language: ContextVar[str] = ContextVar("language", default=SOURCE_LANGUAGE)


def current_language() -> str:
    """Return the code of the language of messages in this context."""
    return _language.get()


@contextmanager
def use_language(code: str) -> Iterator[None]:
    """Set the language of messages for the block; English if it is unknown."""
    token = _language.set(code if code in LANGUAGES else SOURCE_LANGUAGE)
    try:
        yield
    finally:
        _language.reset(token)


def gettext(message: str, /, **values: object) -> str:
    """Translate a message and insert values for `%(name)s`."""
    return translate(message) % values


def ngettext(singular: str, plural: str, count: int, /, **values: object) -> str:
    """Translate the form of a message for a count, which `%(count)s` inserts with thousands separators."""
    return translate_plural(singular, plural, count) % {**values, "count": f"{count:,}"}


def join_items(items: Iterable[str]) -> str:
    """Join the items of a list."""
    return gettext(", ").join(items)


def join_first(items: Sequence[str], count: int, separator: str = ", ") -> str:
    """Join the first `count` items of a list in English, and say how many more there are."""
    joined = separator.join(items[:count])
    more = len(items) - count
    return english("%(items)s and %(count)s more", items=joined, count=f"{more:,}") if more > 0 else joined


def translate(message: str) -> str:
    """Translate a message without inserting values."""
    return _catalogue(_language.get()).translations.gettext(message)


def translate_plural(singular: str, plural: str, count: int) -> str:
    """Translate the form of a message for a count without inserting values."""
    return _catalogue(_language.get()).translations.ngettext(singular, plural, count)


def english(message: str, /, **values: object) -> str:
    """Insert values into a message without translating it, for text that is stored."""
    return message % values


def english_plural(singular: str, plural: str, count: int, /, **values: object) -> str:
    """Insert values into the form of a message for a count without translating it."""
    return (singular if count == 1 else plural) % {**values, "count": f"{count:,}"}


def translate_sentence(sentence: str) -> str:
    """Translate an English sentence by the message that it was made from, and likewise its values.

    Text in quotation marks comes from a document and is not translated. Returns the sentence unchanged if there is no
    such message.
    """
    if len(sentence) > _MAX_SENTENCE:
        return sentence
    for pattern, translation in _catalogue(_language.get()).sentences:
        if match := pattern.fullmatch(sentence):
            return translation % {
                name: value if sentence[: match.start(name)].endswith("“") else translate_sentence(value)
                for name, value in match.groupdict().items()
            }
    return sentence


def gettext_noop(message: Text) -> Text:
    """Mark a message that is translated where it is shown."""
    return message


def script_messages() -> Mapping[str, str]:
    """Return the translations of the messages in the scripts of the web form."""
    return _catalogue(_language.get()).scripts


_VALUE = re.compile(r"%\((\w+)\)s")

_MAX_SENTENCE = 4000
"""Characters of a sentence: values of longer ones could take long to find."""

_MIN_LITERAL = 7
"""Characters of a message without its values: shorter ones ("%(first)s to %(last)s") match sentences by chance."""


@dataclass(frozen=True, slots=True)
class _Catalogue:
    """The messages of a language: by id, those that scripts show, and patterns of the sentences made from them."""

    translations: catalogues.NullTranslations = field(default_factory=catalogues.NullTranslations)
    scripts: Mapping[str, str] = field(default_factory=dict)
    sentences: Sequence[tuple[re.Pattern[str], str]] = ()


def _sentence_patterns(messages: Iterable[tuple[str, str]]) -> Iterator[tuple[re.Pattern[str], str]]:
    """Yield a pattern of the sentences made from each message with its translation, the most specific first."""
    split = [(_VALUE.split(message), translation) for message, translation in messages]
    split.sort(key=lambda item: -sum(map(len, item[0][::2])))
    for parts, translation in split:
        values = parts[1::2]
        is_readable = len({*values}) == len(values) and {*values} >= {*_VALUE.findall(translation)}
        if not is_readable or sum(map(len, parts[::2])) < _MIN_LITERAL:
            continue
        literals = [re.escape(part.replace("%%", "%")) for part in parts]
        groups = [f"(?P<{part}>.+?)" if odd % 2 else literals[odd] for odd, part in enumerate(parts)]
        yield re.compile("".join(groups), re.DOTALL), translation


@functools.cache
def _catalogue(language: str) -> _Catalogue:
    if language == SOURCE_LANGUAGE:
        return _Catalogue()
    from babel.messages.mofile import write_mo  # late: not needed for English
    from babel.messages.pofile import read_po

    path = resources.files("corpus").joinpath("locale", language, "LC_MESSAGES", "messages.po")
    catalog = read_po(io.StringIO(path.read_text(encoding="utf-8")), locale=language)
    compiled = io.BytesIO()
    write_mo(compiled, catalog)
    compiled.seek(0)
    texts = [
        (singular, form, message)
        for message in catalog
        if message.id
        for singular, form in zip(_forms(message.id), itertools.cycle(_forms(message.string)), strict=False)
    ]
    scripts = {
        text: form for text, form, message in texts if any(file.endswith(".js") for file, _ in message.locations)
    }
    sentences = tuple(_sentence_patterns((text, form) for text, form, _ in texts))
    return _Catalogue(catalogues.GNUTranslations(compiled), scripts, sentences)


def _forms(text: str | Sequence[str] | None) -> Sequence[str]:
    return (text,) if isinstance(text, str) else text or ()
