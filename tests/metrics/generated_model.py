"""A company drawn by a seed: its entities, its rows with all their flaws, and the definitions
of 07 over them.
"""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass, field
from pathlib import Path

from small_company import as_yaml

AS_OF = dt.date(2025, 6, 20)
FIRST = dt.date(2024, 11, 5)
HUBS, FACTS, PERIODS = ("client", "region"), ("bill", "visit", "call"), ("contract", "lease")
THEN = "client.tier then"
TEXTS = ("a", "b", "c", "B c", "")


@dataclass(frozen=True)
class Thing:
    """An entity: a hub that others point at, a fact with a date, or a period with a start and
    an end.
    """

    name: str
    kind: str
    hubs: tuple[str, ...] = ()

    @property
    def fields(self) -> dict[str, str]:
        own = {
            f"{self.name}_id": "id",
            **{f"{hub}_id": "id" for hub in self.hubs},
            "sort": "text",
            "flag": "boolean",
            "units": "integer",
            "worth": "decimal",
        }
        dated = {
            "hub": {},
            "fact": {"made_on": "date"},
            "period": {"starts": "date", "ends": "date"},
        }[self.kind]
        return {**own, **dated}

    @property
    def at(self) -> str:
        return {"hub": "", "fact": "made_on", "period": "starts"}[self.kind]


@dataclass
class Drawn:
    """What a seed gave: entities, rows by entity, the tiers that clients had in the past, and
    07 as a mapping.
    """

    things: tuple[Thing, ...]
    rows: dict[str, list[dict[str, str]]]
    tiers: list[dict[str, str]] = field(default_factory=list)
    seven: dict = field(default_factory=dict)

    def thing(self, name: str) -> Thing:
        return next(thing for thing in self.things if thing.name == name)

    def of(self, metric: str) -> Thing:
        """The entity whose rows a simple or cumulative metric counts."""
        measure = self.seven["metrics"][metric]["measure"]
        return next(
            self.thing(each["of"])
            for each in self.seven["semantic_models"].values()
            if measure in each["measures"]
        )

    def measure(self, name: str) -> dict:
        return next(
            each["measures"][name]
            for each in self.seven["semantic_models"].values()
            if name in each["measures"]
        )


def draw(seed: int) -> Drawn:
    """The company of a seed."""
    dice = random.Random(seed)
    hubs = HUBS[: dice.randint(1, 2)]
    things = [Thing(hub, "hub") for hub in hubs]
    things += [
        Thing(name, "fact", tuple(dice.sample(hubs, dice.randint(1, len(hubs)))))
        for name in dice.sample(FACTS, dice.randint(1, 2))
    ]
    things.append(Thing(dice.choice(PERIODS), "period", (hubs[0],)))
    rows = {
        thing.name: [
            _row(dice, thing, number)
            for number in range(
                dice.choice((0, 1, 5, 25, 60)) if thing.kind != "hub" else dice.randint(1, 6)
            )
        ]
        for thing in things
    }
    drawn = Drawn(tuple(things), rows)
    for thing in things:
        _dates(dice, thing, rows[thing.name])
    drawn.tiers = _tiers(dice, len(rows["client"]))
    drawn.seven = _seven(dice, drawn)
    return drawn


def _row(dice: random.Random, thing: Thing, number: int) -> dict[str, str]:
    row = {
        f"{thing.name}_id": f"{thing.name[0]}{number}",
        "sort": dice.choice(TEXTS),
        "flag": dice.choice(("true", "false", "")),
    }
    row |= {
        "units": dice.choice(("", "0", str(dice.randint(-3, 9)))),
        "worth": dice.choice(("", f"{dice.randint(-9_000, 90_000) / 100:.2f}")),
    }
    for hub in thing.hubs:
        # nobody's, perhaps an orphan, mostly known
        row[f"{hub}_id"] = dice.choice(
            ("", f"{hub[0]}{dice.randint(0, 7)}", f"{hub[0]}{dice.randint(0, 3)}")
        )
    return row


def _dates(dice: random.Random, thing: Thing, rows: list[dict[str, str]]) -> None:
    """Dates that no two rows of one entity share, so that the latest row is one; some lie after
    as-of, some are unknown.
    """
    span = (AS_OF - FIRST).days + 10
    for row, offset in zip(rows, dice.sample(range(span), len(rows)), strict=True):
        start = FIRST + dt.timedelta(days=offset)
        if thing.kind == "fact":
            row["made_on"] = dice.choice((str(start),) * 9 + ("",))
        elif thing.kind == "period":
            row["starts"] = str(start)
            row["ends"] = dice.choice(("", str(start + dt.timedelta(days=dice.randint(-20, 150)))))


