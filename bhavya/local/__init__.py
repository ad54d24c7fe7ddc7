"""What `make` calls: install, start, check and stop Bhavya on one machine. Standard library only.

It runs before anything is installed, with the system's own Python 3.11, so nothing here imports
Django or a package from PyPI (`fonts.py` excepted: it is started with the virtual environment's
Python).
"""

import sys

if sys.version_info < (3, 11):
    sys.exit("Bhavya needs Python 3.11 or newer; this is " + sys.version.split()[0] + ".")
