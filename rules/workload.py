"""The workload formula: one place, shown on screen in the same words."""

from rules.kinds import SEVERITY_WEIGHT, Severity


def weighted_effort(effort_minutes: int, severity: Severity) -> float:
    """Minutes an open incident weighs: standard effort times the factor of its severity.

    Domain reference, chapter 5 (1 / 1.2 / 1.5 / 2).
    """
    return effort_minutes * SEVERITY_WEIGHT[severity]
