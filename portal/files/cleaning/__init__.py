"""
What makes an upload harmless; runs in a child process without Django.

``python -I portal/files/cleaning KIND < upload`` limits itself to 512 MB and
20 seconds of CPU, reads the upload from standard input and writes one line of
JSON and then the cleaned bytes. Nothing here knows settings, secrets or the
database, so a file that breaks a decoder finds none of them in this process.
Every refusal is a code; portal.files.phrases has the sentences.
"""
