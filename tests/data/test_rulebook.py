from dataclasses import replace
from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.rulebook import BadRules, Fault, load_rulebook, parse_rulebook, read_rulebook
from data.rulebook_text import limit_text, rulebook_text
from data.settings import Settings, read_settings
from rules.assessment import MEASURES, Target
from rules.bodies import Body
from rules.deadlines import Shift, WorkingCalendar
from rules.holidays import HOLIDAYS
from rules.kinds import KINDS, Limit, Severity, Special
from rules.rulebook import DEFAULT, NEEDS, Rulebook

names = st.text(
    st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=20
).filter(str.isprintable)  # fmt: skip
keys = st.from_regex(r"x_[a-z0-9_]{1,10}", fullmatch=True)
limits = st.builds(Limit, st.integers(1, 525_600), st.booleans())
times = st.builds(time, st.integers(0, 23), st.integers(0, 59))
bodies = st.sampled_from(sorted(DEFAULT.bodies))
severities = st.sampled_from(Severity)
specials = st.builds(
    Special,
    severity=st.none() | severities,
    feedback=st.none() | limits,
    effort_minutes=st.none() | st.integers(1, 10_000),
    body=st.none() | bodies,
).filter(lambda special: special != Special())  # fmt: skip
dates = st.frozensets(st.dates(date(2027, 1, 1), date(2029, 12, 31)), max_size=12)


@st.composite
def rulebooks(draw) -> Rulebook:
    key = draw(st.sampled_from(sorted(KINDS)))
    kind = KINDS[key]
    kept = {k: v for k, v in kind.subkinds.items() if draw(st.booleans())}
    kept |= draw(st.dictionaries(keys, st.tuples(names, names), max_size=3))
    changed = replace(
        kind,
        zh=draw(names), en=draw(names), severity=draw(severities), body=draw(bodies),
        feedback=draw(limits), effort_minutes=draw(st.integers(1, 10_000)),
        urgent_resolve=draw(st.none() | st.just(Limit(525_600, clock=True))),
        subkinds=kept,
        special={name: draw(specials) for name in kept if draw(st.booleans())},
    )  # fmt: skip
    calendar = WorkingCalendar(
        periods=tuple(draw(st.lists(st.tuples(times, times), min_size=1, max_size=3))),
        holidays=draw(dates),
        shifts=tuple(
            Shift(name, *draw(st.tuples(names, names, times, times, st.booleans())))
            for name in draw(st.lists(keys, max_size=3, unique=True))
        ),
    )
    new = draw(st.dictionaries(keys, st.tuples(names, names), max_size=2))
    return replace(
        DEFAULT,
        kinds={**KINDS, key: changed},
        calendar=calendar,
        bodies={**DEFAULT.bodies, **{k: Body(k, *pair) for k, pair in new.items()}},
        yellow=draw(st.floats(0.01, 0.99)),
        dissatisfied_at=draw(st.integers(1, 4)),
        resolve_needs={**DEFAULT.resolve_needs, key: draw(st.frozensets(st.sampled_from(NEEDS)))},
        severity_weight={s: draw(st.integers(1, 100)) / 10 for s in Severity},
        targets={
            k: Target(0.5, draw(st.floats(0, 0.5) if m.better == "high" else st.floats(0.5, 1)))
            for k, m in MEASURES.items()
        },
        few=draw(st.integers(1, 1000)),
    )


def faults(text: str) -> list[Fault]:
    with pytest.raises(BadRules) as caught:
        parse_rulebook(text)
    return list(caught.value.faults)


def test_what_show_writes_of_the_default_rules_is_the_default_rules():
    assert parse_rulebook(rulebook_text(DEFAULT)) == DEFAULT


@given(rulebooks())
def test_what_show_writes_gives_the_same_rules(book):
    text = rulebook_text(book)
    again = parse_rulebook(text)
    assert again == book
    assert rulebook_text(again) == text


