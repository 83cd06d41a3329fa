"""When this process began, as nearly as a module that is imported first can tell."""

import time

BEGAN = time.monotonic()
