"""How often somebody may try. Counts live in the cache; a lost cache forgives, it locks nobody."""

from django.core.cache import cache

from apps.core.ids import keyed_hash


def _key(name: str, who: str) -> str:
    return f"limit:{name}:{keyed_hash('limits', who)[:32]}"


def count(name: str, who: str, *, window_s: int) -> int:
    """Count one more try of `who` (an address, a mobile: hashed) and say how many in the window."""
    key = _key(name, who)
    if cache.add(key, 1, window_s):
        return 1
    try:
        return int(cache.incr(key))
    except ValueError:  # the window closed between the two calls
        cache.set(key, 1, window_s)
        return 1


def tries(name: str, who: str) -> int:
    """How many tries are counted in the window that is running, without adding one."""
    return int(cache.get(_key(name, who), 0))


def forgive(name: str, who: str) -> None:
    """Forget the tries of `who`: the right answer came."""
    cache.delete(_key(name, who))
