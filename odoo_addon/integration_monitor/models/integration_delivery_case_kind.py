"""What is the matter with a delivery, as PostgreSQL sees it: nothing stored, found through a partial index.

A delivery is in trouble when it failed, or was tried and is not through yet. What comes after one in trouble
waits behind it. Both are few among all deliveries: the index below holds only those in trouble, and what
waits is found from them, so that neither lists nor counts ever read what is delivered.

Why not stored: whether a delivery waits behind another changes without anybody touching it.
"""

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .case_words import CASE_KINDS, CASE_WORDS, OTHER_CLASS

IS_IN_TROUBLE = (
    "({0}.state = 'failed' OR ({0}.state IN ('pending', 'queued') AND {0}.failure_class IS NOT NULL))"
)
IN_TROUBLE_IDS = f"SELECT head.id FROM integration_delivery head WHERE {IS_IN_TROUBLE.format('head')}"
# A failed one holds the others only where the endpoint says so, and a failed replay never does.
WAITING_IDS = f"""
    SELECT follower.id
      FROM integration_delivery head
      JOIN integration_endpoint e ON e.id = head.endpoint_id
      JOIN integration_delivery follower
        ON follower.endpoint_id = head.endpoint_id AND follower.res_model = head.res_model
       AND follower.res_id = head.res_id AND follower.sequence > head.sequence
       AND follower.state = 'pending' AND follower.failure_class IS NULL
     WHERE {IS_IN_TROUBLE.format("head")}
       AND head.is_test IS NOT TRUE AND follower.is_test IS NOT TRUE
       AND (head.state <> 'failed' OR (e.after_failure = 'hold' AND head.first_delivered_at IS NULL))
"""
EXCEPTION_IDS = f"{IN_TROUBLE_IDS} UNION ALL {WAITING_IDS}"
BRANCHES = " ".join(f"WHEN '{name}' THEN '{words.kind}'" for name, words in CASE_WORDS.items())
KIND_BY_CLASS = f"CASE {{0}}.failure_class {BRANCHES} ELSE '{CASE_WORDS[OTHER_CLASS].kind}' END"
KIND = (
    f"CASE WHEN {IS_IN_TROUBLE} THEN {KIND_BY_CLASS} "
    f"WHEN {{0}}.state = 'pending' AND {{0}}.id IN ({WAITING_IDS}) THEN 'waiting' END"
)
READ_FIELDS = (
    "state",
    "failure_class",
    "sequence",
    "endpoint_id",
    "res_model",
    "res_id",
    "first_delivered_at",
)


class IntegrationDelivery(models.Model):
    _inherit = "integration.delivery"

    case_kind = fields.Selection(
        CASE_KINDS,
        "What Is the Matter",
        compute="_compute_case_kind",
        search="_search_case_kind",
        help="Why this has not arrived, by who can do something about it.",
    )
    is_exception = fields.Boolean(
        "Exception",
        compute="_compute_case_kind",
        search="_search_is_exception",
        help="Whether it failed, was tried without success so far, or waits behind such a one.",
    )

    # What is in trouble; empty on a good day.
    _trouble_index = models.Index(
        "(endpoint_id, res_model, res_id, sequence) "
        "WHERE state = 'failed' OR (state IN ('pending', 'queued') AND failure_class IS NOT NULL)"
    )

    @api.depends("state", "failure_class")
    def _compute_case_kind(self):
        self._flush_case_fields()
        kind = SQL(KIND.format("d"))
        kinds = dict(
            self.env.execute_query(
                SQL("SELECT d.id, %s FROM integration_delivery d WHERE d.id = ANY(%s)", kind, self.ids)
            )
            if self.ids
            else ()
        )
        for delivery in self:
            delivery.case_kind = kinds.get(delivery.id) or False
            delivery.is_exception = bool(delivery.case_kind)

    @api.model
    def _search_is_exception(self, operator, value):
        if operator != "in":
            # Odoo turns = and != into in, and asks for the opposite of "in" when "not in" is unknown.
            return NotImplemented
        if set(value) == {True, False}:
            return Domain.TRUE
        exceptions = self._case_domain(f"{{0}}.id IN ({EXCEPTION_IDS})")
        return exceptions if True in value else ~exceptions

    @api.model
    def _search_case_kind(self, operator, value):
        if operator != "in":
            return NotImplemented
        wanted = Domain.FALSE
        for kind, _label in CASE_KINDS:
            if kind not in value:
                continue
            if kind == "waiting":
                wanted |= self._case_domain(f"({{0}}.id IN ({WAITING_IDS}) AND NOT {IS_IN_TROUBLE})")
            else:
                wanted |= self._case_domain(f"({IS_IN_TROUBLE} AND {KIND_BY_CLASS} = '{kind}')")
        if False in value:
            wanted |= self._search_is_exception("in", [False])
        return wanted

    @api.model
    def _case_domain(self, condition):
        """A condition of this file on the searched rows.

        :param str condition: SQL without values, ``{0}`` where the alias of the table belongs
        """

        def to_sql(model, alias, _query):
            model._flush_case_fields()
            return SQL(condition.format(f'"{alias}"'))

        return Domain.custom(to_sql=to_sql)

    def _flush_case_fields(self):
        self.env["integration.delivery"].flush_model(READ_FIELDS)
        self.env["integration.endpoint"].flush_model(["after_failure"])

    def _field_to_sql(self, alias, field_expr, query=None):
        if field_expr == "case_kind":
            self._check_field_access(self._fields[field_expr], "read")
            self._flush_case_fields()
            return SQL(KIND.format(f'"{alias}"'))
        return super()._field_to_sql(alias, field_expr, query)

    @api.model
    def _read_group_orderby(self, order, groupby_terms, query):
        """Let groups come in the order in which people should look at them, not by the name of the key."""
        if (order or ",".join(groupby_terms)).split(",")[0].split()[:1] != ["case_kind"]:
            return super()._read_group_orderby(order, groupby_terms, query)
        keys = [key for key, _label in CASE_KINDS]
        return SQL("array_position(%s, %s)", keys, groupby_terms["case_kind"])
