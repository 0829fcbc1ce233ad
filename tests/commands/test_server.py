"""A store on a server: each role does its work and no more; maps see a scan in words."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa

from landwatch.cli import run
from landwatch.errors import StoreUpgradedWarning, UsageError
from landwatch.language.columns import Kind
from landwatch.scan import publication
from landwatch.store import create_store, open_store, schema
from landwatch.store.edits import WATCHED
from landwatch.store.models import Base
from landwatch.store.server_roles import Roles
from landwatch.store.server_views import VIEW_SCHEMAS
from tests.commands.conftest import CONTRACT, Door, Said, write_csv

PREFIX = "lwtest"
SQUARE = "POLYGON ((103.0 36.0, 103.01 36.0, 103.01 36.01, 103.0 36.01, 103.0 36.0))"
TOLD = sorted({*WATCHED, "policy_texts", "rhythms", "scans", "scan_parts", "verdicts"})


class Bureau:
    """A server with a store, and logins of each role; no passwords in a test."""

    def __init__(self, url: str, sql: Callable[..., None]) -> None:
        self.url = url
        self._sql = sql
        found = re.search(r"@/(\w+)", url)
        assert found
        self.database = found[1]
        self.said: dict[str, Said] = {}

    def admin(self, statement: str) -> None:
        self._sql(statement, self.database)

    def login(self, role: str) -> str:
        """Return the address of a login that was given a role."""
        name = f"{self.database}_{role}"
        if not self.ask(self.url, f"SELECT 1 FROM pg_roles WHERE rolname = '{name}'"):
            self.admin(f"CREATE ROLE {name} LOGIN IN ROLE {PREFIX}_{role}")
        return self.url.replace("postgres@", f"{name}@")

    def clear(self) -> None:
        """Take the logins away: a server's roles are those of all its databases."""
        like = f"SELECT rolname FROM pg_roles WHERE rolname LIKE '{self.database}\\_%'"
        for (name,) in self.ask(self.url, like):
            self.admin(f"DROP ROLE {name}")

    def ask(self, url: str, statement: str) -> list[Any]:
        with psycopg.connect(url.replace("+psycopg", "")) as connection:
            cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []

    def refuses(self, url: str, *statements: str) -> None:
        for statement in statements:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                self.ask(url, statement)

    def run(self, *words: object, store: str | None = None) -> Said:
        """Run one command on the store, as the superuser unless another address is given."""
        told, trouble = io.StringIO(), io.StringIO()
        with redirect_stdout(told), redirect_stderr(trouble):
            code = run([str(word) for word in (*words, "--store", store or self.url)])
        return Said(code, told.getvalue(), trouble.getvalue())

    def does(self, *words: object, store: str | None = None) -> Said:
        said = self.run(*words, store=store)
        assert said.code == 0, said.err
        return said


def day(bureau: Bureau, clerk: str, folder: Path) -> None:
    """Do what a clerk does in a day: take in, adopt, look, take back, scan, draw a sample."""
    park = {"zone_id": "Z1", "name": "示范园区", "level": "provincial", "geometry": SQUARE}
    parcel = {"parcel_id": "P1", "land_use": "工业用地", "area_m2": "66666.67", "geometry": SQUARE}
    seen = {"contract_id": "C1", "observed_on": "2021-07-15", "source": "inspection"}
    contract = {**CONTRACT, "parcel_id": "P1"}
    told: Mapping[str, Mapping[str, object]] = {
        "zones": park,
        "parcels": parcel,
        "contracts": contract,
        "progress": {**seen, "started": "no"},
    }
    for kind, row in told.items():
        path = write_csv(folder / f"{kind}.csv", [row])
        bureau.does("import", kind, path, "--crs", "EPSG:4490", store=clerk)
    wrong = write_csv(folder / "wrong.csv", [{**contract, "price_wan": "1"}])
    for words in (
        ("import", "contracts", wrong), ("undo", 5), ("redo", 5), ("undo", 5, "--reason", "发错"),
        ("policy", "adopt", "lanzhou-2012-148", "--zone", "Z1"),
        ("source", "expect", "progress:inspection", "monthly"),
        ("visit", "C1", "--started", "no", "--on", "2021-07-20"),
        ("scan", "--as-of", "2021-08-01"), ("explain", "C1", "O53.A2"), ("status",),
        ("sample", "draw", "-o", folder / "抽查.xlsx"),
    ):  # fmt: skip
        bureau.does(*words, store=clerk)


