"""The closed vocabulary of predicates; importing the package registers them all."""

from regulations.predicates import dates, numbers, presence, tables, texts
from regulations.predicates.base import PREDICATES, Miss, Param, Predicate

__all__ = ["PREDICATES", "Miss", "Param", "Predicate", "dates", "numbers", "presence", "tables", "texts"]
