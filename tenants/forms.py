"""The forms of this room. They shape the input; what is right or wrong is said by `tenants.services`."""

from __future__ import annotations

from django import forms
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from core import clock, text
from core.door import Refused
from core.language import bracketed
from tenants import divisions, roles
from tenants.models import Membership, Organisation, PartnerSite, User
from tenants.persons import accounts_named
from tenants.services import organisations


def uncut(fields) -> None:
    """Tell the browser no lengths: it would cut what is pasted and say nothing. The form refuses by name."""
    for field in fields:
        field.widget.attrs.pop("maxlength", None)


class HouseForm(forms.Form):
    """Puts refusals of the services as errors beside their fields; what is too long is refused by name."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        uncut(self.fields.values())

    def attempt(self, act):
        """Run `act()`; on a refusal put its findings into the form and return None."""
        try:
            return act()
        except Refused as error:
            for finding in error.findings:
                self.add_error(finding.field if finding.field in self.fields else None, finding.message)
            return None


class HouseModelForm(forms.ModelForm):
    """The same for a form of a model's fields. Never saved by itself: its `cleaned_data` go to a service."""

    attempt = HouseForm.attempt

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        uncut(self.fields.values())

    def validate_unique(self) -> None:
        """Left to the service, which knows what to do with what exists already."""

    def validate_constraints(self) -> None:
        """Left to the service and the database."""

    def _post_clean(self) -> None:
        """The instance stays as it is in the database: the service reads and writes it under a lock."""


class DivisionInput(forms.TextInput):
    """A text box that offers the provinces by name."""

    def __init__(self):
        super().__init__(attrs={"autocomplete": "off"})

    def render(self, name, value, attrs=None, renderer=None) -> SafeString:
        """The box, and the list that it offers."""
        listed = f"{name}-choices"
        box = super().render(name, value, {**(attrs or {}), "list": listed}, renderer)
        options = format_html_join(
            "", '<option value="{}"></option>', ((place,) for _code, place in divisions.offered())
        )
        return format_html('{}<datalist id="{}">{}</datalist>', box, listed, options)


def date_input() -> forms.DateInput:
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


MAIL = ("mail_to", "mail_address", "mail_phone")  # how stamped papers are sent to a unit


class OrganisationForm(HouseModelForm):
    """An organisation's data, as far as its kind has them."""

    FIELDS = {
        roles.DEPARTMENT: ["name", "short_name", "office", "division", "uscc", "address", "phone", *MAIL],
        roles.UNIVERSITY: [
            "name",
            "short_name",
            "school_code",
            "office",
            "division",
            "uscc",
            "address",
            "phone",
            "seal",
            *MAIL,
        ],
        roles.COLLEGE: ["name", "short_name", "office", "address", "phone", *MAIL],
        roles.PARTNER: [
            "name",
            "partner_kind",
            "uscc",
            "uscc_absent_reason",
            "legal_person",
            "division",
            "address",
            "office",
            "phone",
            "seal",
            "paper_only",
        ],
    }

    class Meta:
        model = Organisation
        fields = [
            "name",
            "short_name",
            "school_code",
            "partner_kind",
            "uscc",
            "uscc_absent_reason",
            "legal_person",
            "office",
            "division",
            "address",
            "phone",
            "seal",
            *MAIL,
            "paper_only",
        ]
        labels = {
            "office": _("经办部门"),
            "paper_only": _("我单位只盖纸质，不在线上确认"),
            "division": _("所在地"),
            "uscc_absent_reason": _("没有代码的原因"),
        }
        help_texts = {
            "uscc": _("18位，见营业执照、事业单位法人证书等；没有的，下面写明原因。"),
            "uscc_absent_reason": _("只在确实没有代码时填写，如：部队单位，不公开代码。"),
            "division": _("省份名称或6位行政区划代码，如：四川省，510000。"),
            "seal": _("盖章时认哪一枚章，如：单位公章或合同专用章；内设部门章无效。"),
            "phone": _("办公电话，供对方单位联系；请勿填写个人手机号。"),
            "mail_to": _("合作单位和下级单位寄盖章件、协议原件时照此填写；不填的，写经办部门。"),
            "mail_address": _("不填的，用上面的单位地址；学院填写后，合作单位把盖章件寄到本院，不填则寄学校。"),
            "mail_phone": _("写在快递单上；不填的，用办公电话。请勿填写个人手机号。"),
            "office": _("具体负责此项工作的处室、科室。"),
            "paper_only": _("勾选后，意见和确认由学院研究生秘书凭贵单位盖章件登记，办理记录写明由谁决定、由谁登记。"),
        }
        widgets = {
            "legal_person": forms.NullBooleanSelect(),
            "division": DivisionInput(),
            "uscc": forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        }

    def clean(self) -> dict:
        """Say everything that is wrong at once; the service checks it again."""
        data = super().clean()
        _fields, findings = organisations.findings_of(self.kind, data)
        for finding in findings:
            if finding.field in self.fields and not self.has_error(finding.field):
                self.add_error(finding.field, finding.message)
        return data

    def __init__(self, *args, kind: str, **kwargs):
        self.kind = kind
        super().__init__(*args, **kwargs)
        wanted = self.FIELDS[kind]
        for name in list(self.fields):
            if name not in wanted:
                del self.fields[name]
        self.order_fields(wanted)
        if "legal_person" in self.fields:
            self.fields["legal_person"].widget.choices = [
                ("unknown", _("未核实")),
                ("true", _("是")),
                ("false", _("否（分支机构、内设部门等）")),
            ]
        if kind == roles.PARTNER:
            self.fields["partner_kind"].required = True
            self.fields["partner_kind"].choices = [("", _("请选择")), *roles.PARTNER_KINDS]
        if "division" in self.fields:
            plain(self.fields["division"])
        if "uscc" in self.fields:
            plain(self.fields["uscc"])


