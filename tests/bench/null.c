/*
 * null SOCKET [early]: a filter that does nothing, with all the silence that
 * the protocol allows: the limit that libmilter sets to any filter.  With
 * "early" it accepts each message at the end of its header.
 */
#include <libmilter/mfapi.h>
#include <libmilter/mfdef.h>
#include <stdio.h>
#include <string.h>

enum {
	SILENT = SMFIP_NR_CONN | SMFIP_NR_MAIL | SMFIP_NR_RCPT | SMFIP_NR_HDR |
		 SMFIP_NR_BODY,
	UNWANTED = SMFIP_NOHELO | SMFIP_NODATA | SMFIP_NOUNKNOWN,
};

static sfsistat at_end_of_headers = SMFIS_CONTINUE;

static sfsistat
on_negotiate(SMFICTX *ctx, unsigned long actions, unsigned long steps,
    unsigned long u2, unsigned long u3, unsigned long *want_actions,
    unsigned long *want_steps, unsigned long *w2, unsigned long *w3)
{
	(void)ctx;
	(void)u2;
	(void)u3;
	*want_actions = actions & (SMFIF_ADDHDRS | SMFIF_CHGBODY);
	*want_steps = steps & (SILENT | UNWANTED | SMFIP_HDR_LEADSPC);
	*w2 = *w3 = 0;
	return SMFIS_CONTINUE;
}

static sfsistat
on_connect(SMFICTX *ctx, char *host, _SOCK_ADDR *address)
{
	(void)ctx;
	(void)host;
	(void)address;
	return SMFIS_NOREPLY;
}

static sfsistat
on_envelope(SMFICTX *ctx, char **arguments)
{
	(void)ctx;
	(void)arguments;
	return SMFIS_NOREPLY;
}

static sfsistat
on_header(SMFICTX *ctx, char *name, char *value)
{
	(void)ctx;
	(void)name;
	(void)value;
	return SMFIS_NOREPLY;
}

static sfsistat
on_end_of_headers(SMFICTX *ctx)
{
	(void)ctx;
	return at_end_of_headers;
}

static sfsistat
on_body(SMFICTX *ctx, unsigned char *data, size_t length)
{
	(void)ctx;
	(void)data;
	(void)length;
	return SMFIS_NOREPLY;
}

static sfsistat
on_end_of_message(SMFICTX *ctx)
{
	(void)ctx;
	return SMFIS_CONTINUE;
}

int
main(int argc, char **argv)
{
	char name[] = "null";
	struct smfiDesc description = {
	    .xxfi_name = name,
	    .xxfi_version = SMFI_VERSION,
	    .xxfi_flags = SMFIF_ADDHDRS | SMFIF_CHGBODY,
	    .xxfi_negotiate = on_negotiate,
	    .xxfi_connect = on_connect,
	    .xxfi_envfrom = on_envelope,
	    .xxfi_envrcpt = on_envelope,
	    .xxfi_header = on_header,
	    .xxfi_eoh = on_end_of_headers,
	    .xxfi_body = on_body,
	    .xxfi_eom = on_end_of_message,
	};

	if (argc < 2 || argc > 3 ||
	    (argc == 3 && strcmp(argv[2], "early") != 0)) {
		fputs("usage: null SOCKET [early]\n", stderr);
		return 64;
	}
	if (argc == 3)
		at_end_of_headers = SMFIS_ACCEPT;
	if (smfi_register(description) != MI_SUCCESS ||
	    smfi_setconn(argv[1]) != MI_SUCCESS)
		return 69;
	return smfi_main() == MI_SUCCESS ? 0 : 69;
}
