"""Training away from the city in which a university is registered: where the form of an application says it."""

from __future__ import annotations

from pydantic import model_validator

from regulations.schema.base import Cited, Key, Ref


class Supervision(Cited):
    """A stage away from home is confirmed by a record of this type, whose column `code` names the stage: asked for so many
    days after the stage has ended."""

    record: Key
    days: int | Ref


class Stages(Cited):
    """The table of the training's stages: its columns for the stage, its place (a code of the list of places), its period, and
    whether it teaches main degree courses. `exempt`: the stages that do not count when a training is called whole."""

    table: Key
    stage: Key
    place: Key
    period: Key
    main: Key | None = None
    exempt: list[Key] = []
    supervision: Supervision | None = None


class OffSite(Cited):
    """The form's field for the place of the institution, the table of stages, and the setting that names the prefixes of
    home: while it says nothing, the city of the code of the university's registered place."""

    form: Key
    place: Key
    stages: Stages | None = None
    home: str
    # The table of students, and who of the host province's department sees an arrangement that has been approved.
    students: Key | None = None
    hosts: bool = False

    @model_validator(mode="after")
    def _cites(self):
        if not self.clause:
            raise ValueError("off-site training names its clause")
        return self
