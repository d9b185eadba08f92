#include <openssl/cms.h>
#include <openssl/err.h>

#include "milter/message/signed_data.h"

G_DEFINE_AUTOPTR_CLEANUP_FUNC(CMS_ContentInfo, CMS_ContentInfo_free)

static enum signed_data
open_content(CMS_ContentInfo *cms, GBytes **content)
{
	ASN1_OCTET_STRING **octets = CMS_get0_content(cms);

	if (octets == NULL || *octets == NULL)
		return SIGNED_DATA_EMPTY;
	switch (OBJ_obj2nid(CMS_get0_eContentType(cms))) {
	case NID_pkcs7_data:
		break;
	case NID_pkcs7_enveloped:
	case NID_id_smime_ct_authEnvelopedData:
	case NID_pkcs7_encrypted:
		return SIGNED_DATA_ENCRYPTED;
	default:
		return SIGNED_DATA_OTHER;
	}
	*content = g_bytes_new(
	    ASN1_STRING_get0_data(*octets), (gsize)ASN1_STRING_length(*octets));
	return SIGNED_DATA_MESSAGE;
}

enum signed_data
signed_data_open(const guint8 *data, gsize len, GBytes **content)
{
	const unsigned char *at = data;
	g_autoptr(CMS_ContentInfo) cms = NULL;

	if (len <= G_MAXINT32)
		cms = d2i_CMS_ContentInfo(NULL, &at, (long)len);
	ERR_clear_error();
	if (cms == NULL || OBJ_obj2nid(CMS_get0_type(cms)) != NID_pkcs7_signed)
		return SIGNED_DATA_BROKEN;
	return open_content(cms, content);
}
