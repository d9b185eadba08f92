/*
 * What becomes of a request.  In this order: markers that are not ours go;
 * lines that are there already are not asked for again; mail that is signed
 * or encrypted follows the policy; then the text is edited in place, and where
 * that cannot be done without harm the message is wrapped.
 */
#include <string.h>

#include "milter/edit/edit.h"
#include "milter/edit/field.h"
#include "milter/edit/leaf.h"
#include "milter/edit/lines.h"
#include "milter/edit/marker.h"
#include "milter/edit/subject.h"
#include "milter/edit/targets.h"
#include "milter/edit/wrap.h"

/* A footer or a banner on its way into the message. */
struct plan {
	enum block block;
	const GPtrArray *wanted;	/* struct edit_line */
	GPtrArray *folded;		/* char *, one for each */
	GPtrArray *missing;		/* struct edit_line, in any leaf */
	struct targets targets;
};

/* The work in hand. */
struct job {
	struct edit *edit;
	struct message *m;
	const struct edit_request *request;
	struct marker *marker;
	struct plan banner, footer;
	GPtrArray *leaves;	/* struct leaf, of both plans' targets */
	const char *why;	/* it cannot be edited in place */
};

const char *
edit_status_name(enum edit_status status)
{
	static const char *const names[] = {
		[EDIT_NONE] = "none",
		[EDIT_DONE] = "done",
		[EDIT_THERE] = "there",
		[EDIT_WRAPPED] = "wrapped",
		[EDIT_LEFT] = "left",
		[EDIT_HOLD] = "hold",
	};

	return names[status];
}

static void
splice_clear(gpointer splice)
{
	g_bytes_unref(((struct splice *)splice)->text);
}

static void
header_change_free(gpointer data)
{
	struct header_change *change = data;

	g_free(change->name);
	g_free(change->value);
	g_free(change);
}

static void
edit_free_leaf(gpointer leaf)
{
	leaf_free(leaf);
}

static void
plan_init(struct plan *plan, enum block block, const GPtrArray *wanted)
{
	plan->block = block;
	plan->wanted = wanted;
	plan->missing = g_ptr_array_new();
	plan->folded = g_ptr_array_new_with_free_func(g_free);
	for (guint i = 0; i < wanted->len; i++) {
		const struct edit_line *line = wanted->pdata[i];

		g_ptr_array_add(
		    plan->folded, line_fold(line->text, strlen(line->text)));
	}
}

static void
plan_clear(struct plan *plan)
{
	g_ptr_array_unref(plan->missing);
	g_ptr_array_unref(plan->folded);
	if (plan->targets.parts != NULL)
		targets_clear(&plan->targets);
}

/* The leaf of a part, read once for both plans; NULL if it is unreadable. */
static struct leaf *
job_leaf(struct job *job, const struct part *part)
{
	const struct header_facts *hf = message_header_facts(job->m);
	const char *why = NULL;
	struct leaf *leaf;

	for (guint i = 0; i < job->leaves->len; i++)
		if (leaf_part(job->leaves->pdata[i]) == part)
			return job->leaves->pdata[i];
	leaf = leaf_new(job->m, part, hf->is_reply || hf->is_forward, &why);
	if (leaf != NULL)
		g_ptr_array_add(job->leaves, leaf);
	else if (job->why == NULL)
		job->why = why;
	return leaf;
}

/*
 * Which of the wanted lines the leaf lacks: an array of struct edit_line.  A
 * leaf that nobody can read (NULL) lacks them all.
 */
static GPtrArray *
lacking(struct job *job, const struct plan *plan, const struct leaf *leaf)
{
	GPtrArray *lines = g_ptr_array_new();

	for (guint i = 0; i < plan->wanted->len; i++) {
		struct edit_line *line = plan->wanted->pdata[i];

		if (leaf == NULL ||
		    !leaf_holds(leaf, plan->folded->pdata[i], plan->block,
			plan->wanted->len,
			marker_has(job->marker, line->text)))
			g_ptr_array_add(lines, line);
	}
	return lines;
}

static void
plan_find(struct job *job, struct plan *plan)
{
	if (plan->wanted->len == 0)
		return;
	targets_find(&plan->targets, message_root(job->m), plan->block);
	if (plan->targets.parts->len == 0) {
		g_ptr_array_unref(plan->missing);
		plan->missing = lacking(job, plan, NULL);
		return;
	}
	for (guint i = 0; i < plan->targets.parts->len; i++) {
		g_autoptr(GPtrArray) lines = lacking(job, plan,
		    job_leaf(job, plan->targets.parts->pdata[i]));

		for (guint j = 0; j < lines->len; j++)
			if (!g_ptr_array_find(
				plan->missing, lines->pdata[j], NULL))
				g_ptr_array_add(
				    plan->missing, lines->pdata[j]);
	}
}

