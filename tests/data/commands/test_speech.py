import pytest

from data.commands.speech import is_chinese


@pytest.mark.parametrize(
    ("environ", "chinese"),
    [
        ({}, False),
        ({"LANG": "zh_CN.UTF-8"}, True),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C"}, False),
        ({"LANG": "C", "LC_MESSAGES": "zh_CN"}, True),
        ({"LC_ALL": "", "LANG": "zh_CN"}, True),
    ],
)
def test_locale_decides_in_the_usual_order(environ: dict[str, str], chinese: bool) -> None:
    assert is_chinese(environ) is chinese
