"""Says on Odoo's bus that there is something to read, over a connection that stays open.

Odoo opens a connection for every notification, which takes longer than all else between a commit and its
hint.
"""

import psycopg2

from odoo.addons.bus.models.bus import ODOO_NOTIFY_FUNCTION, get_notify_payloads
from odoo.sql_db import connection_info_for

# Where the dispatchers of all databases listen.
BUS_DATABASE = "postgres"
CHANNELS_KEY = "bus.bus.channels"


class BusNotifier:
    """For one thread. A forked process begins with none: psycopg2 leaves the connection to its parent."""

    def __init__(self):
        self.connection = None

    def take_over(self, cr):
        """Return the channels that the bus would notify after the commit of this cursor, in its stead.

        Whatever else was to follow the commit is dropped, so the cursor must be the caller's own.
        """
        channels = cr.postcommit.data.get(CHANNELS_KEY, ())
        cr.postcommit.clear()
        return list(channels)

    def notify(self, channels):
        """Let those who listen to the channels read. The rows must be committed.

        :raise psycopg2.Error: PostgreSQL cannot be reached, or refuses
        """
        for payload in get_notify_payloads(channels):
            try:
                self._execute(payload)
            except (psycopg2.OperationalError, psycopg2.InterfaceError):
                # PostgreSQL was restarted since.
                self.connection = None
                self._execute(payload)

    def _execute(self, payload):
        if self.connection is None:
            self.connection = psycopg2.connect(**connection_info_for(BUS_DATABASE)[1])
            self.connection.autocommit = True
        with self.connection.cursor() as cursor:
            function = psycopg2.extensions.quote_ident(ODOO_NOTIFY_FUNCTION, cursor)
            cursor.execute(f"SELECT {function}('imbus', %s)", [payload])
