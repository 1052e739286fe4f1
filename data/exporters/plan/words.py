"""The words of the review report, Chinese and English, by key."""

from collections.abc import Mapping
from typing import Any, Final

Pair = tuple[str, str]

WORDS: Final[dict[str, Pair]] = {
    "title": ("网格划分方案会审报告", "Review report of a boundary plan"),
    "list_sep": ("、", ", "),
    "none": ("无", "none"),
    # what it is about
    "item": ("项目", "Item"),
    "content": ("内容", "Content"),
    "plan": ("方案名称", "Plan"),
    "community": ("所属社区", "Community"),
    "state": ("当前状态", "State"),
    "in_force": ("已生效", "In force"),
    "drawn_by": ("编制人", "Drawn by"),
    "reviewed_by": ("会审人", "Reviewed by"),
    "effective": ("生效时间", "Effective from"),
    "made_at": ("报告生成时间", "Report made at"),
    "version": ("方案版本", "Version of the plan"),
    "version_text": ("第 {version} 版，校验码 {digest}", "version {version}, digest {digest}"),
    "band": ("网格户数区间", "Band of households"),
    "band_text": ("{low}–{high} 户", "{low}–{high} households"),
    # principles
    "principles": ("一、三项原则对照", "1. The three principles in numbers"),
    "principle": ("原则", "Principle"),
    "measure": ("指标", "Measure"),
    "before": ("现状", "Before"),
    "after": ("方案", "Plan"),
    "convenient": ("方便群众", "Convenient for residents"),
    "manageable": ("易于管理", "Easy to manage"),
    "stable": ("相对稳定", "Stable"),
    "walk_mean": ("到网格中心平均步行距离（米）", "Mean walk to the grid's centre (m)"),
    "walk_max": ("最远步行距离（米）", "Longest walk (m)"),
    "estates_split": ("被分割的小区（个）", "Estates divided"),
    "barriers": ("穿过网格的主干道、河流（米）", "Main roads and rivers inside grids (m)"),
    "grids_count": ("网格数（个）", "Grids"),
    "in_band": ("户数在区间内的网格", "Grids within the band"),
    "worst": ("最大偏离区间", "Largest deviation from the band"),
    "compact": ("平均紧凑度（Polsby–Popper）", "Mean compactness (Polsby–Popper)"),
    "border": ("网格间边界总长（公里）", "Border between grids (km)"),
    "moved_households": ("改变网格的户数", "Households that change grid"),
    "moved_text": ("{n} 户（{share}）", "{n} ({share})"),
    "bound": ("满足区间至少需调整的户数", "Households that must change at least"),
    "touched": ("涉及网格（个）", "Grids touched"),
    "chiefs": ("服务范围变化的栋长（人）", "Building chiefs whose charge changes"),
    # maps
    "maps": ("二、划分图", "2. Maps"),
    "before_map": (
        "图1 现状网格。数字为网格序号，名称见下表；圆点为楼栋，粗灰线为主干道、河流。",
        "Map 1: grids today. Numbers are those of the table below; spots are buildings, wide grey"
        " lines main roads and rivers.",
    ),
    "after_map": (
        "图2 方案网格。序号与图1一致。",
        "Map 2: grids of the plan, numbered as in map 1.",
    ),
    "difference_map": (
        "图3 调整范围。橙色为改变网格的地块，“2>1”表示由2号网格划入1号网格；"
        "虚线为取消的边界，实线为方案边界。",
        "Map 3: what changes. Orange land changes its grid, “2>1” goes from grid 2 to grid 1;"
        " dashed borders are given up, solid ones are those of the plan.",
    ),
    # tables
    "grids": ("三、网格对照表", "3. Grids before and after"),
    "number": ("序号", "No."),
    "code": ("编码", "Code"),
    "name": ("网格", "Grid"),
    "households_before": ("现户数", "Households before"),
    "households_after": ("方案户数", "Households planned"),
    "verdict": ("户数评判", "Band"),
    "area": ("面积（公顷）", "Area (ha)"),
    "compact_short": ("紧凑度", "Compactness"),
    "moved_in": ("划入", "In"),
    "moved_out": ("划出", "Out"),
    "new": ("（新设）", " (new)"),
    "gone": ("（撤销）", " (dissolved)"),
    "groups": ("四、调整户群明细", "4. Every group of households that moves"),
    "from": ("原网格", "From"),
    "to": ("新网格", "To"),
    "estate": ("小区", "Estate"),
    "buildings": ("楼栋", "Buildings"),
    "households": ("户数", "Households"),
    "chiefs_now": ("现栋长", "Chiefs now"),
    "no_groups": ("没有住户改变网格。", "No household changes its grid."),
    "total": ("合计", "Total"),
    # checks
    "checks": ("五、规则检查", "5. Checks"),
    "check": ("检查项", "Check"),
    "weight": ("性质", "Kind"),
    "hard": ("必须整改", "Must be mended"),
    "soft": ("提请注意", "To look at"),
    "concerned": ("涉及网格", "Grids"),
    "value": ("数值", "Value"),
    "note": ("说明", "Note"),
    "no_findings": ("全部检查通过。", "All checks passed."),
    # history
    "history": ("六、会审记录", "6. Course of the review"),
    "time": ("时间", "Time"),
    "who": ("人员", "Who"),
    "step": ("环节", "Step"),
    "words": ("意见", "Words"),
    "comments": ("意见与批注", "Comments"),
    "about": ("对象", "On"),
    "settled": ("处理", "Settled"),
    "settled_by": ("已处理：{name}", "settled by {name}"),
    "open": ("待处理", "open"),
    "whole_plan": ("整个方案", "whole plan"),
    "place": ("图上位置 {lon:.5f}, {lat:.5f}", "place {lon:.5f}, {lat:.5f}"),
    "no_comments": ("没有批注。", "No comments."),
    "made": ("新建方案", "Plan made"),
    "comment": ("批注", "Comment"),
    "resolve_comment": ("批注已处理", "Comment settled"),
    "enact": ("生效", "Came into force"),
    "supersede": ("被新方案取代", "Superseded"),
    # effect
    "effect": ("七、发布后的影响", "7. What publishing does"),
    "what": ("事项", "What"),
    "count": ("数量", "Count"),
    "grids_kept": ("保持不变的网格", "Grids left as they are"),
    "grids_closed": (
        "换发的现有网格（保留历史）",
        "Grids of today that are replaced (history is kept)",
    ),
    "grids_made": ("启用的新网格记录", "Grids that take effect"),
    "buildings_moved": ("改变网格的楼栋", "Buildings that change grid"),
    "items_moved": ("随楼栋、位置转移的未办结事项", "Open items that go along"),
    "people": ("调整归属的网格人员", "People who get another grid"),
    "accounts": ("调整范围的账号", "Accounts whose area changes"),
    "chiefs_lost": ("更换栋长的楼栋", "Buildings that get another chief"),
    "torn": (
        "因栋长与楼栋分属不同网格而暂缺栋长的楼栋",
        "Buildings left without a chief, who comes to belong to another grid",
    ),
    "effect_over": (
        "方案已生效或现有网格已被其他方案取代，不再预估影响。",
        "The plan is in force, or other grids took the place of those it starts from:"
        " nothing is foreseen.",
    ),
}  # fmt: skip

UNITS: Final[dict[str, Pair]] = {
    "": ("", ""), "households": ("户", " households"), "metres": ("米", " m"),
    "percent": ("%", " %"), "square metres": ("平方米", " m²"), "buildings": ("栋", " buildings"),
}  # fmt: skip


class Teller:
    """Says things in one language."""

    def __init__(self, *, chinese: bool) -> None:
        self._at = 0 if chinese else 1

    def __call__(self, key: str, **values: Any) -> str:
        """Give the text of a key, filled in."""
        text = WORDS[key][self._at]
        return text.format(**values) if values else text

    def pick(self, pair: Pair) -> str:
        """Give the text of a pair."""
        return pair[self._at]

    def of(self, pairs: Mapping[Any, Pair], key: Any) -> str:
        """Give the text of a key of some table, the key itself where it has none."""
        return pairs[key][self._at] if key in pairs else str(key)

    def listed(self, texts: Any) -> str:
        """Give some texts as one, a dash where there is none."""
        return WORDS["list_sep"][self._at].join(texts) or "—"