class RegistrationForm(OrganisationForm):
    """A unit that nobody has entered yet, with who is its contact."""

    FIELDS = {
        roles.PARTNER: [
            *(name for name in OrganisationForm.FIELDS[roles.PARTNER] if name not in ("paper_only", "legal_person")),
            "contact",
            "email",
            "mobile",
        ]
    }
    contact = forms.CharField(label=_("联系人姓名"), max_length=60)
    email = forms.EmailField(label=_("联系人电子邮箱"), help_text=_("验证码和受理结果发到此邮箱。"))
    mobile = forms.CharField(label=_("联系人手机号"), max_length=40, help_text=_("受理的学校会打电话核实。"))


def plain(field: forms.CharField) -> None:
    """Let a field take more than it will keep: the service puts it in order (blanks, a name for a code)."""
    field.max_length = None
    field.validators = []
    field.widget.attrs.pop("maxlength", None)


class SiteForm(HouseModelForm):
    """A site of a partner unit."""

    active = forms.BooleanField(label=_("在用"), required=False, initial=True)

    class Meta:
        model = PartnerSite
        fields = ["name", "division", "address"]
        labels = {"division": _("所在地")}
        help_texts = {"division": _("省份名称或6位行政区划代码；与单位不在同一省份的，按实际所在地填写。")}
        widgets = {"division": DivisionInput()}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        plain(self.fields["division"])
        if self.instance.pk:
            self.initial.setdefault("active", self.instance.active)


