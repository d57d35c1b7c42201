"""Accessibility that shows in the markup."""
