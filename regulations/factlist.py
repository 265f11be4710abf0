"""Facts that the profiles may read and that no form field gives; the rooms above register their providers.

Declared here, on the profiles' own floor, so that a profile can be checked without the rooms that provide its
facts. `profiles/README-facts.md` says what each of them means exactly.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from regulations.facts import declare

LEVEL = {"school": _("校级"), "provincial": _("省级"), "national": _("国家级")}
ASSIGNED = ("application", "assignment")

declare("application.submitted_on", "date", _("提交日期"), ASSIGNED)
declare("application.level", "code", _("申报级别"), "application", options=LEVEL)
declare("application.track", "code", _("申报途径"), "application")
declare("application.partner_count", "integer", _("合作单位数"), "application", "item")
declare("application.open_objections", "codes", _("未办结异议"), "application")
declare("application.agreement_signed_on", "date", _("联合培养协议签订日期"), "application")
declare("application.trained_of_category", "integer", _("已完成联合培养的本类别研究生"), "application", "person")
declare("application.has_draft_agreement", "boolean", _("已草拟合作协议"), ASSIGNED)
declare("application.agreement_checked", "boolean", _("协议已经审核"), "application")
declare("application.notice_ends", "date", _("认定结果公示截止日"), "application")
declare("application.school_recognition_active", "boolean", _("已是校级基地"), "application")
declare("applicant.in_region", "boolean", _("申请单位在本区域内"), "application")
declare("applicant.has_professional_degree", "boolean", _("开展专业学位研究生教育"), "application")
declare("partner.kind", "code", _("合作单位性质"), "application")
declare("partner.legal_person", "boolean", _("合作单位具有独立法人资格"), "application")
declare("call.count_in_year", "integer", _("本年度申报批次数"), "call", "time")
declare("call.opens_at", "moment", _("报送开始时间"), "list")
declare("call.closes_at", "moment", _("报送截止时间"), "list")
declare("call.quota", "integer", _("名额"), ("application", "list"), "item")
declare("call.recommended", "integer", _("推荐数"), ("application", "list"), "item")
declare("list.open_objections", "codes", _("未办结异议"), "list")
declare("list.notice_ends", "date", _("名单公示截止日"), "list")
declare("list.sending_at", "moment", _("报送时间"), "list")
declare("agreement.missing_clauses", "codes", _("缺少的必备条款"), "agreement")
declare("agreement.starts_on", "date", _("协议起始日期"), "agreement")
declare("agreement.ends_on", "date", _("协议终止日期"), "agreement")
declare("agreement.differs_from_template", "boolean", _("协议内容与模板不一致"), "agreement")
declare("agreement.application_approved", "boolean", _("申报已经批准"), "agreement")
declare("agreement.approved_on", "date", _("审定批准日期"), "agreement")
declare("agreement.signing_on", "date", _("登记的签订日期"), "agreement")
declare("agreement.partner_confirmed", "boolean", _("合作单位已确认协议内容"), "agreement")
declare("recognition.owner_college", "organisation", _("基地所属学院"), "recognition")
declare("recognition.agreement_signed_on", "date", _("协议签订日期"), "recognition")
declare("recognition.plaque_issued_on", "date", _("授牌日期"), "recognition")
