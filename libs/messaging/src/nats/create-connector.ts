import type { BrokerAccess } from '@runnel/runtime'
import { connect, ErrorCode, type ConnectionOptions, type NatsConnection } from 'nats'
import { accessOptions, asksForTls } from './access-options.ts'
import { greets } from './greets.ts'
import { hostPortOf, type ServerAddress } from './server-address.ts'

const CONNECT_TIMEOUT_MS = 2_000

/**
 * A function that connects to one of several servers, in an order that differs from call to call, each with its own login.
 *
 * @throws the error of the last server that was tried, from the returned function
 */
export function createConnector(
  servers: readonly ServerAddress[],
  access: BrokerAccess,
  options: ConnectionOptions,
): (stop: AbortSignal) => Promise<NatsConnection> {
  /** Accepted a connection and said nothing. */
  const silent = new Set<ServerAddress>()

  async function connectTo(server: ServerAddress): Promise<NatsConnection> {
    const address = hostPortOf(server)
    if (silent.has(server) && !(await greets(server, CONNECT_TIMEOUT_MS)))
      throw new Error(`${address} accepts no connection, or says nothing`)
    silent.delete(server)
    try {
      const security = accessOptions(server, access)
      return await connect({ ...options, ...security, servers: address, timeout: CONNECT_TIMEOUT_MS })
    } catch (error) {
      const code = (error as { code?: unknown }).code
      if (code === ErrorCode.Timeout) silent.add(server)
      if (code === ErrorCode.ServerOptionNotAvailable && asksForTls(server, access))
        throw new Error(`${address} offers no TLS, which the settings ask for`, { cause: error })
      throw error
    }
  }

  return async (stop) => {
    let failure: unknown
    for (const server of shuffle(servers)) {
      if (stop.aborted) break
      try {
        return await connectTo(server)
      } catch (error) {
        failure = error
      }
    }
    throw failure ?? new Error('The connection was closed')
  }
}

/** Sorted by random numbers: replicas spread over the servers. */
function shuffle<T>(items: readonly T[]): T[] {
  return items
    .map((item) => ({ item, place: Math.random() }))
    .toSorted((a, b) => a.place - b.place)
    .map(({ item }) => item)
}
