"""Style rules with measured values: what a layout asks for in millimetres, and type that fits its line."""

from __future__ import annotations


class Styles:
    """Collects rules with measured values; one class name per distinct rule, so equal input gives equal output."""

    def __init__(self) -> None:
        self.rules: dict[str, str] = {}

    def add(self, rule: str) -> str:
        """The class name that carries `rule` (declarations without braces)."""
        return self.rules.setdefault(rule, f"k{len(self.rules) + 1}")

    def height(self, millimetres: float) -> str:
        return self.add(f"min-height: {millimetres:g}mm") if millimetres else ""

    def row(self, millimetres: float) -> str:
        return self.add(f"height: {millimetres:g}mm") if millimetres else ""

    def widths(self, weights: tuple[float, ...]) -> list[str]:
        total = sum(weights)
        return [self.add(f"width: {weight / total * 100:.3f}%") for weight in weights]

    def fit(self, text: str, millimetres: float, largest: float) -> str:
        """Type of at most `largest` pt, made smaller (to two thirds) if that keeps the title on one line."""
        wanted = millimetres / 0.353 / max(sum(0.55 if letter.isascii() else 1 for letter in text), 1)
        size = largest if wanted >= largest or wanted < largest * 0.66 else int(wanted * 2) / 2
        return self.add(f"font-size: {size:g}pt")

    def sheet(self) -> str:
        return "\n".join(f".{name} {{ {rule} }}" for rule, name in self.rules.items())
