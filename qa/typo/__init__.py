"""The spelling engine: wrong, missing, doubled and swapped characters in official Chinese, offline."""
