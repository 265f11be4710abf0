"""Input of this room: publishing a version, entering a local setting."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core import clock
from core.language import bracketed, listed
from regulations import wording
from regulations.schema import Setting
from tenants.forms import HouseForm, uncut


class DateInput(forms.DateInput):
    """The browser's own date field."""

    input_type = "date"

    def __init__(self, **attrs: Any):
        super().__init__(attrs={"class": "form-control", **attrs}, format="%Y-%m-%d")


class PublishForm(HouseForm):
    """The day from which a version applies."""

    effective_from = forms.DateField(
        label=_("施行日期"),
        required=False,
        widget=DateInput(),
        help_text=_("办法文本没有载明日期的，由管理员按实际公布（印发、颁布）日期填写。"),
    )


class AdoptForm(HouseForm):
    """Which published version governs the organisation from which day on."""

    version = forms.TypedChoiceField(
        label=_("适用的办法和版本"), coerce=int, widget=forms.Select(attrs={"class": "form-select"})
    )
    from_on = forms.DateField(
        label=_("自何日起"),
        widget=DateInput(),
        help_text=_("此前适用的版本到前一日为止。已经开始的事项仍按受理时的版本办到底。"),
    )
    reason = forms.CharField(
        label=_("依据"),
        max_length=300,
        widget=forms.Textarea(attrs={"class": "form-control", "rows": 3}),
        help_text=_("如发文文号、会议纪要。会留在记录中。"),
    )
    confirmed = forms.BooleanField(
        label=_("已核对办法、版本和日期，确认登记"),
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
        error_messages={"required": _("请先核对，再勾选确认。")},
    )

    def __init__(self, versions: list, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["version"].choices = versions


class WordingForm(HouseForm):
    """From which day a unit's official wording is printed, and what it rests on."""

    from_on = forms.DateField(label=_("自何日起"), widget=DateInput(), help_text=_("自该日起生成的文书用新文字。"))
    reason = forms.CharField(
        label=_("依据"),
        max_length=300,
        widget=forms.TextInput(attrs={"class": "form-control"}),
        help_text=_("如原表随何文件印发、文号。会留在记录中。"),
    )

    def __init__(self, *args: Any, **kwargs: Any):
        kwargs.setdefault("initial", {}).setdefault("from_on", clock.today())
        super().__init__(*args, **kwargs)


class SettingForm(HouseForm):
    """A dated value of a setting, with its reason. The value's field follows the setting's type; a map whose both sides are
    named has one field for each thing that it maps from."""

    from_on = forms.DateField(label=_("自何日起"), widget=DateInput(), help_text=_("此前办理的事项仍按当时的值。"))
    reason = forms.CharField(
        label=_("理由"),
        max_length=300,
        widget=forms.Textarea(attrs={"class": "form-control", "rows": 3}),
        help_text=_("如会议纪要、通知文号。会留在记录中。"),
    )

    field_order = ["value", "from_on", "reason"]

    def __init__(self, declared: Setting, *args: Any, **kwargs: Any):
        kwargs.setdefault("initial", {}).setdefault("from_on", clock.today())
        super().__init__(*args, **kwargs)
        self.declared = declared
        self.chosen = {f"for_{key.code}": key for key in declared.keys if declared.options}
        for name, key in self.chosen.items():
            choices = [(option.code, wording.words(option.label)) for option in declared.options]
            self.fields[name] = forms.ChoiceField(
                label=wording.words(key.label),
                choices=[("", "—"), *choices],
                required=False,
                widget=forms.Select(attrs={"class": "form-select"}),
            )
        if not self.chosen:
            self.fields["value"] = self._value_field()
        self.order_fields([*self.chosen, *self.field_order])
        uncut(self.fields.values())

    def _value_field(self) -> forms.Field:
        declared = self.declared
        words = {
            "label": wording.words(declared.title),
            "required": False,
            "help_text": _("留空表示不再设定。"),
        }
        unit = wording.unit_word(declared.unit)
        if unit:
            words["label"] = bracketed(words["label"], unit.removeprefix("个"))
        choices = [(option.code, wording.words(option.label)) for option in declared.options]
        if declared.type == "boolean":
            return forms.ChoiceField(
                choices=[("", "—"), ("true", _("是")), ("false", _("否"))],
                widget=forms.Select(attrs={"class": "form-select"}),
                **words,
            )
        if declared.type == "choice":
            return forms.ChoiceField(
                choices=[("", "—"), *choices], widget=forms.Select(attrs={"class": "form-select"}), **words
            )
        if declared.type == "codes":
            return forms.MultipleChoiceField(choices=choices, widget=forms.CheckboxSelectMultiple(), **words)
        if declared.type == "map":
            known = listed(f"{code} {label}" for code, label in choices)
            words["help_text"] = (
                _("每行一项，写作“类别=代码”。代码：%(known)s") % {"known": known}
                if choices
                else _("每行一项，写作“代码=名称”。")
            )
            return forms.CharField(widget=forms.Textarea(attrs={"class": "form-control", "rows": 4}), **words)
        if declared.type == "date":
            return forms.DateField(widget=DateInput(), **words)
        mode = {"integer": "numeric", "decimal": "decimal", "money": "decimal"}.get(declared.type, "text")
        return forms.CharField(
            max_length=200,
            widget=forms.TextInput(attrs={"class": "form-control", "inputmode": mode}),
            **words,
        )

    def plain_value(self) -> Any:
        """The entered value as `services.enter_setting` takes it; None for an empty field."""
        if self.chosen:
            chosen = {key.code: self.cleaned_data.get(name) for name, key in self.chosen.items()}
            return {code: value for code, value in chosen.items() if value} or None
        value = self.cleaned_data.get("value")
        if value in (None, "", []):
            return None
        if self.declared.type == "map":
            pairs = (line.replace("＝", "=").partition("=") for line in value.splitlines() if line.strip())
            return {name.strip(): code.strip() for name, _sep, code in pairs}
        return value
