"""Kinds of designated institution: 令2 第五条 and retail pharmacies. The kind decides which order governs."""

from rules.words import Labelled

MEDICAL = "medical"
PHARMACY = "pharmacy"


class InstitutionKind(Labelled):
    """Member value is stored; `label` is shown; `family` says which order of the NHSA applies."""

    GENERAL_HOSPITAL = "general_hospital", "综合医院"
    TCM_HOSPITAL = "tcm_hospital", "中医医院"
    INTEGRATED_HOSPITAL = "integrated_hospital", "中西医结合医院"
    ETHNIC_HOSPITAL = "ethnic_hospital", "民族医医院"
    SPECIALIZED_HOSPITAL = "specialized_hospital", "专科医院"
    REHABILITATION_HOSPITAL = "rehabilitation_hospital", "康复医院"
    DISEASE_CENTRE = "disease_centre", "专科疾病防治院（所、站）"
    MATERNAL_CHILD_HOSPITAL = "maternal_child_hospital", "妇幼保健院"
    COMMUNITY_CENTRE = "community_centre", "社区卫生服务中心（站）"
    CENTRAL_HEALTH_CENTRE = "central_health_centre", "中心卫生院"
    TOWNSHIP_CENTRE = "township_centre", "乡镇卫生院"
    STREET_HEALTH_CENTRE = "street_health_centre", "街道卫生院"
    OUTPATIENT_DEPARTMENT = "outpatient_department", "门诊部"
    CLINIC = "clinic", "诊所"
    TCM_CLINIC = "tcm_clinic", "中医诊所"
    HEALTH_STATION = "health_station", "卫生所（站）"
    VILLAGE_CLINIC = "village_clinic", "村卫生室（所）"
    EMERGENCY_CENTRE = "emergency_centre", "急救中心"
    HOSPICE = "hospice", "安宁疗护中心"
    DIALYSIS_CENTRE = "dialysis_centre", "血液透析中心"
    NURSING_HOME = "nursing_home", "护理院"
    CARE_HOME_CLINIC = "care_home_clinic", "养老机构内设医疗机构"
    MILITARY_HOSPITAL = "military_hospital", "军队医疗机构"
    INTERNET_HOSPITAL = "internet_hospital", "互联网医院"
    OTHER_MEDICAL = "other_medical", "其他医疗机构"
    RETAIL_PHARMACY = "retail_pharmacy", "零售药店"

    @property
    def family(self) -> str:
        return PHARMACY if self is InstitutionKind.RETAIL_PHARMACY else MEDICAL


_WORDS = {"hospital": MEDICAL, "clinic": MEDICAL, MEDICAL: MEDICAL, PHARMACY: PHARMACY}


def family_of(kind_word: str) -> str:
    """The family of a kind, of a family, or of the words hospital, clinic, pharmacy; else ValueError."""
    if kind_word in _WORDS:
        return _WORDS[kind_word]
    return InstitutionKind(kind_word).family
