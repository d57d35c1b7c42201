"""Wrong, missing and repeated characters."""
