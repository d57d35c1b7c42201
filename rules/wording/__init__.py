"""Wording: redundancy, mixed sentence patterns, slips of grammar."""
