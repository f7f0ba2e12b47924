#!/bin/sh
# Says what the users of RabbitMQ may do at least: one for each app, and `sender` for third parties. Make them first
# (rabbitmqctl add_user ingest-api), then run this where rabbitmqctl is; it is safe to repeat. VHOST names another virtual host than /.
# With a SUBJECT_PREFIX t1, write t1\. before runnel and before the names of the queues of others.
set -eu

# What a user may configure, write and read, as regular expressions over names of queues and exchanges.
allow() {
  rabbitmqctl set_permissions --vhost "${VHOST:-/}" "$1" "$2" "$3" "$4"
}

# Queues of events, the exchange of notices, and amq.gen-...: the queue of a connection for them. amq.default is where events are published.
allow ingest-api '^(runnel\.(metrics|logs|traces|products|notices)|amq\.gen.*)$' '^(amq\.default|runnel\.notices|amq\.gen.*)$' '^(runnel\.notices|amq\.gen.*)$'
# It alone reads events, also from queues that others had before.
allow consumer '^(runnel\.(metrics|logs|traces|products|notices)|amq\.gen.*)$' '^(runnel\.notices|amq\.gen.*)$' '^(runnel\.(metrics|logs|traces|products|notices)|amq\.gen.*|metrics|logs|traces|events\.products)$'
allow query-api '^(runnel\.notices|amq\.gen.*)$' '^(runnel\.notices|amq\.gen.*)$' '^(runnel\.notices|amq\.gen.*)$'
allow message-dispatcher '^(runnel\.notices|amq\.gen.*)$' '^(runnel\.notices|amq\.gen.*)$' '^(runnel\.notices|amq\.gen.*)$'
# It publishes to queues by their names.
allow sender '^$' '^amq\.default$' '^$'
