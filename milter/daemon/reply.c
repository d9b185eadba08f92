#include <stdint.h>
#include <string.h>

#include "milter/daemon/reply.h"

enum {
	CHUNK = 65535,   /* what one packet to the MTA may hold */
	REPLY_MAX = 900, /* libmilter takes 980 bytes, with the escapes */
	EDITING = SMFIF_ADDHDRS | SMFIF_CHGHDRS | SMFIF_CHGBODY,
};

/* An action of the MTA that somebody needs, as it is called there. */
static const struct {
	unsigned long bit;
	const char *name;
} mta_actions[] = {
    {SMFIF_ADDHDRS, "adding headers"},
    {SMFIF_CHGHDRS, "changing headers"},
    {SMFIF_CHGBODY, "replacing the body"},
    {SMFIF_QUARANTINE, "quarantine"},
};

static unsigned long
needed_by(const struct policy *policy, const struct rule *rule)
{
	unsigned long needed = 0;

	if (rule->mode != MODE_ENFORCE)
		return 0;
	if (rule->on_failure == FAILURE_HOLD)
		needed |= SMFIF_QUARANTINE;
	for (guint i = 0; i < rule->actions->len; i++)
		switch (g_array_index(rule->actions, struct action, i).kind) {
		case ACTION_HOLD:
			needed |= SMFIF_QUARANTINE;
			break;
		case ACTION_FOOTER:
		case ACTION_MARK:
			needed |= EDITING;
			if (policy->signed_mail == PROTECTED_HOLD ||
			    policy->encrypted_mail == PROTECTED_HOLD)
				needed |= SMFIF_QUARANTINE;
			break;
		default:
			break;
		}
	return needed;
}

bool
reply_possible(const struct policy *policy, unsigned long offered)
{
	for (guint i = 0; i < policy->rules_list->len; i++) {
		const struct rule *rule = policy->rules_list->pdata[i];
		unsigned long missing = needed_by(policy, rule) & ~offered;

		for (size_t j = 0; j < G_N_ELEMENTS(mta_actions); j++) {
			if ((missing & mta_actions[j].bit) == 0)
				continue;
			g_critical("the MTA does not offer %s, which rule %s "
				   "(%s:%u) needs: its connection is refused; "
				   "in Postfix set milter_protocol = 6, or use "
				   "a newer Sendmail",
			    mta_actions[j].name, rule->name, rule->place.file,
			    rule->place.line);
			return false;
		}
	}
	return true;
}

bool
reply_request_macros(SMFICTX *ctx)
{
	char login[] = "{auth_authen}", id[] = "i";
	char recipient[] = "{rcpt_addr} {rcpt_mailer}";

	return smfi_setsymlist(ctx, SMFIM_ENVFROM, login) == MI_SUCCESS &&
	       smfi_setsymlist(ctx, SMFIM_ENVRCPT, recipient) == MI_SUCCESS &&
	       smfi_setsymlist(ctx, SMFIM_EOM, id) == MI_SUCCESS;
}

/* libmilter's prototypes know no const, but it changes nothing. */
static char *
loose(const char *text)
{
	return (char *)(uintptr_t)text;
}

/*
 * The text of the coming refusal.  Both MTAs read it as a format string, so
 * its percent signs are doubled.  Without it the MTA says something of its
 * own, which is no reason not to refuse.
 */
static void
set_reply(SMFICTX *ctx, const char *code, const char *status, const char *text)
{
	g_autoptr(GString) reply =
	    g_string_new_len(text, (gssize)strnlen(text, REPLY_MAX));

	g_string_replace(reply, "%", "%%", 0);
	if (reply->len > REPLY_MAX)
		g_string_assign(reply, "refused by the council's mail policy");
	(void)smfi_setreply(ctx, loose(code), loose(status), reply->str);
}

sfsistat
reply_later(SMFICTX *ctx)
{
	set_reply(ctx, "451", "4.3.2", "the mail policy filter is not ready");
	return SMFIS_TEMPFAIL;
}

