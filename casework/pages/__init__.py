"""What the page of a case shows beyond what every case shows: one class per kind of case, registered by its room."""

from casework.pages.base import REGULATION, Asking, Page, RoutedPage, case_of, kinds

__all__ = ["REGULATION", "Asking", "Page", "RoutedPage", "case_of", "kinds"]