def _tiers(dice: random.Random, clients: int) -> list[dict[str, str]]:
    """Which tier each client had since when, at most one a day; some had none at first, some of
    the days lie after as-of.
    """
    days = [
        (f"c{client}", day)
        for client in range(clients)
        for day in sorted(dice.sample(range((AS_OF - FIRST).days + 10), dice.randint(0, 4)))
    ]
    return [
        {
            "tier_id": f"t{number}",
            "client_id": client,
            "tier": dice.choice(("low", "high", "B c")),
            "since": str(FIRST + dt.timedelta(days=day)),
        }
        for number, (client, day) in enumerate(days)
    ]


def _seven(dice: random.Random, drawn: Drawn) -> dict:
    models = {
        f"{thing.name}s": {"of": thing.name, "measures": _measures(dice, thing)}
        for thing in drawn.things
    }
    rules = {
        f"is_{thing.name}": {
            "of": thing.name,
            "all": [dice.choice(("units >= 2", "sort <> 'a'", "flag"))],
        }
        for thing in drawn.things
    }
    facts = [thing for thing in drawn.things if thing.kind == "fact"]
    for thing in facts[:1]:
        rules["busy"] = {
            "of": thing.hubs[0],
            "all": [{"some": thing.name, "at_least": dice.randint(1, 3)}],
        }
    drawn.seven = {"owner": "finance", "semantic_models": models, "rules": rules, "metrics": {}}
    metrics = drawn.seven["metrics"]
    for thing in drawn.things:
        for measure, part in models[f"{thing.name}s"]["measures"].items():
            metrics[f"{measure}_1"] = _simple(dice, drawn, thing, measure, {})
            if thing.kind == "fact" and "over_time" not in part:
                metrics[f"{measure}_2"] = _simple(dice, drawn, thing, measure, _window(dice))
            if part.get("latest_per"):
                metrics[f"{measure}_1"]["filter"] = f"{part['latest_per']}.units >= -9"
    _combined(dice, drawn, metrics)
    for metric in metrics.values():
        metric["grains"] = dice.choice(("day", "week", "quarter", "year"))
    return drawn.seven


def _measures(dice: random.Random, thing: Thing) -> dict[str, dict]:
    last = {"over_time": "last"} if thing.kind == "period" else {}
    pool = [
        ("sum", "units"),
        ("sum", "worth"),
        ("average", "worth"),
        ("average", "units"),
        ("min", "worth"),
        ("max", "units"),
        ("count_distinct", "sort"),
    ]
    pool += [
        ("sum", "units * 2 + 1"),
        ("sum", "worth - units"),
        *[("count_distinct", f"{hub}_id") for hub in thing.hubs],
    ]
    if thing.at:
        pool.append(("max", thing.at))
    made = {f"{thing.name}_count": {"agg": "count", **last}}
    for number, (agg, expr) in enumerate(dice.sample(pool, 4)):
        made[f"{thing.name}_m{number}"] = {"agg": agg, "expr": expr, **last}
    if thing.kind == "fact":
        made[f"{thing.name}_latest"] = {
            "agg": "sum",
            "expr": "worth",
            "over_time": "last",
            "latest_per": thing.hubs[0],
            "latest_by": "made_on",
        }
    return made


def _simple(dice: random.Random, drawn: Drawn, thing: Thing, measure: str, more: dict) -> dict:
    return {
        "measure": measure,
        "filter": _filter(dice, drawn, thing),
        "by": _dimensions(dice, drawn, thing),
        **more,
    }


def _filter(dice: random.Random, drawn: Drawn, thing: Thing) -> str:
    pool = [
        "",
        "",
        "sort = 'a'",
        "sort <> 'a' and units > 1",
        "worth > 100 or flag",
        "units is not null",
        f"is_{thing.name}",
        f"not is_{thing.name}",
    ]
    pool += [
        text
        for hub in thing.hubs
        for text in (
            f"{hub}.sort = 'b'",
            f"{hub}.units > 0 and sort is not null",
            f"{hub}.is_{hub}",
        )
    ]
    busy = drawn.seven["rules"].get("busy")
    if busy and busy["of"] == thing.name:
        pool += ["busy", "busy", "busy"]
    return dice.choice(pool)


def _dimensions(dice: random.Random, drawn: Drawn, thing: Thing) -> list[str]:
    own = [f"{thing.name}.{name}" for name in ("sort", "flag", "units", f"is_{thing.name}")]
    far = [f"{hub}.{name}" for hub in thing.hubs for name in ("sort", "flag", f"is_{hub}")]
    then = [THEN] if "client" in (thing.name, *thing.hubs) and dice.random() < 0.7 else []
    return sorted({dice.choice(own), *dice.sample(far, min(2, len(far))), *then})