static bool
change_header(SMFICTX *ctx, const struct header_change *change, bool spaced)
{
	g_autofree char *value = change->value == NULL ? NULL
				 : spaced
				     ? g_strconcat(" ", change->value, NULL)
				     : g_strdup(change->value);

	switch (change->op) {
	case HEADER_INSERT:
		return smfi_insheader(ctx, (int)change->index,
			   loose(change->name), value) == MI_SUCCESS;
	case HEADER_CHANGE:
	case HEADER_DELETE:
		return smfi_chgheader(ctx, loose(change->name),
			   (int)change->index, value) == MI_SUCCESS;
	}
	return false;
}

/* Gathers small pieces of the new body into packets. */
struct packer {
	SMFICTX *ctx;
	guint8 *buffer; /* CHUNK bytes */
	gsize fill;
};

static bool
send_body(SMFICTX *ctx, const guint8 *data, gsize length)
{
	return smfi_replacebody(ctx, (guint8 *)(uintptr_t)data, (int)length) ==
	       MI_SUCCESS;
}

static bool
pack(void *arg, const void *data, gsize length)
{
	struct packer *packer = arg;
	const guint8 *bytes = data;

	while (length > 0) {
		gsize part = MIN(length, CHUNK - packer->fill);

		/* Whole packets go as they are; libmilter cuts them up. */
		if (packer->fill == 0 && length >= CHUNK) {
			part = MIN(length, G_MAXINT) / CHUNK * CHUNK;
			if (!send_body(packer->ctx, bytes, part))
				return false;
		} else {
			memcpy(packer->buffer + packer->fill, bytes, part);
			packer->fill += part;
		}
		if (packer->fill == CHUNK) {
			if (!send_body(packer->ctx, packer->buffer, CHUNK))
				return false;
			packer->fill = 0;
		}
		bytes += part;
		length -= part;
	}
	return true;
}

/* Nothing else is said to the MTA in between: Postfix would end the body. */
static bool
replace_body(SMFICTX *ctx, const struct edit *edit, struct message *message)
{
	g_autofree guint8 *buffer = g_malloc(CHUNK);
	struct packer packer = {ctx, buffer, 0};

	return edit_write_body(edit, message, pack, &packer) &&
	       (packer.fill == 0 || send_body(ctx, buffer, packer.fill));
}

/* Why the MTA could not be told, or NULL when it was. */
static const char *
change_message(SMFICTX *ctx, const struct outcome *outcome,
    struct message *message, bool spaced)
{
	const struct edit *edit = outcome->edit;
	const char *reason = outcome->hold_reason;

	if (outcome->disposition == DISPOSITION_HOLD &&
	    smfi_quarantine(
		ctx, loose(reason != NULL ? reason : "council policy")) !=
		MI_SUCCESS)
		return "the MTA does not take a quarantine";
	if (edit == NULL)
		return NULL;
	for (guint i = 0; i < edit->headers->len; i++)
		if (!change_header(ctx, edit->headers->pdata[i], spaced))
			return "the MTA does not take a change of a header";
	if (edit->splices->len > 0 && !replace_body(ctx, edit, message))
		return "the MTA does not take the edited body";
	return NULL;
}

static void
log_outcome(const struct outcome *outcome)
{
	if (outcome->log == NULL)
		return;
	if (outcome->error)
		g_critical("%s", outcome->log);
	else
		g_info("%s", outcome->log);
}

sfsistat
reply_outcome(SMFICTX *ctx, const struct outcome *outcome,
    struct message *message, const char *queue_id, bool spaced)
{
	const char *trouble = NULL, *text;
	bool defer;

	if (outcome == NULL) {
		trouble = "the message has no outcome";
	} else if (outcome->disposition == DISPOSITION_ACCEPT ||
		   outcome->disposition == DISPOSITION_HOLD) {
		trouble = change_message(ctx, outcome, message, spaced);
		if (trouble == NULL) {
			log_outcome(outcome);
			return SMFIS_CONTINUE;
		}
	}
	if (trouble != NULL) {
		g_critical("%s: deferred: %s", queue_id, trouble);
		return reply_later(ctx);
	}
	log_outcome(outcome);
	defer = outcome->disposition == DISPOSITION_DEFER;
	text = outcome->reply;
	if (text == NULL)
		text = defer ? "the council's mail policy cannot be applied now"
			     : "refused by the council's mail policy";
	set_reply(ctx, outcome->reply_code, outcome->reply_status, text);
	return defer ? SMFIS_TEMPFAIL : SMFIS_REJECT;
}
