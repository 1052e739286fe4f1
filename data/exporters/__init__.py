"""Data out: what a view holds as Excel, CSV, GeoJSON or GeoPackage, inside what a scope may see."""

from data.exporters.assessment import export_assessment
from data.exporters.tables import export_areas, export_buildings, export_incidents

__all__ = [
    "export_areas", "export_assessment", "export_buildings", "export_incidents",
]  # fmt: skip
