"""Page tags (页面标签) of the national check list."""
