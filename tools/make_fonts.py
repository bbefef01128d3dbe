"""Make `reports/fonts` from published open fonts: subset to what offices write, without hints, renamed.

    npm pack @expo-google-fonts/noto-sans-sc@0.4.3 @expo-google-fonts/noto-serif-sc@0.4.3   # unpack both
    apt-get download fonts-lxgw-wenkai                                                      # unpack with dpkg-deb -x
    python tools/make_fonts.py FOLDER-OF-ALL-THAT

Characters: GB 2312, the 8,105 of the 通用规范汉字表 of 2013 (`tools/hanzi-8105.txt`, from the field kTGH of Unicode's
Unihan), symbols, and every character of this repository's own texts. The licence of LXGW WenKai reserves its name, so
every face is called after the product and what it is set for. Same input, same bytes.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

ROOT = Path(__file__).parent.parent
TO = ROOT / "reports" / "fonts"
FACES = {
    "AppraisalSong-Regular": ("NotoSerifSC_400Regular.ttf", 400),
    "AppraisalSong-Bold": ("NotoSerifSC_700Bold.ttf", 700),
    "AppraisalHei-Regular": ("NotoSansSC_500Medium.ttf", 400),
    "AppraisalFang-Regular": ("LXGWWenKai-Light.ttf", 400),
}
SYMBOLS = (
    (0x20, 0x17F),
    (0x2B0, 0x3FF),
    (0x2010, 0x206F),
    (0x2070, 0x209F),
    (0x20A0, 0x20BF),
    (0x2100, 0x23FF),
    (0x2460, 0x27BF),
    (0x3000, 0x303F),
    (0xFE30, 0xFE4F),
    (0xFF00, 0xFFEF),
)
TEXTS = ("*.yaml", "*.toml", "*.txt", "*.md", "*.html", "*.csv", "*.py", "*.typ")
KEPT_NAMES = (0, 1, 2, 3, 4, 5, 6, 13, 14)


def gb2312() -> Iterator[int]:
    """Yield every character of GB 2312."""
    for high in range(0xA1, 0xF8):
        for low in range(0xA1, 0xFF):
            try:
                yield ord(bytes([high, low]).decode("gb2312"))
            except UnicodeDecodeError:
                continue


def wanted() -> set[int]:
    """Return every character that the faces are to have, as far as they can."""
    found = {*gb2312(), *map(ord, (ROOT / "tools" / "hanzi-8105.txt").read_text(encoding="utf-8"))}
    for first, last in SYMBOLS:
        found |= set(range(first, last + 1))
    for room in ("appraisal", "api", "reports", "rulebooks", "docs", "tests"):
        for pattern in TEXTS:
            for path in (ROOT / room).rglob(pattern):
                found |= set(map(ord, path.read_text(encoding="utf-8", errors="ignore")))
    return {c for c in found if c >= ord(" ")}


def make(name: str, source: Path, weight: int, characters: set[int]) -> Path:
    """Write one face and return where."""
    options = subset.Options(hinting=False, glyph_names=False, name_IDs=list(KEPT_NAMES), notdef_outline=True)
    options.layout_features = ["ccmp", "kern", "locl", "mark", "mkmk", "vert"]
    font = TTFont(source, recalcTimestamp=False)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=characters)
    cutter.subset(font)
    family = name.partition("-")[0].replace("Appraisal", "Appraisal ")
    style = "Bold" if weight > 400 else "Regular"
    words = {1: family, 2: style, 3: name, 4: f"{family} {style}", 6: name}
    records = font["name"]
    origin = f"A subset of {records.getDebugName(4)} {records.getDebugName(5)}, renamed. {records.getDebugName(0)}"
    licence = {n: records.getDebugName(n) or "" for n in (13, 14)}
    records.names = []
    for number, text in {0: origin, 5: "Version 1.000", **words, **licence}.items():
        records.setName(text, number, 3, 1, 0x409)
    font["OS/2"].usWeightClass = weight
    to = TO / f"{name}.ttf"
    font.save(to, reorderTables=True)
    return to


def main(folder: Path) -> None:
    """Make every face from the originals somewhere below a folder."""
    characters = wanted()
    for name, (original, weight) in FACES.items():
        source = next(iter(sorted(folder.rglob(original))), None)
        if source is None:
            sys.exit(f"{original} is not below {folder}")
        to = make(name, source, weight, characters)
        had = TTFont(to).getBestCmap()
        missing = sorted(c for c in characters if c not in had and not (0xD800 <= c < 0xE000))
        print(f"{to.name}: {to.stat().st_size:,} bytes, {len(had):,} characters, {len(missing)} not in the original")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
