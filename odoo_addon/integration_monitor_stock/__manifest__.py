{
    "name": "Integration Monitor: Inventory",
    "version": "19.0.1.0.0",
    "summary": "Finished transfers reach other systems, visibly",
    "category": "Productivity",
    "author": "Integration Monitor contributors",
    "license": "LGPL-3",
    "depends": ["integration_monitor", "stock"],
    "auto_install": True,
    "data": [
        "data/integration_event_type_data.xml",
        "views/stock_picking_views.xml",
    ],
}
