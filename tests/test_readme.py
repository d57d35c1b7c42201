"""README says what is so: its excerpt, its commands, its generated figures."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import rules
from qa.engine import Engine
from qa.readers import read
from qa.source import Source

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
SAMPLE = ROOT / "tests" / "pages" / "annual_report.html"

PLANTED = {
    "typo/homophone": 1,
    "typo/confusable_words": 1,
    "punctuation/half_width": 1,
    "punctuation/phone_dash": 1,
    "facts/weekday": 1,
    "facts/document_number": 1,
    "facts/report_repair": 1,
    "facts/report_row_sum": 1,
    "facts/report_column_sum": 1,
    "facts/report_sections": 1,
    "links/intranet": 1,
    "names/set_phrases": 1,
}


def test_the_sample_has_its_planted_errors_and_no_others() -> None:
    document = read(Source.from_bytes(SAMPLE.read_bytes(), "annual_report.html"))
    outcome = Engine(rules.load()).check(document)
    assert outcome.unchecked == []
    assert Counter(finding.rule for finding in outcome.findings) == PLANTED


def test_the_excerpt_is_what_the_command_says() -> None:
    document = read(Source.from_bytes(SAMPLE.read_bytes(), "annual_report.html"))
    places = {
        f"{f.start.line}:{f.start.column}": f.title for f in Engine(rules.load()).check(document).findings
    }
    excerpt = README.partition("```console")[2].partition("```")[0]
    told = re.findall(r"^    (\d+:\d+) +\S+ +(\S+)$", excerpt, re.MULTILINE)
    assert len(told) >= 5
    assert [(at, places.get(at)) for at, _ in told] == told


def test_ci_runs_the_commands_of_readme() -> None:
    commands = re.findall(r"^```bash\n(.+)\n```", README.partition("<!-- commands")[2], re.MULTILINE)
    assert commands[0].endswith("shenjiao check tests/pages/annual_report.html")
    assert "pytest" in commands[1]
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert "README.md" in script
    assert "just lint" in script


def test_figures_are_filled_in() -> None:
    for name in ("precision", "speed", "cold"):
        body = README.partition(f"<!-- {name} -->")[2].partition(f"<!-- /{name} -->")[0]
        assert re.search(r"\d", body), f"{name} 的数字还没有写进 README"


def test_links_lead_somewhere() -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", README):
        assert (ROOT / target).exists(), target
