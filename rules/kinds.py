"""The catalogue of incident kinds, severities and sources with their defaults.

Kinds, deadlines and efforts follow the project's domain reference, chapter 3. They are common
practice, not a national rule, and no screen may present them as one.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Final


class Severity(IntEnum):
    """How grave an incident is; a larger number is graver. Screens show the word only."""

    MINOR = 1
    GENERAL = 2
    SERIOUS = 3
    URGENT = 4


@dataclass(frozen=True)
class Limit:
    """A time limit: minutes, counted on the clock or in working time."""

    minutes: int
    clock: bool


@dataclass(frozen=True)
class Special:
    """What one sub-kind decides differently; ``None`` leaves it to its kind."""

    severity: Severity | None = None
    respond: Limit | None = None
    resolve: Limit | None = None
    feedback: Limit | None = None
    effort_minutes: int | None = None
    body: str | None = None


@dataclass(frozen=True)
class Kind:
    """One kind of incident and what is decided for it.

    ``subkinds`` maps a stable key to its Chinese and English name, ``special`` to what it decides
    differently. ``effort_minutes`` is the standard handling effort of one incident, ``body`` the
    key of the body that answers for it (``rules.bodies``). The urgent limits hold for severity
    URGENT, whatever the sub-kind says.
    """

    key: str
    zh: str
    en: str
    severity: Severity
    respond: Limit
    resolve: Limit
    feedback: Limit
    effort_minutes: int
    subkinds: Mapping[str, tuple[str, str]]
    body: str = "community"
    special: Mapping[str, Special] = field(default_factory=dict)
    urgent_respond: Limit | None = None
    urgent_resolve: Limit | None = None

    @property
    def urgent_subkinds(self) -> frozenset[str]:
        """Sub-kinds that start at severity URGENT."""
        return frozenset(k for k, s in self.special.items() if s.severity == Severity.URGENT)


def _clock(hours: float) -> Limit:
    return Limit(round(hours * 60), clock=True)


def _work(hours: float) -> Limit:
    return Limit(round(hours * 60), clock=False)


def _answer(body: str, *subkinds: str) -> dict[str, Special]:
    return {subkind: Special(body=body) for subkind in subkinds}


_KINDS = (
    Kind(
        "hazard", "安全隐患", "Security and safety hazard", Severity.SERIOUS,
        _clock(1), _clock(24), _work(8), 60,
        {
            "fire_lane": ("消防通道堵塞", "Fire lane blocked"),
            "ebike_charging": ("电动自行车违规充电", "Unsafe e-bike charging"),
            "wiring": ("私拉电线", "Unauthorised wiring"),
            "gas": ("燃气隐患", "Gas hazard"),
            "falling_object": ("高空坠物", "Falling objects"),
            "structure": ("房屋结构", "Building structure"),
            "manhole": ("井盖缺损", "Manhole cover"),
            "public_security": ("治安隐患", "Public security hazard"),
            "construction": ("施工安全", "Construction safety"),
        },
        "emergency",
        {
            **_answer("fire", "fire_lane", "ebike_charging", "wiring"),
            **_answer("housing", "falling_object", "construction"),
            **_answer("urban", "manhole"),
            **_answer("police", "public_security"),
            "gas": Special(severity=Severity.URGENT, body="housing"),
            "structure": Special(severity=Severity.URGENT, body="housing"),
        },
        _clock(0.25), _clock(4),
    ),
    Kind(
        "dispute", "矛盾纠纷", "Dispute", Severity.GENERAL,
        _work(2), _work(56), _work(8), 180,
        {
            "leak": ("邻里漏水", "Leak between neighbours"),
            "noise": ("噪音", "Noise"),
            "property": ("物业", "Property management"),
            "family": ("婚姻家庭", "Family"),
            "labour": ("劳资", "Labour"),
            "land": ("土地宅基地", "Land and homestead"),
            "contract": ("合同", "Contract"),
            "medical": ("医疗", "Medical"),
            "other_dispute": ("其他纠纷", "Other dispute"),
        },
        special={
            **_answer("police", "noise"),
            **_answer("housing", "property"),
            **_answer("human_resources", "labour"),
            **_answer("resources", "land"),
            **_answer("justice", "contract"),
            **_answer("health", "medical"),
        },
    ),
    Kind(
        "public_service", "公共服务", "Public service", Severity.MINOR,
        _work(4), _work(24), _work(8), 30,
        {
            "certificate": ("证明代办", "Certificates"),
            "insurance": ("社保医保", "Social and medical insurance"),
            "elderly": ("养老助残", "Elderly and disabled care"),
            "allowance": ("低保救助", "Allowance and relief"),
            "employment": ("就业", "Employment"),
            "utilities": ("水电气报修", "Water, power and gas repair"),
            "policy": ("政策咨询", "Policy enquiry"),
            "errand": ("代办代跑", "Errands"),
        },
        special={
            **_answer("human_resources", "insurance", "employment"),
            **_answer("civil", "elderly", "allowance"),
            **_answer("utilities", "utilities"),
        },
    ),
    Kind(
        "environment", "环境秩序", "Environment and order", Severity.GENERAL,
        _work(4), _work(40), _work(8), 45,
        {
            "rubbish": ("垃圾堆放", "Dumped rubbish"),
            "street_trading": ("占道经营", "Street trading"),
            "illegal_building": ("违建", "Illegal building"),
            "sewage": ("污水", "Sewage"),
            "dust": ("噪声扬尘", "Noise and dust"),
            "road_damage": ("道路破损", "Road damage"),
            "street_lamp": ("路灯", "Street lamp"),
        },
        "urban", _answer("ecology", "sewage", "dust"),
    ),
    Kind(
        "opinion", "社情民意", "Residents' opinions", Severity.MINOR,
        _work(8), _work(56), _work(8), 30,
        {
            "suggestion": ("建议", "Suggestion"),
            "complaint": ("投诉", "Complaint"),
            "help": ("求助", "Request for help"),
        },
    ),
    Kind(
        "legal_service", "法律服务", "Legal service", Severity.GENERAL,
        _work(8), _work(56), _work(16), 120,
        {
            "checkup": ("法治体检", "Legal check-up"),
            "publicity": ("法治宣传", "Legal publicity"),
            "consultation": ("法律咨询", "Legal consultation"),
            "notarisation": ("公证", "Notarisation"),
            "legal_aid": ("法律援助", "Legal aid"),
            "mediation": ("调解", "Mediation"),
            "early_warning": ("纠纷预警", "Dispute early warning"),
        },
        "legal_centre", {"legal_aid": Special(resolve=_work(240))},
    ),
    Kind(
        "emergency", "突发事件", "Emergency", Severity.URGENT,
        _clock(0.25), _clock(4), _work(4), 240,
        {
            "fire": ("火情", "Fire"),
            "flooding": ("内涝", "Flooding"),
            "geological": ("地质灾害", "Geological disaster"),
            "public_health": ("公共卫生", "Public health"),
        },
        "emergency",
        {
            **_answer("fire", "fire"),
            **_answer("resources", "geological"),
            **_answer("health", "public_health"),
        },
    ),
    Kind("other", "其他", "Other", Severity.MINOR, _work(8), _work(56), _work(8), 30, {}),
)  # fmt: skip

KINDS: Final[dict[str, Kind]] = {kind.key: kind for kind in _KINDS}

SEVERITIES: Final[dict[Severity, tuple[str, str]]] = {
    Severity.URGENT: ("紧急", "Urgent"),
    Severity.SERIOUS: ("较大", "Serious"),
    Severity.GENERAL: ("一般", "General"),
    Severity.MINOR: ("轻微", "Minor"),
}

SEVERITY_WEIGHT: Final[dict[Severity, float]] = {
    Severity.MINOR: 1.0,
    Severity.GENERAL: 1.2,
    Severity.SERIOUS: 1.5,
    Severity.URGENT: 2.0,
}
"""Factor on the standard effort in the workload formula (domain reference, chapter 5)."""

SOURCES: Final[dict[str, tuple[str, str]]] = {
    "patrol": ("巡查", "Patrol"),
    "resident": ("居民上报", "Resident"),
    "building_chief": ("栋长", "Building chief"),
    "hotline": ("热线12345", "Hotline 12345"),
    "higher_level": ("上级交办", "Higher level"),
    "legal_centre": ("法务中心", "Legal centre"),
    "import": ("导入", "Import"),
}

SERVICES: Final[dict[str, tuple[str, str]]] = {
    "grid": ("网格服务", "Grid service"),
    "chief": ("栋长服务", "Building chiefs"),
    "legal": ("法律服务", "Legal affairs"),
}
"""The three services that incidents belong to."""


def default_severity(kind: str, subkind: str | None) -> Severity:
    """Severity a new incident starts with."""
    entry = KINDS[kind]
    return entry.special.get(subkind or "", Special()).severity or entry.severity
