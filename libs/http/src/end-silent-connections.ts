import type { FastifyInstance } from 'fastify'
import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'

/**
 * Ends connections that have not asked for anything yet when the app closes. Browsers and undici open some in advance; Node
 * does not take them for idle, and a drain would wait for them until its deadline.
 */
export function endSilentConnections(app: FastifyInstance): void {
  const silent = new Set<Socket>()
  const speaks = ({ socket }: IncomingMessage) => silent.delete(socket)
  app.server.on('connection', (socket: Socket) => {
    silent.add(socket)
    socket.once('close', () => silent.delete(socket))
  })
  app.server.prependListener('request', speaks)
  app.addHook('preClose', (done) => {
    for (const socket of silent) socket.destroy()
    done()
  })
}
