{
    "name": "Integration Monitor: Purchase",
    "version": "19.0.1.0.0",
    "summary": "Confirmed purchase orders reach other systems, visibly",
    "category": "Productivity",
    "author": "Integration Monitor contributors",
    "license": "LGPL-3",
    "depends": ["integration_monitor", "purchase"],
    "auto_install": True,
    "data": [
        "data/integration_event_type_data.xml",
        "views/purchase_order_views.xml",
    ],
}
