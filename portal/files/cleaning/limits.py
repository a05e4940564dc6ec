"""How much of everything one upload may ask for (trust-and-experience.md A9)."""

MIB = 1024 * 1024

UPLOAD_BYTES = 10 * MIB
UNZIPPED_BYTES = 50 * MIB
ZIP_ENTRIES = 2000
ZIP_DIRECTORY_BYTES = 1 * MIB
IMAGE_PIXELS = 40_000_000
IMAGE_SIDE = 2560  # what is kept of a photo: enough to read a sign in it and to print it on A4
DOCUMENT_PIXELS = 120_000_000  # all pictures of one document together
PDF_OBJECTS = 200_000

CHILD_MEMORY = 512 * MIB
CHILD_CPU_SECONDS = 20
CHILD_WALL_SECONDS = 60
