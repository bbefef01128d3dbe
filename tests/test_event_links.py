"""What rows of events say about each other: repeats, withdrawals, corrections, two values where one is possible."""

from __future__ import annotations

from pathlib import Path

import pytest
from event_reading import EDITION, HEAD, ROW, codes, read

from appraisal.errors import RefusedError
from appraisal.reading.events import read_events


def test_the_same_row_twice_is_once_also_across_files_and_forms(tmp_path: Path) -> None:
    one, two = tmp_path / "one.csv", tmp_path / "two.jsonl"
    one.write_text(f"{HEAD},数值,数量\ne1,2020-03-09,梓园社区,CG-B1,0.50,\n", encoding="utf-8")
    two.write_text(
        '{"id": "e1", "date": "2020/3/9", "subject": "ziyuan", "clause": "CG-B1", "value": 0.5, "count": 1}\n'
    )
    assert len(read_events([one, two, one], EDITION)) == 1
    two.write_text('{"id": "e1", "date": "2020/3/9", "subject": "ziyuan", "clause": "CG-B1", "value": 0.51}\n')
    with pytest.raises(RefusedError) as caught:
        read_events([one, two], EDITION)
    (finding,) = caught.value.findings
    assert (finding.code, finding.place.file, finding.also[0].file) == ("E031", str(two), str(one))


def test_a_withdrawal_may_name_an_event_of_the_log_or_of_another_file(tmp_path: Path) -> None:
    text = "编号,日期,冲销\nw1,2020-04-01,e77\n"
    assert codes(tmp_path, text) == ["E072"]
    (event,) = read(tmp_path, text, existing={"e77"})
    assert (event.counters, event.subject, event.clause) == ("e77", "", "")


def test_a_withdrawal_has_no_day_of_which_there_is_no_month(tmp_path: Path) -> None:
    assert codes(tmp_path, "编号,日期,冲销\nw1,9999-12-31,e77\n", existing={"e77"}) == ["E043"]


def test_a_faulty_row_is_not_reported_again_by_what_names_it(tmp_path: Path) -> None:
    assert codes(tmp_path, f"{HEAD},冲销\ne1,2020-02-30,梓园社区,CG-A1,\nw1,2020-04-01,,,e1\n") == ["E041"]


def test_what_stands_behind_an_unreadable_part_is_not_missed(tmp_path: Path) -> None:
    assert codes(tmp_path, f'{HEAD},冲销\nw1,2020-04-01,,,e2\n"e2"x,2020-03-09,梓园社区,CG-A1,\n') == ["E008"]


def test_an_id_taken_twice_is_told_also_where_a_row_is_faulty(tmp_path: Path) -> None:
    good, bad, other = "e1,2020-03-09,梓园社区,CG-A1", "e1,2020-02-30,梓园社区,CG-A1", "e1,2020-02-30,梓园社区,CG-A2"
    assert codes(tmp_path, f"{HEAD}\n{good}\n{bad}\n") == ["E031", "E041"]
    assert codes(tmp_path, f"{HEAD}\n{bad}\n{good}\n") == ["E041", "E031"]
    assert codes(tmp_path, f"{HEAD}\n{bad}\n{other}\n") == ["E041", "E031", "E041"]
    assert codes(tmp_path, f"{HEAD}\n{bad}\n{bad}\n") == ["E041", "E041"]  # the same row again
    with pytest.raises(RefusedError) as caught:
        read(tmp_path, f"{HEAD}\n{good}\n{bad}\n")
    assert caught.value.findings[0].args["differs"] == "日期"


def test_rows_that_differ_name_the_columns(tmp_path: Path) -> None:
    with pytest.raises(RefusedError) as caught:
        read(tmp_path, f"{HEAD},数量,事项\n{ROW},2,路口\n{ROW},3,桥头\n")
    assert caught.value.findings[0].args["differs"] == "事项, 数量"


def test_a_correction_withdraws_the_first_value_and_gives_its_own(tmp_path: Path) -> None:
    first = "e1,2020-03-31,梓园社区,CG-B1,70%,"
    second = "e2,2020-04-02,梓园社区,CG-B1,72%,{},2020-03"
    head = f"{HEAD},数值,冲销,所属期\n"
    assert codes(tmp_path, f"{head}{first}\n{second.format('')}\n") == ["E076"]
    assert len(read(tmp_path, f"{head}{first}\n{second.format('e1')}\n")) == 2
    third = "e3,2020-04-03,梓园社区,CG-B1,74%,e1,2020-03"
    assert codes(tmp_path, f"{head}{first}\n{second.format('e1')}\n{third}\n") == ["E076"]


@pytest.mark.parametrize(
    "other", ["2020-04-30,梓园社区,CG-B1,72%,", "2020-03-31,电院社区,CG-B1,72%,", "2020-03-31,梓园社区,CG-B1,72%,待定"]
)
def test_another_month_subject_or_step_is_no_second_value(tmp_path: Path, other: str) -> None:
    assert len(read(tmp_path, f"{HEAD},数值,状态\ne1,2020-03-31,梓园社区,CG-B1,70%,\ne2,{other}\n")) == 2


def test_a_chain_of_withdrawals_may_be_long(tmp_path: Path) -> None:
    rows = "".join(f"c{i},2020-03-09,梓园社区,CG-A1,{f'c{i - 1}' if i else ''}\n" for i in range(3000))
    assert len(read(tmp_path, f"{HEAD},冲销\n{rows}")) == 3000