class InviteForm(HouseForm):
    """Who is invited, as what."""

    role = forms.ChoiceField(label=_("身份"))
    name = forms.CharField(label=_("姓名"), max_length=60)
    email = forms.EmailField(
        label=_("电子邮箱"),
        required=False,
        help_text=_("本人的邮箱：邀请链接和验证码发到这里。不填的，链接由您转发，验证码须另行电话告知。"),
    )
    phone = forms.CharField(label=_("手机号"), max_length=40, required=False)
    until_on = forms.DateField(
        label=_("任职至"), required=False, widget=date_input(), help_text=_("督查审计必填；其他身份可不填。")
    )

    def __init__(self, *args, organisation: Organisation, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = roles.role_choices(organisation.kind)
        self.fields["role"].initial = roles.ADMIN_ROLE[organisation.kind]


class ContactForm(HouseForm):
    """Whom a partner unit has named to act by links. Lengths and addresses are judged by the service."""

    name = forms.CharField(label=_("姓名"))
    post = forms.CharField(label=_("职务"), required=False)
    email = forms.CharField(label=_("电子邮箱"), help_text=_("本人的邮箱：链接和验证码只发到这里，发送人看不到。"))
    phone = forms.CharField(label=_("电话"), help_text=_("核实人打这个电话核实。"))


class ReasonForm(HouseForm):
    """An act that wants a reason."""

    reason = forms.CharField(label=_("原因"), max_length=200, widget=forms.TextInput())


class HandOverForm(HouseForm):
    """Who goes on with what a leaver had in hand."""

    to = forms.ModelChoiceField(label=_("移交给"), queryset=Membership.objects.none(), empty_label=_("请选择"))

    def __init__(self, *args, successors: list[Membership], **kwargs):
        super().__init__(*args, **kwargs)
        keys = [membership.pk for membership in successors]
        self.fields["to"].queryset = Membership.objects.filter(pk__in=keys).select_related("user", "organisation")
        self.fields["to"].label_from_instance = lambda membership: bracketed(membership.name, membership.role_label)


class ChangeRoleForm(ReasonForm):
    """Another role for a member."""

    role = forms.ChoiceField(label=_("新身份"))
    until_on = forms.DateField(label=_("任职至"), required=False, widget=date_input())
    field_order = ["role", "until_on", "reason"]

    def __init__(self, *args, membership: Membership, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [
            pair
            for pair in roles.role_choices(membership.organisation.kind)
            if pair[0] != membership.role and pair[0] not in roles.DECIDING_ROLES
        ]


class ExpertKindForm(HouseForm):
    """What kind of expert somebody is."""

    kind = forms.ChoiceField(
        label=_("专家类别"), required=False, choices=[("", _("未注明")), *roles.EXPERT_KINDS.items()]
    )


class JoinForm(HouseForm):
    """Somebody with an account accepts an invitation: with the code that went to the invited address."""

    code = forms.CharField(
        label=_("验证码"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )


class AcceptForm(JoinForm):
    """The first account of somebody who was invited."""

    login = forms.CharField(
        label=_("登录名"),
        max_length=60,
        help_text=_("字母、数字或 . _ @ + -，以后用它登录。"),
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )
    name = forms.CharField(label=_("姓名"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    password1 = forms.CharField(
        label=_("设置密码"),
        max_length=128,
        strip=False,
        help_text=_("至少10位，含字母、数字、其他符号中的至少两类，不能与姓名、登录名相近。"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    password2 = forms.CharField(
        label=_("再输一次密码"),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean(self) -> dict:
        data = super().clean()
        if data.get("password1") and data.get("password2") and data["password1"] != data["password2"]:
            self.add_error("password2", _("两次输入的密码不一致。"))
        return data


class ProfileForm(HouseModelForm):
    """What a person may change about themselves."""

    class Meta:
        model = User
        fields = ["name", "email", "phone", "post"]
        help_texts = {"email": _("接收通知，也可以用来登录和找回密码。修改时须填写当前密码。")}

    password = forms.CharField(
        label=_("当前密码"),
        max_length=128,
        required=False,
        strip=False,
        help_text=_("只在修改邮箱或手机号时填写。"),
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def clean(self) -> dict:
        """Whoever reads the mail of an address, or is taken for the person behind a number, can become them: the
        password is asked again."""
        data = super().clean()
        data["phone"] = text.phone(data.get("phone") or "")
        email = data.get("email") or ""
        if accounts_named(email).exclude(pk=self.instance.pk).exists():
            self.add_error("email", _("该邮箱已用于另一个账号。"))
        changed = [name for name in ("email", "phone") if name in data and data[name] != getattr(self.instance, name)]
        if changed and not self.has_error("email") and not self.instance.check_password(data.get("password") or ""):
            typed = data.get("password")
            message = _("当前密码不对，请核对。") if typed else _("修改邮箱或手机号，须填写当前密码。")
            self.add_error("password", message)
        return data


class DelegateForm(ReasonForm):
    """委托代办: to whom, from when until when, why."""

    to = forms.ModelChoiceField(label=_("委托给"), queryset=Membership.objects.none())
    from_on = forms.DateField(label=_("自"), widget=date_input())
    until_on = forms.DateField(label=_("至"), widget=date_input())
    field_order = ["to", "from_on", "until_on", "reason"]

    def __init__(self, *args, membership: Membership, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = _("事由")
        self.fields["from_on"].initial = clock.today()
        colleagues = Membership.objects.of(membership.organisation_id).exclude(user_id=membership.user_id)
        self.fields["to"].queryset = colleagues.exclude(role__in=roles.PERSONAL_ROLES | roles.READING_ROLES).order_by(
            "pk"
        )
        self.fields["to"].empty_label = _("请选择")
        self.fields["to"].label_from_instance = lambda member: bracketed(member.name, member.role_label)


def colleagues_may_be_asked(membership: Membership) -> bool:
    """Whether a membership may lend its role at all."""
    return membership.role not in roles.PERSONAL_ROLES | roles.READING_ROLES
