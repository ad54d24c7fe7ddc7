"""Load the register of hospitals, from the file we carry or a newer CSV."""

from apps.facilities import lists
from apps.facilities.management.commands import load_places


class Command(load_places.Command):
    help = __doc__
    lists = (lists.REGISTER,)
