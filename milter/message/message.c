#include <gmime/gmime.h>
#include <string.h>

#include "milter/message/internal.h"

struct message *
message_new(const struct message_limits *limits)
{
	static gsize once;
	struct message *m = g_new0(struct message, 1);

	if (g_once_init_enter(&once)) {
		g_mime_init();
		g_once_init_leave(&once, 1);
	}
	if (limits != NULL)
		m->limits = *limits;
	m->strings = g_string_chunk_new(4000);
	m->fields = g_array_sized_new(FALSE, FALSE, sizeof(struct field), 32);
	m->body = g_byte_array_new();
	return m;
}

void
message_free(struct message *m)
{
	if (m == NULL)
		return;
	header_facts_free(m->header_facts);
	if (m->unfolded != NULL)
		g_array_unref(m->unfolded);
	if (m->attachments != NULL)
		g_ptr_array_unref(m->attachments);
	part_free(m->root);
	g_free(m->facts.not_inspected);
	g_byte_array_unref(m->body);
	g_array_unref(m->fields);
	g_string_chunk_free(m->strings);
	g_free(m);
}

void
message_add_header(struct message *m, const char *name, const char *value)
{
	gsize name_len = strlen(name), value_len = strlen(value);
	struct field f = {
		.name = g_string_chunk_insert_len(
		    m->strings, name, (gssize)name_len),
		.value = g_string_chunk_insert_len(
		    m->strings, value, (gssize)value_len),
		.value_len = value_len,
	};

	g_array_append_val(m->fields, f);
	m->size += name_len + value_len + 3;
}

bool
message_add_body(struct message *m, const void *data, gsize len)
{
	if (m->cut)
		return false;
	if (m->limits.size != 0 &&
	    (m->size > m->limits.size || len > m->limits.size - m->size)) {
		m->cut = true;
		return false;
	}
	/* GByteArray counts in 32 bits. */
	if (len > (gsize)G_MAXUINT / 2 - m->body->len) {
		m->cut = true;
		return false;
	}
	m->size += len;
	g_byte_array_append(m->body, data, (guint)len);
	return true;
}

const struct header_facts *
message_header_facts(struct message *m)
{
	if (m->header_facts == NULL)
		m->header_facts = headers_read(m);
	return m->header_facts;
}

const struct part *
message_root(struct message *m)
{
	if (m->root == NULL) {
		structure_read(m);
		protect_read(m);
	}
	return m->root;
}

const char *
message_doubt(struct message *m)
{
	message_root(m);
	return m->doubt;
}

const char *
message_signature(struct message *m)
{
	message_root(m);
	return m->signature;
}

const char *
message_encryption(struct message *m)
{
	message_root(m);
	return m->encryption;
}

const struct message_facts *
message_facts(struct message *m)
{
	struct message_facts *f = &m->facts;

	message_root(m);
	f->is_signed = m->signature != NULL;
	f->is_encrypted = m->encryption != NULL;
	f->attachments = attachments_count(m);
	if (f->not_inspected != NULL)
		return f;
	if (m->cut)
		f->not_inspected =
		    g_strdup("the message is larger than the size limit");
	else if (m->limited != NULL)
		f->not_inspected = g_strdup(m->limited);
	else if (f->is_encrypted)
		f->not_inspected =
		    g_strdup_printf("the message is %s", m->encryption);
	return f;
}

unsigned
message_header_count(const struct message *m)
{
	return m->fields->len;
}

void
message_header(const struct message *m, unsigned i, const char **name,
    const char **value)
{
	const struct field *f = &g_array_index(m->fields, struct field, i);

	*name = f->name;
	*value = f->value;
}

const char *
message_find_header(const struct message *m, const char *name)
{
	for (unsigned i = 0; i < m->fields->len; i++) {
		const struct field *f =
		    &g_array_index(m->fields, struct field, i);

		if (g_ascii_strcasecmp(f->name, name) == 0)
			return f->value + strspn(f->value, " \t");
	}
	return NULL;
}

unsigned
message_count_header(const struct message *m, const char *name)
{
	unsigned count = 0;

	for (unsigned i = 0; i < m->fields->len; i++)
		count += g_ascii_strcasecmp(
		    g_array_index(m->fields, struct field, i).name, name) == 0;
	return count;
}

const char *
message_body(const struct message *m, gsize *len)
{
	*len = m->body->len;
	return m->body->data != NULL ? (const char *)m->body->data : "";
}

bool
message_is_cut(const struct message *m)
{
	return m->cut;
}
