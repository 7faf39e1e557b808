"""A browser at a till, driven from outside through DevTools: for what a page does over hours.

    with chromium(server.login("cashier"), "/pos/ui/1") as page:
        page.run("window.posmodel.getOrder().uuid")
        page.figures()

Tours, which judge what a cashier sees, belong to loyalty_cinema/tests.
"""

import json
import shutil
import subprocess
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests
import websocket

START_SECONDS_MAX = 60
OPTIONS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--remote-debugging-port=0",
    "--remote-allow-origins=*",
    "--window-size=1366,768",
    "--js-flags=--expose-gc",
)


@dataclass(frozen=True)
class Figures:
    """What a page holds once all that can be collected is collected."""

    nodes: int
    listeners: int
    megabytes: float

    def since(self, other, times):
        """How much that is for each of ``times`` things that were done since ``other``."""
        return Figures(
            round((self.nodes - other.nodes) / times),
            round((self.listeners - other.listeners) / times),
            round((self.megabytes - other.megabytes) / times, 3),
        )


class Page:
    """One page of a browser."""

    def __init__(self, socket):
        self._socket = socket
        self._serial = 0
        for domain in ("Page", "Runtime", "Network", "HeapProfiler"):
            self.ask(f"{domain}.enable")

    def ask(self, method, **params):
        """One command of DevTools, and its answer."""
        self._serial += 1
        self._socket.send(json.dumps({"id": self._serial, "method": method, "params": params}))
        while True:
            message = json.loads(self._socket.recv())
            self.heard(message)
            if message.get("id") == self._serial:
                assert "error" not in message, (method, message)
                return message.get("result", {})

    def heard(self, message):
        """What the browser says by itself."""

    def run(self, expression):
        """The value of a JavaScript expression, or of the promise that it is."""
        answer = self.ask(
            "Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True
        )
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    def wait_for(self, condition, seconds=START_SECONDS_MAX):
        """Return when a JavaScript condition is true."""
        end = time.monotonic() + seconds
        while not self.run(f"Boolean({condition})"):
            assert time.monotonic() < end, f"{condition}: {self.run('document.body.innerText')}"
            time.sleep(0.2)

    def figures(self):
        """What the page holds now."""
        for _round in range(3):  # what finalizers let go of is collected by the next one
            self.ask("HeapProfiler.collectGarbage")
            time.sleep(0.2)
        counters = self.ask("Memory.getDOMCounters")
        used = self.ask("Runtime.getHeapUsage")["usedSize"]
        return Figures(counters["nodes"], counters["jsEventListeners"], used / 1e6)


@contextmanager
def chromium(session, path):
    """A page at ``path`` of the server of a logged-in user; closed afterwards."""
    profile = tempfile.mkdtemp(prefix="chromium-")
    program = shutil.which("chromium") or shutil.which("google-chrome")
    process = subprocess.Popen(
        [program, *OPTIONS, f"--user-data-dir={profile}", "about:blank"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        page = Page(websocket.create_connection(_address(profile), timeout=900))
        for cookie in session.http.cookies:
            page.ask("Network.setCookie", name=cookie.name, value=cookie.value, url=session.url)
        page.ask("Page.navigate", url=session.url + path)
        yield page
    finally:
        process.terminate()
        process.wait()
        shutil.rmtree(profile, ignore_errors=True)


def _address(profile):
    """Where the browser's first page listens."""
    file, end = Path(profile, "DevToolsActivePort"), time.monotonic() + START_SECONDS_MAX
    while not (file.exists() and "\n" in file.read_text()):
        assert time.monotonic() < end, "the browser does not start"
        time.sleep(0.1)
    port = file.read_text().split()[0]
    pages = requests.get(f"http://127.0.0.1:{port}/json/list", timeout=30).json()
    return next(page["webSocketDebuggerUrl"] for page in pages if page["type"] == "page")
