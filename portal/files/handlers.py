"""The first to see an upload as it arrives: it lets no more through than may be kept."""

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler

from portal.files.cleaning.limits import MIB, UPLOAD_BYTES

REQUEST_BYTES = 5 * UPLOAD_BYTES + 6 * MIB


class BoundedUploadHandler(FileUploadHandler):
    """
    Refuse requests that no form of the portal asks for, and stop a file once it is too large.

    A file past 10 MB goes no further to memory or disk; what is left of it is
    just larger than allowed, so that its form says why it is not taken.

    Settings: FILE_UPLOAD_HANDLERS begins with it.
    """

    def handle_raw_input(self, input_data, META, content_length, boundary, encoding=None):
        self.total = 0
        if content_length > REQUEST_BYTES:
            raise RequestDataTooBig("An upload is larger than all files of a form together may be.")

    def receive_data_chunk(self, raw_data, start):
        self.total += len(raw_data)
        if self.total > REQUEST_BYTES:
            raise RequestDataTooBig("An upload is larger than all files of a form together may be.")
        return None if start > UPLOAD_BYTES else raw_data

    def file_complete(self, file_size):
        return None
