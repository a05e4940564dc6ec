"""Fills the database of a stage: as a program, it leaves what tests need in seed.json of the var folder."""

import json

import django

if __name__ == "__main__":
    django.setup()

    from django.conf import settings

    from tests.factories.cards import make_inquiry, make_plant
    from tests.faults.people import session_of

    plant = make_plant()
    answered = make_inquiry(plant, state="answered", identity_mode="confidential", author=plant.worker2)
    (settings.VAR / "seed.json").write_text(
        json.dumps(
            {
                "unit": plant.shop.code,
                "session": session_of(plant.worker),
                "number": answered.number,
                "code": answered.code,
                "subject": answered.subject,
            }
        )
    )
