{
    "name": "Integration Monitor: Sales",
    "version": "19.0.1.0.0",
    "summary": "Confirmed sales orders reach other systems, visibly",
    "category": "Productivity",
    "author": "Integration Monitor contributors",
    "license": "LGPL-3",
    "depends": ["integration_monitor", "sale"],
    "auto_install": True,
    "data": [
        "data/integration_event_type_data.xml",
        "views/sale_order_views.xml",
    ],
}
