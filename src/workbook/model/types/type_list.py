"""The list of types as the documentation gives it."""

from __future__ import annotations

from workbook.model.types.builtin import EXACT, METHODS, TYPES


def type_table() -> str:
    """Every built-in type: example, how a cell is read, method of comparison, class, category
    of personal data.
    """
    rows = [
        "| type | example | read as | compared by | class | category |",
        "|---|---|---|---|---|---|",
    ]
    for name, item in TYPES.items():
        method = "exact" if item.normalise == EXACT else item.normalise
        rows.append(
            f"| `{name}` | `{item.example}` | {item.reads} | {method} | {_class(name)} |"
            f" {item.category} |"
        )
    return "\n".join(rows)


def _class(name: str) -> str:
    return "personal, until somebody says it" if name in ("text", "category") else TYPES[name].cls


def method_table() -> str:
    """Every method of comparison, with two values that it makes equal."""
    rows = ["| method | what is equal | for example |", "|---|---|---|"]
    for name, method in METHODS.items():
        left, right = method.equal
        rows.append(f"| `{name}` | {method.says} | `{left}` = `{right}` |")
    return "\n".join(rows)
