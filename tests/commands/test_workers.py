"""Who works on a scan: what cannot be meant is said before any work; the pieces have a place."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from landwatch.bootstrap import THIS_PROCESS, Crew, the_crew
from landwatch.commands.telling import silent
from landwatch.errors import UsageError
from landwatch.scan.cluster import Cluster, Processes
from landwatch.scan.run import decide
from landwatch.scan.spread import Spread

SERVER = "postgresql+psycopg://db/landwatch"


def spread(url: str, crew: Crew) -> Spread:
    """Return the spread of a scan that many work on."""
    found = the_crew(url, crew, silent).__self__  # type: ignore[attr-defined]
    assert isinstance(found, Spread)
    return found


def test_without_a_word_this_process_works() -> None:
    assert the_crew("landwatch.gpkg", THIS_PROCESS, silent) is decide


def test_processes_find_their_pieces_beside_the_store(tmp_path: Path) -> None:
    found = spread(str(tmp_path / "county.gpkg"), Crew(workers=4))
    assert found.crew == Processes(4)
    assert found.folder == tmp_path / ".county.gpkg.pieces"
    assert found.folder.is_dir()
    assert found.size.limit(1_200_000) == 100_000
    assert found.size.limit(600_000) == 50_000
    assert found.size.limit(1_000) == 20_000


def test_processes_of_a_server_find_their_pieces_where_this_user_keeps_things(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert spread(SERVER, Crew(workers=1)).folder == tmp_path / "landwatch" / "pieces"


def test_a_cluster_finds_its_pieces_where_it_is_told(tmp_path: Path) -> None:
    found = spread(SERVER, Crew(cluster="tcp://10.0.0.5:8786", pieces=tmp_path / "shared"))
    assert found.crew == Cluster("tcp://10.0.0.5:8786")
    assert found.folder == tmp_path / "shared"


@pytest.mark.parametrize(
    ("crew", "code"),
    [
        (Crew(workers=2, cluster="tcp://10.0.0.5:8786"), "cluster.both"),
        (Crew(pieces=Path("pieces")), "cluster.pieces_alone"),
        (Crew(cluster="tcp://10.0.0.5:8786"), "cluster.no_folder"),
        (Crew(workers=2, pieces=Path("/proc/pieces")), "cluster.folder_unwritable"),
    ],
    ids=["both", "pieces alone", "no folder", "no place"],
)
def test_what_cannot_be_meant_is_said_before_any_work(crew: Crew, code: str) -> None:
    with pytest.raises(UsageError) as raised:
        the_crew(SERVER, crew, silent)
    assert raised.value.code == code
    assert raised.value.exit_code == 2


def test_a_missing_library_is_said_before_any_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(UsageError) as raised:
        the_crew(str(tmp_path / "county.gpkg"), Crew(workers=2), silent)
    assert raised.value.code == "cluster.not_installed"
    assert list(tmp_path.iterdir()) == []
