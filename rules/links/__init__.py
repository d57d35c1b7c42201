"""Links, images and what a page loads: do they lead anywhere, and where they say."""
