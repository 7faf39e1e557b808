from . import loyalty_card_action, loyalty_card_issue, loyalty_card_replace
