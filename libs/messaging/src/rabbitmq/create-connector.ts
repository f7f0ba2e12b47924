import { readTlsFiles, type BrokerAccess } from '@runnel/runtime'
import { connect, type ChannelModel } from 'amqplib'
import { isIP } from 'node:net'
import type { ServerAddress } from './server-address.ts'

const CONNECT_TIMEOUT_MS = 5_000
/** What ends a connection whose other end has vanished. A frozen server is noticed sooner, see ConnectionWatch. */
const HEARTBEAT_SECONDS = 10

/**
 * A function that connects to one of several servers, in an order that differs from call to call. The files of TLS are read at
 * every connection, so that new certificates count from the next one on.
 *
 * @param name of the connection, as the server lists it
 * @throws the error of the last server that was tried, from the returned function
 */
export function createConnector(
  servers: readonly ServerAddress[],
  access: BrokerAccess | undefined,
  name: string,
): (stop: AbortSignal) => Promise<ChannelModel> {
  return async (stop) => {
    let failure: unknown
    for (const server of shuffle(servers)) {
      if (stop.aborted) break
      try {
        return await connectTo(server, access, name)
      } catch (error) {
        failure = error
      }
    }
    throw failure ?? new Error('The connection was closed')
  }
}

function connectTo(
  server: ServerAddress,
  access: BrokerAccess | undefined,
  name: string,
): Promise<ChannelModel> {
  const { vhost, ...rest } = server
  const isSecure = server.protocol === 'amqps'
  // The client decodes the vhost of what it is given.
  return connect(
    { ...rest, vhost: encodeURIComponent(vhost), heartbeat: HEARTBEAT_SECONDS },
    {
      timeout: CONNECT_TIMEOUT_MS,
      noDelay: true,
      clientProperties: { connection_name: name },
      ...(isSecure && access && readTlsFiles(access)),
      ...(isSecure && isIP(server.hostname) === 0 && { servername: server.hostname }),
    },
  )
}

/** Sorted by random numbers: replicas spread over the servers. */
function shuffle<T>(items: readonly T[]): T[] {
  return items
    .map((item) => ({ item, place: Math.random() }))
    .toSorted((a, b) => a.place - b.place)
    .map(({ item }) => item)
}
