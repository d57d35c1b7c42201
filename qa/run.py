"""One run over many inputs: what reporters and exit codes are made from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from qa import __version__
from qa.engine import Outcome
from qa.finding import Finding, Level, Pass
from qa.passes import Gates, Verdict, worst
from qa.rule import Rule


@dataclass(frozen=True, slots=True)
class Gone:
    """A finding of the baseline that is there no more."""

    fingerprint: str
    rule: str
    path: str
    quote: str


@dataclass
class Run:
    """Everything a report may tell.

    Attributes:
        outcomes: one a document, in the order of their paths.
        rules: the rules that ran.
        gates: what blocks.
        time: ISO 8601 time of the run, given by the caller; empty when output must not depend on it.
        gone: baseline entries that are there no more (empty without a baseline).
        baseline: path of the baseline in use, or empty.
        notices: Chinese remarks on the run as a whole.
    """

    outcomes: list[Outcome]
    rules: Sequence[Rule] = ()
    gates: Gates = field(default_factory=Gates)
    time: str = ""
    version: str = __version__
    gone: list[Gone] = field(default_factory=list)
    baseline: str = ""
    notices: list[str] = field(default_factory=list)

    @property
    def findings(self) -> list[Finding]:
        """All findings, suppressed and baselined ones included."""
        return [finding for outcome in self.outcomes for finding in outcome.findings]

    @property
    def live(self) -> list[Finding]:
        """Findings that count: neither suppressed nor known to the baseline."""
        return [f for f in self.findings if f.suppressed is None and f.baseline != "unchanged"]

    def verdict(self, pass_: Pass) -> Verdict:
        """The gravest verdict of a pass over all documents."""
        return worst(outcome.verdicts.get(pass_, Verdict.PASSED) for outcome in self.outcomes)

    @property
    def overall(self) -> Verdict:
        """The gravest verdict of all."""
        return worst(outcome.overall for outcome in self.outcomes)

    def count(self, level: Level | None = None, pass_: Pass | None = None) -> int:
        """Number of live findings of a level and pass."""
        return sum(
            1
            for finding in self.live
            if (level is None or finding.level is level) and (pass_ is None or finding.pass_ is pass_)
        )

    @property
    def blocked(self) -> bool:
        """Whether any finding stops publication."""
        return any(self.gates.blocks(finding) for finding in self.findings)

    @property
    def incomplete(self) -> bool:
        """Whether anything went unchecked."""
        return any(outcome.unchecked for outcome in self.outcomes)

    @property
    def exit_code(self) -> int:
        """0 clean, 1 findings at or above the gate, 3 something could not be checked."""
        if self.incomplete:
            return 3
        return 1 if self.blocked else 0
