"""Weighed evidence on one place."""


class Tally:
    """Shares of what an address says, by weight, with the reasons in words."""

    def __init__(self) -> None:
        self._weight = 0.0
        self._gained = 0.0
        self.contradicted = False
        self.reasons: list[str] = []

    def add(self, weight: float, share: float, reason: str = "") -> None:
        """Count what is said with the share of it that fits; none at all contradicts."""
        self._weight += weight
        self._gained += weight * share
        if weight and reason:
            self.reasons.append(reason)
            self.contradicted |= share == 0

    def compare(self, weight: float, reason: str, *, same: bool) -> None:
        """Count a number that fits or differs."""
        self.add(weight, float(same), reason if same else f"{reason}_differs")

    @property
    def score(self) -> float:
        """Mean share, 0 to 1."""
        return self._gained / self._weight
