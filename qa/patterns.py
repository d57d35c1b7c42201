"""Regular expressions that compile when first used.

A hundred and fifty rules hold three hundred expressions; compiling them all would take a third of
a cold start, and most pages need only a few.
"""

from __future__ import annotations

import re
from typing import Any, cast

_METHODS = ("findall", "finditer", "fullmatch", "match", "search", "split", "sub", "subn")


class _Lazy:
    """Stands in for a compiled expression; its methods become those of the real one on first use."""

    def __init__(self, pattern: str, flags: int) -> None:
        self._pattern = pattern
        self._flags = flags

    def __getattr__(self, name: str) -> Any:
        compiled = re.compile(self._pattern, self._flags)
        self.__dict__.update({method: getattr(compiled, method) for method in _METHODS})
        return getattr(compiled, name)


def lazy(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """``re.compile`` put off to the first use of the result."""
    return cast("re.Pattern[str]", _Lazy(pattern, int(flags)))