@pytest.fixture(scope="module")
def office(postgres_server: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bureau]:
    """A server whose roles were made by hand, where a clerk did a day's work and published it.

    Its tests share it: they look, and what they try to write is refused.
    """
    postgres_server.sql("CREATE DATABASE office TEMPLATE with_postgis")
    bureau = Bureau(postgres_server.url("office"), postgres_server.sql)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LANDWATCH_USER", "张三")
        bureau.does("init")
        secret = bureau.url.replace("postgres@", "postgres:geheim@")
        sql = bureau.does("server", "roles", "--sql", "--prefix", PREFIX, store=secret)
        bureau.admin(sql.out.replace("BEGIN;", "").replace("COMMIT;", ""))
        clerk, owner = bureau.login("clerk"), bureau.login("owner")
        day(bureau, clerk, tmp_path_factory.mktemp("office"))
        bureau.said = {
            "sql": sql,
            "too early": bureau.run("server", "publish", store=clerk),
            "by owner": bureau.does("server", "publish", store=owner),
            "roles": bureau.does("server", "roles", "--apply", "--prefix", PREFIX),
            "by clerk": bureau.does("server", "publish", store=clerk),
        }
    yield bureau
    bureau.clear()
    postgres_server.sql("DROP DATABASE office WITH (FORCE)")


@pytest.fixture
def branch(office: Bureau, postgres_server: Any) -> Iterator[Bureau]:
    """A copy of the office, to be changed."""
    postgres_server.sql("CREATE DATABASE branch TEMPLATE office")
    bureau = Bureau(postgres_server.url("branch"), postgres_server.sql)
    yield bureau
    bureau.clear()
    postgres_server.sql("DROP DATABASE branch WITH (FORCE)")


def test_the_sql_of_the_roles_does_by_hand_and_holds_no_password(office: Bureau) -> None:
    said = office.said["sql"]
    assert "geheim" not in said.out + said.err
    assert "PASSWORD" not in said.out.upper()
    assert said.out.count("CREATE ROLE") == 3


def test_the_clerk_did_the_whole_job(office: Bureau) -> None:
    words = ("findings", "--status", "breach", "--rule", "O53.A2", "--format", "json")
    rows = office.does(*words, store=office.login("clerk")).rows
    assert [row["contract_id"] for row in rows] == ["C1"]


def test_the_clerk_can_change_nothing_that_was_told(office: Bureau) -> None:
    clerk = office.login("clerk")
    for table in TOLD:
        (key,) = Base.metadata.tables[table].primary_key.columns
        office.refuses(
            clerk,
            f"UPDATE {table} SET {key.name} = {key.name}",
            f"DELETE FROM {table}",
            f"TRUNCATE {table}",
            f"DROP TABLE {table}",
            f"ALTER TABLE {table} DISABLE TRIGGER ALL",
        )


def test_the_clerk_makes_nothing_of_its_own(office: Bureau) -> None:
    office.refuses(
        office.login("clerk"),
        "CREATE TABLE public.mine (a INT)", "CREATE SCHEMA mine", "UPDATE edits SET times = 0",
        "UPDATE imports SET recorded_by = 'x'", "UPDATE alembic_version SET version_num = 'x'",
    )  # fmt: skip


