#include "milter/edit/edit.h"

static void
edit_line_free(gpointer data)
{
	struct edit_line *line = data;

	g_free(line->text);
	g_free(line->language);
	g_free(line);
}

struct edit_request *
edit_request_new(void)
{
	struct edit_request *request = g_new0(struct edit_request, 1);

	request->footer = g_ptr_array_new_with_free_func(edit_line_free);
	request->banner = g_ptr_array_new_with_free_func(edit_line_free);
	request->signed_mail = PROTECTED_WRAP;
	request->encrypted_mail = PROTECTED_LEAVE;
	return request;
}

void
edit_request_free(struct edit_request *request)
{
	if (request == NULL)
		return;
	g_ptr_array_unref(request->footer);
	g_ptr_array_unref(request->banner);
	g_free(request->subject_tag);
	g_free(request->sensitivity);
	g_free(request);
}

static void
add_line(GPtrArray *lines, const char *text, const char *language)
{
	struct edit_line *line = g_new0(struct edit_line, 1);

	/* One line, whatever the template or the roster holds. */
	line->text = g_utf8_make_valid(text, -1);
	for (char *p = line->text; *p != '\0'; p++)
		if (g_ascii_iscntrl(*p))
			*p = ' ';
	g_strstrip(line->text);
	line->language = g_strdup(language != NULL ? language : "");
	g_ptr_array_add(lines, line);
}

void
edit_request_add_footer(
    struct edit_request *request, const char *text, const char *language)
{
	add_line(request->footer, text, language);
}

void
edit_request_add_banner(
    struct edit_request *request, const char *text, const char *language)
{
	add_line(request->banner, text, language);
}
