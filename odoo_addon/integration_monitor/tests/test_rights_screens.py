"""What each role finds on its screens: menus as in the table, pages that open, buttons that work."""

from lxml import etree

from odoo.tests import Form, tagged
from odoo.tools.safe_eval import safe_eval

from .rights_case import RightsCase
from .rights_table import GROUPS, RIGHTS

# States of a delivery in which buttons come and go.
STATES = ("pending", "queued", "failed", "delivered", "cancelled", "expired")
# Whose buttons are looked at: the record, and the model that the table lists its methods under.
FORMS = {
    "integration.delivery": "integration.delivery",
    "integration.endpoint": "integration.endpoint",
    "integration.bulk.operation": "integration.bulk.operation",
    "res.partner": "integration.document.mixin",
}


@tagged("post_install", "-at_install")
class TestRightsScreens(RightsCase):
    def menus_of(self, role):
        """{xml id: menu} of our menus that the role is shown."""
        menus = self.env["ir.ui.menu"].with_user(self.users[role]).load_web_menus(debug=False)
        found = [menu for menu in menus.values() if isinstance(menu, dict) and menu.get("xmlid")]
        return {menu["xmlid"]: menu for menu in found if menu["xmlid"].startswith("integration_monitor.")}

    def test_menus_are_shown_to_the_roles_of_the_table_only(self):
        rights = [right for right in RIGHTS if right.kind == "menu"]
        ours = self.env["ir.model.data"].search(
            [("model", "=", "ir.ui.menu"), ("module", "=", "integration_monitor")]
        )
        listed = {right.model for right in rights}
        self.assertEqual(set(ours.mapped("complete_name")), listed, "add the missing menus to rights.csv")
        for role in ("employee", "staff", "user", "operator", "administrator"):
            shown = {right.model for right in rights if right.cells[role] == "yes"}
            self.assertEqual(set(self.menus_of(role)), shown, role)
        for role in ("public", "portal", "sidecar"):
            self.assertFalse(self.users[role]._is_internal(), "no web client, hence no menus")
            self.assertFalse([right.model for right in rights if right.cells[role] != "no"])

    def test_every_menu_that_is_shown_leads_to_a_page_that_opens(self):
        for role in ("employee", "staff", "user", "operator", "administrator"):
            for xml_id, menu in self.menus_of(role).items():
                if menu["actionModel"] != "ir.actions.act_window":
                    continue
                action = self.env["ir.actions.act_window"].with_user(self.users[role]).sudo()
                action = action.browse(menu["actionID"])
                with self.subTest(role=role, menu=xml_id):
                    model = self.env[action.res_model].with_user(self.users[role])
                    model.get_views(action.views, {"toolbar": True})
                    fields = ["id", "display_name"]
                    model.search_read([], fields, limit=1)

    def test_every_form_that_a_role_may_read_opens(self):
        readable = [right for right in RIGHTS if (right.kind, right.name) == ("rows", "read")]
        for right in readable:
            for role in right.allowed() & {"staff", "user", "operator", "administrator"}:
                record = self.own_record(right.model, role)
                with self.subTest(model=right.model, role=role):
                    self.assertTrue(Form(record.with_user(self.users[role])).id)

    def test_no_button_is_shown_that_would_be_refused(self):
        cells = {(right.model, right.name): right.cells for right in RIGHTS if right.kind == "method"}
        for model, listed_model in FORMS.items():
            for role in GROUPS:
                record = self.own_record(listed_model, role).with_user(self.users[role])
                if not record.has_access("read"):
                    continue
                for state in STATES if model == "integration.delivery" else (None,):
                    if state:
                        record.sudo().state = state
                        self.env.flush_all()
                    for button in self.buttons_shown(record):
                        with self.subTest(model=model, role=role, state=state, button=button):
                            known = cells.get((listed_model, button))
                            if known:
                                self.assertIn(known[role], ("yes", "own"))

    def buttons_shown(self, record):
        """The methods behind the buttons of the record's form that are visible to its user."""
        views = record.get_views([(False, "form")])
        arch = etree.fromstring(views["views"]["form"]["arch"])
        names = {node.get("name") for node in arch.iter("field")} & set(record._fields)
        top_level = [name for name in names if not record._fields[name].type.endswith("2many")]
        values = record.read(sorted(top_level), load="")[0]
        values |= {"context": {}, "uid": record.env.uid}
        return {
            button.get("name")
            for button in arch.iter("button")
            if button.get("type") == "object" and not _is_inside_list(button) and _is_shown(button, values)
        }

    def test_the_buttons_of_operators_and_staff_are_there_when_they_are_needed(self):
        delivery = self.home["integration.delivery"]
        delivery.state = "failed"
        for role, is_there in (("staff", True), ("user", False), ("operator", True)):
            buttons = self.buttons_shown(delivery.with_user(self.users[role]))
            self.assertEqual("action_retry" in buttons, is_there, role)
            self.assertIn("action_explain", buttons)


def _is_inside_list(node):
    return any(parent.tag in ("list", "kanban") for parent in node.iterancestors())


def _is_shown(node, values):
    """Whether neither the node nor one around it is hidden with these values."""
    for part in (node, *node.iterancestors()):
        condition = part.get("invisible")
        if condition and safe_eval(condition, dict(values)):
            return False
    return True
