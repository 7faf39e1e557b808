from . import loyalty_card_action, loyalty_card_issue, loyalty_card_owner, loyalty_card_replace
from . import base_partner_merge
from . import base_partner_merge_profile
from . import loyalty_card_pin
from . import loyalty_card_update_balance
from . import loyalty_refund_approval
from . import loyalty_generate_wizard
from . import loyalty_stored_value_convert
from . import loyalty_stored_value_convert_entry
from . import loyalty_member_import
from . import loyalty_member_import_plan
from . import loyalty_member_import_run
from . import loyalty_settings
from . import loyalty_tier_assign
from . import loyalty_benefit_by_hand
from . import loyalty_benefit_withdraw
