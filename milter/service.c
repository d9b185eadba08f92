#include "milter/session.h"
#include "milter/service.h"

struct service {
	GMutex lock; /* guards policy */
	struct policy *policy;
	struct journal *journal;
	struct extractor *extractor;
	struct message_limits limits;
	GBytes *key;
};

struct service *
service_new(struct policy *policy, struct journal *journal,
    struct extractor *extractor, const struct message_limits *limits,
    const guint8 *key, gsize key_len)
{
	struct service *service = g_new0(struct service, 1);

	g_mutex_init(&service->lock);
	service->policy = policy_ref(policy);
	service->journal = journal;
	service->extractor = extractor;
	service->limits = *limits;
	service->key = g_bytes_new(key, key_len);
	return service;
}

void
service_free(struct service *service)
{
	if (service == NULL)
		return;
	policy_unref(service->policy);
	g_bytes_unref(service->key);
	g_mutex_clear(&service->lock);
	g_free(service);
}

void
service_set_policy(struct service *service, struct policy *policy)
{
	struct policy *old;

	policy_ref(policy);
	g_mutex_lock(&service->lock);
	old = service->policy;
	service->policy = policy;
	g_mutex_unlock(&service->lock);
	policy_unref(old);
}

struct policy *
service_policy(struct service *service)
{
	struct policy *policy;

	g_mutex_lock(&service->lock);
	policy = policy_ref(service->policy);
	g_mutex_unlock(&service->lock);
	return policy;
}

struct journal *
service_journal(const struct service *service)
{
	return service->journal;
}

struct extractor *
service_extractor(const struct service *service)
{
	return service->extractor;
}

const struct message_limits *
service_limits(const struct service *service)
{
	return &service->limits;
}

GBytes *
service_key(const struct service *service)
{
	return service->key;
}
