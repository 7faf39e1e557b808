"""Who may do what over RPC and HTTP: read by people, tried by ``test_access_matrix.py``.

A role that a row does not name is refused, or is answered without any secret and without any
change. A row with ``ANYBODY`` or ``STAFF`` holds methods that answer everybody, tell nothing and
change nothing, such as the action behind a button. A new public method, model or route needs a row.
"""

NOBODY = ""
STAFF = (
    "internal, salesperson, cashier, other cashier, manager, other manager, POS manager, "
    "sales manager, billing, accountant, contact manager, settings"
)
ANYBODY = f"portal, {STAFF}"
TILL = "cashier, POS manager"
ANY_TILL = "cashier, other cashier, POS manager"
TILL_AND_BOOKS = f"{TILL}, accountant"
MANAGERS = "manager, POS manager"
ANY_MANAGER = "manager, other manager, POS manager"
READERS = f"{MANAGERS}, accountant"
GIVERS = f"{MANAGERS}, sales manager"
SALES = "salesperson, sales manager"

#: model → who may → its public methods, called on a record of the till's company.
METHODS = {
    "account.fiscal.position": {
        NOBODY: "map_account",
    },
    "account.move": {
        ANYBODY: "action_open_loyalty_entries",
        "billing, accountant": "action_reverse button_draft",
        "accountant": "action_view_source_pos_orders",
    },
    "account.payment": {
        "billing, accountant": "action_cancel",
    },
    "ir.model.access": {
        ANYBODY: "group_names_with_access",
    },
    "loyalty.adjustment": {
        MANAGERS: "action_approve action_refuse action_submit action_undo",
    },
    "loyalty.benefit": {
        ANYBODY: "action_view_issues",
    },
    "loyalty.benefit.by.hand": {
        MANAGERS: "action_give",
    },
    "loyalty.benefit.issue": {
        MANAGERS: "action_done action_not_done",
    },
    "loyalty.benefit.withdraw": {
        ANY_MANAGER: "action_withdraw",
    },
    "loyalty.card": {
        "salesperson, cashier, manager, POS manager, sales manager": "action_coupon_send",
        ANYBODY: "action_loyalty_update_balance action_open_entries action_open_lots",
        "cashier, manager, POS manager": "get_gift_card_status",
        "cashier, other cashier, manager, other manager, POS manager": """
            get_loyalty_card_partner_by_code""",
    },
    "loyalty.card.action": {
        MANAGERS: "action_confirm",
    },
    "loyalty.card.issue": {
        MANAGERS: "action_issue",
        ANY_MANAGER: "action_print_sheet action_view_cards",
    },
    "loyalty.card.kind": {
        ANYBODY: "action_view_cards",
    },
    "loyalty.card.owner": {
        MANAGERS: "action_change",
    },
    "loyalty.card.pin": {
        MANAGERS: "action_set",
    },
    "loyalty.card.replace": {
        MANAGERS: "action_replace",
    },
    "loyalty.card.update.balance": {
        GIVERS: "action_update_card_point",
    },
    "loyalty.generate.wizard": {
        GIVERS: "generate_coupons",
    },
    "loyalty.hold": {
        MANAGERS: "action_void",
    },
    "loyalty.incident": {
        MANAGERS: "action_open_origin",
    },
    "loyalty.ledger.entry": {
        READERS: "action_open_origin",
    },
    "loyalty.member": {
        READERS: "action_open_list",
        ANYBODY: "action_view_benefit_issues",
    },
    "loyalty.member.card": {
        MANAGERS: "action_activate action_ask_reason action_change_owner action_replace",
        "cashier, manager, POS manager, accountant": "action_view_entries",
    },
    "loyalty.member.import": {
        MANAGERS: "action_import action_preview",
        ANY_MANAGER: "action_view_members",
    },
    "loyalty.program": {
        GIVERS: """
            action_apply_tiers action_suggest_earn_rules action_suggest_rewards
            action_suggest_tiers""",
        NOBODY: "action_convert_to_stored_value",
        f"{ANY_MANAGER}, sales manager": "create_from_template",
        "salesperson, cashier, manager, POS manager, sales manager, accountant": """
            action_open_loyalty_cards""",
        ANYBODY: "action_view_members get_program_templates",
    },
    "loyalty.reconciliation": {
        "manager, other manager, POS manager, accountant": "action_open",
        "accountant": "action_post",
        READERS: "action_refresh",
    },
    "loyalty.reconciliation.line": {
        "manager, other manager, POS manager, accountant": "action_open_documents",
    },
    "loyalty.refund.approval": {
        "POS manager": "action_approve",
    },
    "loyalty.stored.value.convert": {
        NOBODY: "action_convert",
    },
    "loyalty.terms.change": {
        READERS: "action_open_record",
    },
    "loyalty.tier": {
        ANYBODY: "action_view_members",
    },
    "loyalty.settings": {
        MANAGERS: "action_save action_setup_discount",
    },
    "loyalty.tier.assign": {
        MANAGERS: "action_assign",
    },
    "loyalty.till": {
        TILL: """
            approve_cash_refund authorize benefit_done card_action enrol hold_claims lift_lock
            lookup managers member prepare_load profile refund_plan refundable_loads release_holds
            save_profile void""",
    },
    "pos.category": {
        ANYBODY: "get_default_color",
    },
    "pos.close.session.wizard": {
        TILL: "close_session",
    },
    "pos.config": {
        ANYBODY: "action_pos_config_modal_edit execute get_limited_product_count get_record_by_ref",
        TILL: "close_ui open_ui read_config_open_orders",
        TILL_AND_BOOKS: "open_existing_session_cb open_opened_rescue_session_form",
        "cashier, manager, POS manager, accountant, settings": """
            get_limited_partners_loading notify_synchronisation register_new_device_identifier
            update_customer_display""",
        "cashier, other cashier, manager, other manager, POS manager, accountant, settings": """
            get_pos_kanban_view_state""",
        NOBODY: """
            get_statistics_for_session install_pos_restaurant load_demo_data
            load_onboarding_bakery_scenario load_onboarding_clothes_scenario
            load_onboarding_furniture_scenario load_onboarding_retail_scenario""",
        "cashier, manager, POS manager": "use_coupon_code",
    },
    "pos.confirmation.wizard": {
        ANY_TILL: "action_confirm get_selected_orders",
    },
    "pos.daily.sales.reports.wizard": {
        "POS manager": "generate_report",
    },
    "pos.details.wizard": {
        "POS manager": "generate_report",
    },
    "pos.make.invoice": {
        TILL: "action_create_invoices",
    },
    "pos.make.payment": {
        "POS manager": "check launch_payment",
    },
    "pos.order": {
        ANYBODY: "action_create_invoices",
        TILL: """
            action_pos_order_cancel action_pos_order_invoice action_pos_order_paid
            action_send_receipt action_stock_picking add_loyalty_history_lines add_payment
            confirm_coupon_programs read_pos_data refund sync_from_ui validate_coupon_programs""",
        STAFF: "action_send_mail",
        TILL_AND_BOOKS: """
            action_view_invoice action_view_refund_orders action_view_refunded_order
            get_preparation_change get_reference_last_part search_paid_order_ids""",
        ANY_TILL: "read_pos_data_uuid read_pos_orders remove_from_ui",
    },
    "pos.order.line": {
        TILL_AND_BOOKS: "get_existing_lots",
    },
    "pos.payment.method": {
        STAFF: "get_provider_status",
        TILL_AND_BOOKS: "get_qr_code",
    },
    "pos.preset": {
        ANYBODY: "action_open_linked_config action_open_linked_orders",
        "cashier, other cashier, POS manager, accountant": "get_available_slots",
    },
    "pos.session": {
        TILL: """
            action_pos_session_close action_pos_session_closing_control action_pos_session_open
            action_pos_session_validate action_stock_picking close_session_from_ui
            delete_opening_control_session find_product_by_barcode get_closing_control_data
            load_data_params log_partner_message post_close_register_message
            post_closing_cash_details set_opening_control update_closing_control_state_session""",
        TILL_AND_BOOKS: """
            get_pos_ui_product_pricelist_item_by_product get_session_orders get_total_discount
            load_data open_frontend_cb show_cash_register""",
        ANYBODY: "action_show_payments_list action_view_order filter_local_data",
        # cash in and out takes a cashier who may also make journal entries
        NOBODY: "delete_cash_in_out try_cash_in_out",
        ANY_TILL: "get_cash_in_out_list",
        "accountant": "show_journal_items",
    },
    "product.template": {
        "cashier, manager, POS manager": "create_product_variant_from_pos",
        TILL_AND_BOOKS: "get_product_info_pos",
        TILL: "load_product_from_pos",
    },
    "report.point_of_sale.report_saledetails": {
        "cashier, other cashier, POS manager, accountant": "get_sale_details",
    },
    "res.company": {
        ANYBODY: "validate_lock_dates",
    },
    "res.config.settings": {
        "settings": """
            action_loyalty_setup action_loyalty_setup_discount action_pos_config_create_new
            action_pos_printer_dialog pos_close_ui pos_open_ui set_values""",
        NOBODY: "open_payment_method_form",
    },
    "res.partner": {
        MANAGERS: "action_enrol_members",
        ANYBODY: "action_view_loyalty_cards action_view_loyalty_stored_value",
        STAFF: "action_view_loyalty_member_cards action_view_pos_order open_commercial_entity",
        "manager, other manager, POS manager, accountant": "action_view_loyalty_members",
        "cashier, manager, POS manager, accountant, settings": "get_new_partner",
    },
    "res.users": {
        "internal, settings": "action_loyalty_clear_pin",
    },
    "sale.loyalty.coupon.wizard": {
        SALES: "action_apply",
    },
    "sale.loyalty.reward.wizard": {
        SALES: "action_apply action_cancel",
    },
    "sale.order": {
        SALES: "action_confirm action_open_reward_wizard",
        "salesperson, POS manager, sales manager, billing, accountant": "action_draft",
        ANYBODY: "action_view_gift_cards",
    },
    # it takes an administrator, and ends the server's work: see NOT_CALLED
    "ir.module.module": {
        "settings": "button_uninstall module_uninstall",
    },
}

