# Tasks. `just check` is what CI runs.
set shell := ["bash", "-euo", "pipefail", "-c"]

python := env_var_or_default("PYTHON", "python")

# Lint, types, contracts, dependencies, tests with coverage.
check: lint types contracts deps test

lint:
    {{python}} -m ruff format --check .
    {{python}} -m ruff check .

types:
    {{python}} -m mypy

contracts:
    PYTHONPATH=. lint-imports

deps:
    deptry .

test *ARGS:
    {{python}} -m pytest -n auto -m "not slow" --cov --cov-report=term-missing:skip-covered {{ARGS}}

slow:
    {{python}} -m pytest -m slow

# Regenerate what is generated: rules/catalogue.md and README's tables.
generate:
    {{python}} -m qa.cli catalogue
    {{python}} tests/bench/precision.py --table

fmt:
    {{python}} -m ruff format .
    {{python}} -m ruff check --fix .
