#include <string.h>

#include "policy/detect/names_private.h"
#include "policy/utf8.h"

/* How much of a text is looked at, in bytes. */
enum {
	OWN_MAX = 64 * 1024,       /* its end */
	ATTACHED_MAX = 256 * 1024, /* its end */
	LETTERHEAD_MAX = 1024,     /* its beginning */
	LETTERHEAD_LINES = 8,
	NAME_MAX_BYTES = 200, /* a display name */
	WRITES_FOR_MAX = 120, /* behind "I am writing on behalf of" */
};

/* How much surer or less sure a sign is than its words. */
static const double WEIGHT_SENDER = 0.65, WEIGHT_DISPLAY = 0.95,
		    WEIGHT_ATTACHED = 0.95, WEIGHT_RECORD = 0.4,
		    WEIGHT_LETTERHEAD = 0.7;
/* An address of the roster leaves little doubt. */
static const double PROBABILITY_ADDRESS = 0.97;

struct finder {
	const struct name_rules *rules;
	const struct roster *roster;
	day on;
	GPtrArray *names;
	bool private; /* the author writes "in a personal capacity" */
	/* of the document whose parts are being read */
	int attachment;
	bool greets, records, privately;
};

const char *
name_sign_name(enum name_sign sign)
{
	static const char *const names[NAME_SIGN_COUNT] = {
	    [NAME_FROM] = "From",
	    [NAME_SENDER] = "Sender",
	    [NAME_SIGNOFF] = "sign-off",
	    [NAME_ATTACHED] = "sign-off of the letter attached",
	    [NAME_LETTERHEAD] = "letterhead",
	};

	return names[sign];
}

static bool
is_same(const struct name *a, const struct name *b)
{
	return a->sign == b->sign && a->office == b->office &&
	       a->role == b->role && a->person == b->person &&
	       a->for_another == b->for_another &&
	       a->other_capacity == b->other_capacity;
}

/* Both alternatives of a message say the same: the surer one is kept. */
static void
add_name(struct finder *f, const struct name *name)
{
	guint i;

	for (i = 0; i < f->names->len; i++) {
		struct name *other = g_ptr_array_index(f->names, i);

		if (!is_same(other, name))
			continue;
		if (name->probability > other->probability)
			*other = *name;
		return;
	}
	g_ptr_array_add(f->names, g_memdup2(name, sizeof(*name)));
}

/*
 * The names of a sign-off.  Where another hand signs for a councillor, the
 * hand is nobody in whose name the letter goes out.
 */
static void
add_signers(
    struct finder *f, const GArray *signers, const struct name *as, gsize base)
{
	bool for_councillor = false;
	guint i;

	for (i = 0; i < signers->len; i++) {
		const struct signer *s =
		    &g_array_index(signers, struct signer, i);

		if (s->for_another && (s->office == OFFICE_COUNCILLOR ||
					  s->office == OFFICE_CHAIR))
			for_councillor = true;
	}
	for (i = 0; i < signers->len; i++) {
		const struct signer *s =
		    &g_array_index(signers, struct signer, i);
		struct name name = *as;

		if (for_councillor && !s->for_another &&
		    s->office == OFFICE_OFFICER)
			continue;
		if (s->office == OFFICE_NONE && s->who.person == NULL)
			continue;
		name.office = s->office;
		name.role = s->role;
		name.person = s->who.person;
		name.probability = s->probability * as->probability;
		name.start = base + s->start;
		name.end = base + s->end;
		name.for_another = as->for_another || s->for_another;
		name.other_capacity = as->other_capacity || s->other_capacity;
		add_name(f, &name);
	}
}

/* Whoever writes under an address, by the roster. */
static void
add_address(struct finder *f, const char *address, const struct name *as)
{
	struct name name = *as;

	if (f->roster == NULL)
		return;
	name.person = roster_find_address(f->roster, address);
	if (name.person == NULL || !person_in_post(name.person, f->on))
		return;
	name.office = name_office_of(name.person, f->on);
	name.probability = PROBABILITY_ADDRESS * as->probability;
	add_name(f, &name);
}

static void
add_display(struct finder *f, const char *text, const struct name *as)
{
	g_autofree char *valid = g_utf8_make_valid(text, -1);
	struct lines lines = {.text = valid, .closing = true};
	g_autoptr(GArray) signers = NULL;
	guint i;

	lines.end = strlen(valid);
	if (lines.end > NAME_MAX_BYTES)
		return;
	signers = name_signers(f->rules, f->roster, &lines, f->on);
	/* The council's name over an officer's address says nothing more. */
	for (i = signers->len; i-- > 0;) {
		const struct signer *s =
		    &g_array_index(signers, struct signer, i);

		if (s->who.naming == NAMED_NOT &&
		    (s->first == NULL || s->first->as == OFFICE_AMBIGUOUS))
			g_array_remove_index(signers, i);
	}
	add_signers(f, signers, as, 0);
}

