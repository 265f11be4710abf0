"""The reading page of a version: the whole profile as plain values for people, in the language of the page.

`page(version, organisation, on)` needs one query per setting that the regulation leaves open, and no others.
"""

from regulations.reading.build import Page, page

__all__ = ["Page", "page"]