@given(st.text() | st.text("[]={}\"'.#\n\r kinds=1hazrd"))
def test_any_text_is_read_or_refused_with_its_faults(text):
    try:
        found = parse_rulebook(text)
    except BadRules as error:
        found = error.faults
    assert found


def test_an_empty_file_changes_nothing():
    assert parse_rulebook("") == DEFAULT
    assert parse_rulebook("# 无\r\n") == DEFAULT


def test_a_district_lays_a_few_lines_over_the_default():
    book = parse_rulebook("""
        evaluation.dissatisfied_at = 1
        [bodies]
        tourism = { zh = "文旅", en = "Culture and tourism" }
        [calendar]
        holidays = ["2027-01-01..2027-01-03"]
        [kinds.hazard]
        needs = ["photo", "note"]
        without = ["manhole"]
        urgent_respond = ""
        [kinds.hazard.subkinds]
        gas = { severity = "", resolve = "2 h clock", effort_minutes = 90 }
        scenic = { zh = "景区安全", en = "Scenic area safety", body = "tourism" }
    """)
    hazard, base = book.kinds["hazard"], KINDS["hazard"]
    assert book.dissatisfied_at == 1
    assert book.evaluation_days == DEFAULT.evaluation_days
    assert book.calendar.holidays == {date(2027, 1, n) for n in (1, 2, 3)}
    assert book.calendar.makeup_days == DEFAULT.calendar.makeup_days
    assert book.resolve_needs["hazard"] == {"photo", "note"}
    assert set(hazard.subkinds) == {*base.subkinds, "scenic"} - {"manhole"}
    assert "manhole" not in hazard.special
    assert (hazard.zh, hazard.resolve, hazard.urgent_respond) == (base.zh, base.resolve, None)
    assert book.severity("hazard", "gas") == Severity.SERIOUS
    assert book.limits("hazard", "gas", Severity.SERIOUS).resolve == Limit(120, clock=True)
    assert (book.effort("hazard", "gas"), book.body("hazard", "gas")) == (90, "housing")
    assert book.body("hazard", "scenic") == "tourism"
    assert {k: v for k, v in book.kinds.items() if k != "hazard"} == {
        k: v for k, v in KINDS.items() if k != "hazard"
    }


