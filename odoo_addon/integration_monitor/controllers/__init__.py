from . import confirmation, digest
