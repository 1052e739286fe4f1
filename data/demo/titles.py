"""Words of the made-up incidents: how often each sub-kind occurs, and what its title says."""

from typing import Final

SUBKINDS: Final[dict[str, dict[str, tuple[float, float]]]] = {
    "hazard": {
        "public_security": (56, 58), "fire_lane": (11, 3), "ebike_charging": (10, 3),
        "wiring": (6, 9), "gas": (3, 3), "falling_object": (4, 1), "structure": (2, 9),
        "manhole": (5, 2), "construction": (3, 12),
    },
    "dispute": {
        "leak": (24, 2), "noise": (18, 4), "property": (14, 1), "family": (16, 24),
        "labour": (8, 8), "land": (2, 42), "contract": (7, 6), "medical": (2, 2),
        "other_dispute": (9, 11),
    },
    "public_service": {
        "certificate": (15, 12), "insurance": (26, 30), "elderly": (15, 18), "allowance": (8, 13),
        "employment": (7, 5), "utilities": (14, 8), "policy": (9, 6), "errand": (6, 8),
    },
    "environment": {
        "rubbish": (30, 36), "street_trading": (20, 4), "illegal_building": (8, 14),
        "sewage": (12, 18), "dust": (12, 6), "road_damage": (11, 16), "street_lamp": (7, 6),
    },
    "opinion": {"suggestion": (40, 38), "complaint": (34, 30), "help": (26, 32)},
    "legal_service": {"consultation": (1, 1)},
    "emergency": {"fire": (45, 40), "flooding": (40, 15), "geological": (3, 40),
                  "public_health": (12, 5)},
    "other": {"": (1, 1)},
}  # fmt: skip
"""Relative frequency of the sub-kinds in towns and in villages."""

TITLES: Final[dict[str, tuple[str, ...]]] = {
    "fire_lane": ("{}消防通道被车辆占用", "{}楼道堆放杂物堵塞疏散通道", "{}消防车道停放私家车"),
    "ebike_charging": ("{}楼道内电动自行车充电", "{}飞线给电动车充电", "{}电动自行车推入电梯"),
    "wiring": ("{}私拉电线存在触电风险", "{}线路老化裸露", "{}院内乱接临时用电"),
    "gas": ("{}燃气软管老化", "{}居民反映闻到燃气味", "{}液化气罐与明火同室"),
    "falling_object": ("{}外墙瓷砖松动", "{}高处花盆未固定", "{}广告牌有坠落风险"),
    "structure": ("{}墙体开裂", "{}房屋屋面渗漏下沉", "{}土坯房墙体倾斜"),
    "manhole": ("{}井盖缺失", "{}井盖破损松动", "{}雨水篦子缺失"),
    "public_security": (
        "{}单元门禁损坏", "{}附近夜间照明不足", "{}车库有陌生人逗留", "{}反映电动车被盗",
        "{}出租房未登记", "{}监控探头损坏", "{}有人推销可疑保健品", "{}附近发现电信诈骗线索",
    ),
    "construction": ("{}装修破坏承重墙疑似", "{}施工围挡不规范", "{}自建房施工无防护"),
    "leak": ("{}楼上漏水引发邻里矛盾", "{}卫生间渗水纠纷", "{}外墙渗漏责任争议"),
    "noise": ("{}夜间噪音扰民纠纷", "{}广场舞音量引发争执", "{}饲养家禽犬只噪声纠纷"),
    "property": ("{}物业费收取纠纷", "{}停车位使用纠纷", "{}公共收益公示争议"),
    "family": ("{}赡养问题家庭纠纷", "{}夫妻矛盾调解", "{}财产分配家庭纠纷"),
    "labour": ("{}务工人员反映欠薪", "{}临工工资结算纠纷"),
    "land": ("{}宅基地边界纠纷", "{}承包地界争议", "{}占用通行便道纠纷"),
    "contract": ("{}租房押金纠纷", "{}装修合同纠纷", "{}预付卡退费纠纷"),
    "medical": ("{}就诊费用争议", "{}医疗服务纠纷"),
    "other_dispute": ("{}宠物伤人纠纷", "{}公共区域堆物纠纷", "{}邻里口角调解"),
    "certificate": ("{}居民代办居住证明", "{}代办老年优待证", "{}代办生存认证"),
    "insurance": ("{}协助缴纳城乡居民医保", "{}养老保险待遇认证", "{}社保卡补办咨询"),
    "elderly": ("{}高龄老人上门服务", "{}残疾人辅具申请", "{}居家养老服务申请"),
    "allowance": ("{}临时救助申请", "{}低保动态核查", "{}困难家庭慰问申请"),
    "employment": ("{}就业岗位推荐", "{}灵活就业登记", "{}技能培训报名"),
    "utilities": ("{}停水报修", "{}电表跳闸报修", "{}燃气压力不足报修", "{}下水道堵塞报修"),
    "policy": ("{}咨询医保报销政策", "{}咨询加装电梯政策", "{}咨询生育补贴政策"),
    "errand": ("{}帮助行动不便老人购药", "{}代取快递物资", "{}陪同老人就医"),
    "rubbish": ("{}生活垃圾堆放未清运", "{}建筑垃圾乱倒", "{}垃圾桶满溢"),
    "street_trading": ("{}占道摆摊", "{}店外经营占用人行道"),
    "illegal_building": ("{}疑似违章搭建", "{}楼顶搭建彩钢棚"),
    "sewage": ("{}污水外溢", "{}化粪池满溢", "{}沟渠黑臭"),
    "dust": ("{}施工扬尘", "{}夜间施工噪声", "{}餐饮油烟扰民"),
    "road_damage": ("{}路面破损", "{}人行道地砖松动", "{}村道塌边"),
    "street_lamp": ("{}路灯不亮", "{}路灯杆倾斜"),
    "suggestion": ("{}建议增设健身器材", "{}建议增加停车位", "{}建议增设充电桩", "{}建议加装座椅"),
    "complaint": ("{}反映公交班次少", "{}反映宠物粪便无人清理", "{}反映小区保洁不到位"),
    "help": ("{}居民求助联系家属", "{}求助协调邻里停车", "{}求助清理树枝"),
    "fire": ("{}厨房起火已扑救", "{}垃圾桶冒烟", "{}秸秆燃烧"),
    "flooding": ("{}强降雨积水", "{}地下车库进水"),
    "geological": ("{}后山小型滑坡", "{}边坡落石"),
    "public_health": ("{}发现疑似食品安全问题", "{}蚊虫孳生"),
    "checkup": ("{}企业法治体检",), "publicity": ("{}法治宣传活动", "{}普法讲座"),
    "consultation": ("{}居民法律咨询", "{}合同法律咨询"), "notarisation": ("{}公证事项办理",),
    "legal_aid": ("{}法律援助申请", "{}农民工法律援助"),
    "mediation": ("{}联合调解",), "early_warning": ("{}纠纷预警",),
    "": ("{}其他事项登记", "{}走访登记事项", "{}重点部位巡查记录"),
}  # fmt: skip
"""Titles of each sub-kind; the place goes into the braces."""
