"""What a password must be. The messages are the portal's own: Django's catalogue lacks some of them in Chinese."""

from __future__ import annotations

from django.contrib.auth import password_validation as stock
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _


class Length(stock.MinimumLengthValidator):
    """At least `min_length` signs."""

    def get_error_message(self) -> str:
        return _("密码太短：至少%(n)s位。") % {"n": self.min_length}

    def get_help_text(self) -> str:
        return _("至少%(n)s位。") % {"n": self.min_length}


class TwoKinds:
    """Letters only, or figures only, are too easily guessed: two of letters, figures and other signs."""

    def validate(self, password: str, user=None) -> None:
        kinds = {"letter" if sign.isalpha() else "figure" if sign.isdigit() else "other" for sign in password}
        if len(kinds) < 2:
            raise ValidationError(_("密码太简单：不能只用字母或只用数字，须含字母、数字、其他符号中的至少两类。"))

    def get_help_text(self) -> str:
        return _("含字母、数字、其他符号中的至少两类。")


class Common(stock.CommonPasswordValidator):
    """None of the passwords that everybody tries first."""

    def get_error_message(self) -> str:
        return _("密码太常见，容易被猜到。")

    def get_help_text(self) -> str:
        return _("不能是常见密码。")


class Personal(stock.UserAttributeSimilarityValidator):
    """Nothing like one's own name, login, mail address or telephone number."""

    def __init__(self):
        super().__init__(user_attributes=("username", "name", "email", "phone"))

    def get_error_message(self) -> str:
        return _("密码与本人的%(verbose_name)s太相近。")

    def get_help_text(self) -> str:
        return _("不能与姓名、登录名、邮箱、手机号相近。")


class Another:
    """A new password is another than the one it replaces."""

    def validate(self, password: str, user=None) -> None:
        if user is not None and user.pk and user.check_password(password):
            raise ValidationError(_("新密码与原密码相同，请另设一个。"))

    def get_help_text(self) -> str:
        return _("不能与原密码相同。")
