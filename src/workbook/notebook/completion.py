"""Tab after a step offers its figures first, and in `what_if("…` the paths of the decisions that
are written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from workbook.scenarios.attended_notebook import shell

_CALL = re.compile(r"([A-Za-z_][\w.]*)\.what_if\(\s*(['\"])([^'\"]*)$")
_NAME = re.compile(r"([A-Za-z_][\w.]*)\.(\w*)$")
_RECORD = {"owner", "decided", "decided_by", "because", "considered", "was", "decisions"}
_DEEPEST = 6


def decision_paths(values: Any, depth: int = 0) -> Iterator[str]:
    """Each place of a file's values as a dotted path, a list's items by their name or number; who
    decided it, when and why are no decisions.

    >>> list(decision_paths({"a": {"rules": [{"name": "mail", "on": "x"}]}}))
    ['a', 'a.rules', 'a.rules[mail]', 'a.rules[mail].on']
    """
    if depth > _DEEPEST:
        return
    if isinstance(values, dict):
        for key, value in values.items():
            if key in _RECORD:
                continue
            yield str(key)
            yield from (
                f"{key}{below}" if below.startswith("[") else f"{key}.{below}"
                for below in decision_paths(value, depth + 1)
            )
    elif isinstance(values, list):
        for number, item in enumerate(values):
            if isinstance(item, (dict, list)):
                name = item.get("name", number) if isinstance(item, dict) else number
                yield f"[{name}]"
                yield from (
                    f"[{name}].{below}"
                    for below in decision_paths(item, depth + 1)
                    if below != "name"
                )


def offer_completions(step_type: type) -> None:
    """Let the shell of this process, where there is one, complete the calls and paths of a step."""
    completer = getattr(shell(), "Completer", None)
    matchers = getattr(completer, "custom_matchers", None)
    if matchers is None or any(getattr(each, "of_workbook", False) for each in matchers):
        return
    from IPython.core.completer import SimpleCompletion, context_matcher

    @context_matcher(identifier="workbook")  # type: ignore[untyped-decorator]
    def offered(context: Any) -> dict[str, Any]:
        typed, kind, known = _known(context.text_until_cursor, step_type)
        found = [name for name in known if name.startswith(typed)]
        return {
            "completions": [SimpleCompletion(name, type=kind) for name in found],
            "matched_fragment": typed,
            "suppress": bool(found),
            "ordered": True,
        }

    offered.of_workbook = True
    matchers.append(offered)


def _known(text: str, step_type: type) -> tuple[str, str, list[str]]:
    """What is typed of a name, which kind of name it is, and the names that there are."""
    if call := _CALL.search(text):
        step = _named(call[1], step_type)
        return call[3], "path", step.paths() if step is not None else []
    if name := _NAME.search(text):
        step = _named(name[1], step_type)
        known = step.calls() if step is not None and not name[2].startswith("_") else []
        return name[2], "function", known
    return "", "", []


def _named(name: str, step_type: type) -> Any:
    """The step that a dotted name of the notebook means; None where it means another thing."""
    first, *rest = name.split(".")
    found = shell().user_ns.get(first)
    for each in rest:
        found = getattr(found, each, None) if not each.startswith("_") else None
    return found if isinstance(found, step_type) else None
