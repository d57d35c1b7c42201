"""The site as a whole: rules over the recorded facts of a crawl (see qa.site.model)."""
