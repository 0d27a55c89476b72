"""Code for receivers that checks our signatures: real source files in one folder, filled in for an endpoint.

The files of TypeScript, Python and the shell are run by tests against signatures that the sidecar makes.
"""

from typing import NamedTuple

from odoo.tools.misc import file_open

FOLDER = "integration_monitor/endpoint/snippets"


class Language(NamedTuple):
    label: str
    suffix: str
    schemes: tuple


# C# has no ed25519 of its own.
LANGUAGES = {
    "typescript": Language("TypeScript / Node.js", "ts", ("v1", "v1a")),
    "python": Language("Python", "py", ("v1", "v1a")),
    "java": Language("Java", "java", ("v1", "v1a")),
    "csharp": Language("C#", "cs", ("v1",)),
    "php": Language("PHP", "php", ("v1", "v1a")),
    "go": Language("Go", "go", ("v1", "v1a")),
    "shell": Language("curl and OpenSSL", "sh", ("v1", "v1a")),
}


def read_snippet(language, scheme, values=None):
    """Return the source text, or None where the language has none for the scheme.

    :param str language: a key of LANGUAGES
    :param str scheme: "v1" (shared secret) or "v1a" (key pair)
    :param dict values: placeholder → text to show instead, none of them a secret; missing ones stay
    """
    if scheme not in LANGUAGES[language].schemes:
        return None
    with file_open(f"{FOLDER}/verify_{scheme}.{LANGUAGES[language].suffix}") as file:
        text = file.read()
    for placeholder, value in (values or {}).items():
        text = text.replace(placeholder, value)
    return text
