"""The forms of the Reconciliation Service API 0.2, in our own words: what the group's schemas ask
for, and no member that they do not know.

The group's schemas come without a licence of their own, so they are not kept here. Whoever has the
folder ``0.2/schemas`` of https://github.com/reconciliation-api/specs names it in
``TESTIMONIA_RECONCILIATION_SCHEMAS``: the same answers are then held to those files too.
"""

from __future__ import annotations

import json
import os
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
from referencing import Registry
from referencing.jsonschema import DRAFT7

SCHEMAS = os.environ.get("TESTIMONIA_RECONCILIATION_SCHEMAS", "")

TEXT = {"type": "string"}
URL_WITH_ID = {
    "type": "object",
    "required": ["url"],
    "properties": {"url": {"pattern": r"\{\{id\}\}"}},
}
TYPE: dict[str, Any] = {
    "type": "object",
    "required": ["id", "name"],
    "properties": {
        "id": {"type": "string", "minLength": 1},
        "name": {"type": "string", "minLength": 1},
        "broader": {"type": "array", "items": {"type": "object", "required": ["id", "name"]}},
    },
}
NAMED = {
    "type": "object",
    "required": ["id", "name"],
    "properties": {"id": TEXT, "name": TEXT, "description": TEXT},
}
SUGGEST = {
    "type": "object",
    "properties": {
        "service_url": TEXT,
        "service_path": TEXT,
        "flyout_service_url": TEXT,
        "flyout_service_path": {"type": "string", "pattern": r"\$\{id\}"},
    },
    "additionalProperties": False,
}
MANIFEST = {
    "type": "object",
    "required": ["versions", "name", "identifierSpace", "schemaSpace"],
    "properties": {
        "versions": {"type": "array", "items": TEXT, "contains": {"const": "0.2"}},
        "name": TEXT,
        "identifierSpace": TEXT,
        "schemaSpace": TEXT,
        "documentation": TEXT,
        "serviceVersion": TEXT,
        "defaultTypes": {"type": "array", "items": TYPE, "uniqueItems": True},
        "view": URL_WITH_ID,
        "preview": {
            **URL_WITH_ID,
            "required": ["url", "width", "height"],
            "properties": {
                "url": {"pattern": r"\{\{id\}\}"},
                "width": {"type": "integer"},
                "height": {"type": "integer"},
            },
        },
        "suggest": {
            "type": "object",
            "properties": {"entity": SUGGEST, "property": SUGGEST, "type": SUGGEST},
            "additionalProperties": False,
        },
        "extend": {
            "type": "object",
            "properties": {
                "propose_properties": {
                    "type": "object",
                    "properties": {"service_url": TEXT, "service_path": TEXT},
                },
                "property_settings": {"type": "array"},
            },
        },
        "batchSize": {"type": "integer", "minimum": 1},
        "authentication": {"const": {"type": "basic"}},
    },
    "additionalProperties": False,
}
CANDIDATE = {
    "type": "object",
    "required": ["id", "name", "score"],
    "properties": {
        "id": TEXT,
        "name": TEXT,
        "description": TEXT,
        "score": {"type": "number", "minimum": 0, "maximum": 100},
        "match": {"type": "boolean"},
        "type": {"type": "array", "items": TYPE},
        "features": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"id": TEXT, "value": {"type": ["boolean", "number"]}},
            },
        },
    },
    "additionalProperties": False,
}
RESULTS = {
    "type": "object",
    "additionalProperties": {
        "type": "object",
        "required": ["result"],
        "properties": {"result": {"type": "array", "items": CANDIDATE}},
    },
}
ENTITIES = {
    "type": "object",
    "required": ["result"],
    "properties": {
        "result": {
            "type": "array",
            "items": {
                **NAMED,
                "properties": {
                    "id": TEXT,
                    "name": TEXT,
                    "description": TEXT,
                    "notable": {"type": "array", "items": TYPE},
                },
                "additionalProperties": False,
            },
        }
    },
}
PROPERTIES = {
    "type": "object",
    "required": ["result"],
    "properties": {"result": {"type": "array", "items": NAMED}},
}
TYPES = {
    "type": "object",
    "required": ["result"],
    "properties": {"result": {"type": "array", "items": TYPE}},
}
PROPOSAL = {
    "type": "object",
    "required": ["type", "properties"],
    "properties": {
        "type": TEXT,
        "limit": {"type": "integer"},
        "properties": {"type": "array", "items": NAMED},
    },
}
_CELLS = [("str", TEXT), ("float", {"type": "number"}), ("int", {"type": "integer"})]
CELL = {
    "oneOf": [
        {
            "type": "object",
            "required": ["id", "name"],
            "properties": {"id": TEXT, "name": TEXT, "description": TEXT},
            "additionalProperties": False,
        },
        *(
            {
                "type": "object",
                "required": [name],
                "properties": {name: form},
                "additionalProperties": False,
            }
            for name, form in _CELLS
        ),
    ]
}
EXTENSION = {
    "type": "object",
    "required": ["meta", "rows"],
    "properties": {
        "meta": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["id", "name"],
                "properties": {
                    "id": TEXT,
                    "name": TEXT,
                    "type": {"type": "object", "required": ["id"]},
                },
                "additionalProperties": False,
            },
        },
        "rows": {
            "type": "object",
            "additionalProperties": {
                "type": "object",
                "additionalProperties": {"type": "array", "items": CELL},
            },
        },
    },
    "additionalProperties": False,
}
FLYOUT = {
    "type": "object",
    "required": ["id", "html"],
    "properties": {"id": TEXT, "html": TEXT},
}


