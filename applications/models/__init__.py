"""Calls with their quotas, and the applications made under them."""

from applications.models.application import Application
from applications.models.call import Call, CallUnit

__all__ = ["Application", "Call", "CallUnit"]
