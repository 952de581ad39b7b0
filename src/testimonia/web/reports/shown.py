"""What the templates of the reports show beside the values: pictures, names, the form."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from testimonia import fulltext
from testimonia.views import chronicle as events
from testimonia.views import dossier as dossiers
from testimonia.views import voices as voice_views
from testimonia.views.charts import columns, percent
from testimonia.views.chronicle import Chronicle
from testimonia.views.dossier import Dossier
from testimonia.views.earth import map_of
from testimonia.views.svg import Figure
from testimonia.views.voices import Voices
from testimonia.vocabulary import EVENT_TYPES
from testimonia.web.reports.asked import Asked, Scope, told
from testimonia.web.reports.compare import Compared
from testimonia.web.site import Site


def common(site: Site, scope: Scope, asked: Asked) -> dict[str, Any]:
    """The form with what was asked for, and that in words."""
    return {
        "told": told(site, scope),
        "unknown": [(name, dict(scope.given).get(name, "")) for name in scope.unknown],
        "given": _given(asked),
        "scope": scope,
        "types": tuple(EVENT_TYPES),
        "most_hits": fulltext.MOST_HITS,
    }


def _given(asked: Asked) -> dict[str, str]:
    return {
        field.alias or name: "" if value is None else str(value)
        for name, field in type(asked).model_fields.items()
        for value in [getattr(asked, name)]
        if name not in ("page", "format")
    }


def context(name: str, view: Any) -> dict[str, Any]:
    """What one report's template needs beside the view."""
    return _CONTEXTS[name](view)


def _compare(view: Compared) -> dict[str, Any]:
    return {"differences": sum(len(each.differing) for each in view.events.items)}


def _voices(view: Voices) -> dict[str, Any]:
    return {
        "standing_figure": voice_views.standing_figure(view),
        "quoted_figure": voice_views.quoted_figure(view) if view.quoted.items else None,
        "percent": percent,
        "standing_name": voice_views.standing_name,
    }


def _dossier(view: Dossier) -> dict[str, Any]:
    return {
        "time_figure": dossiers.time_figure(view) if view.over_time.rows else None,
        "directness_figure": dossiers.directness_figure(view) if view.says else None,
        "percent": percent,
    }


def _chronicle(view: Chronicle) -> dict[str, Any]:
    happenings = view.happenings.items

    def drawn(root: str, query: str) -> dict[str, Figure | None]:
        link = f"{root}timeline?{query + '&' if query else ''}place={{}}"
        spots = events.spots(view.places.items, link)
        return {
            "dated": events.timeline("dated", "Dated events", happenings, root),
            "yearless": events.yearless("yearless", "Days without a year", happenings, root),
            "map": map_of("map", "Where events are told to have been", spots) if spots else None,
            "over_time": columns(
                "over-time",
                f"Events by {view.over_time.unit}, by the earliest day that is told",
                ("events",),
                view.over_time.rows,
            )
            if len(view.over_time.rows) > 1
            else None,
        }

    return {"drawn": drawn, "lanes": events.by_lane(happenings)}


_CONTEXTS: Final[dict[str, Callable[[Any], dict[str, Any]]]] = {
    "compare": _compare,
    "voices": _voices,
    "dossier": _dossier,
    "timeline": _chronicle,
}