def _window(dice: random.Random) -> dict:
    return {
        "type": "cumulative",
        **dice.choice(
            (
                {},
                {"window": "7 days"},
                {"window": "30 days"},
                {"window": "2 weeks"},
                {"grain_to_date": "month"},
                {"grain_to_date": "year"},
            )
        ),
    }


def _combined(dice: random.Random, drawn: Drawn, metrics: dict[str, dict]) -> None:
    """Ratios and derived numbers over two metrics of one entity, so that both know the same
    dimensions.
    """
    for number in range(4):
        one = dice.choice(
            sorted(
                name for name in metrics if "measure" in metrics[name] and not _dated(drawn, name)
            )
        )
        same = sorted(name for name in metrics if _alike(drawn, one, name))
        other = dice.choice(same)
        by = {"by": list(metrics[one]["by"])}
        if number % 2:
            metrics[f"ratio_{number}"] = {
                "type": "ratio",
                "numerator": one,
                "denominator": other,
                **by,
            }
        elif one != other:
            metrics[f"derived_{number}"] = {
                "type": "derived",
                "expr": dice.choice(
                    (f"{one} - {other}", f"({one} + {other}) * 2", f"{one} / {other} + 1")
                ),
                **by,
            }


def _alike(drawn: Drawn, one: str, other: str) -> bool:
    """Whether both are numbers of one entity, and both of now or both over a window."""
    metrics = drawn.seven["metrics"]
    if "measure" not in metrics[other] or _dated(drawn, other):
        return False
    return drawn.of(other) == drawn.of(one) and metrics[other].get("type") == metrics[one].get(
        "type"
    )


def _dated(drawn: Drawn, metric: str) -> bool:
    return drawn.measure(drawn.seven["metrics"][metric]["measure"]).get("expr") in (
        "made_on",
        "starts",
    )


def write(folder: Path, drawn: Drawn) -> Path:
    """The company as a project on disk."""
    (folder / "data").mkdir(parents=True)
    (folder / "model").mkdir()
    sources, entities, relationships, identifiers = {}, {}, {}, {}
    for thing in drawn.things:
        source = f"shop.{thing.name}s"
        valid = {"hub": {}, "fact": {"valid": "made_on"}, "period": {"valid": ["starts", "ends"]}}[
            thing.kind
        ]
        sources[source] = {"primary_key": f"{thing.name}_id", **valid, "fields": thing.fields}
        entities[thing.name] = {"row_is": f"one {thing.name}", "from": source}
        identifiers[f"{thing.name}_id"] = {
            "in": [
                source,
                *(f"shop.{each.name}s" for each in drawn.things if thing.name in each.hubs),
            ]
        }
        for hub in thing.hubs:
            relationships[f"{hub}_{thing.name}s"] = {
                "from": thing.name,
                "to": hub,
                "by": f"{hub}_id",
                "cardinality": "many to one",
                "required": False,
            }
        lines = [
            ",".join(thing.fields),
            *(
                ",".join(row.get(name, "") for name in thing.fields)
                for row in drawn.rows[thing.name]
            ),
        ]
        (folder / "data" / f"shop_{thing.name}s.csv").write_text("\n".join(lines) + "\n")
    sources["shop.tiers"] = {
        "primary_key": "tier_id",
        "valid": "since",
        "fields": {"tier_id": "id", "client_id": "id", "tier": "text", "since": "date"},
    }
    identifiers["client_id"]["in"].append("shop.tiers")
    lines = ["tier_id,client_id,tier,since", *(",".join(row.values()) for row in drawn.tiers)]
    (folder / "data" / "shop_tiers.csv").write_text("\n".join(lines) + "\n")
    (folder / "workbook.yml").write_text(
        f"workbook: 2\nname: Drawn\nas_of: {AS_OF}\ndata: data\ndepartments: {{sales: a, finance:"
        " b}\n"
    )
    parts = {
        "03_sources": {
            "systems": {"shop": {"owner": "sales"}},
            "sources": sources,
            "identifiers": identifiers,
        },
        "04_entities": {"entities": entities, "relationships": relationships},
        "06_history": {
            "owner": "sales",
            "history": {"client.tier": {"from": "shop.tiers", "as": "events", "value": "tier"}},
        },
        "07_metrics": drawn.seven,
    }
    for name, part in parts.items():
        (folder / "model" / f"{name}.yml").write_text(as_yaml(part))
    return folder
