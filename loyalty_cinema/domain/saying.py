"""What the house says of a movement, kept as it is, and put into words for whoever reads it.

How to use: ``_lt("Refund %s", order.name)`` where a reason is given; the name is what the export of
terms to translate looks for. The ledger keeps the term and what goes into it. People's own reasons
are plain text, and stay as they were written.

>>> refund = _lt("Refund %s", "Shop - 12")
>>> str(refund), refund.kept
('Refund Shop - 12', ['Refund %s', 'Shop - 12'])
>>> Saying.of(refund.kept) == refund
True
>>> refund.words("vi_VN", {"Refund %s": "Hoàn tiền %s"}.get)
'Hoàn tiền Shop - 12'

What has names of its own in several languages goes in with all of them.

>>> gift = Saying("%s", ({"en_US": "Popcorn", "vi_VN": "Bỏng ngô"},))
>>> gift.words("vi_VN"), gift.words("zh_CN"), Saying.of(gift.kept) == gift
('Bỏng ngô', 'Popcorn', True)
"""

from typing import NamedTuple


class Saying(NamedTuple):
    """A term in English, and what goes into its gaps: texts, numbers, names by language."""

    source: str
    args: tuple = ()

    def __str__(self):
        return self.words("en_US")

    def words(self, lang, translate=str):
        """In a language, of which ``translate`` knows terms; what it does not know is English."""
        term = translate(self.source) or self.source
        return term % tuple(_named(arg, lang) for arg in self.args) if self.args else term

    @property
    def kept(self):
        """As JSON keeps it."""
        return [self.source, *self.args]

    @classmethod
    def of(cls, kept):
        """What :attr:`kept` was made of; None of nothing."""
        return cls(kept[0], tuple(kept[1:])) if kept else None


def _named(arg, lang):
    """What goes in: of names the one of that language, or English, or any."""
    if not isinstance(arg, dict):
        return arg
    return arg.get(lang) or arg.get("en_US") or next(iter(arg.values()), "")


def _lt(source, *args):
    """A saying of the house; see the module."""
    return Saying(source, args)
