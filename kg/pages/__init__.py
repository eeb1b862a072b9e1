"""Pages to read: articles with their facts beside them, things, questions; served or as static files.

Pages are made on the server from templates, with all text escaped. They link to each other by relative addresses, so
that the same files work under any path, and need no script.
"""

from typing import TYPE_CHECKING

from kg import lazily

if TYPE_CHECKING:
    from kg.pages.renderer import Page as Page
    from kg.pages.renderer import render as render
    from kg.pages.site import write_site as write_site

__getattr__ = lazily(__name__, "renderer.Page renderer.render site.write_site")
