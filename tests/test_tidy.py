"""How this repository is kept: small, documented, with nothing of one machine in it."""

import ast
import re
import subprocess
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from pip._internal.models.index import PyPI

ROOT = Path(__file__).resolve().parent.parent
ADDON = ROOT / "loyalty_cinema"
# A file is as long as its one meaning; above this, ask whether it still has one.
FILE_LINES_MAX = 600
FUNCTION_LINES_MAX = 50

# Exceptions, each with a limit of its own. A number here may only go down.
FILE_RATCHET = {}
FUNCTION_RATCHET = {}

CODE = {".py", ".js", ".mjs", ".sh", ""}
UNTIDY_BY_NATURE = {"LICENSE"}


@cache
def tracked_files():
    """Every file that git tracks, or would after the next `git add`."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(command, cwd=ROOT, check=True, capture_output=True).stdout.decode()
    return sorted(path for name in names.split("\0") if name and (path := ROOT / name).is_file())


def relative(path):
    """The path as git names it."""
    return path.relative_to(ROOT).as_posix()


def python_files(folder=ROOT):
    """The tracked Python files below a folder."""
    return [path for path in tracked_files() if path.suffix == ".py" and folder in path.parents]


def is_test(path):
    """Test code is exempt from docstrings on its functions, not from the rest."""
    return "tests" in path.parts


@cache
def syntax_tree(path):
    """The file's parsed source."""
    return ast.parse(path.read_text(), str(path))


def functions(path):
    """Yield (dotted name, node) of every function and method in a file, nested ones included."""

    def visit(node, prefix):
        for child in ast.iter_child_nodes(node):
            name = prefix
            if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                name = f"{prefix}.{child.name}".lstrip(".")
                if not isinstance(child, ast.ClassDef):
                    yield name, child
            yield from visit(child, name)

    yield from visit(syntax_tree(path), "")


def check_limit(measured, limit, ratchet):
    """Assert that every measure keeps the limit, or its own in the ratchet."""
    over = {name: lines for name, lines in measured.items() if lines > ratchet.get(name, limit)}
    assert_none([f"{name}: {lines} lines" for name, lines in over.items()])
    idle = {name for name in ratchet if measured.get(name, 0) <= limit}
    assert_none([f"{name}: no longer an exception, take it out" for name in idle])


def assert_none(wrong):
    """Assert that a list of complaints is empty, and print all of them when it is not."""
    assert not wrong, "\n" + "\n".join(wrong)


def test_files_are_of_one_size_that_can_be_read():
    measured = {
        relative(path): len(path.read_text().splitlines())
        for path in tracked_files()
        if path.suffix in CODE and path.name not in UNTIDY_BY_NATURE
    }
    assert measured
    check_limit(measured, FILE_LINES_MAX, FILE_RATCHET)


def test_functions_are_short():
    measured = {
        f"{relative(path)}:{name}": node.end_lineno - node.lineno + 1
        for path in python_files()
        for name, node in functions(path)
    }
    assert measured
    check_limit(measured, FUNCTION_LINES_MAX, FUNCTION_RATCHET)


def undocumented(path):
    """Yield the classes, public functions and public methods of a file that have no docstring."""

    def visit(node, prefix):
        for child in node.body:
            if isinstance(child, ast.ClassDef):
                wanted = True
            elif isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
                wanted = not child.name.startswith("_") and not is_test(path)
            else:
                continue
            name = f"{prefix}{child.name}"
            if wanted and not ast.get_docstring(child):
                yield f"{relative(path)}:{name}"
            if isinstance(child, ast.ClassDef):
                yield from visit(child, f"{name}.")

    yield from visit(syntax_tree(path), "")


def test_classes_and_public_functions_have_docstrings():
    files = python_files(ADDON)
    assert files
    assert_none([name for path in files for name in undocumented(path)])


