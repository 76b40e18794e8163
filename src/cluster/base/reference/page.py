"""The API reference as pages: plain HTML from the OpenAPI document, without scripts, with nothing from elsewhere."""

import json
from collections import defaultdict
from collections.abc import Iterator
from html import escape

from cluster.base.reference.document import Json, operations

POLICY = "default-src 'none'; style-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
STYLE = """
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { margin: 0 auto; max-width: 64rem; padding: 1rem; overflow-wrap: anywhere; }
table { border-collapse: collapse; width: 100%; margin: .5rem 0 1.5rem; }
th, td { text-align: left; vertical-align: top; padding: .25rem .75rem .25rem 0; border-bottom: 1px solid #8884; }
pre { overflow: auto; padding: .75rem; border: 1px solid #8884; max-height: 40rem; }
code, pre { font: 14px/1.4 ui-monospace, monospace; }
.method { display: inline-block; min-width: 4.5rem; font-weight: 700; }
"""
DEPTH_MAX = 4


def index(found: Json) -> str:
    """All operations, by what they are about."""
    groups: dict[str, list[str]] = defaultdict(list)
    for path, method, operation in operations(found):
        name = operation["operationId"]
        line = (
            f'<a href="/schema/operations/{name}"><span class="method">{method}</span> <code>{escape(path)}</code></a>'
        )
        groups[operation["tags"][0]].append(f"<tr><td>{line}<td>{escape(_first(operation))}")
    parts = [f"<h1>{escape(found['info']['title'])}: API reference</h1>", _text(found["info"]["description"])]
    parts.append('<p>For programs: <a href="/schema/openapi.json">openapi.json</a> (OpenAPI 3.1).')
    about = {tag["name"]: tag.get("description", "") for tag in found["tags"]}
    for name, text in about.items():
        if groups[name]:
            parts.append(f"<h2>{escape(name)}</h2><p>{escape(text)}<table>{''.join(groups[name])}</table>")
    return _page("API reference", "".join(parts))


def one(found: Json, operation_id: str) -> str | None:
    """An operation: parameters, body, answers and examples; None when there is no such operation."""
    for path, method, operation in operations(found):
        if operation["operationId"] == operation_id:
            body = "".join(_operation(found, path, method, operation))
            return _page(f"{method} {path}", f'<p><a href="/schema">API reference</a>{body}')
    return None


def _operation(found: Json, path: str, method: str, operation: Json) -> Iterator[str]:
    yield f"<h1>{method} <code>{escape(path)}</code></h1>{_text(operation.get('description', ''))}"
    keys = operation["security"] if "security" in operation else found["security"]
    ways = [" and ".join(way) if way else "nothing" for way in keys]
    yield f"<p>Opened by: {escape(', or '.join(ways))}. Name of the operation: <code>{operation['operationId']}</code>."
    if parameters := operation.get("parameters"):
        yield "<h2>Parameters</h2><table><tr><th>Name<th>In<th>Type<th>About"
        for entry in parameters:
            mark = ", needed" if entry.get("required") else ""
            yield f"<tr><td><code>{escape(entry['name'])}</code><td>{entry['in']}{mark}"
            yield f"<td>{_type(found, entry['schema'])}<td>{escape(entry.get('description', ''))}"
        yield "</table>"
    if body := operation.get("requestBody"):
        yield "<h2>Body</h2>"
        yield from _contents(found, body["content"])
    yield "<h2>Answers</h2>"
    for status, response in sorted(operation["responses"].items()):
        headers = ", ".join(response.get("headers", {}))
        yield f"<h3>{status} {escape(response.get('description', ''))}</h3>"
        yield f"<p>Headers: {escape(headers)}" if headers else ""
        if status < "400":
            yield from _contents(found, response.get("content", {}))


def _contents(found: Json, content: Json) -> Iterator[str]:
    for media, entry in content.items():
        yield f"<p><code>{escape(media)}</code>"
        rows = list(_fields(found, entry.get("schema", {}), "", 0))
        if rows:
            yield f"<table><tr><th>Field<th>Type<th>About{''.join(rows)}</table>"
        for example in entry.get("examples", {}).values():
            text = json.dumps(example["value"], indent=2, ensure_ascii=False)
            yield f"<pre tabindex=0>{escape(text)}</pre>"


def _fields(found: Json, schema: Json, prefix: str, depth: int) -> Iterator[str]:
    schema = _meant(found, schema)
    if schema.get("type") == "array":
        yield from _fields(found, schema.get("items", {}), f"{prefix}[]", depth)
        return
    needed = set(schema.get("required", ()))
    for name, inner in schema.get("properties", {}).items():
        place = f"{prefix}.{name}" if prefix else name
        mark = " *" if name in needed else ""
        about = inner.get("description") or _meant(found, inner).get("description", "")
        yield f"<tr><td><code>{escape(place)}</code>{mark}<td>{_type(found, inner)}<td>{escape(about)}"
        if depth < DEPTH_MAX:
            yield from _fields(found, inner, place, depth + 1)


def _meant(found: Json, schema: Json) -> Json:
    """What a reference leads to; of several kinds the one that says most."""
    for _ in range(DEPTH_MAX):
        if "$ref" in schema:
            schema = found["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
            continue
        options = schema["oneOf"] if "oneOf" in schema else schema.get("anyOf", ())
        schema = next((option for option in options if option.get("type") != "null"), schema)
    return schema


def _type(found: Json, schema: Json) -> str:
    meant = _meant(found, schema)
    kind = meant.get("type", "any")
    words = [" or ".join(kind) if isinstance(kind, list) else str(kind)]
    if "enum" in meant:
        words = [", ".join(f"<code>{escape(str(value))}</code>" for value in meant["enum"])]
    limits = {"minimum": "from", "maximum": "to", "minLength": "length from", "maxLength": "length to", "format": ""}
    words += [escape(f"{word} {meant[name]}".strip()) for name, word in limits.items() if name in meant]
    return " ".join(words)


def _first(operation: Json) -> str:
    text: str = operation.get("description", "") or operation.get("summary", "")
    return text.partition("\n\n")[0]


def _text(text: str) -> str:
    return "".join(f"<p>{escape(part)}" for part in text.split("\n\n"))


def _page(title: str, body: str) -> str:
    head = '<meta name="viewport" content="width=device-width"><link rel="stylesheet" href="/schema/reference.css">'
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{escape(title)}</title>{head}<main>{body}</main>'
    )
