"""Rows of which there can be only one."""


def only_one(rows):
    """
    Return the only row of a queryset that asks for a key, or None.

    Unlike ``first()`` it asks for no order: to compile one costs a fifth of such a query.
    """
    return next(iter(rows.order_by()[:1]), None)
