"""Facts that the profiles may read and that no form field gives; the rooms above register their providers.

Declared here, on the profiles' own floor, so that a profile can be checked without the rooms that provide its
facts. `profiles/README-facts.md` says what each of them means exactly.
"""

from __future__ import annotations

from regulations.facts import declare

LEVEL = {"school": "校级", "provincial": "省级", "national": "国家级"}
APPLICANT = {"university": "高等学校", "research_institute": "科研院所"}
ASSIGNED = ("application", "assignment")

declare("application.submitted_on", "date", "提交日期", ASSIGNED)
declare("application.level", "code", "申报级别", "application", options=LEVEL)
declare("application.track", "code", "申报途径", "application")
declare("application.owner_college", "organisation", "申报学院", "application")
declare("application.partner_count", "integer", "合作单位数", "application", "item")
declare("application.open_objections", "integer", "未办结异议", "application", "item")
declare("application.agreement_signed_on", "date", "联合培养协议签订日期", "application")
declare("application.trained_of_category", "integer", "已完成联合培养的本类别研究生", "application", "person")
declare("application.has_draft_agreement", "boolean", "已草拟合作协议", ASSIGNED)
declare("application.agreement_checked", "boolean", "协议已经审核", "application")
declare("application.meeting_approved", "boolean", "会议审议通过", "application")
declare("application.recognition_notice_closed", "boolean", "认定结果公示期满", "application")
declare("application.school_recognition_active", "boolean", "已是校级基地", "application")
declare("applicant.kind", "code", "申请单位类型", "application", options=APPLICANT)
declare("applicant.in_region", "boolean", "申请单位在本区域内", "application")
declare("applicant.has_professional_degree", "boolean", "开展专业学位研究生教育", "application")
declare("partner.kind", "code", "合作单位性质", "application")
declare("partner.legal_person", "boolean", "合作单位具有独立法人资格", "application")
declare("call.count_in_year", "integer", "本年度申报批次数", "call", "time")
declare("call.is_open", "boolean", "在申报期限内", ("list", "application"))
declare("call.quota_left", "integer", "剩余名额", ("application", "list"), "item")
declare("list.open_objections", "integer", "未办结异议", "list", "item")
declare("list.notice_closed", "boolean", "名单公示期满", "list")
declare("assignment.same_university", "boolean", "专家与申报学校有隶属关系", "assignment")
declare("assignment.same_partner", "boolean", "专家与合作单位有隶属关系", "assignment")
declare("assignment.declared_conflict", "boolean", "专家声明应当回避", "assignment")
declare("agreement.missing_clauses", "codes", "缺少的必备条款", "agreement")
declare("agreement.starts_on", "date", "协议起始日期", "agreement")
declare("agreement.ends_on", "date", "协议终止日期", "agreement")
declare("agreement.differs_from_template", "boolean", "协议内容与模板不一致", "agreement")
declare("agreement.application_approved", "boolean", "申报已经批准", "agreement")
declare("agreement.approved_on", "date", "审定批准日期", "agreement")
declare("agreement.signing_on", "date", "登记的签订日期", "agreement")
declare("agreement.partner_confirmed", "boolean", "合作单位已确认协议内容", "agreement")
declare("recognition.owner_college", "organisation", "基地所属学院", "recognition")
declare("recognition.agreement_signed_on", "date", "协议签订日期", "recognition")
declare("recognition.plaque_issued_on", "date", "授牌日期", "recognition")
