"""The site's own words, from its packs."""
