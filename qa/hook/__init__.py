"""The publishing side: checks that run where a text is committed."""
