"""What of an executed notebook is kept: evidence that passed `show/`, and nothing that tells
one machine from another.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from workbook.dossier.execute import Executed

EVIDENCE = "application/vnd.workbook+json"
_KEPT = (EVIDENCE, "text/html", "text/plain")


def strip(executed: Executed, as_of: str) -> Any:
    """The notebook to save: its cells with their evidence, without paths, times, warnings and
    loose output.

    The injected parameters shrink to the date: the project is the folder above, the data what
    its workbook.yml names.
    """
    from nbformat.v4 import new_notebook

    return new_notebook(
        cells=[_cell(cell, as_of) for cell in executed.node.cells],
        metadata={
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
    )


def evidence(cell: Any) -> Iterator[tuple[dict[str, Any], str]]:
    """The pieces of evidence that a cell shows: their JSON and the HTML beside it."""
    for output in cell.get("outputs", ()):
        data = output.get("data", {})
        if EVIDENCE in data:
            yield data[EVIDENCE], str(data.get("text/html", ""))


def loose_outputs(executed: Executed) -> list[str]:
    """Cells that show something which did not pass `show/`; it is left out of whatever leaves
    the machine.
    """
    loose = []
    cells = [
        cell
        for cell in executed.node.cells
        if "injected-parameters" not in cell.metadata.get("tags", ())
    ]
    for number, cell in enumerate(cells, start=1):
        shown = [
            output
            for output in cell.get("outputs", ())
            if output.output_type in ("display_data", "execute_result")
        ]
        if any(EVIDENCE not in output.data for output in shown):
            loose.append(f"cell {number} ({cell.get('id', '')})")
    return loose


def _cell(cell: Any, as_of: str) -> Any:
    from nbformat.v4 import new_code_cell, new_markdown_cell, new_raw_cell

    tags = list(cell.metadata.get("tags", ()))
    metadata = {"tags": tags} if tags else {}
    identity = "injected" if "injected-parameters" in tags else cell.get("id", "")
    if cell.cell_type != "code":
        made = new_raw_cell if cell.cell_type == "raw" else new_markdown_cell
        return made(cell.source, id=identity, metadata=metadata)
    source = f'AS_OF = "{as_of}"' if "injected-parameters" in tags else cell.source
    outputs = [_output(output) for output in cell.outputs if EVIDENCE in output.get("data", {})]
    return new_code_cell(
        source,
        id=identity,
        metadata=metadata,
        outputs=outputs,
        execution_count=cell.execution_count,
    )


def _output(output: Any) -> Any:
    from nbformat.v4 import new_output

    data = {kind: output.data[kind] for kind in _KEPT if kind in output.data}
    if output.output_type == "execute_result":
        return new_output("execute_result", data=data, execution_count=output.execution_count)
    return new_output("display_data", data=data)
