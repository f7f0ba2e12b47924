import { createServer } from 'node:net'

/** Below the range from which systems take ports for outgoing connections, so that no other process takes it in between. */
const FIRST = 20_000
const COUNT = 12_000
const TRIES = 50

/** What is chosen now is listened on later: until then it looks free. */
const given = new Set<number>()

/**
 * A TCP port of 127.0.0.1 on which no process listens now, and which this process was not given before. A server that is restarted may
 * come back on it.
 */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < TRIES; tries++) {
    const port = FIRST + Math.floor(Math.random() * COUNT)
    if (given.has(port)) continue
    given.add(port)
    if (await isPortFree(port)) return port
  }
  throw new Error(`No free TCP port among ${TRIES} tried on 127.0.0.1`)
}

/** Whether a server could listen on `host:port` now. */
export function isPortFree(port: number, host = '127.0.0.1'): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)))
  })
}