def imported_modules(path):
    """Yield the name of every module a file imports, at any depth."""
    for node in ast.walk(syntax_tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            # level 1 is domain/ itself; anything higher leaves it.
            yield f"{'.' * node.level}{node.module or ''}"


def test_domain_knows_nothing_of_odoo():
    files = python_files(ADDON / "domain")
    assert files
    wrong = [
        f"{relative(path)} imports {name}"
        for path in files
        for name in imported_modules(path)
        if name.split(".")[0] == "odoo" or name.startswith("..")
    ]
    assert_none(wrong)


def test_records_of_other_modules_stay_as_they_are():
    """Whatever our files write into them would stay when the addon is gone.

    Links to groups of ours go with these groups; demo data may change the demo's company.
    """
    written = []
    for path in tracked_files():
        name = relative(path)
        if ADDON not in path.parents or "/demo/" in name or "/static/" in name:
            continue
        if path.suffix == ".xml":
            found = re.findall(r'<(?:record|template)[^>]*\bid="(\w+\.[\w.]+)"', path.read_text())
        elif path.suffix == ".csv":
            found = re.findall(r'^"?(\w+\.\w+)', path.read_text(), re.MULTILINE)
        else:
            continue
        written += [f"{name}: {id_}" for id_ in found if not id_.startswith("loyalty_cinema.")]
    groups = "loyalty_cinema/security/loyalty_cinema_security.xml: "
    assert [one for one in written if not re.search(r"\.group_\w+$", one)] == []
    assert all(one.startswith(groups) for one in written), written


def test_every_test_file_is_imported():
    """Odoo's runner sees only what tests/__init__.py imports; pytest collects every file."""
    files = {path.stem for path in python_files(ADDON / "tests") if path.name.startswith("test_")}
    imported = {
        alias.name
        for node in ast.walk(syntax_tree(ADDON / "tests/__init__.py"))
        if isinstance(node, ast.ImportFrom) and node.level == 1
        for alias in node.names
    }
    assert files
    assert files == {name for name in imported if name.startswith("test_")}


def test_every_odoo_test_class_is_tagged():
    """Without a tag a test runs during installation, before the modules above ours are there."""
    untagged = [
        f"{relative(path)}:{node.name}"
        for path in python_files(ADDON / "tests")
        for node in syntax_tree(path).body
        if isinstance(node, ast.ClassDef)
        and any(getattr(child, "name", "").startswith("test_") for child in node.body)
        and not any("tagged" in ast.unparse(decorator) for decorator in node.decorator_list)
    ]
    assert_none(untagged)


@cache
def hosts_of_this_machine():
    """Where packages come from, by default and as configured here; none may be written down."""
    commands = (
        ["pip", "config", "list"],
        ["npm", "config", "get", "registry"],
        ["apt-get", "indextargets", "--format", "$(SITE) $(REPO_URI)"],
    )
    text = " ".join(
        subprocess.run(command, capture_output=True, text=True, check=False).stdout
        for command in commands
    )
    configured = {urlsplit(url).hostname for url in re.findall(r"https?://[^\s'\"]+", text)}
    return configured - {None} | {PyPI.netloc, PyPI.file_storage_domain}


def places_of_this_machine():
    """Paths that mean something on one machine only."""
    return {str(ROOT), str(Path.home())}


@pytest.mark.parametrize(
    "path",
    [path for path in tracked_files() if path.suffix not in {".png", ".jpg", ".webp"}],
    ids=relative,
)
def test_no_machine_is_named(path):
    text = path.read_text()
    named = [word for word in hosts_of_this_machine() if word in text]
    named += [place for place in places_of_this_machine() if re.search(rf"{place}\b", text)]
    assert named == []
    assert " ".join(("apt", "mirrors")) not in text.lower()


def test_locks_hold_versions_only():
    """An address in a lock file would send every other machine to where this one went."""
    assert '"resolved"' not in (ROOT / "package-lock.json").read_text()
    pins = [
        line
        for line in (ROOT / "requirements.txt").read_text().splitlines()
        if line and not line.startswith("#")
    ]
    assert pins
    assert [pin for pin in pins if not re.match(r"[\w.-]+==[\w.]+( ; .+)?$", pin)] == []
