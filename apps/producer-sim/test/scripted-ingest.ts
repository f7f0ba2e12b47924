import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What a server that plays ingest-api answers; `hang` never answers, `cut` ends the connection. */
export type ScriptedAnswer =
  | {
      readonly status: number
      readonly headers?: Record<string, string>
      readonly body?: object
      readonly delayMs?: number
    }
  | 'hang'
  | 'cut'

export interface ReceivedRequest {
  readonly path: string
  readonly authorization: string | undefined
  readonly items: readonly Record<string, unknown>[]
}

export interface ScriptedIngest extends AsyncDisposable {
  readonly url: string
  readonly received: ReceivedRequest[]
}

/**
 * The outside of the simulator: a server with scripted answers, for what a real one only does in trouble.
 *
 * @param answer takes the request and how many came before it
 */
export async function scriptedIngest(
  answer: (request: ReceivedRequest, index: number) => ScriptedAnswer,
): Promise<ScriptedIngest> {
  const received: ReceivedRequest[] = []
  const server = createServer((request, response) => {
    void readItems(request).then((items) => {
      const one = { path: request.url ?? '', authorization: request.headers.authorization, items }
      received.push(one)
      reply(response, answer(one, received.length - 1))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    [Symbol.asyncDispose]: () => close(server),
  }
}

/** 202 for all of a request. */
export function accepted({ items }: ReceivedRequest): ScriptedAnswer {
  return { status: 202, body: { status: 'ok', accepted: items.length, rejected: [] } }
}

async function readItems(request: IncomingMessage): Promise<Record<string, unknown>[]> {
  const parts = (await request.toArray()) as Buffer[]
  return [JSON.parse(Buffer.concat(parts).toString('utf8')) as Record<string, unknown>].flat()
}

function reply(response: ServerResponse, answer: ScriptedAnswer): void {
  if (answer === 'hang') return
  if (answer === 'cut') return void response.destroy()
  setTimeout(() => {
    response.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers })
    response.end(JSON.stringify(answer.body ?? {}))
  }, answer.delayMs ?? 0)
}

function close(server: Server): Promise<void> {
  server.closeAllConnections()
  return new Promise((resolve) => server.close(() => resolve()))
}
