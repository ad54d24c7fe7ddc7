"""Addresses of facilities: `facility` on a hospital's host, `state` on the State's."""
