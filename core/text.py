"""Text as people paste and type it, brought into one form: once, where it comes in.

`normal` is what is kept, `exact` what is kept to the letter; `folded` what two texts are compared by; `words` what a
search looks for; `figure`, `phone`, `address`, `web`, `code`, `day` and `month` what a field of that kind means. Nothing here
shortens a text.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata

# Radicals that stand for the ideograph of the same shape (Unicode's Equivalent_Unified_Ideograph): text copied out of
# a PDF often holds them. Those of the Kangxi block follow from compatibility, but for three in the mainland's form.
_RADICALS = str.maketrans(
    "⺁⺂⺃⺄⺅⺆⺈⺉⺊⺋⺌⺍⺎⺏⺐⺒⺓⺔⺕⺖⺗⺘⺙⺛⺜⺝⺞⺟⺠⺡⺢⺣⺤⺥⺦⺧⺨⺩⺫⺬⺭⺯⺰⺱⺲⺳⺴⺶⺹⺺⺻⺼⺾⺿⻀⻁⻂⻃⻄⻅⻆⻈⻉⻋⻌⻍⻎⻏⻐⻑⻒⻓⻔⻖⻗⻘⻙⻚⻛⻜⻝⻟⻠⻢⻣⻤⻥⻦⻧⻨⻩⻪⻫⻬⻭⻮⻯⻰⻱⻲⻳",
    "厂乛乚乙亻冂刀刂卜㔾小尐兀尣尢巳幺彑彐忄心扌攵旡日月歺母民氵氺灬爫爬丬牛犭王目示礻糹纟罓罒㓁冗羊耂肀聿肉艹艺艻虎衤覀西见角讠贝车辶辷辸邑钅長镸长门阝雨青韦页风飞食飠饣马骨鬼鱼鸟卤麦黄黾斉齐歯齿竜龙龜亀龟",
)
_RADICALS |= {sign: unicodedata.normalize("NFKC", chr(sign)) for sign in range(0x2F00, 0x2FD6)}
_RADICALS |= {ord("⼾"): "户", ord("⾭"): "青", ord("⿈"): "黄"}

EXACT = "exact-"  # names of form fields that begin so are kept to the letter

# NUL and other controls, halves of surrogate pairs, non-characters, marks of direction and signs nobody sees: databases
# refuse some, the others hide what a text says or make two texts that look alike differ.
_UNSEEN = re.compile(
    "[\\x00-\\x08\\x0e-\\x1f\\x7f-\\x84\\x86-\\x9f\\xad\\u034f\\u061c\\u200b\\u200e\\u200f\\u202a-\\u202e\\u2060-\\u206f"
    "\\ud800-\\udfff\\ufeff\\ufff9-\\ufffb\\ufffe\\uffff\\U000e0000-\\U000e007f]"
)
# Joiners belong to emoji and to some scripts; beside a blank, a Latin or a Chinese sign they do nothing.
_PLAIN = "\\s\\x21-\\x7e\\u2e80-\\u9fff\\uf900-\\ufaff\\uff00-\\uffef\\U00020000-\\U0003ffff"
_JOINERS = re.compile(f"[\\u200c\\u200d]+(?=[{_PLAIN}]|\\Z)|(?:(?<=[{_PLAIN}])|\\A)[\\u200c\\u200d]+")
_SELECTORS = re.compile("[\\u180b-\\u180f\\u200c\\u200d\\ufe00-\\ufe0f\\U000e0100-\\U000e01ef]")
_LINES = re.compile("\\r\\n|[\\r\\x0b\\x0c\\x85\\u2028\\u2029]")
_SPACES = str.maketrans(dict.fromkeys([0xA0, 0x1680, *range(0x2000, 0x200B), 0x205F], " "))
_WIDTHS = {wide: wide - 0xFEE0 for wide in [*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B)]}
_DASHES = {0x2010: "-", 0x2011: "-", 0xFE63: "-", 0x2015: "—"}
_SIGNS = _RADICALS | _WIDTHS | _DASHES | _SPACES
_BETWEEN = re.compile("(?<=[0-9A-Za-z])[－−．＠](?=[0-9A-Za-z])")
_SIGN_OF = {"－": "-", "−": "-", "．": ".", "＠": "@"}

_ANY_DASH = "－−‐‑‒–—―﹣﹘─~～〜"
_FOLDS = str.maketrans(dict.fromkeys(_ANY_DASH, "-") | dict.fromkeys("•・‧∙⋅･", "·") | dict.fromkeys("“”„″＂", '"'))
_QUOTES = str.maketrans(dict.fromkeys("‘’‚′＇", "'"))
_LABEL = re.compile("^[^\\W\\d_A-Za-z]{1,12}\\s*[:：]\\s*|^(?:No|Nr|Tel|Code)\\s*[.:：]\\s*", re.IGNORECASE)
_BREAKS = re.compile('[\\s,，、;；()（）《》“”"]+')

_SCHEME = re.compile("[A-Za-z][A-Za-z0-9+.-]*:(?!\\d)")  # a host with a port is none
_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号]?")
_DAY8 = re.compile(r"(\d{4})(\d\d)(\d\d)")
_MONTH = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*月?")


def normal(text: str) -> str:
    """A text as it is kept: line ends \\n, Latin letters and figures of one width, ideographs for radicals, no
    unseen signs. What people see stays as it is: Chinese punctuation, full-width blanks, long dashes.
    """
    if text.isascii() and text.isprintable():
        return text
    text = _UNSEEN.sub("", _LINES.sub("\n", text)).translate(_SIGNS)
    text = _BETWEEN.sub(lambda sign: _SIGN_OF[sign.group()], _JOINERS.sub("", text))
    return unicodedata.normalize("NFC", text)


def exact(text: str) -> str:
    """A text that is kept to the letter, as an official wording is: only line ends are made \\n and unseen signs go."""
    return _UNSEEN.sub("", _LINES.sub("\n", text))


def folded(text: str) -> str:
    """What two texts are compared by: width, case, blanks, kinds of dashes, dots and quotes make no difference."""
    text = normal(text).translate(_FOLDS).translate(_QUOTES)
    return re.sub(r"\s+", "", _SELECTORS.sub("", unicodedata.normalize("NFKC", text)).translate(_FOLDS)).casefold()


def words(text: str, most: int = 6) -> list[str]:
    """What a search looks for: the words of what was typed, without the punctuation that people write in two widths.
    At most `most` words, each by its first 80 characters: a database refuses long patterns.
    """
    return [word[:80] for word in _BREAKS.split(_marked(normal(text))) if word][:most]


def _marked(text: str) -> str:
    """Dashes of figures and codes as they are stored."""
    return re.sub(f"(?<=[0-9A-Za-z])[{_ANY_DASH}](?=[0-9A-Za-z])", "-", text)


def figure(text: str) -> str:
    """The digits of a number as people type them: full-width forms made plain, grouping commas and blanks dropped."""
    return re.sub(r"[,\s]", "", _compatible(text).replace("−", "-"))


def phone(text: str) -> str:
    """A telephone number, or several: plain digits, plain dashes and brackets, no word before it."""
    plain = _LABEL.sub("", _compatible(text).translate(_FOLDS).strip())
    return re.sub(r"\s+", " ", plain)


def address(text: str) -> str:
    """An e-mail or web address: plain signs without blanks; a Chinese full stop stands for a dot."""
    return re.sub(r"\s+", "", _compatible(text).replace("。", "."))


def hidden_address(text: str) -> str:
    """A mail address for those who need not know all of it: han@example.cn → h***@example.cn; "" stays ""."""
    name, sign, host = str(text or "").partition("@")
    return f"{name[:1]}***{sign}{host}" if sign else ""


def web(text: str) -> str:
    """A web address with its scheme: http:// stands before one that was typed without."""
    plain = address(text).replace("：//", "://")
    return plain if not plain or _SCHEME.match(plain) else f"http://{plain}"


def code(text: str) -> str:
    """A number or code that a paper bears: plain capitals without blanks, plain dashes, no 编号： before it."""
    plain = _LABEL.sub("", _compatible(text).strip()).translate(_FOLDS)
    return re.sub(r"\s+", "", plain).upper()


def _compatible(text: str) -> str:
    return unicodedata.normalize("NFKC", _SELECTORS.sub("", normal(text)))


def day(text: str) -> dt.date | None:
    """The day that a text names, of the years 1900 to 2199: 2027-03-01, 2027/3/1, 2027.3.1, 2027年3月1日, 20270301."""
    text = _compatible(text).strip()
    match = _DAY.fullmatch(text) or _DAY8.fullmatch(text)
    try:
        named = dt.date(*map(int, match.groups())) if match else None
    except ValueError:
        return None
    return named if named and 1900 <= named.year < 2200 else None


def month(text: str) -> str | None:
    """The month that a text names, as YYYY-MM: 2027-03, 2027/3, 2027年3月."""
    match = _MONTH.fullmatch(_compatible(text).strip())
    if match is None or not 1900 <= int(match[1]) < 2200 or not 1 <= int(match[2]) <= 12:
        return None
    return f"{match[1]}-{int(match[2]):02d}"
