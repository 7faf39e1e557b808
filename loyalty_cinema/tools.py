"""What the addon's own code leans on beside the ORM."""

from functools import wraps

from odoo.exceptions import AccessError

#: What the scheduler puts into the context of a job, for its progress.
JOB_KEYS = ("cron_id", "cron_end_time", "ir_cron_progress_id", "lastcall")


def scheduled_job(method):
    """A method for the scheduler: nobody else runs it on terms of their own (I18).

    Whoever may write a model may run server actions on it, in a context of their own: another time
    zone is another day, another language other texts. A job therefore starts with the scheduler's
    keys only, and for the server or an administrator.

    :raises AccessError: for everybody else
    """

    @wraps(method)
    def run(self, *args, **kwargs):
        if not self.env.su and not self.env.user._is_system():
            raise AccessError(
                self.env._("This runs by itself. An administrator may start it in the settings.")
            )
        context = {key: value for key, value in self.env.context.items() if key in JOB_KEYS}
        # with_context() would keep the companies that the caller has chosen
        return method(self.with_env(self.env(context=context)), *args, **kwargs)

    return run
