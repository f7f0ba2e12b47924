import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http'
import type { AddressInfo } from 'node:net'
import { startApi, type Api, type StartOptions } from './start-api.ts'

/** What a service saw of a request. */
export interface Seen {
  readonly method: string
  readonly url: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

export type Listener = (request: IncomingMessage, response: ServerResponse) => unknown

/** A service that answers with what it received, or as the test sets it. */
export async function startService(listener: Listener = echo): Promise<{ url: string; server: Server }> {
  const server = createServer((request, response) => {
    // The other side may go in the middle.
    Promise.resolve(listener(request, response)).catch(() => response.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

const echo: Listener = async (request, response) => {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const { method = '', url = '', headers } = request
  const seen: Seen = { method, url, headers, body: Buffer.concat(chunks).toString() }
  response.writeHead(200, { 'content-type': 'application/json', 'x-own': 'yes', 'keep-alive': 'timeout=7' })
  response.end(JSON.stringify(seen))
}

/** A replica that really listens: streams and half-open connections are tried over a socket. */
export async function listenApi(options: StartOptions): Promise<Api & { url: string }> {
  const api = await startApi(options)
  return { ...api, url: await api.http.listen({ host: '127.0.0.1', port: 0 }) }
}
