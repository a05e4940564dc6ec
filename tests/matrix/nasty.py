"""Inputs that break careless forms, as made by hand and as made by a seeded generator (trust A10, S4 and S5)."""

import random

LONG_LINE = "长" * 1_000_000

TEXTS = (
    "",
    " ",
    "\x00",
    "热\x00饭",
    "\ud800",
    "热饭\udfff",
    "\u202e饭热吃不上",
    "\u2066abc\u2069",
    "\ufeff热饭",
    "１２３４",
    "٣٤٥",
    "۱۲۳",
    "9" * 400,
    "-" + "9" * 40,
    "1e999",
    "NaN",
    "Infinity",
    "-0",
    "0x10",
    "1_000",
    "2026-02-30",
    "0000-00-00",
    "9999-99-99",
    "2026年2月30日",
    "99999-01-01",
    "2026-03-09T25:61:61",
    "{{7*7}}",
    "{% load log %}",
    "%(name)s %s %d {0}",
    "${7*7}",
    "=1+1",
    "＝1+1",
    "@SUM(A1)",
    "+86",
    "\tx",
    "一\r\n二\r\nSet-Cookie: a=b",
    "\r\n\r\n",
    "👨\u200d👩\u200d👧\u200d👦🏳️\u200d🌈",
    "e\u0301\u0301\u0301" * 30,
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'; DROP TABLE feedback_inquiry; --",
    "\\",
    "%00",
    "../../etc/passwd",
    "00000000-0000-0000-0000-000000000000",
    "not-a-uuid",
    "None",
    "null",
    "[]",
    "true",
    "\U0010ffff",
    "\x1b[31m",
    "\x85\u2028\u2029",
    "a" * 5_000,
)


# Control characters, Latin, Chinese, lone surrogates, pictures.
RANGES = ((0x00, 0x20), (0x20, 0x250), (0x4E00, 0x9FFF), (0xD800, 0xE000), (0x1F300, 0x1F700))


def hostile_text(rng):
    """Return one of the list, or a random mixture of characters."""
    if rng.random() < 0.7:
        return rng.choice(TEXTS)
    return "".join(chr(rng.randrange(*rng.choice(RANGES))) for _ in range(rng.randrange(1, 60)))


def fair_text(rng, least=8, most=40):
    """Return text that a form must take and keep: what people write, with pictures, formulas and quotes."""
    pieces = (
        "夜班十一点后吃不上热饭",
        "控制室",
        "№3 泵",
        "“加热柜”",
        "=1+1",
        "{{7*7}}",
        "<b>两台</b>",
        "👷",
        "O'Brien & 子",
        "每周三",
        "100%",
        "ａｂ",
    )
    text = rng.choice(("请", "已", "现")) + "".join(rng.choice(pieces) for _ in range(12))
    return text[: rng.randrange(max(least, 8), most + 1)].strip()


def hostile_query(rng, names):
    """Return a query string of the page's own parameters and strange ones, with hostile values, doubled and broken."""
    from urllib.parse import quote

    parts = []
    for _ in range(rng.randrange(1, 5)):
        name = rng.choice([*names, "x", "sort", "order", "page", "offset", "limit", "format", "csrfmiddlewaretoken"])
        text = hostile_text(rng)[:3000]
        value = (
            quote(text.encode("utf-8", "surrogatepass"))
            if rng.random() < 0.8
            else "".join(ch for ch in text if ch.isprintable() and ord(ch) < 128 and ch not in "#&")
        )
        parts.append(
            rng.choice(
                (f"{name}={value}", f"{name}[]={value}", f"{name}", f"={value}", f"{name}={value}&{name}={value}")
            )
        )
    return rng.choice(("&", "&&", ";")).join(parts)


def rng_of(*names):
    """Return a generator that is the same in every run for the same names."""
    return random.Random("/".join(map(str, names)))
