"""Files of a plan: its grids, its assignment, its report; and a table taken into a draft."""

from typing import Final

import streamlit as st
from markupsafe import Markup

from pages._html import join
from pages._plan_assign import draw_assign
from pages._plan_desk import Bench
from pages._text import Translate, later

GRIDS: Final = {"gpkg": "GeoPackage", "geojson": "GeoJSON", "shp": "Shapefile"}
TABLES: Final = {"csv": "CSV", "xlsx": "Excel"}
PAPER: Final = {"docx": "Word"}
FILES: Final = (
    (later("Grids"), GRIDS),
    (later("Buildings with their grids"), TABLES),
    (later("Review report"), PAPER),
)


def links(plan_id: int, t: Translate) -> Markup:
    """Give links to the files of a plan, in each form."""
    link = Markup('<a href="/plan/{}/file/{}" download>{}</a>')
    return Markup('<nav class="gm-links">{}</nav>').format(
        join(
            Markup("<div><b>{}</b>{}</div>").format(
                t(what), join(link.format(plan_id, end, form) for end, form in forms.items())
            )
            for what, forms in FILES
        )
    )


def draw_files(bench: Bench) -> None:
    """Draw the button that shows them."""
    with st.popover(bench.t("Files"), key="plan_files", icon=":material/download:"):
        st.html(links(bench.plan.id, bench.t))
        if bench.drawable:
            draw_assign(bench)
