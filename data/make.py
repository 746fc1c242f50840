"""Makes the sample, truth first: `python data/make.py` rewrites the committed files; `--seed 2 --out DIR` makes another.

DIR/b2b_saas/<system>/<table>.csv is what the systems hold; DIR/truth/b2b_saas/ is what is true, for tests only.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import shutil
from pathlib import Path

from making import billing, campaigns, crm, marketing, product, second_sources, support, terms
from making.answers import answers
from making.money import make_money
from making.sample import Row, Sample
from making.truth import truth_tables
from making.usage import make_usage
from making.world import make_world

HERE = Path(__file__).resolve().parent
RAGGED = "Two questions; please call back"  # support's export does not quote it


def make(seed: int) -> Sample:
    """The truth, and every system's view of it."""
    world = make_world(seed)
    money = make_money(seed, world)
    sample = Sample(seed, world, money, make_usage(seed, world, money))
    marketing.choose_erased(sample)
    for system in (crm, billing, product, support, marketing, campaigns, terms, second_sources):
        system.view(sample)
    count_the_truth(sample)
    return sample


def count_the_truth(sample: Sample) -> None:
    """Notes what is peculiar about the organisations themselves."""
    plant, accounts = sample.plant, sample.world.accounts()
    parents = {o.parent.key for o in accounts if o.parent}
    held: dict[str, int] = {}
    for org in accounts:
        held[org.domain] = held.get(org.domain, 0) + 1
    names = [o.name for o in accounts]
    for name, count in {
        "accounts_on_a_shared_domain": sum(count for count in held.values() if count > 1),
        "namesakes": len(names) - len(set(names)),
        "parent_companies": len(parents),
        "subsidiaries": sum(o.parent is not None for o in accounts),
        "merged_companies": sum(o.absorbed_by is not None for o in sample.world.orgs),
        "renamed_companies": sum(o.renamed_on is not None for o in accounts),
        "trials_without_revenue": sum(o.kind == "trial" for o in accounts),
    }.items():
        plant.note(name, count, len(accounts))
    plant.note("test_accounts", sum(o.kind == "test" for o in sample.world.orgs), len(sample.world.orgs))


def text_of(rows: list[Row], delimiter: str = ",") -> str:
    """The rows as CSV with a header; every row has the same columns."""
    out = io.StringIO()
    writer = csv.DictWriter(out, fieldnames=list(rows[0]), delimiter=delimiter, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def write(sample: Sample, out: Path) -> None:
    """Writes views and truth below `out`, in place of what stood there."""
    views, truth = out / "b2b_saas", out / "truth" / "b2b_saas"
    for folder in (views, truth):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
    for source, rows in sample.tables.items():
        system, table = source.split(".")
        european = system == "support"
        text = text_of(rows, ";" if european else ",").replace(f'"{RAGGED}"', RAGGED)
        path = views / system / f"{table}.csv"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(text.encode("windows-1252" if european else "utf-8"))
    for name, rows in truth_tables(sample).items():
        (truth / f"{name}.csv").write_bytes(text_of(rows).encode())
    for name, found in {"answers": answers(sample), "defects": sample.plant.report()}.items():
        (truth / f"{name}.json").write_bytes((json.dumps(found, indent=1, ensure_ascii=False) + "\n").encode())


def table_of_defects(report: dict[str, dict[str, object]]) -> str:
    """The table of README.md."""
    lines = ["| defect | where | what | rate | count | of |", "|---|---|---|---:|---:|---:|"]
    for name, d in report.items():
        lines.append(f"| `{name}` | {d['where']} | {d['what']} | {d['rate']:.1%} | {d['count']} | {d['of']} |")
    return "\n".join(lines) + "\n"


def write_readme(sample: Sample) -> None:
    """Puts the table between its two marks in README.md."""
    path = HERE / "README.md"
    head, mark, rest = path.read_text(encoding="utf-8").partition("<!-- defects -->\n")
    _, end, tail = rest.partition("<!-- end of defects -->")
    path.write_text(head + mark + table_of_defects(sample.plant.report()) + end + tail, encoding="utf-8", newline="\n")


def main() -> None:
    """Reads the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, default=HERE)
    asked = parser.parse_args()
    sample = make(asked.seed)
    write(sample, asked.out)
    if asked.out == HERE and asked.seed == 1:
        write_readme(sample)


if __name__ == "__main__":
    main()
