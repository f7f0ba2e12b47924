import { createConnection } from 'node:net'

const DEFAULT_PORT = 4222

/**
 * Whether one of the servers sends its greeting (in NATS the server speaks first). A frozen server accepts the TCP
 * connection and stays silent; the nats client (2.29) gives up on it without closing the socket, so that hours of retries would run this
 * process out of descriptors. Asked after such a failure, this closes what it opens.
 *
 * @param servers as `nats://host:port` or `host:port`
 */
export async function isGreeting(servers: readonly string[], timeoutMs: number): Promise<boolean> {
  const answers = await Promise.all(servers.map((server) => greets(server, timeoutMs)))
  return answers.includes(true)
}

function greets(server: string, timeoutMs: number): Promise<boolean> {
  const url = new URL(server.includes('://') ? server : `nats://${server}`)
  const host = url.hostname.replace(/^\[|\]$/g, '')
  return new Promise((resolve) => {
    const socket = createConnection({ host, port: url.port === '' ? DEFAULT_PORT : Number(url.port) })
    const end = (heard: boolean) => {
      socket.destroy()
      resolve(heard)
    }
    socket.setTimeout(timeoutMs, () => end(false))
    socket.once('data', () => end(true))
    socket.once('error', () => end(false))
    socket.once('close', () => end(false))
  })
}
