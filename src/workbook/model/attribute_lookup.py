"""Attributes of a model by name: type, how values are compared, privacy class, what means
nothing.
"""

from __future__ import annotations

from workbook.errors import WorkbookError
from workbook.model.empty_words import Placeholders
from workbook.model.entity_lookup import EntityLookup
from workbook.model.names import FieldRef, ResolvedField
from workbook.model.rule_words import TYPES
from workbook.model.types import EXACT
from workbook.words import error_of

CLASSES = ("public", "internal", "personal", "sensitive")


class AttributeLookup(EntityLookup):
    """Looks up what is known of an attribute."""

    def type_of(self, entity: str, attribute: str) -> str:
        """The built-in type of an attribute: that of the first place it comes from (a part of a
        name is a person_name).
        """
        refs = self.attributes(entity).get(attribute, ())
        if not refs:
            return TYPES.get(self.rule_words(entity).get(attribute, ("", ""))[1], "text")
        return "person_name" if refs[0].part else self.field(refs[0].source, refs[0].field).type

    def placeholders(
        self, entity: str, attribute: str, past: tuple[ResolvedField, ...] = ()
    ) -> Placeholders:
        """Which of its values mean nothing: by its type, by the team's words, and never what
        its fields declare; `past` are fields that hold its past.
        """
        declared = self.sources.empty_words
        places = [
            self.field(ref.source, ref.field) for ref in self.attributes(entity).get(attribute, ())
        ]
        kind = self.type_of(entity, attribute) if places or not past else past[0].type
        own = [
            declared[name]
            for name in dict.fromkeys((kind, *(path.declared_type for path in (*places, *past))))
            if name in declared
        ]
        meant = [value for path in (*places, *past) for value in path.values]
        return Placeholders(
            kind,
            tuple(word for item in own for word in item.add),
            (*(word for item in own for word in item.keep), *meant),
        )

    def sql_type_of(self, entity: str, attribute: str) -> str:
        """The SQL type of an attribute's column; of amounts from several places, the one that
        keeps the most digits.
        """
        refs = self.attributes(entity).get(attribute, ())
        if not refs or refs[0].part:
            return "VARCHAR"
        fields = [self.field(ref.source, ref.field) for ref in refs]
        same = [field for field in fields if field.type == fields[0].type]
        return (
            max(same, key=lambda field: field.places).sql_type
            if fields[0].type in ("money", "decimal")
            else fields[0].sql_type
        )

    def is_list(self, entity: str, attribute: str) -> bool:
        """Whether a record may hold several values of an attribute in one cell."""
        return any(
            self.field(ref.source, ref.field).split
            for ref in self.attributes(entity).get(attribute, ())
        )

    def normaliser_of(self, entity: str, attribute: str) -> str:
        """How values of an attribute are compared; phone numbers of one region for all of its
        places name it (`phone:GB`).
        """
        refs = self.attributes(entity).get(attribute, ())
        if not refs:
            return EXACT
        methods = [self.field(ref.source, ref.field).method for ref in refs]
        return methods[0] if len(set(methods)) == 1 else methods[0].partition(":")[0]

    def class_of(self, name: str) -> str:
        """The privacy class of `entity.attribute` (the strictest of its places) or of
        `system.table.field`.

        Raises:
            WorkbookError: the name leads nowhere.
        """
        first, _, rest = name.partition(".")
        if first in self._entities:
            if rest in (self.id_of(first), "_record"):
                return self._class_of_id(first)
            refs = self.attributes(first).get(rest, ())
        else:
            source, _, field = name.rpartition(".")
            refs = (FieldRef(source, field),) if field in self._fields.get(source, {}) else ()
        if not refs:
            known = [f"{first}.{attribute}" for attribute in self.attributes(first)]
            raise error_of(WorkbookError, "model.unknown_class_of", name=name, known=known)
        return max((self.field(ref.source, ref.field).cls for ref in refs), key=CLASSES.index)

    def _class_of_id(self, entity: str) -> str:
        """An id of our own says nothing about anybody; the key of a single source has the class
        of its fields.
        """
        sources = self.entity_sources(entity)
        if (
            self.has_identity(entity)
            or not sources
            or self.is_open("sources")
            or sources[0] not in self._fields
        ):
            return "internal"
        keys = self.sources.sources[sources[0]].primary_key
        return max(
            (self.field(sources[0], name).cls for name in keys if name in self._fields[sources[0]]),
            key=CLASSES.index,
            default="internal",
        )
