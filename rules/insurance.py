"""险种: whose fund pays. A statement is of one kind."""

from rules.words import Labelled


class InsuranceKind(Labelled):
    EMPLOYEE = "employee", "职工基本医疗保险"
    RESIDENT = "resident", "城乡居民基本医疗保险"
