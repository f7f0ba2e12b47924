import { AppError, type ErrorCode } from '@runnel/contracts'
import { createLogger, createMetrics, type Metrics } from '@runnel/observability'
import { connect } from 'node:net'
import { Type } from 'typebox'
import {
  createHttpServer,
  DEFAULT_HTTP_OPTIONS,
  type HttpOptions,
  type HttpServer,
  type ReadinessCheck,
} from '../src/index.ts'

export interface TestServer {
  readonly app: HttpServer
  readonly metrics: Metrics
  /** Begins the drain, as far as /readyz is concerned. */
  drain(): void
  [Symbol.asyncDispose](): Promise<void>
}

/** A server with a few routes of every sort. */
export async function startServer(
  checks: Record<string, ReadinessCheck> = {},
  http: Partial<HttpOptions> = {},
  isReady = true,
): Promise<TestServer> {
  const metrics = createMetrics('test')
  const draining = new AbortController()
  const app = await createHttpServer({
    log: createLogger('test', 'silent'),
    metrics,
    docs: { title: 'Test', description: 'Routes for tests' },
    checks,
    signal: draining.signal,
    bodyLimitBytes: 1000,
    http: { ...DEFAULT_HTTP_OPTIONS, ...http },
  })
  addRoutes(app)
  if (isReady) await app.ready()
  return { app, metrics, drain: () => draining.abort(), [Symbol.asyncDispose]: () => app.close() }
}

function addRoutes(app: HttpServer): void {
  const schema = (summary: string) => ({ tags: ['test'], summary })
  app.get('/things/:id', {
    config: { access: 'public' },
    schema: { ...schema('One thing'), params: Type.Object({ id: Type.Integer({ minimum: 1 }) }) },
    handler: ({ params }) => ({ id: params.id }),
  })
  app.head(
    '/:any',
    { config: { access: 'public' }, schema: schema('Whether there is anything') },
    (_, reply) => reply.code(204).send(),
  )
  app.delete('/things/:id', {
    config: { access: 'public' },
    schema: schema('Remove a thing'),
    handler: () => ({}),
  })
  app.post('/things', {
    config: { access: 'public' },
    schema: {
      ...schema('Add a thing'),
      body: Type.Object({ count: Type.Integer() }),
      querystring: Type.Object({ dry: Type.Optional(Type.Boolean()) }, { additionalProperties: false }),
    },
    handler: ({ body }) => body,
  })
  app.get('/fail/:code', {
    config: { access: 'public' },
    schema: { ...schema('Fail'), params: Type.Object({ code: Type.Unsafe<ErrorCode>({ type: 'string' }) }) },
    handler: ({ params }) => {
      throw new AppError(params.code, 'as asked', { retryAfterMs: 1500, extra: { accepted: [1] } })
    },
  })
  app.get('/slow/:id', {
    config: { access: 'public' },
    schema: { ...schema('One thing, later'), params: Type.Object({ id: Type.Integer() }) },
    handler: async ({ params }) => {
      await new Promise((resolve) => setTimeout(resolve, 20))
      return { id: params.id }
    },
  })
  app.delete('/refuse', {
    config: { access: 'public' },
    schema: schema('Refuse before the body'),
    onRequest: (_request, _reply, done) => done(new AppError('too_busy', 'as asked')),
    handler: () => ({}),
  })
  app.get('/crash', {
    config: { access: 'public' },
    schema: schema('Crash'),
    handler: () => {
      throw new Error('secret detail')
    },
  })
}

export interface RawAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** Sends bytes to a listening port and reads until the server closes. */
export function sendBytes(port: number, bytes: string | Uint8Array): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1' })
    let text = ''
    socket.setEncoding('utf8').on('data', (part) => (text += String(part)))
    socket.once('error', reject)
    socket.once('close', () => resolve(readAnswer(text)))
    socket.write(bytes)
  })
}

function readAnswer(text: string): RawAnswer {
  const [head = '', ...rest] = text.split('\r\n\r\n')
  const [first = '', ...lines] = head.split('\r\n')
  const headers = lines.map((line) => {
    const at = line.indexOf(':')
    return [line.slice(0, at).toLowerCase(), line.slice(at + 1).trim()]
  })
  return {
    status: Number(first.split(' ')[1]),
    headers: Object.fromEntries(headers) as Record<string, string>,
    body: rest.join('\r\n\r\n'),
  }
}

export async function listen(app: HttpServer): Promise<number> {
  await app.listen({ host: '127.0.0.1', port: 0 })
  return (app.server.address() as { port: number }).port
}
