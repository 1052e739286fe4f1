from rules.legal import STAGES
from rules.lifecycle import OPEN_STATES, State


def test_every_running_state_stands_in_exactly_one_stage():
    placed = [state for stage in STAGES for state in stage.states]
    assert len(placed) == len(set(placed))
    assert set(placed) == OPEN_STATES | {State.RESOLVED, State.FED_BACK, State.EVALUATED}


def test_the_loop_has_the_six_stages_of_the_source_in_order():
    assert [stage.zh for stage in STAGES] == [
        "问题收集", "分类办理", "跟踪调度", "办结销号", "反馈评价", "人员考核",
    ]  # fmt: skip
