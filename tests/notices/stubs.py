"""A mail relay and a group-bot provider on loopback that can be slow, full, rude or strict."""

import json
import socketserver
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class _Lines(socketserver.StreamRequestHandler):
    def say(self, text):
        self.wfile.write(text.encode() + b"\r\n")

    def handle(self):
        relay = self.server.relay
        relay.connections += 1
        self.say("220 stub")
        while line := self.rfile.readline():
            verb = line.decode().split(":")[0].split()[0].upper() if line.split() else ""
            if verb == "DATA":
                self.say("354 go on")
                body = []
                while (line := self.rfile.readline()) not in (b".\r\n", b""):
                    body.append(line.decode())
                if not relay.keep("".join(body)):
                    return  # the connection drops after the mail was accepted
                self.say(relay.data_reply)
            elif verb == "RCPT":
                self.say(relay.rcpt_reply)
            elif verb == "QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 ok")


class Relay:
    """An SMTP server; keeps one mail per Message-ID, as an honest mailbox does, and counts all it took."""

    def __init__(self):
        self.rcpt_reply = self.data_reply = "250 ok"
        self.seconds = 0  # before a mail is answered, or until the relay is closed
        self.has_waited, self._closing = False, threading.Event()
        self.drops = 0
        self.connections = self.accepted = 0
        self.mails = {}
        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Lines)
        self._server.daemon_threads = True
        self._server.relay = self
        self.port = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))

    def keep(self, text):
        if self.seconds and not self._closing.wait(self.seconds):
            self.has_waited = True
        if self.data_reply.startswith("250"):
            self.accepted += 1
            key = next(
                line.split(":", 1)[1].strip() for line in text.splitlines() if line.lower().startswith("message-id")
            )
            self.mails[key] = text
        if self.drops:
            self.drops -= 1
            return False
        return True

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_exception):
        self._closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Hook(BaseHTTPRequestHandler):
    def do_POST(self):
        group = self.server.group
        body = self.rfile.read(int(self.headers["Content-Length"]))
        answer = json.dumps(group.take(self.path, json.loads(body))).encode()
        self.send_response(group.status)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_arguments):
        pass


class Group:
    """
    A proxy that answers as the provider: at most 20 messages in any 60 seconds, else a penalty of ten minutes.

    Time is the test's: ``clock`` returns the moment in seconds.
    """

    def __init__(self, clock):
        self.clock = clock
        self.status, self.errcode = 200, 0
        self.taken, self.penalties, self.paths = [], 0, []
        self._blocked_until = 0.0
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _Hook)
        self._server.daemon_threads = True
        self._server.group = self
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))

    def take(self, path, message):
        now = self.clock()
        self.paths.append(path)
        if now < self._blocked_until or sum(now - at < 60 for at, _message in self.taken) >= 20:
            self.penalties += 1
            self._blocked_until = now + 600
            return {"errcode": 45009, "errmsg": "api freq out of limit"}
        if self.errcode == 0 and self.status == 200:
            self.taken.append((now, message))
        return {"errcode": self.errcode}

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_exception):
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
