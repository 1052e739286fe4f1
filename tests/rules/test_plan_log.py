"""The log of a draft: undo, redo and branches never lose anything, and replay gives the same plan.

A plan is one number here: every edit counts it on, so the state tells which edits are in it::

    0 --a--> 1 --b--> 2          undo, then another edit: a branch; the first one stays
              \\-c--> 3
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.plan_log import (
    NothingToRedo,
    NothingToUndo,
    Record,
    UnknownPosition,
    branches,
    position,
    redo_target,
    replayed,
    undo_target,
    walk,
)
from rules.plan_state import Conflict, PlanMap, applied, change_to, plan_map

START = plan_map({"band": "1-2"})


class Draft:
    """A draft that is edited as a planner would."""

    def __init__(self) -> None:
        self.log: list[Record] = []
        self.state = START
        self.seen: dict[int, str] = {0: START.digest}

    def edit(self, value: str) -> int:
        seq = len(self.log) + 1
        change = change_to(self.state, {"band": value, f"cell:{seq}": "g1"})
        self.log.append(Record(seq, "edit", position(self.log), seq, change))
        self.state = applied(self.state, change)
        self.seen[seq] = self.state.digest
        return seq

    def go(self, to: int) -> None:
        for change in walk(self.log, to):
            self.state = applied(self.state, change)
        self.log.append(Record(len(self.log) + 1, "walk", position(self.log), to, {}))


def test_undo_goes_back_and_redo_forth_again() -> None:
    draft = Draft()
    first, second = draft.edit("1-3"), draft.edit("1-4")
    draft.go(undo_target(draft.log))
    assert draft.state.digest == draft.seen[first]
    draft.go(undo_target(draft.log))
    assert draft.state.digest == START.digest
    with pytest.raises(NothingToUndo):
        undo_target(draft.log)
    draft.go(redo_target(draft.log))
    draft.go(redo_target(draft.log))
    assert draft.state.digest == draft.seen[second]
    with pytest.raises(NothingToRedo):
        redo_target(draft.log)


def test_edit_after_undo_starts_a_branch_and_the_other_stays() -> None:
    draft = Draft()
    a, b = draft.edit("1-3"), draft.edit("1-4")
    draft.go(a)
    c = draft.edit("1-5")
    assert branches(draft.log) == {0: (a,), a: (b, c)}
    draft.go(b)
    assert draft.state.digest == draft.seen[b]
    draft.go(a)
    assert redo_target(draft.log) == b, "redo follows the branch that was left last"


def test_position_that_never_was_is_refused() -> None:
    draft = Draft()
    draft.edit("1-3")
    draft.go(0)
    for never in (2, 7, -1):
        with pytest.raises(UnknownPosition):
            walk(draft.log, never)


def test_record_that_was_tampered_with_does_not_replay() -> None:
    draft = Draft()
    draft.edit("1-3")
    draft.edit("1-4")
    wrong = Record(2, "edit", 1, 2, {"band": ("1-9", "1-4")})
    with pytest.raises(Conflict):
        replayed(START, [draft.log[0], wrong])


STEPS = st.lists(
    st.one_of(
        st.sampled_from(["undo", "redo"]), st.integers(3, 99).map(str), st.integers(0, 30)
    ),
    max_size=40,
)  # fmt: skip


@given(STEPS)
def test_any_history_replays_to_the_same_plan(steps: list[str | int]) -> None:
    draft = Draft()
    for step in steps:
        try:
            if step == "undo":
                draft.go(undo_target(draft.log))
            elif step == "redo":
                draft.go(redo_target(draft.log))
            elif isinstance(step, int):
                draft.go(step)
            else:
                draft.edit(f"1-{step}")
        except (NothingToUndo, NothingToRedo, UnknownPosition):
            continue
        assert draft.state.digest == draft.seen[position(draft.log)]
    found: PlanMap = replayed(START, draft.log)
    assert found.digest == draft.state.digest