#: Methods that nobody calls in a test: they install or remove modules.
NOT_CALLED = {
    "ir.module.module.button_uninstall",
    "ir.module.module.module_uninstall",
    "pos.config.install_pos_restaurant",
}
#: Odoo's methods that fail on what a client can send, whoever calls: they take records, or wrap an
#: AccessError while they load data.
NOT_FOR_CLIENTS = {
    "account.fiscal.position.map_account",
    "pos.config.get_statistics_for_session",
    "pos.config.load_demo_data",
}

#: Who may read, write, create and unlink records of which models, of the companies he works for: a
#: cashier or manager of another company has these rights there, and none on records of this one.
RIGHTS = (
    (
        "loyalty.adjustment loyalty.benefit loyalty.bonus.band loyalty.bonus.scheme "
        "loyalty.member loyalty.special.day loyalty.special.day.line",
        {"read": READERS, "write create unlink": MANAGERS},
    ),
    (
        "loyalty.approval loyalty.benefit.issue loyalty.benefit.report loyalty.earning "
        "loyalty.earn.basis "
        "loyalty.hold loyalty.ledger.entry loyalty.lot loyalty.lot.line "
        "loyalty.merged.partner loyalty.terms.change loyalty.tier.change loyalty.tier.report",
        {"read": READERS},
    ),
    (
        "loyalty.benefit.by.hand loyalty.benefit.withdraw loyalty.card.action "
        "loyalty.card.issue loyalty.card.owner loyalty.card.pin loyalty.card.replace "
        "loyalty.member.import "
        "loyalty.refund.approval loyalty.settings loyalty.tier.assign",
        {"read write create": MANAGERS},
    ),
    (
        "loyalty.card",
        {
            "read": "salesperson, cashier, manager, POS manager, sales manager, accountant",
            "write create": "POS manager, sales manager",
        },
    ),
    (
        "loyalty.card.kind loyalty.member.card",
        {"read": "cashier, manager, POS manager, accountant", "write create unlink": MANAGERS},
    ),
    (
        "loyalty.card.update.balance loyalty.generate.wizard",
        {"read write create": GIVERS},
    ),
    (
        "loyalty.code.attempt loyalty.consent loyalty.expiry.notice loyalty.incident",
        {"read": MANAGERS},
    ),
    (
        "loyalty.earn.rule",
        {"read": "manager, POS manager, sales manager, accountant", "write create unlink": GIVERS},
    ),
    (
        "loyalty.greeting loyalty.member.import.line",
        {"read write create unlink": MANAGERS},
    ),
    (
        "loyalty.history",
        {"read": "salesperson, cashier, manager, POS manager, sales manager, accountant"},
    ),
    (
        "loyalty.mail loyalty.reward loyalty.rule",
        {
            "read": "salesperson, cashier, manager, POS manager, sales manager, accountant",
            "write create unlink": GIVERS,
        },
    ),
    (
        "loyalty.program",
        {
            "read": "salesperson, cashier, manager, POS manager, sales manager, accountant",
            "write create unlink": GIVERS,
        },
    ),
    (
        "loyalty.reconciliation",
        {"read write create": READERS},
    ),
    (
        "loyalty.reconciliation.line",
        {"read write create unlink": READERS},
    ),
    (
        "loyalty.stored.value.convert",
        {"read write create": "accountant"},
    ),
    (
        "loyalty.suggestion",
        {"read": "cashier, manager, POS manager", "write create unlink": MANAGERS},
    ),
    (
        "loyalty.taste",
        {
            "read": "salesperson, manager, POS manager, sales manager",
            "write create unlink": MANAGERS,
        },
    ),
    (
        "loyalty.tier",
        {
            "read": "cashier, manager, POS manager, sales manager, accountant",
            "write create unlink": GIVERS,
        },
    ),
    (
        "pos.bill pos.confirmation.wizard",
        {"read write create unlink": TILL},
    ),
    (
        "pos.pack.operation.lot",
        {"read": TILL_AND_BOOKS, "write create unlink": TILL},
    ),
    (
        "pos.category",
        {"read": STAFF, "write create unlink": "POS manager"},
    ),
    (
        "pos.close.session.wizard",
        {"read write create": TILL},
    ),
    (
        "pos.config",
        {
            "read": "cashier, manager, POS manager, accountant, settings",
            "write": "cashier, POS manager, settings",
            "create unlink": "POS manager",
        },
    ),
    (
        "pos.daily.sales.reports.wizard pos.details.wizard pos.make.payment",
        {"read write create": "POS manager"},
    ),
    (
        "pos.make.invoice",
        {"read write create": TILL, "unlink": "POS manager"},
    ),
    (
        "pos.note pos.preset pos.printer",
        {"read": TILL, "write create unlink": "POS manager"},
    ),
    (
        "pos.order pos.order.line pos.payment",
        {"read": TILL_AND_BOOKS, "write create unlink": TILL},
    ),
    (
        "pos.payment.method",
        {"read": TILL_AND_BOOKS, "write create unlink": "POS manager"},
    ),
    (
        "pos.session",
        {"read": TILL_AND_BOOKS, "write create": TILL},
    ),
    (
        "report.pos.order",
        {"read": TILL},
    ),
    (
        "sale.loyalty.coupon.wizard sale.loyalty.reward.wizard",
        {"read write create": SALES},
    ),
    (
        "sale.order.coupon.points",
        {"read": SALES, "write create unlink": "sales manager"},
    ),
)

