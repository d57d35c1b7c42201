"""Measures: a document in, findings out. See CONTRIBUTING.md for the layers."""

__version__ = "0.1.0"