def test_the_reader_sees_the_views_and_nothing_else(office: Bureau) -> None:
    reader = office.login("reader")
    assert office.ask(reader, 'SELECT "宗地编号" FROM landwatch_zh."宗地"') == [("P1",)]
    assert office.ask(reader, "SELECT parcel_id FROM landwatch_en.parcels") == [("P1",)]
    tables = [f"public.{table.name}" for table in Base.metadata.sorted_tables]
    hidden = (*tables, "landwatch_published.parcels")
    office.refuses(reader, *(f"SELECT 1 FROM {table}" for table in hidden))
    office.refuses(
        reader,
        "DELETE FROM landwatch_en.parcels", "INSERT INTO landwatch_en.zones VALUES (9)",
        "UPDATE landwatch_en.parcels SET parcel_id = 'x'", "CREATE TABLE public.mine (a INT)",
    )  # fmt: skip
    said = office.run("findings", store=reader)
    assert said.code == 3
    assert "没有读写" in said.err and len(said.err.splitlines()) == 1


LENT_RIGHTS = """
CREATE TEMP TABLE edits (table_name TEXT, times INT, token TEXT);
INSERT INTO edits VALUES ('mine', 0), ('adoptions', 0);
GRANT ALL ON edits TO PUBLIC;
CREATE FUNCTION pg_temp.evil() RETURNS trigger LANGUAGE plpgsql AS $evil$
BEGIN
  UPDATE public.contracts SET holder = 'framed';
  RETURN NEW;
END $evil$;
CREATE TRIGGER evil BEFORE UPDATE ON edits FOR EACH ROW EXECUTE FUNCTION pg_temp.evil();
"""
"""What a login lays in the way of a function that runs with the owner's rights."""
HUNG_ON_ITS_OWN = """
CREATE TEMP TABLE mine (a INT);
CREATE TRIGGER mine BEFORE DELETE ON mine
  FOR EACH STATEMENT EXECUTE FUNCTION public.landwatch_note_edit();
DELETE FROM mine;
"""
AS_IT_WAS = """
CREATE OR REPLACE FUNCTION landwatch_note_edit() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path FROM CURRENT AS $old$
BEGIN
  UPDATE edits SET times = times + 1 WHERE table_name = TG_TABLE_NAME;
  RETURN NULL;
END $old$;
GRANT EXECUTE ON FUNCTION landwatch_note_edit() TO PUBLIC;
"""


def holders(bureau: Bureau) -> set[str]:
    return {name for (name,) in bureau.ask(bureau.url, "SELECT DISTINCT holder FROM contracts")}


def test_nobody_borrows_the_owners_rights_from_the_trigger(office: Bureau) -> None:
    for role in ("reader", "clerk"):
        office.refuses(office.login(role), LENT_RIGHTS + HUNG_ON_ITS_OWN)
    assert holders(office) == {CONTRACT["holder"]}


def test_a_table_of_a_session_does_not_stand_in_for_the_one_where_edits_are_counted(
    branch: Bureau,
) -> None:
    branch.admin(f"GRANT DELETE ON adoptions TO {PREFIX}_reader")
    before = branch.ask(branch.url, "SELECT times FROM edits WHERE table_name = 'adoptions'")
    branch.ask(branch.login("reader"), LENT_RIGHTS + "DELETE FROM public.adoptions;")
    after = branch.ask(branch.url, "SELECT times FROM edits WHERE table_name = 'adoptions'")
    assert holders(branch) == {CONTRACT["holder"]}
    assert after == [(before[0][0] + 1,)]


def test_giving_the_roles_again_mends_the_trigger_of_a_store_that_was_open_to_it(
    branch: Bureau,
) -> None:
    branch.admin(AS_IT_WAS)
    reader = branch.login("reader")
    branch.ask(reader, LENT_RIGHTS + HUNG_ON_ITS_OWN)
    assert holders(branch) == {"framed"}, "the attack is one"
    branch.does("server", "roles", "--apply", "--prefix", PREFIX)
    branch.refuses(reader, LENT_RIGHTS + HUNG_ON_ITS_OWN)


