"""Translate the messages that users see: into English, their own language, or that of the request under way.

A message is written in English and translated where it is made, by the catalogue of its language in `locale/`. The
language is a context variable, so that requests in different languages never mix; child processes receive it with each
request (`corpus.processes`).

Every message is a format, even without values: `_("edition %(year)s", year=2016)`; a per cent sign is written `%%`.
"""

from __future__ import annotations

import functools
import gettext as catalogues
import io
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
    more = f" and {len(items) - count:,} more" if len(items) > count else ""
    return separator.join(items[:count]) + more


def translate(message: str) -> str:
    """Translate a message without inserting values."""
    return _catalogue(_language.get()).translations.gettext(message)


def translate_plural(singular: str, plural: str, count: int) -> str:
    """Translate the form of a message for a count without inserting values."""
    return _catalogue(_language.get()).translations.ngettext(singular, plural, count)


def gettext_noop(message: Text) -> Text:
    """Mark a message that is translated where it is shown."""
    return message


def script_messages() -> Mapping[str, str]:
    """Return the translations of the messages in the scripts of the web form."""
    return _catalogue(_language.get()).scripts


@dataclass(frozen=True, slots=True)
class _Catalogue:
    """The messages of a language, and those of them that scripts show."""

    translations: catalogues.NullTranslations = field(default_factory=catalogues.NullTranslations)
    scripts: Mapping[str, str] = field(default_factory=dict)


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
    scripts = {
        message.id: message.string
        for message in catalog
        if isinstance(message.id, str)
        and isinstance(message.string, str)
        and any(file.endswith(".js") for file, _ in message.locations)
    }
    return _Catalogue(catalogues.GNUTranslations(compiled), scripts)
