"""A whole site as recorded facts: what was fetched, what links where, what each page says of itself.

``store`` holds the tables of a run store (``run.db``), ``urls`` and ``extract`` turn a page into
addresses and links, ``facts`` read a page's own statements (column, date, marks in the footer),
``model`` gives site rules their shape, ``sample`` builds small sites for their examples.
"""
