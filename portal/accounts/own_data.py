"""
What is stored about a person, for that person to take away (PIPL art. 45).

Floors above add their share with :func:`register_share`. A share must hold
nothing that joins the person to a confidential or anonymous card: the file
lies on a disk that others may read.
"""

from portal.kernel.days import local_day

_shares = {}


def register_share(code, share):
    """Add a part: called with the person, it returns what JSON can hold."""
    _shares[code] = share


def own_data_of(person):
    """Return everything this floor and those above keep under a person's name."""
    data = {
        "person": {
            "job_no": person.job_no,
            "name": person.name,
            "unit": person.unit.name,
            "post": person.post,
            "category": person.category,
            "gender": person.gender,
            "phone": person.phone,
            "email": person.email,
            "joined_on": person.joined_on,
            "last_signed_in_on": local_day(person.last_login) if person.last_login else None,
            "language": person.language,
            "large_writing": person.is_elder_mode,
            "mail_digest": person.wants_mail,
        },
        "appointments": [
            {"role": row.role, "unit": row.unit.name, "since": row.since, "until": row.until}
            for row in person.appointments.select_related("unit").order_by("since")
        ],
        "devices": list(person.devices.values("kind", "label", "signed_in_on", "expires_on")),
    }
    return data | {code: share(person) for code, share in sorted(_shares.items())}
