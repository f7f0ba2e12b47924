import { createConnection } from 'node:net'
import type { ServerAddress } from './server-address.ts'

/**
 * Whether a server sends its greeting (in NATS the server speaks first). A frozen server accepts the TCP
 * connection and stays silent; the nats client (2.29) gives up on it without closing the socket, so that hours of retries would run this
 * process out of descriptors. Asked after such a failure, this closes what it opens.
 */
export function greets({ hostname, port }: ServerAddress, timeoutMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ host: hostname, port })
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
