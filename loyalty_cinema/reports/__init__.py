from . import loyalty_card_sheet
