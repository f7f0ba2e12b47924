import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

/** Takes every event, and keeps it. */
export interface CaptureServer extends AsyncDisposable {
  readonly url: string
  readonly events: Readonly<Record<string, unknown>>[]
}

/** For programs that send from other threads and processes. */
export async function startCaptureServer(): Promise<CaptureServer> {
  const events: Readonly<Record<string, unknown>>[] = []
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const items = body.split('\n').map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>)
      events.push(...items)
      response.writeHead(202, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ status: 'ok', accepted: items.length, rejected: [] }))
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    events,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
