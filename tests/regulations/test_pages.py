"""The reading pages over HTTP: what ordinary people see, and the two acts of administrators."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import pytest
from django.urls import reverse
from django.utils import translation

from core import clock
from regulations import services, settings
from regulations.models import LocalSetting, RegulationVersion
from tests.regulations.pages import read
from tests.tenants import factories

pytestmark = pytest.mark.django_db
SILENT = "文中未载明"


def url(version: RegulationVersion, name: str = "version", **more) -> str:
    return reverse(f"regulations:{name}", args=[version.regulation.code, version.number, *more.values()])


@pytest.fixture
def page(house, sign_in):
    """Opens the page of a regulation as the administrator whom it governs."""

    def opened(code: str):
        return read(sign_in(house.admins[code]).get(url(house.versions[code])))

    return opened


def basis(rows) -> list[str]:
    """Numbers of the basis instruments on the page: labels that carry a bracketed year."""
    return list(dict.fromkeys(label for label, _value in rows.sections["part-head"] if "〔" in label))


# --- The rows of the matrix that are read on the page ------------------------------------------------------------


@pytest.mark.clause("JLU-0")
def test_jlu_head(page):
    rows = page("JLU")
    assert rows.rows["文号"][0] == "校研院字〔2022〕97号"
    assert basis(rows) == ["教研厅函〔2021〕4号", "教研〔2021〕5号"]
    assert rows.rows["印发日期"][0] == SILENT


@pytest.mark.clause("JLU-S")
def test_jlu_signatory(page):
    assert page("JLU").rows["落款"][0] == "研究生院"


@pytest.mark.clause("CZMC-0")
def test_czmc_head(page):
    rows = page("CZMC")
    assert rows.rows["附件序号"][0] == "附件8"
    assert rows.rows["印发日期"][0] == SILENT
    assert rows.rows["文号"][0] == SILENT
    assert "硕士专业学位研究生" in rows.rows["适用范围"][0]
    assert rows.rows["目的"][0] != SILENT


@pytest.mark.clause("CZMC-1.2")
def test_czmc_principles(page, house):
    assert page("CZMC").rows["原则"][0] == "按需设立 分级管理 合作共赢 讲求实效"
    assert len(house.versions["CZMC"].profile.head.principles.value) == 4


@pytest.mark.clause("NM-0")
def test_nm_head(page):
    rows = page("NM")
    assert rows.rows["试行"][0] == "是"
    assert rows.rows["文号"][0] == SILENT
    assert rows.rows["印发日期"][0] == SILENT


@pytest.mark.clause("NM-1")
def test_nm_basis(page):
    assert basis(page("NM")) == ["教研〔2020〕9号", "学位〔2020〕20号", "教研〔2015〕1号"]


@pytest.mark.clause("NM-3")
def test_nm_principles(page, house):
    words = "立足当地 贡献地方 联合培养 优势互补 形式多样 注重实效 互惠互利 共同发展"
    assert page("NM").rows["原则"][0] == words
    assert len(house.versions["NM"].profile.head.principles.value) == 8


@pytest.mark.clause("NM-22")
def test_nm_interpreter(page):
    assert "学位管理与研究生教育处" in page("NM").rows["负责解释"][0]


@pytest.mark.clause("LCU-0")
def test_lcu_basis(page):
    assert basis(page("LCU"))[:4] == [
        "国办发〔2017〕95号",
        "教研〔2020〕9号",
        "学位〔2020〕20号",
        "鲁教研发〔2022〕3号",
    ]


@pytest.mark.clause("LCU-3")
def test_lcu_principles(page, house):
    assert page("LCU").rows["原则"][0] == "优势互补 资源共享 互利共赢 协同创新"
    assert len(house.versions["LCU"].profile.head.principles.value) == 4


@pytest.mark.clause("XCU-0")
def test_xcu_head(page):
    rows = page("XCU")
    assert rows.rows["文号"][0] == "西学院〔2025〕75号"
    meetings = [(label, value) for label, value in rows.sections["part-head"] if "2025年7月1" in value]
    assert [value.split()[-1] for _label, value in meetings] == ["2025年7月10日", "2025年7月13日"]
    assert "12" in meetings[0][1]
    assert "35" in meetings[1][1]
    assert rows.rows["印发日期"][0] == SILENT


@pytest.mark.clause("XCU-1")
def test_xcu_basis(page):
    assert basis(page("XCU")) == ["教研〔2020〕9号", "学位〔2020〕20号", "教研〔2015〕1号"]


@pytest.mark.clause("XCU-31b")
def test_xcu_interpreter(page):
    assert "学科与研究生处" in page("XCU").rows["负责解释"][0]


def _activation_without_a_day_is_refused(code, house, sign_in, clause):
    version = house.versions[code]
    client = sign_in(house.admins[code])
    response = client.post(url(version, "publish"), {"effective_from": ""})
    assert response.status_code == 422
    version.refresh_from_db()
    assert version.state == "draft"
    (finding,) = response.context["findings"]
    assert finding.clause == clause
    assert "暂不能生效登记" in response.content.decode()
    assert client.post(url(version, "publish"), {"effective_from": "2026-01-05"}).status_code == 302
    version.refresh_from_db()
    assert (version.state, version.effective_from) == ("published", dt.date(2026, 1, 5))


@pytest.mark.clause("CZMC-7a")
def test_czmc_activation(house, sign_in):
    _activation_without_a_day_is_refused("CZMC", house, sign_in, "CZMC-7a")


@pytest.mark.clause("NM-23")
def test_nm_activation(house, sign_in):
    _activation_without_a_day_is_refused("NM", house, sign_in, "NM-23")


@pytest.mark.clause("LCU-23")
def test_lcu_activation(house, sign_in):
    _activation_without_a_day_is_refused("LCU", house, sign_in, "LCU-23")
    assert read(sign_in(house.admins["LCU"]).get(url(house.versions["LCU"]))).rows["负责解释"][0] == "研究生处"


@pytest.mark.clause("XCU-31a")
def test_xcu_activation(house, sign_in):
    _activation_without_a_day_is_refused("XCU", house, sign_in, "XCU-31a")


# --- The page as a page -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["CZMC", "JLU", "LCU", "NM", "XCU"])
def test_every_page_is_sound(code, page):
    rows = page(code)
    assert rows.styles == 0
    assert [name for name, times in Counter(rows.ids).items() if times > 1] == []
    assert "{" not in rows.words.replace("{{", "")
    for needed in ("part-head", "part-route", "part-apply", "part-rules", "part-forms"):
        assert needed in rows.ids, needed
    for code_word in (
        "hard",
        "default",
        "graduate_office",
        "working_day",
        "degree_category",
        "before_application",
    ):
        assert code_word not in rows.words


def test_every_clause_of_a_rule_can_be_jumped_to(page, house):
    for code, version in house.versions.items():
        ids = set(page(code).ids)
        profile = version.profile
        cited = {clause for rule in profile.rules for clause in rule.clauses}
        cited |= {clause for step in profile.route("application") for clause in step.clauses}
        fields = [field for spec in profile.forms.values() for part in spec.sections for field in part.fields]
        fields += [column for field in fields for column in field.columns]
        cited |= {field.clause for field in fields if field.clause}
        assert cited <= ids, (code, cited - ids)


def test_strength_article_and_exception_stand_beside_the_condition(page):
    rows = page("NM")
    value = next(value for name, value in rows.sections["part-rules"] if name.startswith("一个基地依托一个合作单位"))
    assert "一般／原则上" in next(name for name in rows.rows if name.startswith("一个基地依托一个合作单位"))
    assert "经自治区教育厅经办人批准可例外" in value
    assert "第七条（二）" in rows.words


def test_the_route_is_drawn_in_order_with_lanes(house, sign_in):
    response = sign_in(house.admins["XCU"]).get(url(house.versions["XCU"]))
    (drawing,) = response.context["page"].routes[0].drawings
    assert [lane.title for lane in drawing.lanes] == ["推荐", "评审", "审定"]
    drawn = [box.title for lane in drawing.lanes for column in lane.columns for box in column]
    assert drawn == [str(step.title) for step in house.versions["XCU"].profile.route("application")]
    words = read(response).words
    places = [words.index(title, words.index("文件概况", 200)) for title in drawn]
    assert places == sorted(places)


def test_side_by_side_steps_are_drawn_together(page):
    assert "同时办理" in page("JLU").words


def test_silence_and_local_settings_are_told_apart(page):
    rows = page("NM")
    value = rows.rows["推荐名单公示期"][0]
    assert "5个工作日" in value
    assert "本单位设定（办法未规定）" in value
    assert "平台默认值" in value
    assert rows.rows["协议年限"][0] == SILENT


def test_codes_are_shown_as_names(page):
    rows = page("NM").rows
    assert rows["申报单位所在地区"][0] == "内蒙古自治区"
    assert rows["目录"][0].startswith("专业学位类别目录（2022年）")
    assert rows["签订时间"][0] == "申报前已签订"
    assert rows["建设期起算"][0] == "文件公布之日"


def test_a_draft_exists_for_members_only(house, client):
    version = house.versions["NM"]
    assert client.get(url(version)).status_code == 404
    services.publish(version, dt.date(2026, 1, 5))
    assert client.get(url(version)).status_code == 200
    assert client.get("/regulations/NM/77/").status_code == 404
    assert client.get("/regulations/ZZ/1/").status_code == 404


def test_the_list_shows_what_governs_the_reader(house, sign_in, client, django_assert_max_num_queries):
    services.publish(house.versions["NM"], dt.date(2026, 1, 5))
    services.publish(house.versions["XCU"], dt.date(2026, 1, 5))
    member = sign_in(house.secretaries["XCU"])
    member.get("/regulations/")
    with django_assert_max_num_queries(10):
        response = member.get("/regulations/")
    rows = response.context["rows"]
    assert {row.version.regulation.code: row.levels for row in rows if row.governs} == {
        "NM": ["省级"],
        "XCU": ["校级"],
    }
    assert [row.version.regulation.code for row in rows][:2] == ["NM", "XCU"]
    assert len(rows) == 5
    assert len(client.get("/regulations/").context["rows"]) == 2


def test_only_an_administrator_whom_it_governs_publishes(house, sign_in):
    version = house.versions["NM"]
    data = {"effective_from": "2026-01-05"}
    for membership in (
        house.admins["XCU"],
        house.secretaries["XCU"],
        factories.member(house.department, "officer"),
    ):
        client = sign_in(membership)
        assert "登记生效</button>" not in client.get(url(version)).content.decode()
        assert client.post(url(version, "publish"), data).status_code == 403
    assert sign_in(house.admins["NM"]).get(url(version, "publish")).status_code == 405
    version.refresh_from_db()
    assert version.state == "draft"


def test_nonsense_dates_are_refused_in_words(house, sign_in):
    version = house.versions["NM"]
    response = sign_in(house.admins["NM"]).post(url(version, "publish"), {"effective_from": "31.2.2026"})
    assert response.status_code == 422
    version.refresh_from_db()
    assert version.state == "draft"


# --- Local settings ---------------------------------------------------------------------------------------------

KEY = "notice.recognise.days"


def test_the_owning_administrator_enters_a_dated_row(house, sign_in):
    version = house.versions["NM"]
    services.publish(version, dt.date(2026, 1, 5))
    client = sign_in(house.admins["NM"])
    assert "修改本单位设定" in client.get(url(version)).content.decode()
    address = url(version, "setting", key=KEY)
    assert client.get(address).status_code == 200
    with clock.travel("2026-02-01"):
        data = {"value": "7", "from_on": "2026-03-01", "reason": "厅务会2026年第2次"}
        assert client.post(address, data).status_code == 302
    row = LocalSetting.objects.get()
    assert (row.organisation, row.value, row.from_on, row.reason) == (
        house.department,
        7,
        dt.date(2026, 3, 1),
        "厅务会2026年第2次",
    )
    assert row.entered_name == house.admins["NM"].user.name
    profile = version.profile
    assert settings.setting(profile, KEY, house.department, dt.date(2026, 2, 28)).value == 5
    assert settings.setting(profile, KEY, house.department, dt.date(2026, 3, 1)).value == 7
    with clock.travel("2026-03-02"):
        rows = read(client.get(url(version)))
        assert "7个工作日" in rows.rows["认定结果公示期"][0]
        assert "自 2026-03-01 起" in rows.rows["认定结果公示期"][0]
        history = read(client.get(address)).words
        assert "厅务会2026年第2次" in history


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"value": "seven", "from_on": "2026-03-01", "reason": "理由"}, "应为整数"),
        ({"value": "0", "from_on": "2026-03-01", "reason": "理由"}, "不得小于1"),
        ({"value": "7", "from_on": "2026-03-01", "reason": ""}, "reason"),
        ({"value": "7", "from_on": "", "reason": "理由"}, "from_on"),
        ({"value": "7", "from_on": "2026-13-01", "reason": "理由"}, "from_on"),
        ({"value": "<script>1</script>", "from_on": "2026-03-01", "reason": "理由"}, "应为整数"),
    ],
)
def test_bad_settings_keep_what_was_typed(house, sign_in, data, words):
    version = house.versions["NM"]
    response = sign_in(house.admins["NM"]).post(url(version, "setting", key=KEY), data)
    assert response.status_code == 422
    text = response.content.decode()
    assert words in text or words in response.context["form"].errors
    assert "<script>1" not in text
    assert not LocalSetting.objects.exists()
    if data["reason"]:
        assert data["reason"] in text


def test_settings_of_others_are_nobodys_business(house, sign_in):
    version = house.versions["NM"]
    services.publish(version, dt.date(2026, 1, 5))
    address = url(version, "setting", key=KEY)
    data = {"value": "7", "from_on": "2026-03-01", "reason": "理由"}
    assert sign_in(house.admins["XCU"]).post(address, data).status_code == 404
    assert sign_in(house.secretaries["XCU"]).get(address).status_code == 404
    assert sign_in(factories.member(house.department, "officer")).post(address, data).status_code == 403
    stranger = factories.member(factories.department(), "admin")
    assert sign_in(stranger).post(address, data).status_code == 403
    assert sign_in(house.admins["NM"]).get(url(version, "setting", key="no.such")).status_code == 404
    assert not LocalSetting.objects.exists()


def test_each_party_sets_whether_its_online_confirmation_counts(house, sign_in):
    version = house.versions["NM"]
    services.publish(version, dt.date(2026, 1, 5))
    unit = factories.partner()
    contact = factories.member(unit, "contact")
    address = url(version, "setting", key="agreement.online_counts_as_seal")
    data = {"value": "true", "from_on": "2026-03-01", "reason": "双方约定"}
    assert sign_in(contact).post(address, data).status_code == 302
    assert sign_in(house.admins["XCU"]).post(address, data).status_code == 302
    day = dt.date(2026, 3, 1)
    key = "agreement.online_counts_as_seal"
    assert settings.setting(version.profile, key, unit, day).value is True
    assert settings.setting(version.profile, key, house.universities["XCU"], day).value is True
    assert settings.setting(version.profile, key, house.universities["LCU"], day).value is False


def test_the_signer_map_of_czmc_names_a_signer_for_each_kind_of_base(house, sign_in):
    version = house.versions["CZMC"]
    client = sign_in(house.admins["CZMC"])
    address = url(version, "setting", key="agreement.signer")
    bad = {"for_clinical": "moon", "from_on": "2026-03-01", "reason": "理由"}
    assert client.post(address, bad).status_code == 422
    good = {
        "for_clinical": "university",
        "for_college": "college",
        "from_on": "2026-03-01",
        "reason": "研究生处通知",
    }
    assert client.post(address, good).status_code == 302
    found = settings.setting(version.profile, "agreement.signer", house.universities["CZMC"], dt.date(2026, 3, 1))
    assert found.value == {"clinical": "university", "college": "college"}


def test_the_page_in_english(house, sign_in):
    client = sign_in(house.admins["NM"])
    client.cookies["django_language"] = "en"
    with translation.override("zh-hans"):  # the request leaves its language behind in this thread
        rows = read(client.get(url(house.versions["NM"])))
    assert "Measures of Inner Mongolia" in rows.words
    assert "Two years of cooperation" in rows.words
