"""Sensitive and discouraged wording."""
