import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.masking import gives_reason, masked_name, masked_phone


@pytest.mark.parametrize(
    ("name", "masked"), [("王某", "王**"), ("欧阳建国", "欧**"), ("王", "王**"), ("  ", "")]
)
def test_a_name_keeps_its_first_sign(name, masked):
    assert masked_name(name) == masked


@pytest.mark.parametrize(
    ("phone", "masked"),
    [("13812345678", "138****5678"), ("88012345", "****45"), ("110", "****"), ("", "")],
)
def test_a_phone_number_loses_its_middle(phone, masked):
    assert masked_phone(phone) == masked


@given(st.from_regex(r"[0-9]{3,20}", fullmatch=True))
def test_no_number_is_shown_whole(phone):
    assert phone not in masked_phone(phone)
    assert len(masked_phone(phone).replace("*", "")) <= 7


@pytest.mark.parametrize(
    ("reason", "counts"),
    [("回访确认处理结果", True), ("", False), ("  a ", False), ("......", False), ("回 访", False)],
)
def test_a_reason_says_something(reason, counts):
    assert gives_reason(reason) == counts
