import type { NatsConnection } from 'nats'

/**
 * Description of a durable that the server of this connection has created. A server has another id after each start, and
 * what nats-server 2.9 knows of a durable may be wrong after a kill: messages that it takes for settled need not be.
 *
 * @returns undefined in a cluster, where each process may speak to another server
 */
export function serverLife({ info }: NatsConnection): string | undefined {
  return info === undefined || info.cluster ? undefined : `Made by server ${info.server_id}`
}
