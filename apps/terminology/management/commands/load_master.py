"""Load all the master data: places, register and catalogues. A second run changes nothing."""

from apps.terminology.actions import EVERYTHING
from apps.terminology.management.commands import load_terminology


class Command(load_terminology.Command):
    help = __doc__
    lists = EVERYTHING
