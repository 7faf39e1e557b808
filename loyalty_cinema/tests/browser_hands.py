"""What a tour cannot do inside its page: trusted keys, the window's size, a bad network, pictures.

An event that a script dispatches types nothing into a field, and the till's own barcode reader is
not how a scanner arrives: a scanner is a keyboard. So a tour writes a console line
``loyalty-hands:{JSON}`` (``static/tests/tours/utils/loyalty_hands_util.js``), and this module
listens to the browser's console and does what the line says through DevTools:

- ``{"type": {"keys": text, "then": [names], "interval": ms}}``: key presses, ``interval`` apart;
- ``{"size": [width, height]}``: the viewport;
- ``{"network": {"match": text, "delay": ms, "lose": "request" | "answer", "twice": bool,
  "times": n}}``: what becomes of the next ``times`` requests (all, if left out) whose address holds
  ``match``; ``{"network": null}`` ends it;
- ``{"look": name}``: a picture for human eyes, if ``LOYALTY_SHOTS`` names a folder;
- ``{"audit": name}``: what axe-core finds wrong for people who see, hear or touch less; it is left
  in ``window.loyaltyAudit``.
"""

import base64
import json
import os
import threading
import time
from pathlib import Path
from unittest.mock import patch

from odoo.tests.common import ChromeBrowser

#: A folder for the pictures that the tours' `look` steps ask for; none are taken without it.
SHOTS_FOLDER = os.environ.get("LOYALTY_SHOTS")
PREFIX = "loyalty-hands:"
#: A tool for tests, which is installed beside the addon and never part of it.
AXE = Path(__file__).parents[2] / "var/npm/node_modules/axe-core/axe.min.js"


def give_hands(test_class):
    """Let the tours of ``test_class`` use them; undone with the class."""
    console = _console_handler(ChromeBrowser._handle_console)
    paused = _request_handler(ChromeBrowser._handle_request_paused)
    test_class.startClassPatcher(patch.object(ChromeBrowser, "_handle_console", console))
    test_class.startClassPatcher(patch.object(ChromeBrowser, "_handle_request_paused", paused))


def _console_handler(handle_console):
    def handler(browser, type, args=None, **kwargs):
        text = str(args[0].get("value", "")) if args else ""
        if not text.startswith(PREFIX):
            handle_console(browser, type, args=args, **kwargs)
            return
        for what, value in json.loads(text.removeprefix(PREFIX)).items():
            # the browser's events arrive in this thread: a long word must not hold them up
            threading.Thread(target=HANDS[what], args=(browser, value), daemon=True).start()

    return handler


def _type_keys(browser, order):
    keys = [{"key": char, "text": char, **_key_code(char)} for char in order["keys"]]
    # a busy machine sends keys late: the page is told when they were pressed, as by a real keyboard
    start, pause = time.time(), order["interval"] / 1000
    for place, key in enumerate([*keys, *(NAMED_KEYS[name] for name in order["then"])]):
        _press(browser, {**key, "timestamp": start + place * pause})
        time.sleep(pause)


#: Keys that print nothing.
NAMED_KEYS = {
    "Enter": {"key": "Enter", "code": "Enter", "text": "\r", "windowsVirtualKeyCode": 13},
    "Tab": {"key": "Tab", "code": "Tab", "windowsVirtualKeyCode": 9},
    "Escape": {"key": "Escape", "code": "Escape", "windowsVirtualKeyCode": 27},
    "Backspace": {"key": "Backspace", "code": "Backspace", "windowsVirtualKeyCode": 8},
    "ArrowDown": {"key": "ArrowDown", "code": "ArrowDown", "windowsVirtualKeyCode": 40},
    "ArrowUp": {"key": "ArrowUp", "code": "ArrowUp", "windowsVirtualKeyCode": 38},
}


def _key_code(char):
    if char.isdigit():
        return {"code": f"Digit{char}", "windowsVirtualKeyCode": ord(char)}
    return {"code": f"Key{char.upper()}", "windowsVirtualKeyCode": ord(char.upper())}


def _press(browser, key):
    down = "keyDown" if key.get("text") else "rawKeyDown"
    browser._websocket_send("Input.dispatchKeyEvent", params={"type": down, **key})
    key = {name: value for name, value in key.items() if name != "text"}
    browser._websocket_send("Input.dispatchKeyEvent", params={"type": "keyUp", **key})


def _resize(browser, size):
    width, height = size
    browser._websocket_send(
        "Emulation.setDeviceMetricsOverride",
        params={"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False},
    )


def _set_network(browser, rule):
    browser.loyalty_network = rule


def _take_picture(browser, name):
    if not SHOTS_FOLDER:
        return
    path = Path(SHOTS_FOLDER, name.replace(" ", "_") + ".png")
    path.parent.mkdir(parents=True, exist_ok=True)
    picture = browser._websocket_request("Page.captureScreenshot")
    path.write_bytes(base64.b64decode(picture["data"]))


def _audit(browser, name):
    run = (
        f"axe.run().then((found) => (window.loyaltyAudit = {{ name: {json.dumps(name)}, found }}))"
    )
    for script in (AXE.read_text(), run):
        browser._websocket_request(
            "Runtime.evaluate", params={"expression": script, "awaitPromise": True}, timeout=60
        )


HANDS = {
    "type": _type_keys,
    "size": _resize,
    "network": _set_network,
    "look": _take_picture,
    "audit": _audit,
}


def _request_handler(go_on):
    """Odoo's browser stops at every request; ours are then delayed, lost or doubled."""

    def handler(browser, **params):
        url = params["request"]["url"]
        rule = getattr(browser, "loyalty_network", None)
        if "responseStatusCode" in params or "responseErrorReason" in params:
            _fail(browser, params)  # only an answer that is to be lost stops a second time
        elif not rule or rule["match"] not in url or rule.get("times") == 0:
            go_on(browser, **params)
        else:
            if "times" in rule:
                rule["times"] -= 1
            order = (browser, rule, params, go_on)
            threading.Thread(target=_disturb, args=order, daemon=True).start()

    return handler


def _disturb(browser, rule, params, go_on):
    time.sleep(rule.get("delay", 0) / 1000)
    if rule.get("lose") == "request":
        _fail(browser, params)
    elif rule.get("lose") == "answer":
        browser._websocket_send(
            "Fetch.continueRequest",
            params={"requestId": params["requestId"], "interceptResponse": True},
        )
    else:
        if rule.get("twice"):
            request = params["request"]
            browser.test_case.opener.post(
                request["url"],
                data=request["postData"].encode(),
                headers={"Content-Type": "application/json"},
                timeout=30,
            )
        go_on(browser, **params)


def _fail(browser, params):
    browser._websocket_send(
        "Fetch.failRequest",
        params={"requestId": params["requestId"], "errorReason": "ConnectionClosed"},
    )
