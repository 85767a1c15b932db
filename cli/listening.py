"""The gateway's port: taken first of all, so that a taken one is said before anything was started."""

import errno
import socket

from app.settings import Settings
from cli.terminal import CommandError


def listen(settings: Settings) -> socket.socket:
    """Take the port. Raises CommandError with what to do about it."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((settings.host, settings.port))
    except OSError as problem:
        listening.close()
        if problem.errno == errno.EADDRINUSE:
            raise CommandError(f"port {settings.port} is in use: choose another with PORT=") from None
        raise CommandError(f"HOST {settings.host}: {problem.strerror}") from None
    return listening


def address_of(listening: socket.socket) -> str:
    """The URL to open in a browser on this machine."""
    host, port = listening.getsockname()[:2]
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104
    return f"http://{shown}:{port}"
