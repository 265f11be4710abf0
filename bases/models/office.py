"""The office that a regulation gives an organisation: a page on which it keeps what is no case of its own."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from casework.models.regulated import RegulatedCase
from core.state_styles import GREEN, GREY
from core.states import CaseStateField, States


class Office(RegulatedCase):
    """One for each organisation and version of its regulation: what was entered under an earlier version is about the
    same organisation and stands on the page of the later one too."""

    case_kind = "base_office"
    kind_label = _("办公室工作")
    keeps_office = True

    class State(States):
        OPEN = "open", GREEN, "check-circle", _("在用")
        CLOSED = "closed", GREY, "lock", _("已停用")

    state = CaseStateField(_("状态"), default=State.OPEN, states=State, protected=True)
    regulation_version = models.ForeignKey("regulations.RegulationVersion", models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["university", "regulation_version"],
                condition=models.Q(state="open", university__isnull=False),
                name="one_office_of_a_university",
            ),
            models.UniqueConstraint(
                fields=["authority", "regulation_version"],
                condition=models.Q(state="open", authority__isnull=False),
                name="one_office_of_an_authority",
            ),
        ]

    @property
    def declaration(self):
        """What the profile says of it."""
        return self.profile.office

    @property
    def holder(self):
        """The organisation whose office it is."""
        return getattr(self, self.declaration.unit)
