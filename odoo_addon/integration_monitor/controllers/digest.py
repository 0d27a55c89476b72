"""Ends the daily summary by the link in the mail, without signing in."""

from werkzeug.exceptions import NotFound

from odoo.http import Controller, request, route
from odoo.tools import consteq


class DigestController(Controller):
    # The token is the proof of who asks. A mail program posts without a session, hence no csrf token; a GET
    # changes nothing, because programs that look for viruses open every link (RFC 8058).
    @route(
        "/integration_monitor/digest/unsubscribe",
        type="http",
        auth="public",
        methods=["GET", "POST"],
        csrf=False,
        sitemap=False,
    )
    def unsubscribe(self, user_id="", token="", **_others):
        """Ask whether the summary should end (GET), and end it (POST).

        :raise NotFound: for a token that is not this user's
        """
        # sudo: the person is not signed in; the token is checked before anything is read or changed
        user = request.env["res.users"].sudo().browse(int(user_id) if user_id.isdigit() else 0).exists()
        if not user or not consteq(request.env["integration.digest"]._unsubscribe_token(user), token):
            raise NotFound()
        is_done = request.httprequest.method == "POST"
        if is_done:
            user.integration_digest = False
        values = {"is_done": is_done, "user_id": user_id, "token": token}
        return request.render("integration_monitor.digest_unsubscribe", values)
