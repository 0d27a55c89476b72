{
    "name": "Integration Monitor: Accounting",
    "version": "19.0.1.0.0",
    "summary": "Invoices, bills and payments reach other systems, visibly",
    "category": "Productivity",
    "author": "Integration Monitor contributors",
    "license": "LGPL-3",
    "depends": ["integration_monitor", "account"],
    "auto_install": True,
    "data": [
        "data/integration_event_type_data.xml",
        "views/account_move_views.xml",
        "views/account_payment_views.xml",
    ],
}
