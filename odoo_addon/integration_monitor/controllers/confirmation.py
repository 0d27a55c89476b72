"""Where receivers say afterwards what became of an event (docs/receiving.md)."""

from odoo.http import Controller, Response, request, route

from ..endpoint.confirmation import BODY_BYTES_MAX, PATH, ConfirmationRefused, read_confirmation


class ConfirmationController(Controller):
    # The signature is the proof of who asks; a system has neither session nor csrf token.
    @route(PATH, type="http", auth="public", methods=["POST"], csrf=False, sitemap=False, save_session=False)
    def confirm(self, **_fields):
        """Take a confirmation: 204, or JSON ``{"error", "message"}`` with 400, 401, 409 or 413."""
        try:
            confirmation = read_confirmation(request.httprequest.headers, _read_body())
            # sudo: the sender is no user; its signature is checked before anything is changed
            request.env["integration.delivery"].sudo()._take_confirmation(confirmation)
        except ConfirmationRefused as refusal:
            headers = [("Retry-After", str(refusal.retry_after_s))] if refusal.retry_after_s else []
            answer = {"error": refusal.code, "message": refusal.message}
            return request.make_json_response(answer, headers=headers, status=refusal.status_code)
        return Response(status=204)


def _read_body():
    """Return the bytes that were signed; cached, because Odoo repeats a request after a conflict."""
    length = request.httprequest.content_length
    if length is None or length > BODY_BYTES_MAX:
        raise ConfirmationRefused(
            413,
            "IM_CONFIRMATION_INVALID",
            f"The request must have a content-length of at most {BODY_BYTES_MAX} bytes.",
        )
    return request.httprequest.get_data(cache=True)
