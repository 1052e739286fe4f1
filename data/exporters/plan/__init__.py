"""Files of a boundary plan, made from its sheet."""

from data.exporters.plan.files import PlanForm, Wish, export_plan

__all__ = ["PlanForm", "Wish", "export_plan"]
