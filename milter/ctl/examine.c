#include "milter/ctl/show.h"
#include "milter/record.h"
#include "milter/service.h"

/* The journal has a queue id for every message; these were never queued. */
static const char no_queue_id[] = "-";

void
examination_init(struct examination *seen, const char *name,
    const struct mailfile *mail, const struct envelope *envelope,
    struct session *session, struct service *service)
{
	*seen = (struct examination){.name = name};
	seen->outcome = mailfile_judge(mail, envelope, session);
	seen->facts = session_facts(session);
	seen->passed = seen->outcome == NULL;
	/* To show why no rule holds, the rest is judged all the same. */
	if (seen->passed)
		seen->outcome = mailfile_finish(mail, session);
	if (seen->outcome->verdict->findings->len > 0)
		seen->entry = record_new(seen->outcome->verdict,
		    seen->outcome->edit, seen->outcome->disposition,
		    seen->facts, envelope, session_message(session),
		    no_queue_id, service_key(service));
}

void
examination_clear(struct examination *seen)
{
	journal_entry_free(seen->entry);
	content_free(seen->content);
}