/* Above the quoted history, if every text shows where that begins. */
static bool
goes_above(struct job *job)
{
	const struct header_facts *hf = message_header_facts(job->m);
	const GPtrArray *parts = job->footer.targets.parts;

	if (job->request->placement == PLACE_AT_END ||
	    (job->request->placement == PLACE_DEFAULT && !hf->is_reply &&
		!hf->is_forward))
		return false;
	for (guint i = 0; i < parts->len; i++) {
		struct leaf *leaf = job_leaf(job, parts->pdata[i]);

		if (leaf == NULL || !leaf_is_quoted(leaf))
			return false;
	}
	return true;
}

static bool
insert_plan(struct job *job, struct plan *plan, bool above)
{
	if (plan->missing->len == 0)
		return true;
	for (guint i = 0; i < plan->targets.parts->len; i++) {
		struct leaf *leaf =
		    job_leaf(job, plan->targets.parts->pdata[i]);
		g_autoptr(GPtrArray) lines = NULL;

		if (leaf == NULL)
			return false;
		lines = lacking(job, plan, leaf);
		if (lines->len > 0 &&
		    !leaf_insert(leaf, lines, plan->block, above, &job->why))
			return false;
	}
	return true;
}

/* Edits in place; false, with job->why, when that would do harm. */
static bool
edit_in_place(struct job *job)
{
	const char *doubt = message_doubt(job->m);
	guint headers = job->edit->headers->len;

	if (doubt != NULL)
		job->why = doubt;
	else if (job->banner.missing->len > 0 &&
	    job->banner.targets.obstacle != NULL)
		job->why = job->banner.targets.obstacle;
	else if (job->footer.missing->len > 0 &&
	    job->footer.targets.obstacle != NULL)
		job->why = job->footer.targets.obstacle;
	if (job->why != NULL || !insert_plan(job, &job->banner, false) ||
	    !insert_plan(job, &job->footer,
		job->footer.missing->len > 0 && goes_above(job)))
		return false;
	for (guint i = 0; i < job->leaves->len; i++)
		if (!leaf_write(job->leaves->pdata[i], job->edit, &job->why)) {
			g_array_set_size(job->edit->splices, 0);
			g_ptr_array_set_size(
			    job->edit->headers, (gint)headers);
			return false;
		}
	return true;
}

/* Is the body as a whole somebody's signature's? */
static bool
is_sealed(const struct job *job)
{
	return job->request->inbound &&
	    (message_find_header(job->m, "DKIM-Signature") != NULL ||
		message_find_header(job->m, "ARC-Seal") != NULL);
}

static void
settle(struct edit *e, enum edit_status status, const char *reason)
{
	e->status = status;
	g_free(e->reason);
	e->reason = g_strdup(reason);
}

/*
 * What the policy says of this message's protection.  False when that settles
 * the matter.
 */
static bool
policy_allows(struct job *job, const char **wrap_because)
{
	const char *encryption = message_encryption(job->m);
	const char *signature = message_signature(job->m);
	const struct edit_request *r = job->request;
	bool sealed = is_sealed(job);
	enum protected_mail how =
	    encryption != NULL ? r->encrypted_mail : r->signed_mail;
	const char *reason = encryption != NULL ? encryption :
	    signature != NULL			? signature :
						  "sealed by DKIM or ARC";

	*wrap_because = NULL;
	if (encryption == NULL && signature == NULL && !sealed)
		return true;
	if (how == PROTECTED_HOLD) {
		settle(job->edit, EDIT_HOLD, reason);
		return false;
	}
	if (how == PROTECTED_LEAVE || sealed) {
		settle(job->edit, EDIT_LEFT, sealed ? "sealed by DKIM or ARC" :
						      reason);
		return false;
	}
	*wrap_because = reason;
	return true;
}

static void
add_to_marker(struct job *job, const GPtrArray *lines)
{
	for (guint i = 0; i < lines->len; i++)
		marker_add(job->marker,
		    ((const struct edit_line *)lines->pdata[i])->text);
}

/* Our first marker now says what was added. */
static void
renew_marker(struct job *job)
{
	unsigned index = 0;

	add_to_marker(job, job->banner.missing);
	add_to_marker(job, job->footer.missing);
	for (unsigned i = marker_count(job->marker); i > 0; i--)
		if (marker_is_ours(job->marker, i - 1))
			index = i;
	/* Forged ones before it are gone by then. */
	for (unsigned i = 0, end = index; i + 1 < end; i++)
		index -= !marker_is_ours(job->marker, i);
	if (index > 0)
		edit_add_header(job->edit, HEADER_CHANGE, MARKER_NAME, index,
		    marker_value(job->marker));
	else
		edit_insert_header(job->edit, job->m, MARKER_NAME,
		    marker_value(job->marker));
}

static void
delete_forged_markers(struct job *job)
{
	for (unsigned i = marker_count(job->marker); i > 0; i--)
		if (!marker_is_ours(job->marker, i - 1))
			edit_add_header(
			    job->edit, HEADER_DELETE, MARKER_NAME, i, NULL);
}

/*
 * The wrapper says all that was asked for or nothing: afterwards its own part
 * is the message's foot or top, where a line of it is looked for.
 */
static void
all_or_nothing(struct plan *plan)
{
	if (plan->missing->len == 0)
		return;
	g_ptr_array_set_size(plan->missing, 0);
	for (guint i = 0; i < plan->wanted->len; i++)
		g_ptr_array_add(plan->missing, plan->wanted->pdata[i]);
}

