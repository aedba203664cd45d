"""Writes the contract as data, with the JSON Schema of every message and of the pack: `python -m schemas.generate`.

`python -m schemas.generate DIRECTORY` writes each schema into a file of its own there, for tools that want files.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from schemas.edges import EDGES
from schemas.envelope import schema_id, type_of
from schemas.facts import PLOT
from schemas.history import HistoryMap
from schemas.policy import PolicyPack
from schemas.published import contract

CONTRACT = Path(__file__).parent / "contract.json"
INNERMOST = re.compile(r"[{\[][^{}\[\]]*[}\]]")
"""What stands on a line of its own."""

MODELS: tuple[type[BaseModel], ...] = (*PLOT, *EDGES, PolicyPack, HistoryMap)
DIALECT = GenerateJsonSchema.schema_dialect


class _Plain(GenerateJsonSchema):
    """pydantic's schemas without what only repeats a name, and closed where the models are."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False

    def dict_schema(self, schema: core_schema.DictSchema) -> JsonSchemaValue:
        """A mapping whose keys have a pattern takes no other keys; pydantic's schema alone would let them pass."""
        found = super().dict_schema(schema)
        return {**found, "additionalProperties": False} if "patternProperties" in found else found


def schema_of(model: type[BaseModel]) -> dict[str, Any]:
    """The JSON Schema 2020-12 of what a reader of this model accepts, with its absolute `$id`."""
    body = model.model_json_schema(schema_generator=_Plain, mode="validation")
    named = {"$schema": DIALECT, "$id": schema_id(model), "title": body["title"], "description": body["description"]}
    return {**named, **body}


def published() -> dict[str, Any]:
    """All that `schemas/contract.json` holds: a bundle in which a validator finds each schema by its `$id`."""
    schemas = {type_of(model): schema_of(model) for model in MODELS}
    return {"$schema": DIALECT, "$id": "urn:closedloop:contract", **contract(), "$defs": schemas}


def contract_text() -> str:
    """The contract as its file holds it."""
    text = json.dumps(published(), ensure_ascii=False, indent=1)
    return INNERMOST.sub(lambda found: " ".join(found[0].split()), text) + "\n"


def main(*directory: str) -> None:
    """Write the contract anew; or, into the directory that is named, one file for each schema."""
    for place in map(Path, directory):
        place.mkdir(parents=True, exist_ok=True)
        for model in MODELS:
            text = json.dumps(schema_of(model), ensure_ascii=False, indent=2) + "\n"
            (place / f"{type_of(model)}.json").write_text(text, encoding="utf-8")
    if not directory:
        CONTRACT.write_text(contract_text(), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
