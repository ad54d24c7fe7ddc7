"""What `make` calls: install, start, check and stop Bhavya on one machine. Standard library only.

It runs before anything is installed, with the system's own Python 3.11, so nothing here imports Django
or a package from PyPI (`fonts.py` excepted: it is started with the virtual environment's Python).
"""