@pytest.mark.parametrize(
    ("text", "key", "code"),
    [
        ("yellow", "", "syntax"),
        ("lamps.blue = 1", "lamps.blue", "unknown"),
        ("lamps.yellow = 1.5", "lamps.yellow", "value"),
        ("lamps.yellow = '0.5'", "lamps.yellow", "value"),
        ("evaluation.dissatisfied_at = 5", "evaluation.dissatisfied_at", "value"),
        ("evaluation.evaluation_days = true", "evaluation.evaluation_days", "value"),
        ("workload.spare = 2", "workload.spare", "order"),
        ("workload.weights.urgent = 1.25", "workload.weights.urgent", "tenth"),
        ("workload.weights.grave = 1", "workload.weights.grave", "value"),
        ("assessment.targets.tears = {good=1, bad=0}", "assessment.targets.tears", "unknown"),
        ("assessment.targets.returns = {good=0.5, bad=0.1}", "assessment.targets.returns", "order"),
        ("assessment.targets.returns = {good=0.5}", "assessment.targets.returns.bad", "missing"),
        ("calendar.periods = ['9-12']", "calendar.periods.0", "period"),
        ("calendar.periods = ['09:00-25:00']", "calendar.periods.0", "time"),
        ("calendar.periods = []", "calendar.periods", "value"),
        ("calendar.holidays = ['2026-02-30']", "calendar.holidays.0", "day"),
        ("calendar.holidays = ['2026-02-03..2026-02-01']", "calendar.holidays.0", "day"),
        ("calendar.makeup_days = ['2026-10-01']", "calendar", "worked_holiday"),
        ("kinds.dragon.zh = '龙'", "kinds.dragon", "kind"),
        ("kinds.hazard.zh = ' '", "kinds.hazard.zh", "name"),
        ('kinds.hazard.zh = "a\\nb"', "kinds.hazard.zh", "name"),
        ("kinds.hazard.severity = 'grave'", "kinds.hazard.severity", "severity"),
        ("kinds.hazard.severity = ['grave']", "kinds.hazard.severity", "severity"),
        ("kinds.hazard.body = 'navy'", "kinds.hazard.body", "body"),
        ("kinds.hazard.resolve = '3 days'", "kinds.hazard.resolve", "limit"),
        ("kinds.hazard.resolve = '0.001 h clock'", "kinds.hazard.resolve", "limit"),
        ("kinds.hazard.respond = '30 h clock'", "kinds.hazard.respond", "order"),
        ("kinds.hazard.urgent_respond = '5 h clock'", "kinds.hazard.urgent_respond", "order"),
        ("kinds.hazard.effort_minutes = 0", "kinds.hazard.effort_minutes", "value"),
        ("kinds.hazard.needs = ['money']", "kinds.hazard.needs.0", "need"),
        ("kinds.hazard.without = ['x']", "kinds.hazard.without", "unknown"),
        ("kinds.hazard.subkinds.x = {zh='甲'}", "kinds.hazard.subkinds.x", "names"),
        ("kinds.hazard.subkinds.noise={zh='甲',en='A'}", "kinds.dispute.subkinds.noise", "twice"),
        ("kinds.hazard.subkinds.gas = {body='navy'}", "kinds.hazard.subkinds.gas.body", "body"),
        ("kinds.hazard.subkinds.gas={respond='2'}", "kinds.hazard.subkinds.gas.respond", "limit"),
        ("kinds.hazard.subkinds.gas={respond='9 h clock', resolve='1 h clock'}",
         "kinds.hazard.subkinds.gas.respond", "order"),
        ("kinds.hazard.subkinds.'A B' = {zh='甲', en='A'}", "kinds.hazard.subkinds.A B", "value"),
    ],
)  # fmt: skip
def test_a_fault_is_named_by_its_key(text, key, code):
    assert [(fault.key, fault.code) for fault in faults(text)] == [(key, code)]


def test_all_faults_are_named_at_once():
    text = "lamps.yellow = 2\nkinds.hazard.resolve = ''\nbodies.x = {zh='甲'}"
    assert {f.key for f in faults(text)} == {"lamps.yellow", "kinds.hazard.resolve", "bodies.x.en"}


@pytest.mark.parametrize(
    ("limit", "text"),
    [(Limit(90, clock=False), "90 min work"), (Limit(1440, clock=True), "24 h clock"), (None, "")],
)
def test_limits_are_written_in_hours_where_they_are_whole(limit, text):
    assert limit_text(limit) == text


def test_the_file_is_found_where_it_is_set_else_in_var(tmp_path):
    var = Settings("sqlite:///x", tmp_path)
    assert read_rulebook(var) is DEFAULT
    (tmp_path / "rules.toml").write_text("lamps.yellow = 0.5", "utf-8-sig")
    assert read_rulebook(var).yellow == 0.5
    other = tmp_path / "other.toml"
    other.write_text("lamps.yellow = 0.25")
    set_ = read_settings({"GRIDMAP_VAR": str(tmp_path), "GRIDMAP_RULES": str(other)})
    assert read_rulebook(set_).yellow == 0.25
    other.unlink()
    with pytest.raises(BadRules) as caught:
        read_rulebook(set_)
    assert [f.code for f in caught.value.faults] == ["unreadable"]


@pytest.mark.parametrize(
    ("raw", "code"), [("安全".encode("gbk"), "encoding"), (b"#" * 1_000_001, "size")]
)
def test_a_file_that_is_no_rules_file_is_refused(tmp_path, raw, code):
    path = tmp_path / "rules.toml"
    path.write_bytes(raw)
    with pytest.raises(BadRules) as caught:
        load_rulebook(path)
    assert (caught.value.path, caught.value.faults[0].code) == (str(path), code)


def test_the_default_rules_have_the_holidays():
    assert DEFAULT.calendar.holidays == HOLIDAYS
