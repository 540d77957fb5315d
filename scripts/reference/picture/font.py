"""How wide text is, so that it can be fitted to its box before any browser draws it."""

from collections.abc import Sequence

FAMILY = "Helvetica, Arial, sans-serif"


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(number) for number in text.split())


_REGULAR = _numbers("""
    318 401 460 838 636 950 780 275 390 390 500 838 318 361 318 337 636 636 636 636 636 636 636 636 636 636 337 337 838 838
    838 531 1000 684 686 698 770 632 575 775 752 295 295 656 557 863 748 787 603 787 695 635 611 732 684 989 685 611 685 390
    337 390 838 500 500 613 635 550 635 615 352 635 634 278 278 579 278 974 634 612 635 635 411 521 392 634 592 818 592 592
    525 636 337 636 838
""")
_BOLD = _numbers("""
    348 456 521 838 696 1002 872 306 457 457 523 838 380 415 380 365 696 696 696 696 696 696 696 696 696 696 400 400 838 838
    838 580 1000 774 762 734 830 683 683 821 837 372 372 775 637 995 837 850 733 850 770 720 682 812 774 1103 771 724 725 457
    365 457 838 500 500 675 716 593 716 678 435 716 712 343 343 665 343 1042 712 687 716 716 493 595 478 712 652 924 645 652
    582 712 365 712 838
""")
"""Advance widths of U+0020 to U+007E in thousandths of an em.

Source: the hmtx tables of DejaVu Sans and DejaVu Sans Bold, the widest of the faces that `sans-serif` commonly means, so
that what fits here fits in all of them.
"""
_OTHER = 1000
"""Any other character; none of those in use is wider."""


def width_of(text: str, size: float, *, bold: bool = False) -> float:
    """Return the width of a line of text, in the unit of `size`."""
    table = _BOLD if bold else _REGULAR
    return sum(table[ord(each) - 32] if 32 <= ord(each) <= 126 else _OTHER for each in text) * size / 1000


def wrapped(parts: Sequence[str], width: float, size: float) -> list[str]:
    """Return lines of at most `width` made of whole parts with commas between them; a part that is wider has a line of its own."""
    lines: list[str] = []
    for position, part in enumerate(parts):
        text = part if position == len(parts) - 1 else f"{part},"
        longer = f"{lines[-1]} {text}" if lines else text
        if lines and width_of(longer, size) <= width:
            lines[-1] = longer
        else:
            lines.append(text)
    return lines
