"""The command on the gazetteer: gazetteer build."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from testimonia.cli import output


def register(app: typer.Typer) -> None:
    """Add these commands."""
    group = typer.Typer(help="The index of places that documents are read with.")
    group.callback()(_group)  # keeps `build` a command of its own, though it is the only one
    group.command()(build)
    app.add_typer(group, name="gazetteer")


def _group() -> None:
    pass


def build(
    geonames: Annotated[
        Path | None,
        typer.Option(
            help=(
                "A dump of GeoNames: allCountries or cities500 (.txt or .zip), or a folder that "
                "may hold admin1CodesASCII, admin2Codes and alternateNamesV2 too. Without it, the "
                "places that are installed with Testimonia."
            ),
            show_default=False,
        ),
    ] = None,
    history: Annotated[
        Path | None,
        typer.Option(
            help=(
                "A table (CSV) of names that places bore for a time, so that documents of that "
                "time are read with them: name, from, to, country, latitude, longitude, geonames."
            ),
            show_default=False,
        ),
    ] = None,
    output_file: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="The file to write; else one in the user's cache."),
    ] = None,
) -> int:
    """Make the index of places: names, containment, coordinates."""
    from testimonia import gazetteer
    from testimonia.errors import UsageError
    from testimonia.settings import cache_folder

    usual = gazetteer.default_index()
    own = [name for name, file in (("geonames", geonames), ("history", history)) if file]
    target = output_file or (cache_folder() / f"{'-'.join(own)}.sqlite" if own else usual)
    output.notice(f"building {target} …")
    try:
        gazetteer.build_gazetteer(target, geonames, history)
    except OSError as error:
        raise UsageError(f"{target} cannot be written: {error.strerror or error}") from error
    opened = gazetteer.open_gazetteer(target)
    output.say(f"made {target} from {opened.version}")
    if target != usual:
        output.say(f"to use it: --gazetteer {target}, or $TESTIMONIA_GAZETTEER")
    return 0
