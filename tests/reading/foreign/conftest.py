"""A small server that speaks as much of OpenAI's chat completions as a reader needs."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

LETTER = (
    "Mayor Ada Moss said on Friday that the harbour of Odense is shut.\n"
    "“We are patient,” she said. Reportedly, sailors left Odense.\n"
)
# Every way to say where words stand, a hidden source, a nested statement and the narrator.
ANSWER: dict[str, Any] = {
    "entities": [
        {"at": "Ada Moss", "cluster": "a1", "type": "person", "mention": "name"},
        {"at": "she", "cluster": "a1", "type": "person", "mention": "pronoun"},
        {
            "at": {"quote": "Odense", "occurrence": 1},
            "cluster": "p1",
            "type": "place",
            "mention": "name",
        },
        {
            "at": {"quote": "Odense", "context": "left Odense"},
            "cluster": "p1",
            "type": "place",
            "mention": "name",
        },
        {"at": "sailors", "cluster": "g1", "type": "group", "mention": "nominal"},
    ],
    "timexes": [{"at": "Friday", "type": "DATE", "value": "2024-03-15", "basis": "anchored"}],
    "events": [
        {
            "at": {"quote": "left", "start": LETTER.index("left")},
            "tense": "PAST",
            "participants": [{"role": "agent", "at": "sailors", "cluster": "g1"}],
            "place": "p1",
            "time": 0,
        }
    ],
    "attributions": [
        {
            "source": ["Mayor Ada Moss"],
            "cue": [{"quote": "said", "occurrence": 1}],
            "cue_lemma": "say",
            "content": ["that the harbour of Odense is shut"],
            "speaker": "a1",
        },
        {
            "source": ["she"],
            "cue": [{"quote": "said", "context": "she said"}],
            "cue_lemma": "say",
            "content": ["“We are patient,”"],
            "type": "direct",
            "speaker": "a1",
        },
        {
            "cue": ["Reportedly"],
            "content": ["sailors left Odense"],
            "attribution_certainty": "possible",
        },
    ],
}


@dataclass
class Script:
    """What the server answers, one entry a request, the last one again and again: the words of a
    completion, or a status with its body. ``asked`` are the requests that came, with their
    headers."""

    answers: list[str | tuple[int, bytes]] = field(default_factory=list)
    asked: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    seconds: float = 0.0  # before it answers
    address: str = ""

    def say(self, *answers: object) -> None:
        """Answer with these: text and pairs as they are, anything else as JSON."""
        self.answers = [
            each if isinstance(each, str | tuple) else json.dumps(each) for each in answers
        ]

    def next(self) -> tuple[int, bytes]:
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, tuple):
            return answer
        message = {"role": "assistant", "content": answer}
        choice = {"index": 0, "message": message, "finish_reason": "stop"}
        return 200, json.dumps({"object": "chat.completion", "choices": [choice]}).encode()


@pytest.fixture
def server() -> Iterator[Script]:
    """The server, on a free port of loopback; it says ANSWER until it is told otherwise."""
    script = Script()
    script.say(ANSWER)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            script.paths.append(self.path)
            script.headers.append(dict(self.headers))
            script.asked.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            time.sleep(script.seconds)
            status, body = script.next()
            try:
                self.send_response(status)
                self.send_header("Retry-After", "7")
                self.send_header("Content-Length", str(len(body)))
                if status == 302:
                    self.send_header("Location", "/elsewhere")
                self.end_headers()
                self.wfile.write(body)
            except OSError:
                return  # whoever asked has gone

        def log_message(self, *_: object) -> None:
            return

    httpd = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=httpd.serve_forever, daemon=True)
    thread.start()
    script.address = f"http://127.0.0.1:{httpd.server_port}/v1"
    try:
        yield script
    finally:
        httpd.shutdown()
        httpd.server_close()
        thread.join(10)
