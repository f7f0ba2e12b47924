type Json = Readonly<Record<string, unknown>>

/** An event as the server got it. */
export interface SentEvent extends Json {
  readonly eventId: string
}

export interface SentRequest {
  readonly url: string
  readonly events: readonly SentEvent[]
}

export type Respond = (request: SentRequest, number: number) => Response | Promise<Response>

export interface FakeServer {
  readonly requests: SentRequest[]
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>
}

/** Gives what was sent to `respond`, for answers that a server gives once a year. */
export function createFakeServer(respond: Respond): FakeServer {
  const requests: SentRequest[] = []
  return {
    requests,
    fetch: async (url, init) => {
      const events = (init.body as string).split('\n').map((line) => JSON.parse(line) as SentEvent)
      const request = { url, events }
      requests.push(request)
      init.signal?.throwIfAborted()
      const aborted = new Promise<never>((_, reject) =>
        init.signal?.addEventListener('abort', () => reject(init.signal!.reason as Error)),
      )
      return Promise.race([respond(request, requests.length), aborted])
    },
  }
}

interface RejectedItem {
  readonly index: number
  readonly code: string
  readonly message: string
  readonly field?: string
}

export function accept({ events }: SentRequest, rejected: readonly RejectedItem[] = []): Response {
  return Response.json({ status: 'ok', accepted: events.length - rejected.length, rejected }, { status: 202 })
}

export function refuse(
  status: number,
  code: string,
  more: Json = {},
  headers: Readonly<Record<string, string>> = {},
): Response {
  return Response.json({ status, code, detail: `It is ${code}`, ...more }, { status, headers })
}

export function acceptAll(request: SentRequest): Response {
  return accept(request)
}
