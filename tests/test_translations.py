"""Vietnamese and Chinese are complete against the code as it is, not against an old export."""

import os
import subprocess
import sys
from pathlib import Path

import polib
import pytest
import support

I18N = Path(__file__).resolve().parent.parent / "loyalty_cinema/i18n"


@pytest.fixture(scope="module")
def terms(tmp_path_factory):
    """What Odoo itself finds to translate in the addon."""
    file = tmp_path_factory.mktemp("i18n") / "loyalty_cinema.pot"
    with support.database() as name:
        subprocess.run(
            [sys.executable, "-m", "odoo", "i18n", "export"]
            + ["-d", name, "-l", "pot", "-o", str(file), "loyalty_cinema"],
            check=True,
            env=os.environ,
        )
    return {entry.msgid for entry in polib.pofile(str(file))}


@pytest.mark.parametrize("name", ["loyalty_cinema.pot", "vi.po", "zh_CN.po"])
def test_file_covers_the_code(name, terms):
    known = {entry.msgid for entry in polib.pofile(str(I18N / name)) if not entry.obsolete}
    assert terms
    assert terms - known == set()


#: The same in every language: Odoo leaves a translation out when it equals its source.
UNTRANSLATABLE = {
    "%(program)s: %(amount)s",
    "100000, 200000, 500000",
    "Combo 1",
    "Combo 2",
    "ID",
    "Tiramisu",
    "move_id",
}


@pytest.mark.parametrize("name", ["vi.po", "zh_CN.po"])
def test_every_term_is_translated(name):
    entries = [entry for entry in polib.pofile(str(I18N / name)) if not entry.obsolete]
    assert entries
    missing = {entry.msgid for entry in entries if not entry.translated()}
    assert missing - UNTRANSLATABLE == set()
