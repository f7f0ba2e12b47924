import { createAddressOf, createPeerOf, followCertificates, tlsServerOptions } from '@runnel/http'
import type { TlsSettings } from '@runnel/runtime'
import { once } from 'node:events'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer, type Server as TlsServer } from 'node:tls'
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
  const { name, host, port, tls, lastCall, log } = options
  const connections = new Set<Connection>()
  const sockets = new Set<Socket>()
  const begin = (socket: Socket): void => {
    const connection = openConnection(socket, options)
    if (connection === undefined) return
    connections.add(connection)
    // Not as soon as it is closed: a drain waits for what was read of it.
    void connection.done.then(() => connections.delete(connection))
  }
  const secure = tls && openTls(tls, options, begin)
  // A client may send, end its side and read acknowledgements. With TLS it may not: connections that are ended within their handshake would
  // stay open for good.
  const server = createServer({ allowHalfOpen: tls === undefined }, (socket) => {
    if (!letIn(socket, options)) return
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    if (secure === undefined) begin(socket)
    else secure.shake(socket)
  })
  const cut = (): void => sockets.forEach((socket) => socket.destroy())
  server.listen({ host, port })
  await once(server, 'listening')
  const stopFollowing = tls && secure && followCertificates(secure.server, tls, log)
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

interface SecureServer {
  readonly server: TlsServer
  /** Begins a handshake. */
  shake(socket: Socket): void
}

/** Shakes hands with those alone that were let in. @param begin gets each connection whose handshake is done */
function openTls(
  tls: TlsSettings,
  { limits, counts }: StreamServerOptions,
  begin: (socket: Socket) => void,
): SecureServer {
  const deadline = new HandshakeDeadline(limits.frameMs)
  const server = createTlsServer(tlsServerOptions(tls), (socket) => {
    deadline.end(socket)
    begin(socket)
  })
  server.on('tlsClientError', () => counts.refused(deadline.wasLate() ? 'too_slow' : 'handshake_failed'))
  const shake = (socket: Socket): void => {
    deadline.begin(socket)
    server.emit('connection', socket)
  }
  return { server, shake }
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
