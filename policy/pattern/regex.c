#include <string.h>

#include "policy/pattern/regex.h"

enum {
	OPTIONS = PCRE2_UTF | PCRE2_UCP | PCRE2_CASELESS | PCRE2_DUPNAMES |
		  PCRE2_NO_AUTO_CAPTURE | PCRE2_NEVER_BACKSLASH_C |
		  PCRE2_USE_OFFSET_LIMIT
};

char *
regex_error(int code)
{
	PCRE2_UCHAR text[256];

	if (pcre2_get_error_message(code, text, sizeof(text)) < 0)
		return g_strdup_printf("error %d of PCRE2", code);
	return g_strdup((const char *)text);
}

pcre2_code *
regex_compile(const char *regex, uint32_t more, char **message, size_t *offset)
{
	pcre2_compile_context *context = pcre2_compile_context_create(NULL);
	pcre2_code *code;
	PCRE2_SIZE where;
	int error;

	if (context == NULL)
		g_error("out of memory");
	pcre2_set_newline(context, PCRE2_NEWLINE_LF);
	pcre2_set_bsr(context, PCRE2_BSR_UNICODE);
	code = pcre2_compile((PCRE2_SPTR)regex, strlen(regex), OPTIONS | more,
	    &error, &where, context);
	pcre2_compile_context_free(context);
	if (code == NULL) {
		*message = regex_error(error);
		*offset = MIN(where, strlen(regex));
	}
	return code;
}
