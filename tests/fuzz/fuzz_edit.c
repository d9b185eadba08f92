/*
 * libFuzzer: any bytes as a message, every kind of edit, with the property
 * test's invariants as assertions.  The first byte says which edit, whether
 * line ends become CRLF as over SMTP, and what becomes of protected mail.
 */
#include <stdio.h>
#include <stdlib.h>

#include "tests/mail/check.h"

int LLVMFuzzerTestOneInput(const unsigned char *, size_t);

int
LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	g_autoptr(mail) before = NULL, after = NULL;
	g_autoptr(message) m = NULL;
	g_autoptr(edit_request) request = NULL;
	g_autoptr(edit) e = NULL;
	const char *what;

	if (size == 0)
		return 0;
	before = mail_parse(data + 1, size - 1, (data[0] & 0x80) == 0);
	request = check_request(&check_kinds[(data[0] & 0x0f) % CHECK_KINDS]);
	request->signed_mail = (data[0] & 0x10) != 0 ? PROTECTED_LEAVE :
						       PROTECTED_WRAP;
	request->encrypted_mail = (data[0] & 0x20) != 0 ? PROTECTED_WRAP :
							  PROTECTED_HOLD;
	request->inbound = (data[0] & 0x40) != 0;
	m = mail_message(before, NULL);
	message_facts(m);
	e = edit_new(m, request);
	after = mail_edit(before, m, e);
	what = check_edit(before, after, e, request);
	if (what != NULL) {
		fprintf(stderr, "%s\n", what);
		abort();
	}
	return 0;
}