def test_the_owner_makes_the_place_and_then_the_clerk_publishes(office: Bureau) -> None:
    early = office.said["too early"]
    assert early.code == 3
    assert "server roles --apply" in early.err
    told = office.ask(
        office.login("reader"), "SELECT published_by, scan_id FROM landwatch_en.publication"
    )
    assert told == [("张三", 1)]


def test_an_upgrade_by_the_owners_login_leaves_the_tables_with_the_owner(
    branch: Bureau, monkeypatch: pytest.MonkeyPatch
) -> None:
    newest = schema.newest_version()

    def next_step(connection: sa.Connection) -> None:
        connection.exec_driver_sql("CREATE TABLE later (a INT)")
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9001'")

    branch.admin(f"GRANT CREATE ON DATABASE branch TO {PREFIX}_owner")
    monkeypatch.setattr(schema, "newest_version", lambda: "9001")
    monkeypatch.setattr(schema, "known_versions", lambda: frozenset({newest, "9001"}))
    monkeypatch.setattr(schema, "bring_up_to_date", next_step)
    with pytest.warns(StoreUpgradedWarning):
        create_store(branch.login("owner"))
    owners = branch.ask(branch.url, "SELECT tableowner FROM pg_tables WHERE tablename = 'later'")
    assert owners == [(f"{PREFIX}_owner",)]


def test_giving_the_roles_again_takes_away_what_went_beyond(branch: Bureau) -> None:
    branch.admin(f"GRANT ALL ON contracts TO {PREFIX}_clerk, {PREFIX}_reader")
    branch.does("server", "roles", "--apply", "--prefix", PREFIX)
    for role in ("clerk", "reader"):
        branch.refuses(branch.login(role), "DELETE FROM contracts")


@pytest.mark.parametrize("prefix", ["", "Lanzhou", "x; DROP TABLE imports", "a" * 50, "兰州"])
def test_a_prefix_that_is_no_name_is_refused(prefix: str) -> None:
    with pytest.raises(UsageError) as refused:
        Roles(prefix)
    assert refused.value.code == "error.role_prefix"


def test_a_file_has_no_roles_and_is_told_so(ready: Door) -> None:
    for verb in ("roles", "publish"):
        said = ready("server", verb, "--lang", "en")
        assert said.code == 2
        assert "QGIS opens it" in said.err
    assert ready("server", "roles", "--sql", "--apply").code == 2


