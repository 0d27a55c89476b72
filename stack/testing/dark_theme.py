"""Gives a database the colours of a dark Odoo, to see our screens in them; read by `odoo shell`.

The Community edition carries what its screens need in the dark (`web.assets_web_dark`, `*.dark.scss`), but
not the colours themselves, and always answers "light". So the variables that all of Odoo's styles come from
are set here, as the Enterprise edition sets them: grey upside down, brighter brand colours. What does not
follow them shows at once.
"""

VARIABLES = """
$o-webclient-color-scheme: dark;
$o-white: #262a36;
$o-black: #ffffff;
$o-gray-100: #1b1d26;
$o-gray-200: #262a36;
$o-gray-300: #3c3e4b;
$o-gray-400: #5a5e6b;
$o-gray-500: #6b707f;
$o-gray-600: #a5a8b3;
$o-gray-700: #c6c8d0;
$o-gray-800: #dcdde3;
$o-gray-900: #f0f1f4;
$o-community-color: #a47f9b;
$o-view-background-color: #1f222c;
$o-success: #3ccb8b;
$o-info: #2fc3dd;
$o-warning: #ffc44d;
$o-danger: #ff6b6b;
$o-form-lightsecondary: #3c3e4b;
"""
PATH = "/integration_monitor_screenshots/dark_variables.scss"

env["ir.attachment"].create(  # noqa: F821 `env` is given by the shell
    {
        "name": "Dark variables",
        "type": "binary",
        "mimetype": "text/scss",
        "url": PATH,
        "raw": VARIABLES.encode(),
        "public": True,
    }
)
# The variables come before their defaults; and the dark files come after the light ones they correct.
for bundle, path, directive in (
    ("web._assets_primary_variables", PATH, "prepend"),
    ("web.assets_backend", "web/static/src/**/*.dark.scss", "append"),
):
    env["ir.asset"].create(  # noqa: F821
        {"name": f"Dark: {path}", "bundle": bundle, "path": path, "directive": directive}
    )
env.cr.commit()  # noqa: F821