_VALUE = {"oneOf": [{"type": ["string", "number", "boolean"]}, {"type": "object"}]}
QUERIES = {
    "type": "object",
    "additionalProperties": {
        "type": "object",
        "properties": {
            "query": TEXT,
            "type": {"oneOf": [TEXT, {"type": "array", "items": TEXT}]},
            "type_strict": {"enum": ["any", "should", "all"]},
            "limit": {"type": "integer"},
            "properties": {
                "type": "array",
                "items": {
                    "type": "object",
                    "required": ["pid", "v"],
                    "properties": {
                        "pid": TEXT,
                        "v": {"oneOf": [*_VALUE["oneOf"], {"type": "array", "items": _VALUE}]},
                    },
                },
            },
        },
        "additionalProperties": False,
    },
}
EXTEND = {
    "type": "object",
    "required": ["ids", "properties"],
    "properties": {
        "ids": {"type": "array", "items": TEXT},
        "properties": {"type": "array", "items": {"type": "object", "required": ["id"]}},
    },
}
OF_THE_GROUP = [
    (MANIFEST, "manifest"),
    (RESULTS, "reconciliation-result-batch"),
    (ENTITIES, "suggest-entities-response"),
    (PROPERTIES, "suggest-properties-response"),
    (TYPES, "suggest-types-response"),
    (EXTENSION, "data-extension-response"),
    (QUERIES, "reconciliation-query-batch"),
    (EXTEND, "data-extension-query"),
]


def checked(answer: Any, form: dict[str, Any]) -> Any:
    """The answer, if it has this form, and that of the group's schema where these are at hand."""
    jsonschema.Draft7Validator(form).validate(answer)
    for known, name in OF_THE_GROUP if SCHEMAS else ():
        if known is form:
            schema = json.loads((Path(SCHEMAS) / f"{name}.json").read_text("utf-8"))
            jsonschema.Draft7Validator(schema, registry=_registry()).validate(answer)
    return answer


@cache
def _registry() -> Registry[Any]:
    """Where the group's schemas find one another; of Swagger's they refer to a form of
    authentication, which stands above."""
    files = sorted(Path(SCHEMAS).glob("*.json"))
    found = [json.loads(each.read_text("utf-8")) for each in files]
    made = [DRAFT7.create_resource(each) for each in found if "$id" in each]
    swagger = {"definitions": {"securityDefinitions": {"additionalProperties": True}}}
    resources = [(each.id() or "", each) for each in made]
    return Registry().with_resources(
        [*resources, ("http://swagger.io/v2/schema.json", DRAFT7.create_resource(swagger))]
    )
