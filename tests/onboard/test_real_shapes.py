"""Whole files in the shapes of real exports: what add-source writes loads, lands without a lost
value, and hides nobody.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import polars as pl

from workbook.engine import Engine, Plan, landing_spec, landing_tables
from workbook.model import Model, guesses, load_model
from workbook.sources.onboard.add import add_sources

Project = Callable[..., Path]
AGENT = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36"


def rows(*lines: object, mark: str = ",") -> str:
    """Lines of a file, cells between marks."""
    return (
        "\n".join(
            mark.join(map(str, line)) if not isinstance(line, str) else line for line in lines
        )
        + "\n"
    )


def landed(model: Model, source: str, store: Path) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The typed rows and the bad cells of a source."""
    with Engine(store, data_roots=[model.data_root]) as engine:
        plan = Plan(landing_tables(source, landing_spec(model, source)))
        return engine.frame(plan, plan.order[1]), engine.frame(plan, plan.order[2])


def web_events() -> str:
    """Forty events of five browsers, three of them sent twice; everything about a browser that
    trackers write.
    """
    head = (
        "etl_tstamp,collector_tstamp,derived_tstamp,event,event_id,user_ipaddress,"
        "domain_userid,network_userid,useragent,geo_zipcode,agentName,ip_netspeed"
    )
    lines = []
    for n in range(43):
        m = n if n < 40 else n - 30
        cookie = f"{m % 5:08x}-aaaa-4bbb-8ccc-{m % 5:012x}"
        times = (
            f"2025-06-02 00:{n:02d}:00",
            f"2025-06-01 10:{m:02d}:05",
            f"2025-06-01 10:{m:02d}:00",
        )
        lines.append(
            (
                *times,
                "page_view" if m % 2 else "page_ping",
                f"e{m:04d}-77",
                f"192.0.2.{m % 5}",
                cookie,
                cookie,
                f'"{AGENT}"',
                "10115",
                "Chrome",
                "fast",
            )
        )
    return rows(head, *lines)


def test_events_of_a_web_tracker(a_project: Project) -> None:
    root = a_project(web__events=web_events())
    report = add_sources(root, ["web/events.csv"])
    model = load_model(root)
    spec = model.sources.sources["web.events"]
    assert (spec.primary_key, spec.valid) == (("event_id",), ("derived_tstamp",))
    assert "primary_key" in spec.guess
    # the repeats are told, not hidden in a key of two columns
    assert any("3 rows" in sentence for sentence in report.sentences)
    classes = {name: field.cls for name, field in model.fields("web.events").items()}
    assert {name for name, cls in classes.items() if cls == "personal"} >= {
        "user_ipaddress",
        "domain_userid",
        "network_userid",
        "useragent",
        "geo_zipcode",
    }


def test_one_comma_decides_nothing_for_a_file_and_nothing_for_other_systems(
    a_project: Project, tmp_path: Path
) -> None:
    houses = rows("id,house", *((f"h{n}", n) for n in range(1, 301)), 'h301,"108,110"')
    pay = rows("id,amount", *((f"p{n}", f"{n}.50") for n in range(1, 31)))
    root = a_project(a__addr=houses, b__pay=pay)
    add_sources(root, ["."])
    model = load_model(root)
    assert model.sources.dialects == {}
    assert model.field("a.addr", "house").type == "integer"
    assert len(landed(model, "a.addr", tmp_path / "store")[1]) == 1
    assert landed(model, "b.pay", tmp_path / "store")[0]["amount"].sum() == sum(
        n + 0.5 for n in range(1, 31)
    )


def test_amounts_of_one_file_in_two_ways(a_project: Project, tmp_path: Path) -> None:
    lines = [
        (f"o{n}", f"{n}.234,50" if n % 2 else f"{n},25", f"{n}.75", "eur") for n in range(1, 21)
    ]
    root = a_project(shop__orders=rows("id;amount;price;currency", *lines, mark=";"))
    add_sources(root, ["."])
    model = load_model(root)
    marks = {name: model.field("shop.orders", name).decimal_mark for name in ("amount", "price")}
    assert marks == {"amount": "comma", "price": ""}
    rows_, bad = landed(model, "shop.orders", tmp_path / "store")
    assert len(bad) == 0
    assert float(rows_["amount"].sum()) == sum(
        1000 * n + 234.5 if n % 2 else n + 0.25 for n in range(1, 21)
    )


