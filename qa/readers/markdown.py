"""Markdown (a first version; the reader's own module follows)."""

from __future__ import annotations

from qa.document import Document
from qa.readers.text import read_text
from qa.source import Source


def read_markdown(source: Source) -> Document:
    """As plain text."""
    return read_text(source)
