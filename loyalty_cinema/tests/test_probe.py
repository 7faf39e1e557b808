import json, time
from odoo.tests import tagged
from .matrix_common import *

NEVER = {"ir.module.module"}
@tagged("post_install", "-at_install")
class TestProbe(MatrixCase):
    def test_probe(self):
        methods = sorted(public_methods(self.env))
        for m in sorted({m for m,_ in methods}): 
            if m not in ("ir.module.module",): self.sample(m)
        self.env.flush_all()
        self.before = self.photograph()
        res = {}
        print({m: (r.ids if r else None) for m, r in self.made.items()})
        for role in self.people:
            self.enter(role)
            t0=time.time()
            for m, n in methods:
                if m in NEVER or n.startswith("install_"): continue
                try: args = self.arguments(m, n)
                except AssertionError as e: print(e); continue
                t=time.time()
                try: kind, text, moved = self.outcome(m, n, args)
                except Exception as e:
                    print("BROKEN", role, m, n, repr(e)[:300]); raise
                dt=time.time()-t
                res.setdefault(f"{m}.{n}", {})[role] = (kind, text[:300], moved, self.told(role, text), round(dt,3))
            print(role, time.time()-t0, flush=True)
            json.dump(res, open("/tmp/probe.json","w"), indent=1)
