"""Odoo's command line, as a file.

With workers, Odoo starts itself once more by the name of the file that it was started by, for the
process of the bus. Started by ``python -m odoo`` that file lies inside the package, where Python
finds Odoo's modules under wrong names: the bus dies of an ImportError, again and again.
"""

from odoo.cli import main

if __name__ == "__main__":
    main()