#: What nobody writes on a record with value, whatever right there is on its model.
FIXED = {
    "loyalty.card": """
        points held overdraft pending qualifying_points code partner_id member_card_id program_id
        active expiration_date""",
    "loyalty.member.card": "code pin_hash state kind_id owner_id holder_id company_id",
    "loyalty.member": "partner_id program_id balance_id",
    "loyalty.program": "company_id program_type is_membership is_stored_value currency_id",
    "loyalty.adjustment": "state approver_id user_id kind worth",
    "pos.order": """
        state amount_total amount_paid partner_id session_id company_id date_order uuid
        account_move""",
    "pos.order.line": """
        qty price_unit price_subtotal price_subtotal_incl product_id coupon_id reward_id points_cost
        is_reward_line refunded_orderline_id loyalty_balance_id order_id""",
    "pos.payment": "amount payment_method_id pos_order_id transaction_id",
    "pos.session": "move_id",
    "pos.payment.method": "stored_value_type",
}

#: Records of Odoo's that belong to no company: a cashier of each keeps them.
OF_NO_COMPANY = {"pos.bill", "pos.pack.operation.lot"}

#: Routes of the addons → who may, about somebody else's balance and the till of the test.
ROUTES = {
    "/my/loyalty_card/<int:card_id>/history": NOBODY,
    "/my/loyalty_card/<int:card_id>/history/page/<int:page>": NOBODY,
    "/my/loyalty_card/<int:card_id>/values": NOBODY,
    "/pos/ping": ANYBODY,
    "/pos/sale_details_report": TILL_AND_BOOKS,
    "/pos/service-worker.js": ANYBODY,
    "/pos/ticket": f"visitor, {ANYBODY}",
    "/pos/ticket/validate": NOBODY,  # without the number of a ticket
    "/web/image/pos.config/<id>/<string:field>": f"visitor, {ANYBODY}",
    "/web/image/pos.config/<id>/<string:field>/<int:width>x<int:height>": f"visitor, {ANYBODY}",
    "/pos/ui": TILL,
    "/pos/ui/<config_id>": TILL,
    "/pos/ui/<config_id>/<path:subpath>": TILL,
    "/pos/web": TILL,
    "/pos_customer_display/<id_>/<device_uuid>": f"visitor, {ANYBODY}",
}
#: Odoo's page of a till fails for users of other companies instead of refusing them.
FAIL_ELSEWHERE = {"/pos/ui/<config_id>", "/pos/ui/<config_id>/<path:subpath>"}
