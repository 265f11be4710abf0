"""A regulation's text is read and checked once per process, however many tests begin by loading it.

Nothing is kept of a text with faults, and what is kept is known by the whole of what was read: the bytes of the files,
or data, places and name. What a test gets to change (the source) is a copy of its own; the profile is shared, as
portal's processes share it too. With LIANPEI_PLAIN=1 everything is read anew.
"""

from __future__ import annotations

import os
import pickle
from hashlib import sha256
from pathlib import Path
from typing import Any


def install() -> None:
    """From now on in this process; Django has to be set up."""
    from regulations import facts, gates, loader, registry, routekinds  # noqa: PLC0415 - Django is set up first
    from regulations.checks import references  # noqa: PLC0415 - Django is set up first

    if os.environ.get("LIANPEI_PLAIN") == "1" or getattr(loader.read_files, "remembers", False):
        return
    read, check = loader.read_files, loader._check
    sources: dict[Any, bytes] = {}
    checked: dict[bytes, tuple] = {}

    def read_files(paths: list[Path], root: Path | None = None) -> Any:
        try:
            texts = [(str(path), sha256(path.read_bytes()).digest()) for path in paths]
        except OSError:
            return read(paths, root)
        key = (str(root), tuple(texts))
        if key not in sources:
            sources[key] = pickle.dumps(read(paths, root), protocol=5)
        return pickle.loads(sources[key])

    def _check(name: str, source: Any) -> Any:
        if source.faults:
            return check(name, source)
        # What a test may put in another's place belongs to it.
        names = (routekinds.KINDS, routekinds.PERSONS, routekinds.STEPS, facts.CATALOGUE, gates.CATALOGUE)
        known = [sorted(map(str, each)) for each in names]
        around = (sorted(registry.READ_KEYS), id(references.clause_index), [id(each) for each in loader.CHECKS], known)
        key = pickle.dumps((name, source.data, source.places, around), protocol=5)
        key = sha256(key).digest()
        if key not in checked:
            loaded = check(name, source)
            if not loaded.faults:
                checked[key] = (
                    loaded.profile,
                    loaded.content,
                    loader.CHECKS,
                    references.clause_index,
                )  # so that no id is used again
            return loaded
        profile, content, *_around = checked[key]
        return loader.Loaded(name=name, source=source, profile=profile, content=content)

    read_files.remembers = True
    loader.read_files, loader._check = read_files, _check
