"""Apple's own document as a check of exchanges; it reads rows of the request log."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from bot.sandbox.appstore.store import template_of

SHARED = Path(__file__).resolve().parents[4] / "shared"
CONTRACT = SHARED / "contract" / "asc-openapi-subset.json"
TO_ONE = ("/build", "/appStoreVersionPhasedRelease")
MOST_KEPT = 5_000
LISTINGS = SHARED / "listings"


class Contract:
    """Apple's document as a validator of exchanges."""

    def __init__(self) -> None:
        self.document = json.loads(CONTRACT.read_text(encoding="utf-8"))
        resource = DRAFT202012.create_resource(nullable(self.document))
        self.registry: Registry[Any] = Registry().with_resource("urn:contract", resource)
        # One process holds thousands of exchanges against it, and most are alike.
        self._of_text = lru_cache(maxsize=MOST_KEPT)(self._errors)

    def operation(self, method: str, path: str) -> Any:
        return self.document["paths"][template_of(path)[0]][method.lower()]

    def errors(self, pointer: str, instance: Any) -> list[str]:
        return list(self._of_text(pointer, json.dumps(instance)))

    def _errors(self, pointer: str, text: str) -> tuple[str, ...]:
        instance = json.loads(text)
        validator = Draft202012Validator(
            {"$ref": f"urn:contract#{pointer}"}, registry=self.registry
        )
        return tuple(f"{one.json_path}: {one.message}" for one in validator.iter_errors(instance))

    def parameters(self, method: str, path: str) -> dict[str, Any]:
        told = (self.resolved(one) for one in self.operation(method, path).get("parameters", []))
        return {one["name"]: one["schema"] for one in told}

    def resolved(self, node: Any) -> Any:
        if "$ref" not in node:
            return node
        target = self.document
        for part in node["$ref"].split("/")[1:]:
            target = target[part]
        return target

    def violations(self, row: dict[str, Any], answer: Any) -> list[str]:
        operation = self.operation(row["method"], row["path"])
        status = str(row["status"])
        if status == "409" and row["method"] == "DELETE":
            # The document knows no conflict of a DELETE; the service has been seen to answer one.
            return self.errors("/components/schemas/ErrorResponse", answer)
        if status not in operation["responses"]:
            return [f"{status} is not an answer of {row['method']} {row['path']}"]
        found = [
            f"{name} is no parameter of {row['path']}"
            for name in row["query"]
            if name not in self.parameters(row["method"], row["path"]) and name != "cursor"
        ]
        if row["body"] is not None and row["status"] < 400:
            found += self.errors(self.body_of(operation["requestBody"]), row["body"])
        response = self.resolved(operation["responses"][status])
        if _is_nothing(row["path"], answer):
            return found
        if "content" in response:
            found += self.errors(self.schema_of(response), answer)
        return found

    def body_of(self, body: Any) -> str:
        return self.schema_of(self.resolved(body))

    def schema_of(self, holder: Any) -> str:
        return str(holder["content"]["application/json"]["schema"]["$ref"]).removeprefix("#")


def _is_nothing(path: str, answer: Any) -> bool:
    """Whether a to-one relation leads nowhere, which the document says cannot be."""
    return path.endswith(TO_ONE) and answer is not None and answer.get("data", "") is None


def nullable(node: Any) -> Any:
    """OpenAPI 3.0's `nullable` as the type "null", which JSON Schema understands."""
    if isinstance(node, list):
        return [nullable(item) for item in node]
    if not isinstance(node, dict):
        return node
    told = {name: nullable(value) for name, value in node.items()}
    if told.pop("nullable", False):
        return {"anyOf": [told, {"type": "null"}]}
    return told
