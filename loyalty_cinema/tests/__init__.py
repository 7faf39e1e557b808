from . import test_company_setup
from . import test_ledger
from . import test_tours