@pytest.mark.parametrize(
    ("lang", "layer", "number", "key"),
    [("zh", "宗地", "序号", "宗地编号"), ("en", "parcels", "row_no", "parcel_id")],
)
def test_a_map_finds_the_type_the_system_and_a_number_for_each_row(
    office: Bureau, lang: str, layer: str, number: str, key: str
) -> None:
    if shutil.which("ogrinfo") is None:
        pytest.skip("gdal's ogrinfo is not there")
    host, reader = office.url.partition("host=")[2], f"{office.database}_reader"
    office.login("reader")
    address = f"PG:host={host} dbname={office.database} user={reader}"
    told = subprocess.run(
        ["ogrinfo", "-ro", address, f"landwatch_{lang}.{layer}"],
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    for line in (
        "Geometry: Multi Polygon", 'ID["EPSG",4490]]', "Feature Count: 1",
        f"{number} (Integer64) = 1", f"{key} (String) = P1",
    ):  # fmt: skip
        assert line in told
    (row,) = office.ask(
        office.url,
        "SELECT type, srid FROM geometry_columns"
        f" WHERE f_table_schema = 'landwatch_{lang}' AND f_table_name = '{layer}'",
    )
    assert row == ("MULTIPOLYGON", 4490)


def test_a_parcel_is_shown_with_its_contract_and_its_gravest_outcome_in_words(
    office: Bureau,
) -> None:
    (zh,) = office.ask(
        office.url,
        'SELECT "合同", "土地使用权人", "园区名称", "最重结果（提示，由人认定）", "依据规则",'
        ' "核对截至日"::text FROM landwatch_zh."宗地"',
    )
    assert zh[:4] == ("C1", CONTRACT["holder"], "示范园区", "涉嫌未达标")
    assert "O53.A2" in zh[4] and zh[5] == "2021-08-01"
    (en,) = office.ask(office.url, "SELECT gravity, zone_id, breaches FROM landwatch_en.parcels")
    assert en == ("suspected breach", "Z1", len(zh[4].split("; ")))
    (park,) = office.ask(
        office.url, "SELECT level, contracts, contracts_in_breach FROM landwatch_en.zones"
    )
    assert park == ("provincial", 1, 1)


def test_what_is_published_adds_up_with_the_findings(office: Bureau) -> None:
    (row,) = office.ask(
        office.url, "SELECT breaches, to_verify, due_soon FROM landwatch_en.contracts"
    )
    rows = office.does("findings", "--format", "json").rows
    told = [one for one in rows if one["contract_id"] == "C1"]
    assert row == (
        sum(one["status"] == "breach" for one in told),
        sum(one["status"] == "unknown" and one["to_verify"] for one in told),
        sum(one["status"] == "due_soon" for one in told),
    )


def test_a_contract_stands_merged_and_what_was_taken_back_is_not_in_it(office: Bureau) -> None:
    rows = office.ask(office.url, 'SELECT "成交价格（万元）", "供地方式" FROM landwatch_zh."合同"')
    assert [(float(price), instrument) for price, instrument in rows] == [(1000.0, "出让")]
    back = office.ask(office.url, 'SELECT "文件" FROM landwatch_zh."导入" WHERE "已撤回" = \'是\'')
    assert back == [("wrong.csv",)]


def test_the_latest_report_up_to_the_day_of_the_scan_is_shown(office: Bureau) -> None:
    rows = office.ask(
        office.url, "SELECT contract_id, observed_on::text FROM landwatch_en.latest_progress"
    )
    assert rows == [("C1", "2021-07-20")]


def test_every_name_in_both_languages_is_whole_and_stands_once(office: Bureau) -> None:
    for name in VIEW_SCHEMAS.values():
        columns = office.ask(
            office.url,
            "SELECT table_name, column_name FROM information_schema.columns"
            f" WHERE table_schema = '{name}'",
        )
        assert len(columns) == len(set(columns)) > 100
        assert all(len(column.encode()) < 63 for _, column in columns)


def test_publishing_again_follows_the_next_scan_and_keeps_the_rights(branch: Bureau) -> None:
    branch.does("visit", "C1", "--started", "yes", "--on", "2021-08-02")
    branch.does("scan", "--as-of", "2021-08-03")
    branch.admin("COMMENT ON SCHEMA landwatch_published IS 'of an older version'")
    told = branch.does("server", "publish", "--json")
    assert '"scan_id": 2' in told.out
    reader = branch.login("reader")
    assert branch.ask(reader, "SELECT as_of::text FROM landwatch_en.parcels") == [("2021-08-03",)]
    assert branch.ask(reader, "SELECT started FROM landwatch_en.latest_progress") == [("yes",)]
    branch.does("server", "publish", "--scan", 2, store=branch.login("clerk"))


def test_a_publication_that_fails_leaves_the_one_before(
    office: Bureau, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publication, "_ID", {Kind.ZONES: "zone_id", Kind.PARCELS: "no_column"})
    assert office.run("server", "publish").code != 0
    assert office.ask(office.url, "SELECT count(*) FROM landwatch_en.parcels") == [(1,)]


def test_a_store_that_was_published_is_still_a_store(office: Bureau) -> None:
    open_store(office.url)
    office.does("init")
    assert office.does("findings", "--format", "json").rows
