"""Standards and their clauses: what a rule's ``basis`` points at."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Trust(StrEnum):
    """How the text of a clause is known to us."""

    VERIFIED = "已核"
    REPORTED = "转述"
    UNVERIFIED = "待核"
    COMPUTED = "已算"


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause of a standard; ``cite`` is how people write it."""

    standard: Standard
    number: str
    trust: Trust

    @property
    def cite(self) -> str:
        return f"{self.standard.cite} {self.number}".strip()

    @property
    def url(self) -> str:
        return self.standard.url


@dataclass(frozen=True, slots=True)
class Standard:
    """A standard, law or official document.

    ``standard["4.5.3.5"]`` is a clause of it.  ``trust`` is that of its clauses unless the
    clause's own is given in ``unverified`` or ``reported``.
    """

    key: str
    title: str
    code: str = ""
    url: str = ""
    since: str = ""
    trust: Trust = Trust.VERIFIED
    unverified: frozenset[str] = frozenset()
    reported: frozenset[str] = frozenset()

    @property
    def cite(self) -> str:
        return self.code or f"《{self.title}》"

    def __getitem__(self, number: str) -> Clause:
        trust = self.trust
        if number in self.unverified:
            trust = Trust.UNVERIFIED
        elif number in self.reported:
            trust = Trust.REPORTED
        return Clause(self, number, trust)

    def __hash__(self) -> int:
        return hash(self.key)
