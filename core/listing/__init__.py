"""Lists: declared once as a `ListSpec`, shown by `ListView`, with keyset pages, search, filters, columns, export.

class Applications(ListView):
    model = Application
    spec = ListSpec(
        "applications", _("申报项目"),
        columns=(
            Column("number", _("项目编号"), sort="number", css="code"),
            Column("title", _("基地名称"), lead=True, css="wide"),
            Column("college", _("牵头学院"), "college.display_name"),
            state_column(),
        ),
        search=("number", "title"), filterset=ApplicationFilter, select_related=("college", "partner"),
    )
"""

from core.listing.filters import RowFilter, choice, matching
from core.listing.gathered import GatheredListView
from core.listing.spec import (
    BulkAction,
    Button,
    Column,
    ListSpec,
    days_column,
    due_column,
    shown,
    state_column,
)
from core.listing.view import BulkResult, ListView

__all__ = [
    "BulkAction",
    "BulkResult",
    "Button",
    "Column",
    "GatheredListView",
    "ListSpec",
    "ListView",
    "RowFilter",
    "choice",
    "days_column",
    "due_column",
    "matching",
    "shown",
    "state_column",
]
