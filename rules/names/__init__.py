"""Names: institutions, places, people, set phrases."""
