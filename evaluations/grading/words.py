"""The reasons of a grade in sentences, from the plain values that are kept, in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from core.language import bracketed, listed, said
from tenants.roles import EXPERT_KINDS

MODES = {
    "half_up": lazy("四舍五入"),
    "half_even": lazy("四舍六入五成双"),
    "down": lazy("舍去尾数，不进位"),
    "up": lazy("有尾数即进位"),
}
WHENS = {
    "sheets": lazy("各表总分先取整，再合成"),
    "combined": lazy("合成后、对照分数段前"),
    "graded": lazy("按未取整的得分对照分数段后"),
}
HOWS = {
    "mean": lazy("取各表总分的算术平均"),
    "trimmed": lazy("去掉最高分和最低分后取算术平均"),
    "weighted": lazy("按专家类别分别平均后加权"),
}
SHARES = {"all": lazy("须全体专家"), "majority": lazy("须过半数专家"), "any": lazy("须至少一位专家")}


@dataclass(frozen=True)
class Names:
    """What codes are called: the title of a grade, a fact with its value, a clause as people cite it, the title of a
    setting."""

    grade: Callable[[str], str]
    fact: Callable[[str, Any], str]
    article: Callable[[str], str]
    setting: Callable[[str], str]


def words(reason: Mapping[str, Any], names: Names) -> str:
    """One sentence for one kept reason (`reasons.Reason.plain`), with the clause it rests on."""
    text = SENTENCES[reason["kind"]](reason, names)
    article = names.article(reason["clause"]) if reason.get("clause") else ""
    return _("%(text)s（依据：%(article)s）") % {"text": text, "article": article} if article else text


def expert_kind(code: str) -> str:
    """The word of a kind of expert; "" for none."""
    return str(EXPERT_KINDS.get(code, code))


def _sheet(reason: Mapping, names: Names) -> str:
    head = bracketed(_("专家%(n)s") % {"n": reason["number"]}, expert_kind(reason["expert_kind"]))
    text = said(head, _("%(n)s分") % {"n": reason["total"]})
    if reason["counted"] != reason["total"]:
        text += _("，计%(n)s分") % {"n": reason["counted"]}
    return text


def _too_few(reason: Mapping, names: Names) -> str:
    return _("评分表%(have)s份，至少需要%(need)s份，不能得出等次") % {"have": reason["have"], "need": reason["needed"]}


def _no_weight(reason: Mapping, names: Names) -> str:
    without = [expert_kind(kind) or _("未注明类别的专家") for kind in reason["without_weight"]]
    absent = [expert_kind(kind) for kind in reason["without_sheet"]]
    parts = []
    if without:
        parts.append(_("%(who)s没有权重") % {"who": listed(without)})
    if absent:
        parts.append(_("没有%(who)s的评分表") % {"who": listed(absent)})
    return listed(parts, "；") + _("，不能加权得出等次")


def _missing(reason: Mapping, names: Names) -> str:
    settings = listed(names.setting(key) for key in reason["settings"])
    return _("尚未设定：%(settings)s。请先在“办法与设置”中设定") % {"settings": settings}


def _combined(reason: Mapping, names: Names) -> str:
    text = _("%(how)s，得%(value)s分") % {"how": HOWS[reason["how"]], "value": reason["value"]}
    if reason["left_out"]:
        text += _("（未计入：专家%(numbers)s）") % {"numbers": listed(reason["left_out"])}
    if reason["weights"]:
        weights = listed(f"{expert_kind(kind)} {weight}" for kind, weight in reason["weights"])
        text += _("（权重：%(weights)s）") % {"weights": weights}
    return text


def _rounded(reason: Mapping, names: Names) -> str:
    return _("%(when)s保留%(places)s位小数（%(mode)s）：%(before)s → %(after)s") % {
        **reason,
        "when": WHENS[reason["when"]],
        "mode": MODES[reason["mode"]],
    }


def _band(reason: Mapping, names: Names) -> str:
    values = {"score": reason["score"], "from": reason["from_"], "below": reason["below"]}
    values["grade"] = names.grade(reason["grade"])
    if reason["below"] is None:
        return _("%(score)s分，达到%(from)s分，对应“%(grade)s”") % values
    return _("%(score)s分，达到%(from)s分而不足%(below)s分，对应“%(grade)s”") % values


def _no_band(reason: Mapping, names: Names) -> str:
    return _("%(score)s分低于最低分数段的%(lowest)s分，没有对应的等次") % reason


def _condition(reason: Mapping, names: Names) -> str:
    head = _("“%(grade)s”的条件“%(title)s”") % {"grade": names.grade(reason["grade"]), "title": reason["title"]}
    verdict = _("具备") if reason["met"] else _("不具备")
    return bracketed(said(head, verdict), _seen(reason, names))


def _lowered(reason: Mapping, names: Names) -> str:
    return _("条件未全部具备，不能定为“%(grade)s”，改看“%(to)s”") % {
        "grade": names.grade(reason["grade"]),
        "to": names.grade(reason["to"]),
    }


def _veto(reason: Mapping, names: Names) -> str:
    if not reason.get("met", reason.get("holds")):
        return bracketed(_("否决项“%(title)s”：未触发") % {"title": reason["title"]}, _seen(reason, names))
    text = _("否决项“%(title)s”：触发，最高只能定为“%(grade)s”")
    text %= {"title": reason["title"], "grade": names.grade(reason["grade"])}
    return bracketed(text, _seen(reason, names))


def _seen(reason: Mapping, names: Names) -> str:
    if reason["asked"] is not None:
        text = _("%(asked)s位专家中%(agree)s位") % reason
        return f"{text}，{SHARES[reason['share']]}"
    return listed((names.fact(key, value) for key, value in reason["facts"]), "；")


def _decided(reason: Mapping, names: Names) -> str:
    return _("办法没有规定如何计算等次，由组织方评定")


def _given(reason: Mapping, names: Names) -> str:
    return _("等次：%(grade)s") % {"grade": names.grade(reason["grade"])}


SENTENCES: dict[str, Callable[[Mapping, Names], str]] = {
    "sheet": _sheet,
    "too_few": _too_few,
    "no_weight": _no_weight,
    "missing": _missing,
    "combined": _combined,
    "rounded": _rounded,
    "band": _band,
    "no_band": _no_band,
    "condition": _condition,
    "lowered": _lowered,
    "veto": _veto,
    "decided": _decided,
    "grade": _given,
}
