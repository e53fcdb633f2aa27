"""Pages: self-contained HTML, everything from outside escaped."""

from __future__ import annotations

from typing import Any


def page(template: str, **values: Any) -> str:
    """A page from one of the package's templates, readable without network."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("als_nlp.reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(template).render(**values)
