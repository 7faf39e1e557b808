"""What the addon's own code leans on beside the ORM."""

from functools import wraps

from odoo.exceptions import AccessError
from odoo.tools.translate import code_translations

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


def said(saying, lang):
    """A :class:`~.domain.saying.Saying` in a language (a code of Odoo's; none: English)."""
    if not lang or lang == "en_US":
        return str(saying)
    terms = code_translations.get_python_translations("loyalty_cinema", lang)
    return saying.words(lang, terms.get)
