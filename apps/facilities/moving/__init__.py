"""One hospital as a folder: its schema, its public rows, its papers, with counts and sums.

It moves rows, not decisions: what other apps keep about a hospital is named in `tables.py` and
carried as it stands, so that no app must know how it is packed.
"""

from apps.facilities.moving.pack import export
from apps.facilities.moving.parcel import Parcel, Unfit
from apps.facilities.moving.unpack import bring_in

__all__ = ["Parcel", "Unfit", "bring_in", "export"]