def test_times_of_four_kinds_land_as_times(a_project: Project, tmp_path: Path) -> None:
    lines = [
        (
            f"t{n}",
            1_735_689_600 + 86_400 * n,
            f'"{1 + n % 12}/{13 + n % 12}/2025, {1 + n % 12}:05 PM"',
            f"{10 + n}-Mar-25",
            1_735_689_600_000 + n,
        )
        for n in range(20)
    ]
    root = a_project(desk__tickets=rows("id,created_at,Updated,due_on,last_seen", *lines))
    add_sources(root, ["."])
    model = load_model(root)
    found, bad = landed(model, "desk.tickets", tmp_path / "store")
    assert len(bad) == 0
    assert [
        str(found[name].dtype)[:4] for name in ("created_at", "updated", "due_on", "last_seen")
    ] == ["Date", "Date", "Date", "Date"]
    assert found.sort("ticket_id")["created_at"].min().isoformat() == "2025-01-01T00:00:00"
    assert found["updated"].max().isoformat() == "2025-12-24T12:05:00"
    assert found["due_on"].min().isoformat() == "2025-03-10"


def test_two_columns_of_one_header_and_headers_that_differ_by_case(
    a_project: Project, tmp_path: Path
) -> None:
    root = a_project(
        crm__people=(
            "Id,Email,Email,EMAIL,id_1\n1,a@x.example,b@x.example,c@x.example,7\n"
            "2,d@x.example,,,8\n"
        )
    )
    add_sources(root, ["."])
    model = load_model(root)
    assert {name: field.column for name, field in model.fields("crm.people").items()} == {
        "person_id": "Id",
        "email": "Email#1",
        "email_2": "Email#2",
        "email_3": "EMAIL",
        "id_1": "",
    }
    assert landed(model, "crm.people", tmp_path / "store")[0].sort("person_id")[
        "email_2"
    ].to_list() == ["b@x.example", None]


def test_deliveries_of_one_table_are_one_source(a_project: Project, tmp_path: Path) -> None:
    first = rows("id,email,plan", *((f"c{n}", f"p{n}@x.example", "pro") for n in range(20)))
    second = rows(
        "id,email,plan,region", *((f"c{n}", f"p{n}@x.example", "pro", "eu") for n in range(20, 40))
    )
    other = rows("id,total", ("o1", 5))
    root = a_project(
        **{
            "crm/contacts-2025-05.csv": first,
            "crm/contacts-2025-06.csv": first + second.split("\n", 1)[1].replace(",eu", ""),
            "crm/orders.csv": other,
        }
    )
    report = add_sources(root, ["."])
    assert report.sources == ("crm.contacts", "crm.orders")
    model = load_model(root)
    assert model.sources.sources["crm.contacts"].file == "crm/contacts-*.csv"
    assert len(landed(model, "crm.contacts", tmp_path / "store")[0]) == 60


def test_files_with_numbers_and_other_columns_are_sources_of_their_own(a_project: Project) -> None:
    root = a_project(
        **{
            "crm/part-1.csv": "id,email\n1,a@x.example\n",
            "crm/part-2.csv": "sku,price,stock\n1,2.50,3\n",
        }
    )
    assert sorted(add_sources(root, ["."]).sources) == ["crm.part_1", "crm.part_2"]


def test_deleted_and_merged_records_are_offered_and_nothing_is_left_out(a_project: Project) -> None:
    lines = [
        (f"a{n}", f"Firm {n} Ltd", "true" if n == 3 else "false", "a1" if n == 3 else "")
        for n in range(30)
    ]
    root = a_project(crm__accounts=rows("id,name,IsDeleted,MasterRecordId", *lines))
    report = add_sources(root, ["."])
    assert "where: not is_deleted" in report.text
    assert "merged_into" in report.text
    spec = load_model(root).sources.sources["crm.accounts"]
    assert (spec.merged_into, "merged_into" in spec.guess) == ("master_record_id", True)


def test_a_list_of_keys_in_a_cell_leads_to_its_rows(a_project: Project) -> None:
    keys = [str(7_000_000_001 + 91 * n) for n in range(30)]
    firms = rows("Record ID,Name", *((key, f"Firm {key} Ltd") for key in keys))
    people = rows(
        "Record ID,Email,Associated Firm IDs",
        *(
            (n, f"p{n}@x.example", f"{keys[n]};{keys[(n + 1) % 30]}" if n % 3 == 0 else keys[n])
            for n in range(30)
        ),
    )
    root = a_project(hub__firms=firms, hub__people=people)
    add_sources(root, ["."])
    model = load_model(root)
    assert model.field("hub.people", "associated_firm_ids").split == ";"
    places = [[ref.name for ref in refs] for refs in model.identifier_places.values()]
    assert ["hub.firms.record_id", "hub.people.associated_firm_ids"] in places


def test_amounts_in_the_smallest_unit_are_told_by_the_currency_beside_them(
    a_project: Project,
) -> None:
    lines = [
        (f"sub_{n:04d}", 1900 + 100 * (n % 7), ("usd", "jpy")[n % 2], "active") for n in range(40)
    ]
    root = a_project(
        stripe__subscriptions=rows("id,plan_amount,currency,status", *lines),
        shop__orders=rows("id,amount,currency", *((f"o{n}", 10 + n, "EUR") for n in range(40))),
    )
    add_sources(root, ["."])
    model = load_model(root)
    field = model.field("stripe.subscriptions", "plan_amount")
    assert (field.type, field.unit, field.currency, field.guess) == (
        "money",
        "cents",
        "currency",
        ("type", "unit"),
    )
    assert model.field("shop.orders", "amount").unit == ""