static void
add_mailboxes(struct finder *f, const GPtrArray *mailboxes, enum name_sign sign,
    double weight)
{
	guint i;

	for (i = 0; i < mailboxes->len; i++) {
		const struct mailbox *mailbox = g_ptr_array_index(mailboxes, i);
		struct name as = {.sign = sign,
		    .role = -1,
		    .probability = weight,
		    .segment = G_MAXUINT,
		    .other_capacity = f->private};
		g_autofree char *turned = NULL;

		add_address(f, mailbox->address, &as);
		as.probability *= WEIGHT_DISPLAY;
		if (mailbox->name == NULL)
			continue;
		turned = name_turn(mailbox->name);
		add_display(f, mailbox->name, &as);
		if (turned != NULL)
			add_display(f, turned, &as);
	}
}

static const struct segment *
segment_at(const struct content *content, guint i)
{
	return g_ptr_array_index(content->segments, i);
}

/* The last max bytes of a text, from the beginning of a character. */
static gsize
tail_start(const struct segment *segment, gsize max)
{
	const char *p;

	if (segment->len <= max)
		return 0;
	p = segment->text + segment->len - max;
	while ((*p & 0xc0) == 0x80)
		p++;
	return (gsize)(p - segment->text);
}

/* "I am writing on behalf of the Mayor", wherever it stands. */
static void
add_writes_for(struct finder *f, const char *text, gsize len,
    const struct hit *cue, const struct name *as, gsize base)
{
	gsize start = cue->end, end = MIN(len, start + WRITES_FOR_MAX), stop;
	struct lines lines = {.text = text, .closing = true};
	g_autoptr(GArray) signers = NULL;
	g_autoptr(GArray) hits = NULL;
	struct name name = *as;
	guint i;

	while (start < end && (text[start] == ' ' || text[start] == '\n'))
		start++;
	while (end > start && ((guchar)text[end] & 0xc0) == 0x80)
		end--;
	/* Only the title right there and the word or two behind it. */
	hits = name_rules_hits(f->rules, text + start, end - start);
	stop = start;
	for (i = 0; i < hits->len; i++) {
		const struct hit *hit = &g_array_index(hits, struct hit, i);

		if (hit->office != NULL && hit->start == 0)
			stop = MAX(stop, start + hit->end);
	}
	for (i = 0; i < 2; i++) {
		gsize word = stop;

		while (word < end && text[word] == ' ')
			word++;
		if (!g_unichar_isupper(g_utf8_get_char(text + word)))
			break;
		for (stop = word;
		     stop < end && strchr(" ,.;:\n", text[stop]) == NULL;)
			stop++;
	}
	lines.start = start;
	lines.end = stop;
	signers = name_signers(f->rules, f->roster, &lines, f->on);
	name.sign = NAME_SENDER;
	name.for_another = true;
	if (signers->len > 0)
		g_array_set_size(signers, 1);
	add_signers(f, signers, &name, base);
}

/* The sign-off of the author's own words, and what they say of it. */
static void
read_own(struct finder *f, const struct segment *segment, guint index)
{
	gsize base = tail_start(segment, OWN_MAX);
	const char *text = segment->text + base;
	gsize len = segment->len - base;
	g_autoptr(GArray) cues = name_rules_cues(f->rules, text, len);
	g_autoptr(GArray) signers = NULL;
	struct name as = {.sign = NAME_SIGNOFF,
	    .role = -1,
	    .probability = 1,
	    .segment = index};
	struct lines lines;
	guint i;

	if (name_cues_have(cues, CUE_CAPACITY))
		f->private = true;
	as.other_capacity = f->private;
	for (i = 0; i < cues->len; i++)
		if (g_array_index(cues, struct hit, i).cue == CUE_WRITES_FOR)
			add_writes_for(f, text, len,
			    &g_array_index(cues, struct hit, i), &as, base);
	if (!name_lines_find(f->rules, text, len, cues, LINES_OF_MAIL, &lines))
		return;
	signers = name_signers(f->rules, f->roster, &lines, f->on);
	add_signers(f, signers, &as, base);
}

/* All of a signature is a sign-off. */
static void
read_signature(struct finder *f, const struct segment *segment, guint index)
{
	struct lines lines = {.text = segment->text, .closing = true};
	g_autoptr(GArray) signers = NULL;
	struct name as = {.sign = NAME_SIGNOFF,
	    .role = -1,
	    .probability = 1,
	    .segment = index,
	    .other_capacity = f->private};

	lines.end = name_lines_end(segment->text, segment->len, 0);
	signers = name_signers(f->rules, f->roster, &lines, f->on);
	add_signers(f, signers, &as, 0);
}

