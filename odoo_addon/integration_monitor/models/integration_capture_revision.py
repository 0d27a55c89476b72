"""One row that says which configuration a transaction sees.

What is captured and where it goes is needed at every save. Reading it anew costs twenty
statements, and Odoo's ormcache follows neither the rollback of a savepoint nor the age of
a transaction's snapshot: a stale "nobody wants this" would lose events.

So every change of the configuration gives this row a number that was never used before,
in the same transaction. Plans are cached by that number (``capture/capture_plan.py``). A
transaction sees the number that belongs to the configuration it sees, whatever was
committed, rolled back or is going on elsewhere.
"""

from odoo import api, fields, models

from ..capture.capture_plan import find_plan


class IntegrationCaptureRevision(models.Model):
    _name = "integration.capture.revision"
    _description = "Integration Capture Revision"
    _log_access = False

    number = fields.Integer(required=True, readonly=True, default=0)

    def init(self):
        self.env.cr.execute("CREATE SEQUENCE IF NOT EXISTS integration_capture_revision_number")
        self.env.cr.execute(
            "INSERT INTO integration_capture_revision (id, number) VALUES (1, 0) ON CONFLICT (id) DO NOTHING"
        )

    @api.model
    def _bump(self):
        """Say that the configuration of capture or routing changed in this transaction.

        Two transactions that change it at the same time conflict, and Odoo repeats the second.
        """
        self.env.cr.execute(
            "UPDATE integration_capture_revision "
            "SET number = nextval('integration_capture_revision_number') WHERE id = 1"
        )
        self.browse(1).invalidate_recordset(flush=False)

    @api.model
    def _find_plan(self):
        """Return the CapturePlan this transaction sees; costs one small statement per transaction.

        Hooks ask many times in a save. So the number is taken from the ORM's cache, which follows savepoints,
        past what the ORM does to read a field.
        """
        field = self._fields["number"]
        number = field._get_cache(self.env).get(1)
        if number is None:
            self.env.cr.execute("SELECT number FROM integration_capture_revision WHERE id = 1")
            [number] = self.env.cr.fetchone()
            field._update_cache(self.browse(1), number)
        return find_plan(self.env, number)
