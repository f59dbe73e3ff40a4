from __future__ import annotations

from forms.base import DayField, Form


class RunForm(Form):
    day = DayField("哪一天")
