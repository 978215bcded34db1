"""TeX and HTML as authors type them into titles and abstracts, read: as a line of Unicode, and as a page's markup.

``words`` reads the text around formulas, ``linear`` a formula as a line, ``mathml`` the same for pages.
"""

from papersite.catalogue.sources.tex.linear import maths
from papersite.catalogue.sources.tex.markup import markup
from papersite.catalogue.sources.tex.words import Passage, is_plain, passage, plain

__all__ = ["Passage", "is_plain", "markup", "maths", "passage", "plain"]
