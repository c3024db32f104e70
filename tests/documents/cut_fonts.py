"""Cut the fonts of the documents from Debian's fonts-noto-core and fonts-noto-cjk.

    python -m tests.documents.cut_fonts

The same packages and the same fontTools give the same bytes. What is kept, and why:
cases/documents/fonts/README.md.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTCollection, TTFont

FONTS = Path(__file__).parents[2] / "cases/documents/fonts"
DEBIAN = Path("/usr/share/fonts")
SIMPLIFIED = 2  # the third face of Debian's collection
# Given names of living people use characters that GB 2312 left out.
NAMES = (
    "喆堃祎玥珺镕翀赟甯炘琇珅璟瑄曌玚旸昇淼犇骉婳嫚嬿孖弢彧懋揆斓昕昳晟晳暐栐梽楠沄泓"
    "洺浠涴淏渼湉滢潆濛瀞灏焜熙燚珩珵琰瑀瑢璠璇瓅皞竑筠絜翊芃芮茜荍菡蓁薇虓鋆钇钘钰铚"
    "锜镠闿阇陞隽霈霁頔颀飏馨骁骎鸿麒龑"
)

EUROPEAN = [
    (0x0020, 0x058F),  # Latin, phonetic signs, Greek, Cyrillic
    (0x1C80, 0x1C8F),  # Cyrillic of old books
    (0x1D00, 0x1DBF),  # phonetic signs of transliteration
    (0x1E00, 0x1FFF),  # Latin with marks (Vietnamese among them), Greek with breathings
    (0x2000, 0x22FF),  # punctuation, currencies, No., fractions, arrows, mathematics
    (0x25A0, 0x25FF),  # squares and circles
    (0x2C60, 0x2C7F),
    (0x2DE0, 0x2E5F),
    (0xA640, 0xA69F),
    (0xA700, 0xA7FF),
    (0xFB00, 0xFB06),
    (0xFFFD, 0xFFFD),
]
ARABIC = [(0x0600, 0x06FF), (0x0750, 0x077F), (0x08A0, 0x08FF), (0x200B, 0x200F), (0xFB50, 0xFDFF)]
CHINESE_SIGNS = [(0x2010, 0x2026), (0x2030, 0x203B), (0x2460, 0x249B), (0x3000, 0x303F)]
FULL_WIDTH = [(0xFE30, 0xFE4F), (0xFF01, 0xFF5E), (0xFFE0, 0xFFE6)]


def everything(ranges: Iterable[tuple[int, int]]) -> set[int]:
    return {point for first, last in ranges for point in range(first, last + 1)}


def han(codec: str, rows: Iterable[int], cells: range) -> Iterator[int]:
    """The characters of a Chinese standard, row by row; a place without one is passed over."""
    for row in rows:
        for cell in cells:
            sign = bytes([row, cell]).decode(codec, errors="ignore")
            if len(sign) == 1 and "\u4e00" <= sign <= "\u9fff":
                yield ord(sign)


def chinese() -> set[int]:
    """GB 2312 whole, and the frequent half of Big5: people write their names in both scripts."""
    simplified = set(han("gb2312", range(0xB0, 0xF8), range(0xA1, 0xFF)))
    traditional = set(han("big5", range(0xA4, 0xC7), range(0x40, 0xFF)))
    names = {ord(sign) for sign in NAMES}
    return simplified | traditional | names | everything(CHINESE_SIGNS + FULL_WIDTH)


def cut(font: TTFont, points: set[int], features: list[str], name: str) -> None:
    options = subset.Options(
        layout_features=features, name_IDs=["*"], notdef_outline=True, hinting=False
    )
    options.drop_tables += ["vhea", "vmtx", "VORG", "DSIG", "BASE"]
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=points)
    cutter.subset(font)
    font.recalcTimestamp = False
    font.save(FONTS / name)


def main() -> None:
    for name in ("NotoSerif-Regular", "NotoSerif-Bold", "NotoSans-Regular", "NotoSans-Bold"):
        whole = TTFont(DEBIAN / f"truetype/noto/{name}.ttf", recalcTimestamp=False)
        cut(whole, everything(EUROPEAN), ["*"], f"{name}.ttf")
    for name in ("NotoNaskhArabic-Regular", "NotoNaskhArabic-Bold"):
        whole = TTFont(DEBIAN / f"truetype/noto/{name}.ttf", recalcTimestamp=False)
        cut(whole, everything(ARABIC), ["*"], f"{name}.ttf")
    for weight in ("Regular", "Bold"):
        pack = TTCollection(DEBIAN / f"opentype/noto/NotoSerifCJK-{weight}.ttc")
        cut(pack.fonts[SIMPLIFIED], chinese(), [], f"NotoSerifSC-{weight}.otf")


if __name__ == "__main__":
    main()
