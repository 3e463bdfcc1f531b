"""The tables of a laptop's database as unbound models: give each query its database with `.execute(db)`.

Synced tables declare no foreign keys between each other: rows may arrive in any order. Header columns of editable
records are named like the question whose answer they repeat; everything else of a record is in `answers`.
"""

from __future__ import annotations

from peewee import SQL, BooleanField, IntegerField, Model, TextField

from kube_field.domain.records import RecordKind


def text(*, index: bool = False) -> TextField:
    """A text column that is never null."""
    return TextField(default="", constraints=[SQL("DEFAULT ''")], index=index)


def text_if_told() -> TextField:
    """A text column that is null where nobody knows."""
    return TextField(null=True)


def name_text() -> TextField:
    """A column of names, ordered without regard to case."""
    return TextField(default="", constraints=[SQL("DEFAULT '' COLLATE NOCASE")])


def count(start: int = 0) -> IntegerField:
    """A whole number that is never null."""
    return IntegerField(default=start, constraints=[SQL(f"DEFAULT {start}")])


def flag() -> BooleanField:
    """True or false, false at first."""
    return BooleanField(default=False, constraints=[SQL("DEFAULT 0")])


def json(empty: str = "{}") -> TextField:
    """JSON as text."""
    return TextField(default=empty, constraints=[SQL(f"DEFAULT '{empty}'")])


class Table(Model):
    """Base of all tables."""

    class Meta:
        """Names as they are."""

        legacy_table_names = False
        without_rowid = False


class EditableTable(Table):
    """What every editable kind has. `updated_at` and `updated_by` are the last local or pulled change's."""

    uid = TextField(primary_key=True)
    scope = text(index=True)
    form_version = text()
    version = count()
    answers = json()
    extra = json()
    deleted = flag()
    updated_at = text()
    updated_by = text()


class PersonTable(EditableTable):
    """Warga."""

    full_name = name_text()
    nik = text()
    nik_status = text()
    sex = text()
    birth_date = text()
    household_id = text(index=True)
    category = json("[]")
    phone = text()
    status = text()

    class Meta:
        """Table name, and the list of people by name, by status and by the beginning of a NIK, from an index alone."""

        table_name = "person"
        indexes = (
            (("full_name", "uid", "deleted"), False),
            (("status", "full_name", "uid", "deleted"), False),
            (("nik", "full_name", "uid", "deleted"), False),
        )


class HouseholdTable(EditableTable):
    """Keluarga."""

    kk_number = text(index=True)
    head_name = text()
    address = text()
    rt = IntegerField(null=True)
    rw = IntegerField(null=True)
    village_code = text(index=True)

    class Meta:
        """Table name."""

        table_name = "household"


class KubeGroupTable(EditableTable):
    """KUBE."""

    name = name_text()
    batch_id = text(index=True)
    village_code = text(index=True)
    idea_code = text()
    assigned_staff_id = text()
    status = text()

    class Meta:
        """Table name."""

        table_name = "kube_group"


class MembershipTable(EditableTable):
    """Keanggotaan."""

    group_id = text(index=True)
    person_id = text(index=True)
    role = text()
    joined_on = text()
    left_on = text()
    leave_reason = text()

    class Meta:
        """Table name."""

        table_name = "membership"


class BusinessUnitTable(EditableTable):
    """Unit usaha."""

    owner_kind = text()
    group_id = text(index=True)
    person_id = text(index=True)
    batch_id = text()
    idea_code = text()
    business_name = text()
    village_code = text(index=True)
    status = text()
    handover_on = text()

    class Meta:
        """Table name."""

        table_name = "business_unit"


class ProgramBatchTable(EditableTable):
    """Paket program."""

    name = text()
    scheme = text()
    fiscal_year = IntegerField(null=True)
    visit_plan_code = text()

    class Meta:
        """Table name."""

        table_name = "program_batch"


class StaffTable(EditableTable):
    """Petugas."""

    full_name = text()
    employee_number = text()
    role = text()
    active_from = text()
    active_to = text()

    class Meta:
        """Table name."""

        table_name = "staff"


class TrainingEventTable(EditableTable):
    """Pelatihan."""

    title = text()
    topic = text()
    starts_on = text(index=True)
    ends_on = text()
    venue = text()
    village_code = text()
    batch_id = text()

    class Meta:
        """Table name."""

        table_name = "training_event"


EDITABLE_TABLES: dict[RecordKind, type[EditableTable]] = {
    RecordKind.PERSON: PersonTable,
    RecordKind.HOUSEHOLD: HouseholdTable,
    RecordKind.KUBE_GROUP: KubeGroupTable,
    RecordKind.MEMBERSHIP: MembershipTable,
    RecordKind.BUSINESS_UNIT: BusinessUnitTable,
    RecordKind.PROGRAM_BATCH: ProgramBatchTable,
    RecordKind.STAFF: StaffTable,
    RecordKind.TRAINING_EVENT: TrainingEventTable,
}
