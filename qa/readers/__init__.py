"""One module a format; each turns a :class:`~qa.source.Source` into a :class:`~qa.document.Document`."""

from __future__ import annotations

from qa.document import Document
from qa.source import Source

MEDIA = {
    ".html": "html",
    ".htm": "html",
    ".shtml": "html",
    ".xhtml": "html",
    ".md": "markdown",
    ".markdown": "markdown",
    ".txt": "text",
    ".text": "text",
}
"""Formats by file name suffix."""


def media_of(name: str) -> str | None:
    """Format of a file name; ``None`` for one that is not read."""
    dot = name.rfind(".")
    return MEDIA.get(name[dot:].lower()) if dot >= 0 else None


def read(source: Source) -> Document:
    """Read a source by its ``media``."""
    if source.media == "html":
        from qa.readers.html import read_html

        return read_html(source)
    if source.media == "markdown":
        from qa.readers.markdown import read_markdown

        return read_markdown(source)
    from qa.readers.text import read_text

    return read_text(source)
