"""The chart of proposals: balance against border, coloured by households moved."""

from typing import Any, Final

from pages._text import Translate

CHOICE: Final = "choice"
HEIGHT: Final = 300
COLOURS: Final = ["#d99a00", "#2a9d8f", "#8a63d2"]
"""Few to many households moved; each stands out on white and on dark."""


def chart(t: Translate) -> dict[str, Any]:
    """Give the Vega-Lite chart; what no other proposal beats is larger and has a rim."""
    lasting = {"field": "kind", "type": "nominal", "title": None, "legend": None}
    names = [t("not beaten"), t("beaten")]
    return {
        "height": HEIGHT,
        "mark": {"type": "point", "filled": True, "strokeWidth": 1.5, "cursor": "pointer"},
        "params": [{"name": CHOICE, "select": {"type": "point", "fields": ["index"]}}],
        "encoding": {
            "x": {
                "field": "border", "type": "quantitative", "scale": {"zero": False},
                "title": t("Inner borders, km"),
            },
            "y": {
                "field": "balance", "type": "quantitative", "scale": {"zero": False},
                "title": t("Farthest off the mean, %"),
            },
            "color": {
                "field": "moved", "type": "quantitative", "title": t("Households moved"),
                "scale": {"range": COLOURS},
                "legend": {"orient": "top", "gradientLength": 160, "gradientThickness": 8},
            },
            "size": {
                "condition": {"test": "datum.chosen", "value": 320},
                **lasting, "scale": {"domain": names, "range": [110, 34]},
            },
            "shape": {**lasting, "scale": {"domain": names, "range": ["diamond", "circle"]}},
            "opacity": {**lasting, "scale": {"domain": names, "range": [1, 0.45]}},
            "stroke": {
                "condition": {"test": "datum.chosen", "value": "#c2362b"}, "value": "transparent",
            },
            "tooltip": [
                {"field": "band", "type": "nominal", "title": t("Grids within the band")},
                {"field": "balance", "type": "quantitative", "format": ".1f",
                 "title": t("Farthest off the mean, %")},
                {"field": "border", "type": "quantitative", "format": ".2f",
                 "title": t("Inner borders, km")},
                {"field": "moved", "type": "quantitative", "title": t("Households moved")},
                {"field": "kind", "type": "nominal", "title": t("Choice")},
            ],
        },
    }  # fmt: skip
