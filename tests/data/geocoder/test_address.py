import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from data.geocoder import address
from data.geocoder.address import normalise, read_address, read_name

WORDS = st.sampled_from(
    list(
        "０１２389#－-一二三十百〇两附号栋幢座楼单元室组社队期弄层院门大第路街区网格aA ,，。苑村\t"
    )
)
ADDRESSES = st.lists(st.one_of(WORDS, st.characters()), max_size=40).map("".join)


@given(ADDRESSES)
@example("三-栋")
@example("İ3#")
@example("第第三栋")
def test_normalising_twice_changes_nothing(text):
    assert normalise(normalise(text)) == normalise(text)


PLAIN = st.lists(
    st.sampled_from(list("012号栋楼院社队村小组房室大第附门座五十百路街 aA层单元"))
).map("".join)


@given(PLAIN)
def test_the_short_way_through_plain_texts_changes_nothing(text):
    step = text
    while (following := address._once(step)) != step:
        step = following
    assert normalise(text) == step


@given(st.text())
def test_any_text_can_be_read(text):
    for read in (read_address, read_name):
        found = read(text)
        assert all(found.names)
        assert all(-1 <= n.after < len(found.names) for n in found.numbers)


@pytest.mark.parametrize(
    "text",
    [
        "金桂苑3栋", "金桂苑３幢", "金桂苑三号楼", "金桂苑 3#", "金桂苑3#楼", "金桂苑第三栋",
        "金桂苑，叁座", "金桂苑03栋", "金桂苑3栋楼", "金桂苑　３＃",
    ],
)  # fmt: skip
def test_all_ways_of_writing_a_building_are_one(text):
    assert normalise(text) == "金桂苑3栋"


@pytest.mark.parametrize(
    ("numeral", "number"),
    [
        ("十", "10"), ("十二", "12"), ("二十", "20"), ("三十四", "34"), ("一百零五", "105"),
        ("一百二十", "120"), ("一二〇", "120"), ("两", "2"),
    ],
)  # fmt: skip
def test_chinese_numbers_of_either_style_are_read(numeral, number):
    assert normalise(f"新华路{numeral}号") == f"新华路{number}号"


@pytest.mark.parametrize("name", ["三多寨镇", "五龙村", "十字村", "九房村", "双塘路", "一社区"])
def test_numerals_inside_names_stay_names(name):
    assert normalise(name) == name


def test_numbers_know_what_they_count_and_which_name_they_follow():
    found = read_address("大安区朝阳街41号 盐马雅苑2幢三单元501室")
    assert found.names == ("大安区朝阳街", "盐马雅苑")
    assert [(n.kind, n.value, n.after) for n in found.numbers] == [
        ("door", "41", 0), ("building", "2", 1), ("unit", "3", 1), ("room", "501", 1),
    ]  # fmt: skip


def test_a_number_behind_a_building_is_a_room():
    for text in ("金桂苑3-2-501", "金桂苑3栋2单元5楼501号", "金桂苑3#501", "金桂苑3-501"):
        found = read_address(text)
        assert (found.first("building"), found.first("room")) == ("3", "501")
        assert found.first("door") == ""


def test_a_dash_on_a_road_joins_door_numbers():
    found = read_address("南苑路41-4号")
    assert (found.first("door"), found.first("sub")) == ("41", "4")


def test_village_groups_go_by_several_names():
    for word in ("组", "社", "队", "村民小组"):
        assert read_address(f"东胜村四{word}1号").first("group") == "4"


def test_bare_digits_are_a_building_to_who_asks_but_a_name_in_the_register():
    assert read_address("金桂苑3").first("building") == "3"
    assert read_name("阳光100").names == ("阳光100",)


def test_words_for_nearby_are_no_part_of_a_name():
    assert read_address("华大幼儿园门口旁边").names == ("华大幼儿园",)
