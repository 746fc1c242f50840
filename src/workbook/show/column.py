"""How one column of a frame is shown, and whether its values may be."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from workbook.errors import ShowError
from workbook.privacy import check_class, shown
from workbook.words import error_of
from workbook.words.wording import capital, humanize

NUMERIC = ("int", "number", "money", "percent")
DRAWN = ("bar", "stack", "diverging", "span", "interval", "spark")
SYMBOLS = ("dot", "rank", "chip")
KINDS = (
    "words",
    "written",
    "value",
    "mono",
    "date",
    "check",
    "history",
    *NUMERIC,
    *DRAWN,
    *SYMBOLS,
)
TONES = ("", "d1", "d2", "d3", "d4", "blue", "red", "amber", "quiet", "strong")


@dataclass(frozen=True)
class Column:
    """One column of a table.

    Args:
        name: The frame's column; `label` is its head (default: the name with spaces; a space:
          no head).
        kind: `words` and `mono`: text of the model or the workbook; `written`: a number with
            its unit that is text already, so that it stands right like a number. `value`: text
            of the data, whose `cls` decides between the value and a token (`token` is its word,
            by default the name). `int`, `number`, `money`, `percent` (a fraction), `date`.
            `bar`, `diverging` (a number); `stack`, `spark` (lists of numbers); `span` (start,
            end); `interval` (low, middle, high). `check`: pass, look, fail, note. `history`: a
            list of those, the newest last. `dot`: a boolean. `rank`: 1 is who wins. `chip`: a
            letter or a short word of the workbook, coloured by `tone`; ● and · stand for yes
            and not asked.
        detail: A second column, written grey below this one; its class is `detail_cls`
          (default: this column's).
        unit: Behind numbers; for money the currency.
        scale: The number at which a bar is full (default: the greatest of the column).
        colours: Tones of a bar or of a stack's parts; `tone` names a column with the tone of
          each row instead.
        small: The column that counts people, where they are broken down by a personal
            attribute: below ten, neither the count nor this cell is shown.
    """

    name: str
    label: str = ""
    kind: str = "words"
    cls: str = ""
    detail: str = ""
    unit: str = ""
    decimals: int | None = None
    scale: float | None = None
    token: str = ""
    colours: tuple[str, ...] = ()
    detail_cls: str = ""
    tone: str = ""
    small: str = ""
    sign: bool = False

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise error_of(
                ShowError, "show.unknown_kind", column=self.name, kind=self.kind, known=KINDS
            )
        if self.kind == "value" and not self.cls:
            raise error_of(ShowError, "show.no_class", column=self.name)
        for cls in (self.cls, self.detail_cls):
            if cls:
                check_class(cls)
        if self.hides and self.kind not in ("words", "written", "value", "mono", "date", *NUMERIC):
            raise error_of(ShowError, "show.drawn_token", column=self.name, cls=self.cls)
        for colour in self.colours:
            if colour not in TONES:
                raise error_of(
                    ShowError,
                    "show.unknown_colour",
                    column=self.name,
                    colour=colour,
                    known=TONES[1:],
                )

    @property
    def head(self) -> str:
        """The words over the column."""
        return self.label or capital(humanize(self.name).strip())

    @property
    def hides(self) -> bool:
        """Whether its values become tokens."""
        return bool(self.cls) and not shown(self.cls)

    @property
    def word(self) -> str:
        """What its tokens are called."""
        return self.token or self.name

    @property
    def second(self) -> Column | None:
        """The grey second line as a column of its own."""
        if not self.detail:
            return None
        cls = self.detail_cls or (self.cls if self.kind == "value" else "")
        return Column(
            self.detail,
            kind="value" if cls else "words",
            cls=cls,
            token=self.token if not self.detail_cls else "",
            small=self.small,
        )

    @property
    def align(self) -> str:
        """Text left, numbers right, symbols centred; the head as its column."""
        return (
            "right"
            if self.kind in (*NUMERIC, "written") and not self.hides
            else "center"
            if self.kind in SYMBOLS
            else "left"
        )

    def uses(self) -> tuple[str, ...]:
        """The columns of the frame that it reads."""
        return tuple(name for name in (self.name, self.detail, self.tone, self.small) if name)


def check_columns(columns: Collection[Column], known: Collection[str]) -> None:
    """Every column that is shown must be in the frame.

    Raises:
        ShowError: one is not, or none is asked for.
    """
    if not columns:
        raise error_of(ShowError, "show.no_columns")
    for column in columns:
        for name in column.uses():
            if name not in known:
                raise error_of(ShowError, "show.unknown_column", name=name, known=sorted(known))
