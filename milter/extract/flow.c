#include <string.h>

#include "milter/extract/flow.h"

void
flow_init(struct flow *flow, struct document *document)
{
	*flow =
	    (struct flow){.document = document, .aside = g_string_new(NULL)};
}

void
flow_text(struct flow *flow, const char *text, gsize len)
{
	if (flow->asides > 0)
		g_string_append_len(flow->aside, text, (gssize)len);
	else
		document_text(flow->document, text, (gssize)len);
}

/* What stood aside comes when the line is over. */
static void
end_line(struct flow *flow)
{
	document_line(flow->document);
	if (flow->aside->len == 0)
		return;
	document_text(
	    flow->document, flow->aside->str, (gssize)flow->aside->len);
	document_line(flow->document);
	g_string_truncate(flow->aside, 0);
}

static void
end_aside_line(struct flow *flow)
{
	const GString *aside = flow->aside;

	if (aside->len > 0 && aside->str[aside->len - 1] != '\n')
		g_string_append_c(flow->aside, '\n');
}

void
flow_break(struct flow *flow)
{
	flow_text(flow, flow->cells > 0 ? " " : "\n", 1);
}

/* White space that is not the last of its line yet; a tab is stronger. */
static void
separate(struct flow *flow, char c)
{
	struct document *document = flow->document;
	GString *to = flow->asides > 0      ? flow->aside
		      : document->in_margin ? document->margin
					    : document->body;
	char *last = to->len > 0 ? to->str + to->len - 1 : NULL;

	if (c == '\t' && last != NULL && *last == ' ')
		*last = c;
	else if (c == '\t' || (last != NULL && strchr(" \t\n", *last) == NULL))
		flow_text(flow, &c, 1);
}

void
flow_paragraph_end(struct flow *flow)
{
	if (flow->asides > 0)
		end_aside_line(flow);
	else if (flow->cells > 0)
		separate(flow, ' ');
	else
		end_line(flow);
}

void
flow_cell_start(struct flow *flow)
{
	flow->cells++;
}

void
flow_cell_end(struct flow *flow)
{
	if (flow->cells == 0)
		return;
	flow->cells--;
	separate(flow, '\t');
}

void
flow_row_end(struct flow *flow)
{
	flow_paragraph_end(flow);
}

void
flow_aside_start(struct flow *flow)
{
	flow->asides++;
}

void
flow_aside_end(struct flow *flow)
{
	if (flow->asides == 0)
		return;
	flow->asides--;
	end_aside_line(flow);
}

void
flow_clear(struct flow *flow)
{
	flow->cells = flow->asides = 0;
	end_line(flow);
	g_string_free(flow->aside, TRUE);
}
