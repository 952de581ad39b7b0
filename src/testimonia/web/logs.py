"""The server's log on standard error: lines for people, or a JSON object a line for programs."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime
from typing import Any, Final

from testimonia.web import observed

FORMATS: Final = ("text", "json")


class Text(logging.Formatter):
    """``12:31:07 200 GET /healthz … [id]``: the time, the message, the request's id."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(message)s", "%H:%M:%S")
        self._second = 0
        self._time = ""

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: N802
        """The time of day, looked up once a second."""
        second = int(record.created)
        if second != self._second:
            self._time, self._second = super().formatTime(record, datefmt), second
        return self._time

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's name
        """The line."""
        line = super().formatMessage(record)
        fields = _fields(record)
        if "query" in fields and record.name == "testimonia.access":
            line += f" {fields['query']}"
        return f"{line} [{fields['request']}]" if "request" in fields else line


class Json(logging.Formatter):
    """``{"time": …, "level": …, "logger": …, "message": …, "request": …}`` and more."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        moment = datetime.fromtimestamp(record.created, UTC)
        value: dict[str, Any] = {
            "time": moment.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **_fields(record),
        }
        if record.exc_info:
            value["exception"] = self.formatException(record.exc_info)
        return json.dumps(value, ensure_ascii=False, default=str)


def _fields(record: logging.LogRecord) -> dict[str, Any]:
    fields: dict[str, Any] = getattr(record, "fields", {})
    request = observed.current()
    return fields if request is None else {"request": request.id, **fields}


def configuration(format_: str = "text") -> dict[str, object]:
    """For ``logging.config``. Requests are logged by :mod:`testimonia.web.observed`."""
    formatter = f"{__name__}.{'Json' if format_ == 'json' else 'Text'}"
    quiet = {"handlers": ["error"], "propagate": False}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"chosen": {"()": formatter}},
        "handlers": {"error": {"class": "logging.StreamHandler", "formatter": "chosen"}},
        "loggers": {
            "testimonia": {**quiet, "level": "INFO"},
            "uvicorn.error": {**quiet, "level": "WARNING"},
            "uvicorn.access": {"handlers": [], "propagate": False, "level": "WARNING"},
        },
    }
