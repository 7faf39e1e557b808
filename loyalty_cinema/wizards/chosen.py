def chosen(wizard, model):
    """The records of ``model`` from whose list or form this wizard was opened; else none."""
    context, records = wizard.env.context, wizard.env[model]
    if context.get("active_model") == model:
        return records.browse(context.get("active_ids", []))
    return records
