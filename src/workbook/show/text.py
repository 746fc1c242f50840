"""Text on its way to a page: characters that reorder, hide or control are replaced, the rest is
escaped.
"""

from __future__ import annotations

import re
from html import escape as _escape

_SPACE = re.compile("[\t\n\v\f\r\x85\u2028\u2029]+")
_HIDDEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u061c\u180e\u200b\u200e\u200f\u202a-\u202e"
    "\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff\U000e0000-\U000e007f]"
)


def clean(text: str) -> str:
    """One line of text: line breaks become spaces; bidi, control and invisible characters a
    visible �.

    >>> clean("a\\u202eb\\nc")
    'a�b c'
    """
    return _HIDDEN.sub("\ufffd", _SPACE.sub(" ", text))


def escape(text: str) -> str:
    """Cleaned text, fit to stand in HTML, between tags and in a quoted attribute alike."""
    return _escape(clean(text), quote=True)


def clip(text: str, limit: int) -> str:
    """The text, or its beginning and `…` where it is longer than a page should carry."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def said(text: str) -> str:
    """Words for those who listen to the page instead of looking at it."""
    return f'<span class="wb-said">{escape(text)}</span>'
