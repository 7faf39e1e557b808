"""The access matrix with all methods of the ORM: some 15,000 calls."""

from odoo.addons.loyalty_cinema.tests import test_access_matrix


class TestAccessMatrixEveryMethod(test_access_matrix.TestAccessMatrixRecords):
    """Each way of reading, writing, making and deleting that Odoo offers a client."""

    operations = {
        "read": [
            "read",
            "search_read",
            "web_search_read",
            "web_read",
            "export_data",
            "name_search",
            "search_count",
            "formatted_read_group",
        ],
        "write": ["write", "web_save", "action_archive"],
        "create": ["create", "copy", "load", "name_create"],
        "unlink": ["unlink"],
    }
