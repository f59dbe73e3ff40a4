"""What the agency files with the administrative side of its level: 备案 and 报告 (令3 Art 8, 9, 46; 令2 Art 9, 10)."""

from __future__ import annotations

from rules.words import Labelled


class FilingKind(Labelled):
    """The four occasions on which the agency owes the bureau a filing or a report."""

    EVALUATION_RESULT = "evaluation_result", "评估结果备案"
    AGREEMENT = "agreement", "服务协议备案"
    SUSPENSION = "suspension", "中止协议报告"
    TERMINATION = "termination", "解除协议报告"
