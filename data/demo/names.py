"""Word lists of the made-up district: people, places, roads, estates. No real person is meant."""

from typing import Final

import numpy as np

_SURNAMES: Final = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏"
    "薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
)
_GIVEN_1: Final = "建国志文明德光永春秀玉桂晓海丽红俊成家世大天正思雨子佳长安学新仁义礼忠宏立启云"
_GIVEN_2: Final = (
    "华强军平林芳英兰珍敏静娟涛勇杰磊斌波鹏飞辉刚伟洪琴霞燕梅萍玲凤莲琼蓉才福贵全生兴涵"
)

ROAD_STEMS: Final = (  # noqa: SIM905 - reads better
    "龙汇 盐都 广华 釜溪 彩灯 燊海 恐龙 檀木 东兴 天池 同心 汇源 丹桂 燎原 大安 长安 新华 "
    "人民 建设 和平 光大 滨江 江姐 吉祥 望江 三台 久大 高峰 金桂 银杏 紫薇 翠竹 海棠 芙蓉 "
    "鸿鹤 东方 解放 红旗 友谊 前进 团结 幸福 朝阳 兴盛 凤鸣 松林 桃园 青杠 黄桷 白果 石桥 "
    "井口 天车 卤水 盐马 牌坊 文昌 学府 体育 科技 工农 永宁 太平 福寿 迎宾 旭日 东升 南苑 "
    "西苑 北斗 玉龙 双塘 马草 沙鱼 洞口 扇子 文峰 上田 凉高 茴新 永田 济公 远达"
).split()
ROAD_TAILS: Final = ("路", "街", "路", "巷", "大道", "横街", "支路")
ESTATE_STEMS: Final = (  # noqa: SIM905 - reads better
    "盐都 龙汇 釜溪 彩灯 燊海 恐龙 檀木 东兴 天池 同心 汇源 丹桂 锦绣 阳光 滨江 翠屏 金桂 银杏 "
    "紫薇 翠竹 海棠 芙蓉 鸿鹤 东方 碧水 嘉和 家和 康乐 怡心 温馨 世纪 时代 御景 华城 名都 书香 "
    "学府 明珠 中央 北城 南湖 凤鸣 松林 桃园 青青 春晓 秋实 丽景 蓝湾 天车 盐马 井盐 雅居 梧桐 "
    "水岸 云顶 观澜 尚品 清华 翰林 福星 吉祥 龙腾 鑫源 宏达 恒源 瑞景 汇锦 万福 泰和 永安"
).split()
ESTATE_TAILS: Final = (
    "花园", "小区", "苑", "佳园", "公寓", "家属院", "新村", "名居", "华府", "雅苑",
)  # fmt: skip
_PLACE_1: Final = (
    "石青黄白高双大新龙凤长三五金玉松柏桂竹桐杨柳水田井塘桥河溪沟坝湾坪岩山云天永太安和兴福"
)
_PLACE_2: Final = tuple("桥沟坝湾坪岩塘井坡冲嘴林寺庙房院店铺家溪垭坳堰口台堡岭田")
COURTYARDS: Final = (
    "院子", "大院", "老屋", "新房子", "湾头", "坡上", "沟边", "堰塘边", "瓦房", "田坝", "竹林湾",
    "石坝子", "柏树林", "黄桷树",
)  # fmt: skip
PUBLIC_BUILDINGS: Final = (
    "小学", "中学", "幼儿园", "社区卫生服务中心", "农贸市场", "社区服务中心", "体育馆", "文化站",
    "养老院", "商场",
)  # fmt: skip
DEDICATED: Final = ("学校", "医院", "市场")
PARKS: Final = ("公园", "广场", "街心花园", "游园", "绿地")


def people_names(rng: np.random.Generator, count: int) -> list[str]:
    """``count`` plausible names, made of a surname and one or two given characters."""
    family = rng.choice(list(_SURNAMES), count)
    first = rng.choice(list(_GIVEN_1), count)
    second = rng.choice(list(_GIVEN_2), count)
    short = rng.random(count) < 0.2
    return [
        f + (b if s else a + b) for f, a, b, s in zip(family, first, second, short, strict=True)
    ]


def _distinct(rng: np.random.Generator, pool: list[str], count: int, again: str) -> list[str]:
    order = [pool[i] for i in rng.permutation(len(pool))]
    rounds = -(-count // len(order))
    return [n if not i else f"{n}{again.format(i + 1)}" for i in range(rounds) for n in order][
        :count
    ]


def place_names(rng: np.random.Generator, count: int) -> list[str]:
    """``count`` different two- or three-character place stems, for made-up towns and villages."""
    pool = [a + b for a in _PLACE_1 for b in _PLACE_2]
    longer = [a + b + c for a in _PLACE_1[:24] for b in _PLACE_1[:20] for c in _PLACE_2[:8]]
    pool = list(dict.fromkeys(pool if count <= len(pool) else pool + longer))
    return _distinct(rng, pool, count, "{}")


def road_names(rng: np.random.Generator, count: int) -> list[str]:
    """``count`` different street names."""
    pool = [stem + tail for stem in ROAD_STEMS for tail in dict.fromkeys(ROAD_TAILS)]
    return _distinct(rng, pool, count, "{}段")


def estate_names(rng: np.random.Generator, count: int) -> list[str]:
    """``count`` different names of residential estates."""
    pool = [stem + tail for stem in ESTATE_STEMS for tail in ESTATE_TAILS]
    return _distinct(rng, pool, count, "{}期")


_TRADES: Final = (  # noqa: SIM905 - reads better
    "餐饮管理 灯会文化 旅游服务 酒店管理 盐业食品 文化传媒 建材商贸 物业服务 农业开发 机械加工 "
    "彩灯工艺 超市连锁 医药零售 教育咨询 建筑劳务 物流运输"
).split()


def company_names(rng: np.random.Generator, count: int) -> list[str]:
    """``count`` different company names that nobody can take for real: each begins with 示例."""
    marks = "甲乙丙丁戊己庚辛"
    pool = [f"示例{mark}{trade}有限公司" for mark in marks for trade in _TRADES]
    return [pool[i] for i in rng.permutation(len(pool))[:count]]
