#include "policy/facts.h"

struct mailbox *
mailbox_new(const char *name, const char *address)
{
	struct mailbox *mailbox = g_new(struct mailbox, 1);

	mailbox->name = g_strdup(name);
	mailbox->address = g_strdup(address);
	return mailbox;
}

void
mailbox_free(struct mailbox *mailbox)
{
	if (mailbox == NULL)
		return;
	g_free(mailbox->name);
	g_free(mailbox->address);
	g_free(mailbox);
}

static void
free_mailbox(void *p)
{
	mailbox_free(p);
}

static void
free_envelope_recipient(void *p)
{
	struct envelope_recipient *recipient = p;

	g_free(recipient->argument);
	g_free(recipient->resolved);
	g_free(recipient);
}

struct envelope *
envelope_new(void)
{
	struct envelope *envelope = g_new0(struct envelope, 1);

	envelope->recipients =
	    g_ptr_array_new_with_free_func(free_envelope_recipient);
	return envelope;
}

void
envelope_free(struct envelope *envelope)
{
	if (envelope == NULL)
		return;
	g_free(envelope->sender);
	g_free(envelope->login);
	g_free(envelope->client);
	g_ptr_array_unref(envelope->recipients);
	g_free(envelope);
}

void
envelope_add_recipient(
    struct envelope *envelope, const char *argument, const char *resolved)
{
	struct envelope_recipient *recipient =
	    g_new(struct envelope_recipient, 1);

	recipient->argument = g_strdup(argument);
	recipient->resolved = g_strdup(resolved);
	g_ptr_array_add(envelope->recipients, recipient);
}

/* Every array of a struct header_facts, so that none is forgotten. */
enum { HEADER_ARRAYS = 9 };

static void
header_arrays(struct header_facts *headers, GPtrArray **arrays[HEADER_ARRAYS])
{
	arrays[0] = &headers->from;
	arrays[1] = &headers->sender;
	arrays[2] = &headers->to;
	arrays[3] = &headers->cc;
	arrays[4] = &headers->resent_from;
	arrays[5] = &headers->resent_sender;
	arrays[6] = &headers->resent_to;
	arrays[7] = &headers->resent_cc;
	arrays[8] = &headers->fields;
}

struct header_facts *
header_facts_new(void)
{
	struct header_facts *headers = g_new0(struct header_facts, 1);
	GPtrArray **arrays[HEADER_ARRAYS];
	guint i;

	header_arrays(headers, arrays);
	for (i = 0; i < HEADER_ARRAYS; i++)
		*arrays[i] = g_ptr_array_new_with_free_func(free_mailbox);
	headers->subject = g_strdup("");
	headers->message_id = g_strdup("");
	return headers;
}

void
header_facts_free(struct header_facts *headers)
{
	GPtrArray **arrays[HEADER_ARRAYS];
	guint i;

	if (headers == NULL)
		return;
	header_arrays(headers, arrays);
	for (i = 0; i < HEADER_ARRAYS; i++)
		g_ptr_array_unref(*arrays[i]);
	g_free(headers->subject);
	g_free(headers->message_id);
	g_free(headers);
}

struct header_facts *
header_facts_share(const struct header_facts *from)
{
	struct header_facts *headers = g_memdup2(from, sizeof(*from));
	GPtrArray **arrays[HEADER_ARRAYS];
	guint i;

	header_arrays(headers, arrays);
	for (i = 0; i < HEADER_ARRAYS; i++)
		g_ptr_array_ref(*arrays[i]);
	headers->subject = g_strdup(from->subject);
	headers->message_id = g_strdup(from->message_id);
	return headers;
}
