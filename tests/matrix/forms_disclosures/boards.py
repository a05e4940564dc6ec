"""The forms of display boards, each with a role that may send it and data that it takes (tests.matrix.forms)."""

from tests.matrix.table import NONE, OWN


def forms(Form, text, key, day):
    """Return the forms; the builders of made-up words, keys and days are handed in."""

    def board(r, **more):
        return {
            "name": text(r, least=2, most=30),
            "place": text(r, least=2, most=60),
            "orientation": r.choice(("landscape", "portrait")),
            "seconds": r.choice(("12", "２０")),
            **more,
        }

    def playlist(r, **more):
        return {
            "title": text(r, least=2, most=30),
            "weekdays": r.choice(("0", "6")),
            "begins": r.choice(("07:00", "22:30")),
            "ends": r.choice(("06:00", "07:00")),
            "takes_screen": r.choice(("", "on")),
            "takes_notices": r.choice(("", "on")),
            "sections": r.choice(("A", "C")),
            "takes_above": r.choice(("", "on")),
            "takes_below": r.choice(("", "on")),
            "cards": r.choice(("lamps", "head")),
            "place_in_order": "1",
            **more,
        }

    def number(stage):
        return stage.texts[OWN]["public_board"]

    words = ("name", "place")
    return [
        Form(
            "put up a board",
            "disclosures:board_new",
            "handler",
            NONE,
            lambda s, r: {**playlist(r), **board(r, unit=s.plant.dept.code)},
            (*words, "title"),
        ),
        Form("change a board", "disclosures:board_edit", "handler", OWN, lambda s, r: board(r), words),
        Form("give a board a new address", "disclosures:board_address", "handler", OWN, lambda s, r: {"sure": "yes"}),
        Form("take a board down", "disclosures:board_retire", "handler", OWN, lambda s, r: {"sure": "yes"}),
        Form("add a playlist", "disclosures:playlist_new", "handler", OWN, lambda s, r: playlist(r), ("title",)),
        Form("change a playlist", "disclosures:playlist_edit", "handler", OWN, lambda s, r: playlist(r), ("title",)),
        Form(
            "put a text on a board",
            "disclosures:board_pin",
            "handler",
            NONE,
            lambda s, r: {
                "playlist": s.texts[OWN]["playlist_edit"],
                "text": number(s),
                "since": day(r),
                "until": "",
                "order": "1",
            },
        ),
        Form(
            "show something urgent",
            "disclosures:board_urgent",
            "handler",
            OWN,
            lambda s, r: {
                "where": "board",
                "title": text(r, least=2, most=30),
                "message": text(r, least=2, most=90),
                "text": "",
                "hours": r.choice(("1", "７")),
                "reason": text(r, least=4, most=60),
                "idempotency_key": key(r),
            },
            ("title", "message", "reason"),
        ),
    ]
