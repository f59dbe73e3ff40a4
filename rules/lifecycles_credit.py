"""The lifecycles of credit: cycle and proposal."""

from __future__ import annotations

from rules.moves import Lifecycle, Move, State, from_
from rules.permissions import Permission, Role

P, R = Permission, Role

CYCLE = Lifecycle(
    "cycle",
    "信用评价周期",
    {
        "computed": State("待复核", "事实和方案已冻结，结果已算出", "", "review"),
        "reviewed": State("待公布", "复核通过，等待公布", "", "review"),
        "published": State("已公布", "等级已告知并形成应用建议", "", "ok"),
        "superseded": State("已作废", "由新的测算取代", "", "na"),
    },
    {
        "review": Move("复核通过", from_("computed"), "reviewed", P.REVIEW_CYCLE),
        "publish": Move("公布等级", from_("reviewed"), "published", P.PUBLISH_CYCLE),
        "supersede": Move("作废测算", from_("computed", "reviewed"), "superseded", P.START_CYCLE),
    },
)

PROPOSAL = Lifecycle(
    "proposal",
    "信用应用建议",
    {
        "proposed": State("待决定", "由等级和方案得出，尚未采用", "", "review"),
        "adopted": State("已采用", "作为办理依据", "", "ok"),
        "refused": State("未采用", "说明理由后不采用", "", "na"),
    },
    {
        "adopt": Move("采用建议", from_("proposed"), "adopted", P.DECIDE_PROPOSAL),
        "refuse": Move("不采用建议", from_("proposed"), "refused", P.DECIDE_PROPOSAL),
    },
)
