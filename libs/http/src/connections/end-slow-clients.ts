import { AppError } from '@runnel/contracts'
import { counter, type Logger, type Metrics } from '@runnel/observability'
import type { FastifyInstance } from 'fastify'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { ConnectionState, type SlowClientLimits } from './connection-state.ts'
import { connectionEventOf } from './connection-event-of.ts'

export interface ClientLimits extends SlowClientLimits {
  /** Bytes of answers that may wait for all clients together. */
  readonly waitingBytes: number
}

const CHECK_EVERY_MS = 1000
/** Requests of one connection that are at work at a time; what comes behind them waits for the answers before it. */
const MAX_PIPELINED = 4

/**
 * Bounds what slow clients cost. A body that does not come is answered 408. The connection of a client that does not take
 * its answers is cut; where answers for all clients take too much memory, that of the client with the most. A request that
 * comes while many before it on its connection are not answered waits for them: thousands fit in one packet.
 *
 * @returns what looks at all connections once; called by itself every second
 */
export function endSlowClients(
  app: FastifyInstance,
  { log, metrics, limits }: { log: Logger; metrics: Metrics; limits: ClientLimits },
): () => void {
  const connections = new Map<Socket, ConnectionState>()
  const ended = counter(
    metrics,
    'runnel_http_slow_clients_total',
    'Clients that were cut off: a body did not come, an answer was not taken, or answers took too much memory',
    ['reason'],
  )
  app.server.on(connectionEventOf(app.server), (socket: Socket) => {
    connections.set(socket, new ConnectionState(socket))
    socket.once('close', () => connections.delete(socket))
  })
  app.server.prependListener('request', (request: IncomingMessage, response: ServerResponse) => {
    connections.get(request.socket)?.begin(request, response)
  })
  app.addHook('onRequest', (request, _reply, done) => {
    const earlier = connections.get(request.raw.socket)?.earlier(MAX_PIPELINED)
    if (earlier) earlier.once('close', () => done())
    else done()
  })
  const cut = ({ socket }: ConnectionState, reason: string) => {
    log.info({ peer: socket.remoteAddress, reason }, 'the connection of a slow client was cut')
    ended.inc({ reason })
    socket.destroy()
  }
  const check = () => {
    const nowMs = performance.now()
    for (const connection of connections.values()) {
      if (connection.isSlowReader(nowMs, limits)) cut(connection, 'reader')
      const slow = connection.slowBody(nowMs, limits)
      if (slow && !endBody(slow, limits)) cut(connection, 'body')
      else if (slow) ended.inc({ reason: 'body' })
    }
    const waiting = [...connections.values()].filter(({ waitingBytes }) => waitingBytes > 0)
    let sum = waiting.reduce((bytes, { waitingBytes }) => bytes + waitingBytes, 0)
    if (sum <= limits.waitingBytes) return
    waiting.sort((a, b) => b.waitingBytes - a.waitingBytes)
    for (const connection of waiting) {
      if (sum <= limits.waitingBytes) break
      sum -= connection.waitingBytes
      cut(connection, 'memory')
    }
  }
  const timer = setInterval(check, CHECK_EVERY_MS).unref()
  app.addHook('onClose', (_instance, done) => {
    clearInterval(timer)
    done()
  })
  return check
}

/** Fails the reading of a body. @returns false where nothing reads it any more */
function endBody(request: IncomingMessage, { slowBytes, slowMs }: SlowClientLimits): boolean {
  if (request.listenerCount('error') === 0) return false
  // Whatever reads it answers; destroying the request would end the connection without an answer.
  request.emit(
    'error',
    new AppError(
      'body_too_slow',
      `The body does not come: expected at least ${slowBytes} bytes in ${slowMs} ms`,
      {
        expected: `at least ${slowBytes} bytes in ${slowMs} ms`,
      },
    ),
  )
  return true
}
