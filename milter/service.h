/*
 * What session and outcome may ask of the service beside its public face in
 * session.h.  Everything but the policy is fixed for the service's life.
 */
#ifndef MILTER_SERVICE_H
#define MILTER_SERVICE_H

#include "milter/session.h"

struct journal *service_journal(const struct service *); /* NULL: dry run */
struct extractor *service_extractor(const struct service *); /* or NULL */
const struct message_limits *service_limits(const struct service *);
GBytes *service_key(const struct service *); /* borrowed */

#endif
