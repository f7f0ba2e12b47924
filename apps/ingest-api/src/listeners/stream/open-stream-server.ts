import { createAddressOf, createPeerOf, followCertificates, tlsServerOptions } from '@runnel/http'
import type { TlsSettings } from '@runnel/runtime'
import { once } from 'node:events'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer, type Server as TlsServer, type TLSSocket } from 'node:tls'
import type { StreamProtocol } from '../listener.ts'
import type { ListenerDeps, OpenListener } from '../shared-deps.ts'
import { Connection } from './connection.ts'
import type { ConnectionPool } from './connection-pool.ts'
import { HandshakeDeadline } from './handshake-deadline.ts'

interface StreamServerOptions extends ListenerDeps {
  readonly host: string
  readonly port: number
  /** Undefined: without TLS. */
  readonly tls: TlsSettings | undefined
  readonly protocol: StreamProtocol
  readonly pool: ConnectionPool
}

const addressOf = createAddressOf([])
const peerOf = createPeerOf(addressOf)

/**
 * Takes connections, within the limits of the pool and from the networks that are allowed. With TLS, its certificate is replaced while it
 * runs, as that of HTTP.
 *
 * @throws Error of the system where the port cannot be opened
 */
export async function openStreamServer(options: StreamServerOptions): Promise<OpenListener> {
  const { name, host, port, tls, limits, lastCall, log } = options
  const connections = new Set<Connection>()
  const sockets = new Set<Socket>()
  const begin = (socket: Socket): void => {
    const connection = openConnection(socket, options)
    if (connection === undefined) return
    connections.add(connection)
    // Not as soon as it is closed: a drain waits for what was read of it.
    void connection.done.then(() => connections.delete(connection))
  }
  // A client may send, end its side and read acknowledgements. With TLS it may not: connections that are ended within their handshake would
  // stay open for good.
  const server: Server =
    tls === undefined ? createServer({ allowHalfOpen: true }) : createTlsServer(tlsServerOptions(tls))
  server.on('connection', (socket: Socket) => {
    if (!letIn(socket, options)) return
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    if (tls === undefined) begin(socket)
  })
  if (tls !== undefined) {
    const deadline = new HandshakeDeadline(limits.frameMs, (socket) => {
      options.counts.refused('too_slow')
      socket.destroy()
    })
    server.on('connection', (socket: Socket) => deadline.begin(socket))
    server.on('secureConnection', (socket: TLSSocket) => {
      deadline.end(socket)
      begin(socket)
    })
    server.on('tlsClientError', () => options.counts.refused('handshake_failed'))
  }
  const cut = (): void => sockets.forEach((socket) => socket.destroy())
  server.listen({ host, port })
  await once(server, 'listening')
  const stopFollowing = tls && followCertificates(server as TlsServer, tls, log)
  return {
    name,
    transport: tls === undefined ? 'tcp' : 'tls',
    port: (server.address() as AddressInfo).port,
    close: async () => {
      stopFollowing?.()
      const closed = closeServer(server)
      lastCall.addEventListener('abort', cut, { once: true })
      await Promise.all([...connections].map((connection) => connection.drain()))
      // Those in the middle of their handshake.
      cut()
      await closed
      lastCall.removeEventListener('abort', cut)
    },
  }
}

/** @returns undefined where a defect keeps it from being read: it is closed and counted */
function openConnection(socket: Socket, options: StreamServerOptions): Connection | undefined {
  const peer = { address: addressOf({ headers: {}, socket }) }
  try {
    return new Connection(socket, peer, options)
  } catch (err) {
    const reason = 'internal'
    options.counts.refused(reason)
    options.warn({ ...peer, reason, err })
    socket.destroy()
    return undefined
  }
}

/** @returns whether the connection may go on; where not, it is closed and counted */
function letIn(socket: Socket, { pool, counts, warn, isAllowed }: StreamServerOptions): boolean {
  const request = { headers: {}, socket }
  const address = addressOf(request)
  const peer = peerOf(request)
  const reason = isAllowed(address) ? pool.enter(peer) : 'network_not_allowed'
  if (reason === undefined) {
    socket.once('close', () => pool.leave(peer))
    return true
  }
  counts.refused(reason)
  warn({ address, reason })
  socket.destroy()
  return false
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()))
}
