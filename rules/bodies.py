"""The bodies that answer for incidents: departments and centres that cases are handed to.

Which body answers for which kind is common practice, not a national rule [practice]; a district
sets its own in the rules file.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Body:
    """A body: its stable key and its names."""

    key: str
    zh: str
    en: str


_BODIES = (
    Body("community", "社区/村", "Community or village"),
    Body("street", "街道/镇", "Street or town office"),
    Body("police", "公安", "Police"),
    Body("fire", "消防救援", "Fire and rescue"),
    Body("emergency", "应急管理", "Emergency management"),
    Body("housing", "住房和城乡建设", "Housing and construction"),
    Body("market", "市场监管", "Market supervision"),
    Body("urban", "城市管理", "Urban management"),
    Body("justice", "司法行政", "Justice"),
    Body("civil", "民政", "Civil affairs"),
    Body("human_resources", "人力资源和社会保障", "Human resources and social security"),
    Body("health", "卫生健康", "Health"),
    Body("resources", "自然资源", "Natural resources"),
    Body("ecology", "生态环境", "Ecology and environment"),
    Body("utilities", "水电气公司", "Water, power and gas"),
    Body("legal_centre", "文旅法务中心", "Cultural-tourism legal affairs centre"),
)

BODIES: Final[dict[str, Body]] = {body.key: body for body in _BODIES}
