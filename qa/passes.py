"""The verdict: what the six passes of 三审三校 come to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from qa.finding import Finding, Level, Pass


class Verdict(StrEnum):
    """Outcome of a pass or a document."""

    PASSED = "passed"
    ATTENTION = "attention"
    BLOCKED = "blocked"
    UNCHECKED = "unchecked"

    @property
    def label(self) -> str:
        return {"passed": "通过", "attention": "需留意", "blocked": "不通过", "unchecked": "未查完"}[
            self.value
        ]


_WEIGHT = {Verdict.PASSED: 0, Verdict.ATTENTION: 1, Verdict.UNCHECKED: 2, Verdict.BLOCKED: 3}


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """The gravest of several; ``PASSED`` of none. Blocked outweighs unchecked."""
    return max(verdicts, key=_WEIGHT.__getitem__, default=Verdict.PASSED)


@dataclass(frozen=True)
class Gates:
    """From which level on a finding blocks, by pass; ``None`` for a pass that never blocks."""

    levels: Mapping[Pass, Level | None] = field(default_factory=dict)
    default: Level | None = Level.ERROR

    def level(self, pass_: Pass) -> Level | None:
        return self.levels.get(pass_, self.default)

    def blocks(self, finding: Finding) -> bool:
        """Whether a finding stops publication: at or above the gate, not suppressed, not known."""
        gate = self.level(finding.pass_)
        if gate is None or finding.suppressed is not None or finding.baseline == "unchanged":
            return False
        return finding.level >= gate


@dataclass(frozen=True, slots=True)
class Unchecked:
    """Something that was not checked, and why (Chinese). ``pass_`` is ``None`` for all of it."""

    reason: str
    rule: str = ""
    pass_: Pass | None = None


def judge(findings: Iterable[Finding], unchecked: Iterable[Unchecked], gates: Gates) -> dict[Pass, Verdict]:
    """Verdict of each pass. Suppressed and baselined findings count for nothing."""
    verdicts = dict.fromkeys(Pass, Verdict.PASSED)
    for gap in unchecked:
        for one in [gap.pass_] if gap.pass_ else Pass:
            verdicts[one] = worst((verdicts[one], Verdict.UNCHECKED))
    for finding in findings:
        if finding.suppressed is not None or finding.baseline == "unchanged":
            continue
        outcome = Verdict.BLOCKED if gates.blocks(finding) else Verdict.ATTENTION
        verdicts[finding.pass_] = worst((verdicts[finding.pass_], outcome))
    return verdicts
