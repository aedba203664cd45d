"""Writes the JSON Schema of every message and policy pack, and the contract as data: `python -m schemas.generate`."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from schemas.edges import EDGES
from schemas.envelope import schema_id, type_of
from schemas.facts import PLOT
from schemas.policy import PolicyPack
from schemas.published import contract

HERE = Path(__file__).parent / "json"
CONTRACT = HERE.parent / "contract.json"
INNERMOST = re.compile(r"[{\[][^{}\[\]]*[}\]]")
"""What stands on a line of its own."""

MODELS: tuple[type[BaseModel], ...] = (*PLOT, *EDGES, PolicyPack)
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


def text_of(model: type[BaseModel]) -> str:
    """The schema as its file holds it."""
    return json.dumps(schema_of(model), ensure_ascii=False, indent=2) + "\n"


def files() -> dict[str, str]:
    """Every file's name and text."""
    return {f"{type_of(model)}.json": text_of(model) for model in MODELS}


def contract_text() -> str:
    """The contract as its file holds it."""
    text = json.dumps(contract(), ensure_ascii=False, indent=1)
    return INNERMOST.sub(lambda found: " ".join(found[0].split()), text) + "\n"


def main() -> None:
    """Write all files anew and remove those that belong to no model."""
    HERE.mkdir(exist_ok=True)
    wanted = files()
    for stale in HERE.glob("*.json"):
        if stale.name not in wanted:
            stale.unlink()
    for name, text in wanted.items():
        (HERE / name).write_text(text, encoding="utf-8")
    CONTRACT.write_text(contract_text(), encoding="utf-8")


if __name__ == "__main__":
    main()
