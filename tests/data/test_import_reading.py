import subprocess
import sys

import pytest

from data.importers.reading import ROOT, Limits, Request, UnreadableFile, joined, read_records


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text("number,lon\n1,104.77\n2,\n", encoding="utf-8")
    return path


def test_rows_come_back_from_the_reading_process(table):
    records = read_records(Request(table))
    assert records.columns == {"number": ["1", "2"], "lon": ["104.77", ""]}
    assert records.rows == [2, 3]
    assert records.shapes is None


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(UnreadableFile) as refused:
        read_records(Request(tmp_path / "gone.csv"))
    assert refused.value.reason == "missing"


def test_reading_that_needs_too_much_memory_ends_with_a_reason(tmp_path):
    path = tmp_path / "big.csv"
    path.write_bytes(b"number,text\n" + b"1,xxxxxxxxxxxxxxxxxxxx\n" * 3_000_000)
    with pytest.raises(UnreadableFile) as refused:
        read_records(Request(path), limits=Limits(memory=600 << 20))
    assert refused.value.reason == "killed"


def test_reading_that_takes_too_long_ends_with_a_reason(tmp_path):
    path = tmp_path / "big.csv"
    path.write_bytes(b"number,text\n" + b"1,x,y,z,u,v\n" * 2_000_000)
    with pytest.raises(UnreadableFile) as refused:
        read_records(Request(path), limits=Limits(seconds=1))
    assert refused.value.reason == "too_slow"


def test_the_importing_process_never_loads_gdal():
    code = "import sys, data.importers.session; sys.exit('pyogrio' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def test_layers_of_one_file_are_joined_with_empty_cells(table):
    part = read_records(Request(table))
    both = joined([part, part])
    assert both.rows == [2, 3, 4, 5]
    assert both.columns["number"] == ["1", "2", "1", "2"]
