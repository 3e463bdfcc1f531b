"""What happens at the server itself: quarantine decided, mends, updates, kinds that no laptop knows."""

from __future__ import annotations

import random
from dataclasses import replace

from kube_field.domain.records import PROVINCE_SCOPE
from kube_field.errors import KubeFieldError
from kube_field.server.batch import Batch, Cause
from kube_field.server.endpoint import House, instant
from kube_field.server.policy import Console
from kube_field.server.reviewing import accept, quarantined, refuse, reprocess
from kube_field.server.storage.accounts import Accounts
from kube_field.server.storage.record_rows import Stored
from kube_field.server.storage.records import RecordStore
from tests.sim.ground import Ground

NEWER_KIND = "alat_baru"


class Supervisors(Ground):
    """What happens at the server without a laptop."""

    def judge_quarantine(self, rng: random.Random) -> None:
        """A supervisor, or the console, decides about something that was put aside."""
        self.province.fuse.clear()
        waiting = quarantined(self.province.house)
        if not waiting:
            return
        item = rng.choice(waiting)
        by = rng.choice((None, self.supervisor))
        takes = rng.random() < 0.5
        try:
            if takes:
                self.province.do(lambda house: accept(house, item.change_id, by))
            else:
                self.province.do(lambda house: refuse(house, item.change_id, "Bukan wilayah Anda", by))
                self.oracle.decided.add(item.change_id)
            self.oracle.looked_at.add(item.change_id)
            if takes and by is None:
                self.oracle.let_in.add(item.change_id)
        except KubeFieldError:
            self.tell(f"a change of {self.oracle.name(item.uid)} is not the supervisor's to decide")
            return
        self.faults["quarantine accepted" if takes else "quarantine refused"] += 1
        self.tell(f"a change of {self.oracle.name(item.uid)} is {'accepted' if takes else 'refused'} in quarantine")

    def mend_server(self, _rng: random.Random) -> None:
        """The program of the server is mended and updated; what failed is decided anew."""
        self.province.fuse.clear()
        self.province.poison.deciding.clear()
        self.province.poison.writing.clear()
        self.server_is_new = True
        self.province.do(reprocess)
        self.oracle.server_mended()
        self.faults["server mended"] += 1
        self.tell("THE SERVER IS MENDED, what failed is decided anew")

    def newer_program(self, rng: random.Random) -> None:
        """A record of a kind that no laptop here knows, new or changed; it hangs on a group and moves with it."""
        homes = dict(self.province.rows("SELECT uid, scope FROM record WHERE kind = 'kube_group'"))
        groups = [uid for uid in self.groups if uid in homes]
        if not groups:
            return
        self.province.fuse.clear()
        group = rng.choice(groups)
        text = self.text(group)
        self.province.do(lambda house: self._put_newer(house, f"alat-{group}", group, text))
        self.oracle.names[f"alat-{group}"] = f"unknown record of {self.oracle.name(group)}"
        self.faults["unknown kind"] += 1
        self.tell(f"a newer program writes about {self.oracle.name(group)}")

    def _put_newer(self, house: House, uid: str, group: str, text: str) -> None:
        with house.database.write():
            store = RecordStore(house.database, Console())
            batch = Batch(store, Accounts(house.database).authors, instant(house.now()))
            batch.load([uid, group])
            scope = batch.records[group].scope if group in batch.records else PROVINCE_SCOPE
            new = Stored(uid, NEWER_KIND, scope, 1, {"text": text}, {}, subject_uid=group, sha256="0" * 64)
            before = batch.records.get(uid)
            batch.put(replace(new, version=before.version + 1) if before else new, Cause(house.new_id()))
            store.write(batch.work, now=batch.now)