/* "From the Mayor" among the first lines. */
static void
read_letterhead(struct finder *f, const struct segment *segment, guint index)
{
	const char *text = segment->text;
	gsize len = MIN(segment->len, LETTERHEAD_MAX), start = 0, end;
	struct name as = {.sign = NAME_LETTERHEAD,
	    .role = -1,
	    .probability = WEIGHT_LETTERHEAD,
	    .segment = index};
	unsigned line;

	while (
	    len > 0 && len < segment->len && ((guchar)text[len] & 0xc0) == 0x80)
		len--;
	for (line = 0; line < LETTERHEAD_LINES && start < len; line++) {
		g_autoptr(GArray) hits = NULL;
		g_autoptr(GArray) signers = NULL;
		const struct hit *first;
		struct lines lines = {.text = text, .closing = true};

		end = name_line_end(text, len, start);
		hits = name_rules_hits(f->rules, text + start, end - start);
		first =
		    hits->len > 0 ? &g_array_index(hits, struct hit, 0) : NULL;
		lines.start = start;
		lines.end = end;
		start = end + 1;
		if (first == NULL || first->office != NULL ||
		    first->cue != CUE_LETTERHEAD || first->start > 0)
			continue;
		lines.start += first->end;
		signers = name_signers(f->rules, f->roster, &lines, f->on);
		add_signers(f, signers, &as, 0);
	}
}

/* Documents that may be letters; the rest are tables, pictures, mail. */
static bool
may_be_letter(const struct content *content, const struct segment *segment)
{
	static const char *const types[] = {
	    "docx", "doc", "odt", "pdf", "rtf", "txt", "html", NULL};
	const struct attachment *attachment;

	if (segment->attachment < 0 ||
	    (guint)segment->attachment >= content->attachments->len)
		return true;
	attachment =
	    g_ptr_array_index(content->attachments, (guint)segment->attachment);
	return *attachment->type == '\0' ||
	       g_strv_contains(types, attachment->type);
}

/* What the pages of a document say of it, this and earlier ones. */
static void
note_document(
    struct finder *f, const struct segment *segment, const GArray *cues)
{
	if (segment->attachment < 0 || segment->attachment != f->attachment)
		f->greets = f->records = f->privately = false;
	f->attachment = segment->attachment;
	f->greets = f->greets || name_cues_have(cues, CUE_SALUTATION);
	f->records = f->records || name_cues_have(cues, CUE_RECORD);
	f->privately = f->privately || name_cues_have(cues, CUE_CAPACITY);
}

/* What minutes or an agenda say of their chair is no sign-off of a letter. */
static void
read_attachment(struct finder *f, const struct segment *segment, guint index)
{
	gsize base = tail_start(segment, ATTACHED_MAX);
	const char *text = segment->text + base;
	gsize len = segment->len - base;
	g_autoptr(GArray) cues = name_rules_cues(f->rules, text, len);
	g_autoptr(GArray) signers = NULL;
	struct name as = {.sign = NAME_ATTACHED, .role = -1, .segment = index};
	struct lines lines;

	note_document(f, segment, cues);
	as.probability = f->records ? WEIGHT_RECORD : WEIGHT_ATTACHED;
	as.other_capacity = f->privately;
	if (!name_lines_find(f->rules, text, len, cues,
		f->greets ? LINES_OF_GREETED_LETTER : LINES_OF_LETTER, &lines))
		return;
	signers = name_signers(f->rules, f->roster, &lines, f->on);
	add_signers(f, signers, &as, base);
}

GPtrArray *
names_find(const struct name_rules *rules, const struct roster *roster,
    const struct header_facts *headers, const struct content *content, day on)
{
	struct finder f = {
	    .rules = rules, .roster = roster, .on = on, .attachment = -1};
	guint i;

	f.names = g_ptr_array_new_with_free_func(g_free);
	for (i = 0; i < content->segments->len; i++)
		if (segment_at(content, i)->origin == ORIGIN_OWN)
			read_own(&f, segment_at(content, i), i);
	for (i = 0; i < content->segments->len; i++) {
		const struct segment *segment = segment_at(content, i);

		if (segment->origin == ORIGIN_SIGNATURE)
			read_signature(&f, segment, i);
		if (segment->origin == ORIGIN_ATTACHMENT &&
		    may_be_letter(content, segment)) {
			read_attachment(&f, segment, i);
			if (segment->opens)
				read_letterhead(&f, segment, i);
		}
	}
	if (headers != NULL) {
		add_mailboxes(&f, headers->from, NAME_FROM, 1);
		add_mailboxes(&f, headers->sender, NAME_SENDER, WEIGHT_SENDER);
	}
	return f.names;
}
