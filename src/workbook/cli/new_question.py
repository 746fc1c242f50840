"""The decisions of a project that begins with one question: its sheet, and nothing else."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from pathlib import Path

from workbook.errors import WorkbookError
from workbook.resources import resources
from workbook.words import error_of

_LONGEST_QUESTION = 300
_LONGEST_NAME = 60
_SHORTEST_NAME = 6  # a shorter word may be one that YAML reads as a truth value
_YAML_WORDS = {"y", "n", "on", "off", "yes", "no", "true", "false", "null"}
# words of a question that are not part of its number's name
_ASKING = re.compile(
    "a|an|and|any|are|can|did|do|does|for|had|has|have|how|i|in|is|it|many|me|much|of|on|our|per"
    "|so|the|their|there|they|this|to|us|was|we|were|what|when|where|which|who|whose|why|will"
    "|with|you|your"
)


def plain_question(text: str) -> str:
    """A question on one line, without signs that nobody can see.

    Raises:
        WorkbookError: nothing is asked, or more than one sentence can hold.
    """
    asked = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    if not any(sign.isalnum() for sign in asked):
        raise error_of(WorkbookError, "cli.no_question")
    if len(asked) > _LONGEST_QUESTION:
        raise error_of(
            WorkbookError, "cli.question_too_long", count=len(asked), most=_LONGEST_QUESTION
        )
    return asked


def name_of_question(asked: str) -> str:
    """The name under which a question is written.

    >>> name_of_question("How many active customers do we have?")
    'how_many_active_customers_do_we_have'
    >>> name_of_question("No?"), name_of_question("何人?")
    ('question_no', 'question')
    """
    name = "_".join(_words(asked))[:_LONGEST_NAME].strip("_")
    if len(name) < _SHORTEST_NAME or name[0].isdigit():
        return f"question_{name}".strip("_")
    return name


def name_of_metric(asked: str) -> str:
    """A name for the metric that would answer a question.

    >>> name_of_metric("How many active customers do we have?")
    'active_customers'
    >>> name_of_metric("What is our MRR?"), name_of_metric("How many?")
    ('mrr', 'answer')
    """
    name = "_".join(word for word in _words(asked) if not _ASKING.fullmatch(word))
    name = name[:_LONGEST_NAME].strip("_")
    if not name or name in _YAML_WORDS:
        return "answer"
    return f"answer_{name}" if name[0].isdigit() else name


def question_files(asked: str) -> Mapping[Path, str]:
    """The decision files of a project that begins with a question, by their path in it."""
    folder = resources("templates") / "question"
    # the text of the question comes last, so that nothing in it is filled
    filled = {
        "THE_METRIC": name_of_metric(asked),
        "THE_QUESTION": name_of_question(asked),
        '"THE_TEXT"': json.dumps(asked, ensure_ascii=False),
    }
    files = {}
    for path in sorted(folder.rglob("*.yml")):
        text = path.read_text("utf-8")
        for place, value in filled.items():
            text = text.replace(place, value)
        files[path.relative_to(folder)] = text
    return files


def _words(asked: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", asked.casefold()).encode("ascii", "ignore").decode()
    return re.findall(r"[a-z0-9]+", plain)
