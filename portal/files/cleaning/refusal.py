class Refused(Exception):
    """An upload cannot be made harmless; ``code`` is one of portal.files.phrases.REFUSALS."""

    def __init__(self, code):
        super().__init__(code)
        self.code = code
