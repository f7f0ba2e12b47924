import { connect } from 'nats'
import { createServer, type ServerResponse } from 'node:http'

/**
 * The most that a live stream on Node could do: ready-made text from NATS, joined as often as Runnel does it, and written
 * to every client. No parsing, no filters, no limits.
 */
const [, , port, natsUrl = '', subject = ''] = process.argv

/** As in query-api's log-tail.ts. */
const FLUSH_EVERY_MS = 200

const clients = new Set<ServerResponse>()
let pending: Uint8Array[] = []

const broker = await connect({ servers: natsUrl })
broker.subscribe(subject, { callback: (_error, message) => void pending.push(message.data) })
await broker.flush()
setInterval(() => {
  const bytes = Buffer.concat(pending)
  pending = []
  if (bytes.length > 0) for (const client of clients) client.write(bytes)
}, FLUSH_EVERY_MS)
createServer((request, response) => {
  response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders()
  clients.add(response)
  request.once('close', () => clients.delete(response))
}).listen(Number(port), '127.0.0.1')
