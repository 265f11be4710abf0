"""Chinese fonts for the PDF renderer and for Chromium, without system packages.

One fontconfig file names the institution's own folder (LIANPEI_FONTS_DIR, for licensed faces such as 方正小标宋 or
仿宋_GB2312), the folder of the font package in this environment (Song and Hei under the OFL, rare names included)
and the system's. Always whole font files: sliced web fonts print wrong characters without a warning.
"""

from __future__ import annotations

import os
import re
from functools import lru_cache
from pathlib import Path
from xml.sax.saxutils import escape

import pylopdf_fonts_zh_cn
from django.conf import settings
from fontTools.ttLib import TTCollection, TTFont, TTLibError

# CSS families by the names used in layouts, first the faces offices have, last the package's.
STACKS = {
    "song": ("SimSun", "宋体", "NSimSun", "Songti SC", "Noto Serif SC", "Noto Serif CJK SC", "serif"),
    "fangsong": (
        "FangSong_GB2312",
        "仿宋_GB2312",
        "仿宋",
        "FangSong",
        "STFangsong",
        "Noto Serif SC",
        "serif",
    ),
    "kai": ("KaiTi_GB2312", "楷体_GB2312", "楷体", "KaiTi", "STKaiti", "Noto Serif SC", "serif"),
    "hei": ("SimHei", "黑体", "Heiti SC", "Noto Sans SC", "Noto Sans CJK SC", "sans-serif"),
    "title": (
        "FZXiaoBiaoSong-B05S",
        "方正小标宋简体",
        "FZXiaoBiaoSong-B05",
        "SimSun",
        "宋体",
        "Noto Serif SC",
        "serif",
    ),
}

SYSTEM = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"))

# What to ask fontconfig for where a text names an office face that is not installed.
ALIASES = {
    "Noto Serif SC": (
        "SimSun",
        "NSimSun",
        "宋体",
        "FangSong_GB2312",
        "仿宋_GB2312",
        "仿宋",
        "FangSong",
        "KaiTi",
        "楷体",
    ),
    "Noto Sans SC": ("SimHei", "黑体", "Microsoft YaHei", "微软雅黑"),
}


_FORM = re.compile("[\u180b-\u180f\u200c\u200d\ufe00-\ufe0f\U000e0100-\U000e01ef]")


def stack(name: str) -> str:
    """The CSS value of `font-family` for song, fangsong, kai, hei or title. Raises KeyError for another name."""
    generic = ("serif", "sans-serif")
    return ", ".join(family if family in generic else f'"{family}"' for family in STACKS[name])


def folders() -> list[Path]:
    """Folders searched for fonts, in this order; those that do not exist are left out."""
    own = getattr(settings, "LIANPEI_FONTS_DIR", "") or os.environ.get("LIANPEI_FONTS_DIR", "")
    packaged = Path(pylopdf_fonts_zh_cn.serif_path()).parent
    places = [
        *([Path(own)] if own else []),
        packaged,
        Path("/usr/share/fonts"),
        Path("/usr/local/share/fonts"),
    ]
    return [folder for folder in places if folder.is_dir()]


def configuration(home: Path | None = None) -> Path:
    """Write the fontconfig file (only when its content changes) and return its path.

    `home` is a writable folder, by default `fonts/` in the portal's own var folder; the cache lies beside the file.
    """
    home = home or Path(settings.VAR) / "fonts"
    cache = home / "cache"
    cache.mkdir(parents=True, exist_ok=True)
    lines = [
        '<?xml version="1.0"?>',
        '<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">',
        "<fontconfig>",
    ]
    lines += [f"  <dir>{escape(str(folder))}</dir>" for folder in folders()]
    lines += [f"  <cachedir>{escape(str(cache))}</cachedir>"]
    for family, names in ALIASES.items():
        for name in names:
            lines += [
                f'  <alias binding="same"><family>{name}</family><accept><family>{family}</family></accept></alias>'
            ]
    for generic, family in (("serif", "Noto Serif SC"), ("sans-serif", "Noto Sans SC")):
        lines += [f"  <alias><family>{generic}</family><prefer><family>{family}</family></prefer></alias>"]
    content = "\n".join([*lines, "</fontconfig>", ""])
    path = home / "fonts.conf"
    if not path.exists() or path.read_text("utf-8") != content:
        fresh = home / f"fonts.{os.getpid()}.conf"
        fresh.write_text(content, "utf-8")
        fresh.replace(path)
    return path


def install() -> Path:
    """Point this process (and the browsers it starts) at our fontconfig file; repeated calls change nothing.

    Must run before the first PDF of the process, because fontconfig reads the variable once.
    """
    path = configuration()
    os.environ["FONTCONFIG_FILE"] = str(path)
    return path


@lru_cache(maxsize=8)
def _glyphs(places: tuple[Path, ...]) -> frozenset[int]:
    """Code points that the fonts in these folders have."""
    glyphs: set[int] = set()
    for place in places:
        for path in sorted(place.rglob("*")):
            try:
                if path.suffix.lower() in (".ttf", ".otf"):
                    glyphs |= set(TTFont(path, lazy=True).getBestCmap() or ())
                elif path.suffix.lower() in (".ttc", ".otc"):
                    for face in TTCollection(path, lazy=True).fonts:
                        glyphs |= set(face.getBestCmap() or ())
            except (TTLibError, OSError):
                continue
    return frozenset(glyphs)


def unprintable(text: str) -> str:
    """The characters of `text` that no font of the renderer has, each once, in order: boxes on a paper.

    White space, controls and selectors of a sign's form do not count. The system's fonts are read only where the
    package's and the institution's do not suffice.
    """
    missing = "".join(dict.fromkeys(sign for sign in text if sign.isprintable() and not _FORM.match(sign)))
    for places in (
        tuple(folder for folder in folders() if folder not in SYSTEM),
        tuple(folder for folder in folders() if folder in SYSTEM),
    ):
        if missing.strip():
            glyphs = _glyphs(places)
            missing = "".join(sign for sign in missing if ord(sign) not in glyphs)
    return "".join(missing.split())
