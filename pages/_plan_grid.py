"""One grid of a plan: its details, why it misses the band, and what can be done with it."""

import streamlit as st

from data.plan_charges import charges
from data.plan_figures import GridFigures
from data.plan_proposals import fix
from data.plan_reasons import Reason, reasons
from pages import _session
from pages._format import count
from pages._html import facts, note
from pages._plan_chiefs import chiefs_line
from pages._plan_desk import Bench
from pages._plan_draw import Stand, carry_out, command
from pages._plan_words import WHY, metres
from pages._text import Translate, pick
from rules.plan_checks import CAUSES
from rules.plan_commands import Lock, Rename, Unlock
from rules.plan_edits import LONGEST_NAME
from rules.plan_state import LOCK_GRID


def details(grid: GridFigures, t: Translate) -> list[tuple[str, str]]:
    """Give what the table has no column for."""
    return [
        (t("Code"), grid.mark.code or t("given when published")),
        (t("Buildings"), count(grid.buildings)),
        (t("Size"), t("{n} ha").format(n=f"{grid.hectares:,.1f}")),
        (t("Reock"), f"{grid.reock:.2f}"),
        (t("Shared border"), metres(grid.border, t)),
        (t("Estates divided"), count(grid.estates_split)),
        (t("Main roads and rivers inside"), metres(grid.barriers_crossed, t)),
        (t("Pieces"), count(grid.pieces)),
    ]


def why(bench: Bench, reason: Reason) -> str:
    """Say why a grid cannot come into the band by itself, or is not in it yet."""
    if reason.kind not in WHY:
        return pick(CAUSES[reason.kind], bench.desk.locale)
    households = sum(bench.shown.ground.cells[n].households for n in reason.cells)
    return bench.t(WHY[reason.kind]).format(n=count(households))


def _rename(stand: Stand, label: str) -> None:
    command(stand, Rename(label, str(_session.widget(_name_key(stand, label)) or "")))


def _name_key(stand: Stand, label: str) -> str:
    return f"name_{label}_{stand[1]}"


def draw_grid(bench: Bench, grid: GridFigures) -> None:
    """Draw the details of the chosen grid, and what can be done with it."""
    t, label = bench.t, grid.label
    with st.container(key="grid_details"):
        reason = reasons(bench.shown).get(label) if grid.verdict in ("below", "above") else None
        if reason is not None:
            st.html(note(why(bench, reason)))
        st.html(facts(details(grid, t)))
        st.html(chiefs_line(bench, label))
        if bench.drawable and bench.shown is bench.sheet:
            with st.container(key="grid_do", horizontal=True):
                _draw_deeds(bench, grid)


def _draw_deeds(bench: Bench, grid: GridFigures) -> None:
    t, stand, label = bench.t, bench.stand, grid.label
    locked = label in bench.sheet.state.locked_grids
    fits = grid.verdict in ("within", "dedicated")
    seed = stand[1]
    st.button(
        t("Fix this grid"), key="grid_fix", type="secondary" if fits else "primary",
        disabled=locked or fits, on_click=carry_out,
        args=(stand, lambda found: fix(found, label, seed=seed)),
        help=t("Brings it into the band with its neighbours"),
    )  # fmt: skip
    st.button(
        t("Chief areas"), key="grid_chiefs", on_click=carry_out,
        args=(stand, lambda found: charges(found, label, seed=seed)),
        help=t("Divides its buildings among building chiefs, about 100 households each"),
    )  # fmt: skip
    key = LOCK_GRID + label
    st.button(
        t("Unlock") if locked else t("Lock"), key="grid_lock", on_click=command,
        args=(stand, Unlock(key) if locked else Lock(key)),
        icon=":material/lock_open:" if locked else ":material/lock:",
    )  # fmt: skip
    # Under another key it is another one, and closed: for another grid, and once it is renamed.
    with st.popover(t("Rename"), key=f"grid_rename_{label}_{stand[1]}"):
        st.text_input(
            t("Name of the grid"), value=bench.sheet.state.marks[label].name,
            key=_name_key(stand, label), max_chars=LONGEST_NAME,
        )  # fmt: skip
        st.button(t("Rename"), key="grid_name", on_click=_rename, args=(stand, label))
