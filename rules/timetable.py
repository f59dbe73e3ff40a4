"""The clockwork's timetable: what runs, when, and what for. Times are Shanghai wall clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class Outcome:
    """What the clockwork did to one case; `waiting` says why a person has to decide instead."""

    done: bool = False
    waiting: str = ""


@dataclass(frozen=True)
class Job:
    """Daily at hour:minute, or every `every` minutes. `daily` jobs are made up for days on which nothing ran."""

    name: str
    label: str
    hour: int = 0
    minute: int = 0
    every: int = 0

    @property
    def cron(self) -> str:
        return f"*/{self.every} * * * *" if self.every else f"{self.minute} {self.hour} * * *"

    @property
    def daily(self) -> bool:
        return self.every == 0

    def next(self, now: datetime) -> datetime:
        """The next start after `now` (in the zone of `now`)."""
        if self.every:
            base = now.replace(second=0, microsecond=0)
            return base + timedelta(minutes=self.every - base.minute % self.every)
        start = now.replace(hour=self.hour, minute=self.minute, second=0, microsecond=0)
        return start if start > now else start + timedelta(days=1)


JOBS = (
    Job("recompute-provisional-clocks", "补算待定的到期日", 0, 30),
    Job("end-due-suspensions", "中止期满：恢复或者终止协议", 1, 5),
    Job("end-overdue-suspensions", "中止超过最长时间：终止协议", 1, 10),
    Job("expire-agreements", "协议到期终止", 1, 15),
    Job("end-renewals", "协议结束：了结续签事项", 1, 17),
    Job("remind-renewals", "续签提醒", 1, 18),
    Job("remind-supplements", "补正逾期：提醒机构", 1, 19),
    Job("carry-out-withdrawals", "主动退出到期执行", 1, 17),
    Job("find-grounds", "比对疑似解除情形", 1, 19),
    Job("end-notices", "公示期满处理", 1, 20),
    Job("open-retries", "评估不合格整改期满：可以申请再次评估", 1, 22),
    Job("end-bans", "不予受理的限制期结束：登记", 1, 23),
    Job("end-blacklistings", "严重失信名单期满移出", 1, 24),
    Job("end-public-service", "公告送达期满：视为送达", 1, 21),
    Job("call-talks", "记分达到约谈分值：通知所在机构约谈", 1, 27),
    Job("end-qualification-suspensions", "暂停支付资格期满恢复", 1, 25),
    Job("propose-unfiled-changes", "变更逾期未申请：提示解除情形", 1, 35),
    Job("call-overdue-rectifications", "整改逾期：督促", 1, 37),
    Job("run-batches", "办理批次", every=1),
    Job("end-denial-appeals", "拒付申诉期满：转入结算", 1, 36),
    Job("release-held-costs", "停止支付结束：暂缓费用转应付", 1, 38),
    Job("warn-licences", "证照即将到期提醒", 1, 40),
    Job("warn-personal-licences", "执业证书即将到期提醒", 1, 42),
    Job("render-letters", "生成待印制的文书", every=1),
)


def job(name: str) -> Job:
    """KeyError for a name that is not in the timetable."""
    return {job.name: job for job in JOBS}[name]