def test_a_report_with_titles_above_and_below(a_project: Project, tmp_path: Path) -> None:
    body = rows("id,name,total", *((f"r{n}", f"Firm {n} Ltd", f"{n}.50") for n in range(1, 21)))
    root = a_project(
        erp__report=f"Customers by owner\nas of 30 June\n{body}\nGrand total\nConfidential\n"
    )
    report = add_sources(root, ["."])
    model = load_model(root)
    assert model.sources.sources["erp.report"].skip_before == 2
    assert len(landed(model, "erp.report", tmp_path / "store")[0]) == 20
    assert any("skip_after" in sentence for sentence in report.sentences)


def test_guesses_are_counted_as_page_03_counts_them(a_project: Project) -> None:
    from workbook.sources.profile import classified, of_classes

    root = a_project(
        web__events=web_events(),
        crm__people="id,email,first name\n1,a@x.example,Ann\n2,b@x.example,Bob\n",
    )
    report = add_sources(root, ["."])
    model = load_model(root)
    found = {finding.code: finding.count for finding in of_classes(model, classified(model, {}))}
    assert (
        found["sources.guessed"]
        == len(report.guessed)
        == report.guesses_in_all
        == len(guesses(model))
    )


def test_five_hundred_columns_and_fifty_files_take_seconds(a_project: Project) -> None:
    """A bound that only a quadratic loop breaks: measured, about two seconds each on a quiet
    machine.
    """
    import time

    wide = rows(
        ["id", *(f"c{n}" for n in range(499))],
        *(
            [f"r{i}", *(f"{i * n % 97}" if n % 2 else f"word {i * n % 9}" for n in range(499))]
            for i in range(60)
        ),
    )
    files = {
        f"s/t{'abcdefghij'[n // 10]}{'abcdefghij'[n % 10]}.csv": rows(
            "id,name,at", *((f"x{n}_{i}", f"Name {i}", "2025-01-01") for i in range(30))
        )
        for n in range(50)
    }
    root = a_project(**{"w/wide.csv": wide, **files})
    start = time.process_time()
    assert len(add_sources(root, ["."]).sources) == 51
    assert time.process_time() - start < 60


def test_each_sheet_of_a_workbook_is_a_source(a_project: Project, tmp_path: Path) -> None:
    from workbooks import write_workbook

    root = a_project()
    deals = [
        ["Deal", "Amount", "Closed on"],
        *([f"d{n}", n + 0.5, f"2025-06-{n + 1:02d}"] for n in range(20)),
    ]
    people = [["Id", "Email"], *([str(n), f"p{n}@x.example"] for n in range(20))]
    write_workbook(root / "data" / "pipeline.xlsx", {"Deals": deals, "People list": people})
    report = add_sources(root, ["pipeline.xlsx"])
    assert report.sources == ("pipeline.deals", "pipeline.people_list")
    model = load_model(root)
    spec = model.sources.sources["pipeline.deals"]
    assert (spec.file, spec.sheet) == ("pipeline.xlsx", "Deals")
    rows_, bad = landed(model, "pipeline.deals", tmp_path / "store")
    assert (float(rows_["amount"].sum()), len(bad)) == (sum(n + 0.5 for n in range(20)), 0)


def test_a_new_project_opens_at_its_latest_fact_without_a_line_edited(tmp_path: Path) -> None:
    """The newcomer's path: `new --shape blank`, files, `add-source data`, and every table can
    be made.
    """
    from workbook import Workbook
    from workbook.cli.new import new_project

    new_project(tmp_path / "acme", "blank")
    data = tmp_path / "acme" / "data"
    (data / "hub_contacts.csv").write_text(
        rows(
            "Record ID,Email,Phone Number,Create Date",
            *(
                (n, f"p{n}@x.example", f"+49 30 55501{n:02d}", f"2025-06-{n:02d} 10:00")
                for n in range(1, 29)
            ),
        )
    )
    (data / "hub_orders.csv").write_text(
        rows(
            "id,Email,Created (UTC),total",
            *(
                (f"o{n}", f"p{n}@x.example", f"2025-05-{n:02d} 10:00", f"{n}.50")
                for n in range(1, 29)
            ),
        )
    )
    add_sources(tmp_path / "acme", [data])
    book = Workbook.open(tmp_path / "acme")
    try:
        # the newest order; a contact is nothing that happened
        assert book.as_of.isoformat() == "2025-05-28"
        assert len(book.build()) == len(book.plan.order)
    finally:
        book.close()
