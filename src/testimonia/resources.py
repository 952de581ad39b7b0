"""Where the data that travels with the package lies: ontology, shapes, example queries.

In an installed wheel they are inside the package, in a checkout at its top.
"""

from __future__ import annotations

from pathlib import Path


def folder(name: str) -> Path:
    """The folder ``name`` ("ontology", "shapes", "docs/queries") of this installation.

    Raises:
        FileNotFoundError: neither the package nor the checkout around it has one.
    """
    package = Path(__file__).parent
    for place in (package / name, package.parents[1] / name):
        if place.is_dir():
            return place
    raise FileNotFoundError(f"the installation of Testimonia lacks its folder {name!r}")
