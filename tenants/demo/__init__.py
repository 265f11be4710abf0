"""The demo's organisations and people, and their accounts. Production refuses to start where any of this
is.
"""

from tenants.demo.accounts import accounts, password_of
from tenants.demo.build import World, create_organisations_and_people, load

__all__ = ["World", "accounts", "create_organisations_and_people", "load", "password_of"]
