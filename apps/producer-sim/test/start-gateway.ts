import { createLogger, createMetrics } from '@runnel/observability'
import { request as send } from 'node:http'
import { createProducerSim } from '../src/app.ts'
import { loadConfig } from '../src/config.ts'
import { FakeGateway } from '../src/gateway/fake-gateway.ts'

interface Answer {
  readonly status: number
  readonly headers: NodeJS.Dict<string | string[]>
  readonly body: string
}

export interface RawCall {
  readonly method?: string
  readonly path?: string
  readonly token?: string | undefined
  readonly body?: string | Buffer
  readonly timeoutMs?: number
}

export interface TestGateway extends AsyncDisposable {
  readonly gateway: FakeGateway
  readonly http: Awaited<ReturnType<typeof createProducerSim>>
  /** @throws Error with its code where no whole answer comes, `TIMEOUT` after `timeoutMs` */
  raw(call: RawCall): Promise<Answer>
  /** A well-formed call for a message. */
  send(msgId: number, timeoutMs?: number): Promise<Answer>
  /** @throws Error unless it is 2xx */
  control<T>(method: 'GET' | 'PUT' | 'PATCH' | 'DELETE', path?: string, body?: object): Promise<T>
}

export const PHONE = 79_161_234_567

/** The gateway on a port of its own, and the simulator's routes that control it. */
export async function startGateway(env: Readonly<Record<string, string>> = {}): Promise<TestGateway> {
  const log = createLogger('test', 'silent')
  const config = loadConfig(env)
  const gateway = new FakeGateway(log, config.gateway)
  await gateway.listen({ host: '127.0.0.1', port: 0 })
  const http = await createProducerSim({
    ...{ log, gateway },
    metrics: createMetrics('producer-sim'),
    signal: new AbortController().signal,
    ingestUrl: config.ingestUrl,
    stream: config.stream,
  })
  const raw = (call: RawCall) => rawCall(gateway.url!, call)
  return {
    ...{ gateway, http, raw },
    send: (msgId, timeoutMs) =>
      raw({
        path: `/v1/send/${msgId}`,
        body: JSON.stringify({ id: msgId, phone: PHONE, text: 'hello' }),
        ...(timeoutMs !== undefined && { timeoutMs }),
      }),
    control: async <T>(method: 'GET' | 'PUT' | 'PATCH' | 'DELETE', path = '', body?: object) => {
      const answer = await http.inject({
        method,
        url: `/api/v1/gateway${path}`,
        ...(body && { payload: body }),
      })
      if (answer.statusCode >= 300) throw new Error(`${method} ${path}: ${answer.statusCode} ${answer.body}`)
      return (answer.body === '' ? undefined : answer.json()) as T
    },
    [Symbol.asyncDispose]: async () => {
      await http.close()
      await gateway.close()
    },
  }
}

function rawCall(url: string, call: RawCall): Promise<Answer> {
  const { method = 'POST', path = '/v1/send/1', token = 'runnel', body = '', timeoutMs = 5000 } = call
  return new Promise((resolve, reject) => {
    const request = send(url + path, {
      method,
      agent: false,
      headers: {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
        authorization: `Bearer ${token}`,
      },
    })
    const fail = (error: NodeJS.ErrnoException) => reject(new Error(error.code ?? error.message))
    request.setTimeout(timeoutMs, () => request.destroy(new Error('TIMEOUT')))
    request.on('error', fail)
    request.on('response', (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => (text += chunk))
      response.on('error', fail)
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }),
      )
    })
    request.end(body)
  })
}
