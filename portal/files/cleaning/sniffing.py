"""What a file is by its own first bytes; names and declared types are not asked."""

JPEG, PNG, WEBP, PDF, ZIP = "jpeg", "png", "webp", "pdf", "zip"


def kind_of(head):
    """Return the kind that the first 16 bytes show, or None for a kind that is not taken."""
    if head.startswith(b"\xff\xd8\xff"):
        return JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return WEBP
    if head.startswith(b"%PDF-"):
        return PDF
    if head.startswith(b"PK\x03\x04"):
        return ZIP
    return None
