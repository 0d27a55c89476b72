{
    "name": "Integration Monitor: Sample Company",
    "version": "19.0.1.0.0",
    "summary": "A small care group with users, documents and two endpoints, to try the Integration Monitor",
    "category": "Productivity",
    "author": "Integration Monitor contributors",
    "license": "LGPL-3",
    "depends": [
        "integration_monitor_account",
        "integration_monitor_purchase",
        "integration_monitor_stock",
        "integration_monitor_sale",
        "purchase_stock",
        "sale_management",
        "sale_stock",
    ],
    "data": [
        "data/res_partner_data.xml",
        "data/res_users_data.xml",
        "data/product_product_data.xml",
        "data/integration_endpoint_data.xml",
    ],
    "post_init_hook": "prepare_sample_company",
}
