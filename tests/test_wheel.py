"""`pip install` gives a user who already has Odoo the whole addon."""

import subprocess
import sys
import zipfile
from email import message_from_string
from pathlib import Path

import pytest

ADDON = Path(__file__).resolve().parent.parent / "loyalty_cinema"


def pip(*arguments):
    """Run pip without looking anything up outside this machine."""
    subprocess.run(
        [sys.executable, "-m", "pip", *arguments, "--no-deps", "--no-index", "-q"], check=True
    )


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The addon's wheel, built once."""
    folder = tmp_path_factory.mktemp("wheel")
    pip("wheel", str(ADDON), "--no-build-isolation", "-w", str(folder))
    (built,) = folder.glob("odoo_addon_loyalty_cinema-*.whl")
    return built


def test_wheel_holds_the_addon(wheel):
    kept = {".py", ".xml", ".csv", ".js", ".scss", ".css", ".po", ".pot", ".png", ".svg", ".rst"}
    tracked = subprocess.check_output(["git", "ls-files", "-z"], cwd=ADDON, text=True).split("\0")
    wanted = {f"odoo/addons/loyalty_cinema/{name}" for name in tracked if Path(name).suffix in kept}
    for folder in ("domain", "models", "views", "security", "data", "demo", "static/src", "i18n"):
        assert any(name.startswith(f"odoo/addons/loyalty_cinema/{folder}/") for name in wanted)
    with zipfile.ZipFile(wheel) as archive:
        assert wanted - set(archive.namelist()) == set()


def test_wheel_says_what_it_is(wheel):
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        metadata = message_from_string(archive.read(name).decode())
    assert metadata["Name"].replace("_", "-") == "odoo-addon-loyalty-cinema"
    assert metadata["Version"].startswith("19.0.")
    # Odoo itself, and nothing that only a source of Odoo addons could give.
    assert all(need.split()[0].startswith("odoo") for need in metadata.get_all("Requires-Dist"))
    assert not [need for need in metadata.get_all("Requires-Dist") if "odoo-addon" in need]


def test_pip_installs_the_wheel(wheel, tmp_path):
    pip("install", "--target", str(tmp_path), str(wheel))
    assert (tmp_path / "odoo/addons/loyalty_cinema/__manifest__.py").is_file()
