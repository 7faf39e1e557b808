"""Benefits in real processes: two nightly jobs at once, and jobs killed; each gift comes once."""

import subprocess
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import support

MEMBERS = 300
BATCH = 5
START_SECONDS_MAX = 120

#: A tier with members, and two benefits that are due for all of them today.
SCENE = f"""
program = env["loyalty.program"].create(
    {{"name": "Club", "program_type": "loyalty", "is_membership": True}})
tier = env["loyalty.tier"].create({{"name": "Gold", "program_id": program.id, "threshold": 100}})
coupons = env["loyalty.program"].create(
    {{"name": "Popcorn", "program_type": "coupons", "applies_on": "current",
      "trigger": "with_code", "reward_ids": [(0, 0, {{"discount": 10}})]}})
env["loyalty.benefit"].search([]).active = False
common = {{"tier_id": tier.id, "occasion": "period", "period": "year"}}
env["loyalty.benefit"].create(
    [dict(common, name="Popcorn", gives="voucher", coupon_program_id=coupons.id),
     dict(common, name="Photo", gives="task")])
partners = env["res.partner"].create([{{"name": f"Member {{n}}"}} for n in range({MEMBERS})])
members = env["loyalty.member"]._enrol(program, partners, "import")
env.flush_all()
env.cr.execute("UPDATE loyalty_member SET tier_id = %s WHERE program_id = %s",
               (tier.id, program.id))
env.cr.commit()
"""
#: The nightly job; ``{{when}}`` is what happens on the way.
NIGHT = f"""
import os, pathlib, signal, time
kill = lambda: os.kill(os.getpid(), signal.SIGKILL)
Benefit, Cron = type(env["loyalty.benefit"]), type(env["ir.cron"])
given, give, vouchers, commit = [], Benefit._give, Benefit._make_vouchers, Cron._commit_progress
def counted(self, today, ids):
    issues = give(self, today, ids)
    given.extend(issues.ids)
    return issues
Benefit._give = counted
{{when}}
env["loyalty.benefit"]._cron_issue({BATCH})
print("GIVEN", len(given))
"""
#: Wait for the other job; both begin when the file "go" is there.
TOGETHER = """
pathlib.Path({ready!r}).touch()
while not pathlib.Path({go!r}).exists():
    time.sleep(0.01)
"""
#: Die when three batches are committed.
BETWEEN_BATCHES = """
commits = []
def committed(self, *args, **kwargs):
    answer = commit(self, *args, **kwargs)
    commits.append(1)
    return kill() if len(commits) == 3 else answer
Cron._commit_progress = committed
"""
#: Die in the fourth batch, when its vouchers are made and nothing of it is committed.
WITHIN_A_BATCH = """
made = []
def making(self, rows):
    vouchers(self, rows)
    made.append(1)
    return kill() if len(made) == 4 else None
Benefit._make_vouchers = making
"""


def shell(database, program):
    """A process of Odoo's own shell that runs ``program``."""
    command = [*support.ODOO, "shell", "-d", database, "--no-http", "--log-level=error"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    process = subprocess.Popen(command, text=True, **pipes)
    return process, f"exec({program!r}, globals())\n"


def run(database, program):
    """Run a program to its end, whichever that is: ``(exit code, what it printed)``."""
    process, source = shell(database, program)
    output, errors = process.communicate(source, timeout=300)
    return process.returncode, output + errors


def night(database, when=""):
    """Run the nightly job: ``(exit code, how much it has given)``; None where it did not say."""
    code, output = run(database, NIGHT.format(when=when))
    said = [line.split()[-1] for line in output.splitlines() if "GIVEN" in line]
    assert said or code < 0, output[-4000:]
    return code, int(said[0]) if said else None


def state(database):
    """What there is: gifts, their members and benefits, vouchers made, vouchers that are noted."""
    with support.cursor(database) as sql:
        sql.execute(
            """
            SELECT COUNT(*), COUNT(DISTINCT (i.member_id, i.benefit_id)),
                   (SELECT COUNT(*) FROM loyalty_card c WHERE c.program_id = p.id
                       AND c.points = 1),
                   COUNT(DISTINCT i.coupon_id)
              FROM loyalty_benefit_issue i
              JOIN loyalty_program club ON club.id = i.program_id AND club.name->>'en_US' = 'Club'
             CROSS JOIN (SELECT id FROM loyalty_program WHERE name->>'en_US' = 'Popcorn') p
             GROUP BY p.id
            """
        )
        return sql.fetchone()


COMPLETE = (2 * MEMBERS, 2 * MEMBERS, MEMBERS, MEMBERS)


@pytest.fixture
def scene(own_database):
    """A database with members who are due for a voucher and a task each."""
    code, output = run(own_database, SCENE)
    assert code == 0, output[-4000:]
    return own_database


def test_two_nightly_jobs_at_once_give_everything_once(scene, tmp_path):
    go, ready = tmp_path / "go", [tmp_path / "one", tmp_path / "two"]
    with ThreadPoolExecutor(2) as jobs:
        running = [
            jobs.submit(night, scene, TOGETHER.format(ready=str(file), go=str(go)))
            for file in ready
        ]
        deadline = time.monotonic() + START_SECONDS_MAX
        while not all(file.exists() for file in ready) and time.monotonic() < deadline:
            time.sleep(0.05)
        go.touch()
        answers = [job.result() for job in running]
    assert [code for code, _given in answers] == [0, 0]
    assert all(given for _code, given in answers), "they did not meet"
    assert sum(given for _code, given in answers) <= 2 * MEMBERS
    night(scene)  # whom both passed by because the other was at work there
    assert state(scene) == COMPLETE


@pytest.mark.parametrize("moment", [BETWEEN_BATCHES, WITHIN_A_BATCH], ids=["between", "within"])
def test_a_killed_job_leaves_whole_batches_and_the_next_gives_the_rest(scene, moment):
    code, _given = night(scene, moment)
    assert code == -9
    gifts, different, made, noted = state(scene)
    assert gifts == different == made == noted == 3 * BATCH
    assert night(scene) == (0, 2 * MEMBERS - gifts)
    assert state(scene) == COMPLETE
    assert night(scene) == (0, 0)
