"""Plain text (a first version; the reader's own module follows)."""

from __future__ import annotations

from qa.document import Block, Document, Segments
from qa.source import Source


def read_text(source: Source) -> Document:
    """One block a line."""
    segments, blocks, parts, at, length = Segments(), [], [], 0, 0
    for line in source.text.split("\n"):
        body = line.strip(" \t\r\u3000\u00a0")
        if body:
            low = at + line.index(body)
            if parts:
                segments.add(length, low, low)
                parts.append("\n")
                length += 1
            segments.add(length, low, low + len(body))
            blocks.append(Block(length, length + len(body)))
            parts.append(body)
            length += len(body)
        at += len(line) + 1
    return Document(source, "".join(parts), segments, blocks)
