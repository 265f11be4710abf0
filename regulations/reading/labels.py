"""Chinese labels of the codes that profiles use, for the reading pages."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from regulations import catalogues, vocabulary

APPLICANTS = {
    "college": _("学院"),
    "programme": _("学位授权点"),
    "graduate_office": _("研究生处"),
    "university": _("学校（研究生培养单位）"),
    "partner": _("合作单位"),
    "research_institute": _("科研院所"),
}
ANCHORS = {
    "degree_category": _("专业学位类别"),
    "discipline": _("一级学科"),
    "programme": _("学位授权点"),
    "specialty": _("专业"),
}
PREDICATE_FREE = {True: _("是"), False: _("否")}
FIELD_TYPES = {
    "text": _("文字"),
    "longtext": _("长文字"),
    "integer": _("整数"),
    "decimal": _("数字"),
    "money": _("金额"),
    "date": _("日期"),
    "month": _("年月"),
    "period": _("起止日期"),
    "choice": _("单选"),
    "multichoice": _("多选"),
    "boolean": _("是否"),
    "catalogue": _("目录代码"),
    "organisation": _("单位"),
    "person": _("姓名"),
    "phone": _("电话"),
    "email": _("电子邮箱"),
    "file": _("附件"),
    "table": _("表格"),
    "checklist": _("逐项核对"),
    "signature": _("签章"),
    "uscc": _("统一社会信用代码"),
    "note": _("说明"),
}
SCANS = {"none": _("不需要"), "scan": _("上传盖章扫描件"), "original": _("交存原件并上传扫描件")}
NEGATIVE = {"reject": _("不通过即终止"), "return": _("退回修改"), "continue": _("记录后继续")}
ROLES = {
    "admin": _("管理员"),
    "officer": _("经办人"),
    "leader": _("处室负责人"),
    "graduate_office": _("研究生处"),
    "vice_president": _("分管校领导"),
    "meeting_recorder": _("会议秘书"),
    "legal": _("法务"),
    "finance": _("财务"),
    "secretary": _("研究生秘书"),
    "dean": _("院长"),
    "applicant": _("申报人"),
    "contact": _("联系人"),
    "partner_leader": _("负责人"),
    "expert": _("评审专家"),
}

# Where a code list has labels, by the path of the leaf.
BY_PATH = {
    "head.level": vocabulary.LEVELS,
    "head.effective": vocabulary.EFFECTIVE_ON,
    "apply.actor": APPLICANTS,
    "apply.applicant.kinds": APPLICANTS,
    "apply.partner.kinds": vocabulary.PARTNER_KINDS,
    "apply.anchor.kinds": ANCHORS,
    "apply.anchor.catalogue": catalogues.TITLES,
    "apply.cond.input_sides": APPLICANTS,
    "agreement.order": vocabulary.AGREEMENT_ORDERS,
    "recognition.level": vocabulary.LEVELS,
    "recognition.active_when": vocabulary.ACTIVE_WHEN,
    "recognition.construction.start": vocabulary.PERIOD_FROM,
    "recognition.plaque.when": vocabulary.PLAQUE_WHEN,
    "recognition.source_recognition": vocabulary.LEVELS,
}

# Leaves that the reading page shows, in order, with what people call them. A silent one is shown as silent.
HEAD = [
    ("number", _("文号")),
    ("annex_no", _("附件序号")),
    ("trial", _("试行")),
    ("level", _("层级")),
    ("issuer", _("制定单位")),
    ("signatory", _("落款")),
    ("addressees", _("发送对象")),
    ("issued_on", _("印发日期")),
    ("interpreter", _("负责解释")),
    ("scope", _("适用范围")),
    ("definition", _("基地定义")),
    ("purpose", _("目的")),
    ("principles", _("原则")),
]
APPLY = [
    ("actor", _("由谁申报")),
    ("applicant.kinds", _("申报单位类型")),
    ("applicant.region", _("申报单位所在地区")),
    ("applicant.professional_degree", _("开展专业学位研究生教育")),
    ("call.per_year", _("申报次数")),
    ("call.window", _("限定申报时间")),
    ("form", _("申报表")),
    ("partner.kinds", _("合作单位性质")),
    ("partner.legal_person", _("合作单位须为独立法人")),
    ("partner.max", _("每个基地的合作单位数")),
    ("anchor.kinds", _("基地依托")),
    ("anchor.count", _("依托个数")),
    ("anchor.catalogue", _("目录")),
    ("cond.coop_years", _("前期合作年限（满）")),
    ("cond.students", _("前期培养研究生数（不少于）")),
    ("cond.input_sides", _("前期投入方")),
    ("cond.agreement_first", _("申报前须已签协议")),
    ("cond.clinical", _("临床医学")),
    ("cond.facilities", _("设施条件")),
    ("cond.rules", _("管理制度")),
    ("cond.funds", _("经费")),
]
AGREEMENT = [
    ("order", _("签订时间")),
    ("revise_after_recognition", _("认定后须修订完善")),
    ("term.years", _("协议年限")),
    ("term.min_years", _("协议年限（最短）")),
    ("term.max_years", _("协议年限（最长）")),
    ("form", _("协议表单")),
    ("renew", _("到期可续签")),
    ("expire", _("到期未续签")),
]
RECOGNITION = [
    ("level", _("级别")),
    ("name", _("基地名称")),
    ("active_when", _("何时生效")),
    ("document", _("须有认定文件")),
    ("construction.years", _("建设期")),
    ("construction.start", _("建设期起算")),
    ("plaque.when", _("授牌")),
    ("plaque.wording", _("牌匾文字")),
    ("plaque.certificate", _("基地证书")),
    ("responsible_college", _("多个学院共用时的责任学院数")),
    ("source_recognition", _("须先是")),
]