/*
 * A bare CR in the header: to some readers the body begins there, and what is
 * put into what we take for the body may be put into their header.
 */
static bool
has_bare_cr(struct message *m)
{
	for (unsigned i = 0; i < message_header_count(m); i++) {
		const char *name, *value;

		message_header(m, i, &name, &value);
		if (strchr(value, '\r') != NULL)
			return true;
	}
	return false;
}

/* A footer, a banner, or both. */
static void
edit_body(struct job *job)
{
	const char *wrap_because, *forbidden;
	const struct part *root = message_root(job->m);

	plan_find(job, &job->banner);
	plan_find(job, &job->footer);
	for (guint i = 0; i < job->footer.missing->len; i++)
		g_ptr_array_add(
		    job->edit->missing, job->footer.missing->pdata[i]);
	if (job->banner.missing->len == 0 && job->footer.missing->len == 0) {
		settle(job->edit, EDIT_THERE, NULL);
		return;
	}
	if (message_is_cut(job->m)) {
		settle(job->edit, EDIT_LEFT, "larger than the size limit");
		return;
	}
	if (has_bare_cr(job->m)) {
		settle(job->edit, EDIT_LEFT, "a bare CR is in its header");
		return;
	}
	if (!policy_allows(job, &wrap_because))
		return;
	forbidden = targets_forbidden(root);
	if (forbidden != NULL &&
	    (root->children == NULL || root->kind == PART_CLOSED ||
		job->footer.targets.obstacle != NULL ||
		job->banner.targets.obstacle != NULL)) {
		settle(job->edit, EDIT_LEFT, forbidden);
		return;
	}
	if (edit_in_place(job))
		settle(job->edit, EDIT_DONE, NULL);
	else {
		all_or_nothing(&job->banner);
		all_or_nothing(&job->footer);
		wrap_message(job->edit, job->m, job->banner.missing,
		    job->footer.missing);
		settle(job->edit, EDIT_WRAPPED,
		    wrap_because != NULL ? wrap_because : job->why);
	}
	renew_marker(job);
}

static void
edit_fields(struct job *job)
{
	const struct edit_request *r = job->request;
	bool asked = r->subject_tag != NULL || r->sensitivity != NULL;
	bool changed = false;

	if (r->subject_tag != NULL)
		changed |= subject_add_tag(job->edit, job->m, r->subject_tag);
	if (r->sensitivity != NULL)
		changed |= sensitivity_set(job->edit, job->m, r->sensitivity);
	if (job->edit->status == EDIT_NONE && asked)
		settle(job->edit, EDIT_THERE, NULL);
	if (job->edit->status == EDIT_THERE && changed)
		settle(job->edit, EDIT_DONE, NULL);
}

static int
compare_splices(gconstpointer a, gconstpointer b)
{
	const struct splice *x = a, *y = b;

	return x->start < y->start ? -1 : x->start > y->start;
}

struct edit *
edit_new(struct message *m, const struct edit_request *request)
{
	struct edit *e = g_new0(struct edit, 1);
	struct job job = { .edit = e, .m = m, .request = request };

	e->splices = g_array_new(FALSE, FALSE, sizeof(struct splice));
	g_array_set_clear_func(e->splices, splice_clear);
	e->headers = g_ptr_array_new_with_free_func(header_change_free);
	e->missing = g_ptr_array_new();
	job.marker = marker_new(m, request->key, request->key_len);
	job.leaves = g_ptr_array_new_with_free_func(edit_free_leaf);
	plan_init(&job.banner, BLOCK_BANNER, request->banner);
	plan_init(&job.footer, BLOCK_FOOTER, request->footer);

	delete_forged_markers(&job);
	if (request->footer->len > 0 || request->banner->len > 0)
		edit_body(&job);
	edit_fields(&job);
	g_array_sort(e->splices, compare_splices);
	plan_clear(&job.banner);
	plan_clear(&job.footer);
	g_ptr_array_unref(job.leaves);
	marker_free(job.marker);
	return e;
}

void
edit_free(struct edit *e)
{
	if (e == NULL)
		return;
	g_array_unref(e->splices);
	g_ptr_array_unref(e->headers);
	g_ptr_array_unref(e->missing);
	g_free(e->reason);
	g_free(e);
}

bool
edit_has_marker(const struct message *m)
{
	return message_find_header(m, MARKER_NAME) != NULL;
}

bool
edit_write_body(const struct edit *e, struct message *m,
    bool (*write)(void *arg, const void *data, gsize len), void *arg)
{
	gsize len, pos = 0;
	const char *body = message_body(m, &len);

	for (guint i = 0; i < e->splices->len; i++) {
		const struct splice *s =
		    &g_array_index(e->splices, struct splice, i);
		gsize size;
		const void *text = g_bytes_get_data(s->text, &size);

		if ((s->start > pos &&
			!write(arg, body + pos, s->start - pos)) ||
		    (size > 0 && !write(arg, text, size)))
			return false;
		pos = s->end;
	}
	return pos == len || write(arg, body + pos, len - pos);
}
