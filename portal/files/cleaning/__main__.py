"""The child process: limits itself, cleans one upload, says what came of it."""

import json
import resource
import sys
from pathlib import Path

# As a package of its own: importing it through the project would bring Celery and the settings along.
sys.path[0] = str(Path(__file__).resolve().parent.parent)


def limit():
    from cleaning.limits import CHILD_CPU_SECONDS, CHILD_MEMORY

    resource.setrlimit(resource.RLIMIT_AS, (CHILD_MEMORY, CHILD_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CHILD_CPU_SECONDS, CHILD_CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))  # it has nothing to write but its answer


def clean(kind, content):
    """Return (kind of the result, bytes)."""
    if kind in {"jpeg", "png", "webp"}:
        from cleaning.images import clean_picture

        return clean_picture(content, kind)
    if kind == "pdf":
        from cleaning.pdf import clean_pdf

        return "pdf", clean_pdf(content)
    from cleaning.office import clean_document

    return clean_document(content)


def main():
    limit()
    from cleaning.refusal import Refused

    kind, content = sys.argv[1], sys.stdin.buffer.read()
    try:
        result, cleaned = clean(kind, content)
        answer = {"kind": result}
    except Refused as refusal:
        answer, cleaned = {"refused": refusal.code}, b""
    except (MemoryError, RecursionError):
        answer, cleaned = {"refused": "complex"}, b""
    except Exception as error:
        answer, cleaned = {"refused": "damaged", "error": type(error).__name__}, b""
    sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n" + cleaned)
    sys.stdout.buffer.flush()


main()
