{
    "name": "Integration Monitor: Products",
    "version": "19.0.1.0.0",
    "summary": "Products and their changes reach other systems, visibly",
    "category": "Productivity",
    "author": "Integration Monitor contributors",
    "license": "LGPL-3",
    "depends": ["integration_monitor", "product"],
    "auto_install": True,
    "data": [
        "data/integration_event_type_data.xml",
        "views/product_product_views.xml",
        "views/product_template_views.xml",
    ],
}
