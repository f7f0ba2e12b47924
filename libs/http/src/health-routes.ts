import type { Metrics } from '@runnel/observability'
import type { FastifyInstance } from 'fastify'

/** One thing that an app cannot work without. Resolves when it answers, rejects with a reason when it does not. */
export type ReadinessCheck = () => Promise<void> | void

export interface HealthOptions {
  readonly metrics: Metrics
  /** By the name that is shown, e.g. `broker`. */
  readonly checks: Readonly<Record<string, ReadinessCheck>>
  /** What people should know though the app is ready, by the name that is shown; undefined: nothing. */
  readonly notes?: Readonly<Record<string, () => string | undefined>> | undefined
  /** Milliseconds one check may take before it counts as failed. */
  readonly checkTimeoutMs: number
  /** True once the process drains: it is alive, and takes no more traffic. */
  readonly draining: () => boolean
}

/** /healthz: the process lives. /readyz: it can work; why not, only for those who may read the system. /metrics: what Prometheus scrapes. */
export function addHealthRoutes(app: FastifyInstance, options: HealthOptions): void {
  app.get(
    '/healthz',
    { config: { access: 'public' }, schema: { tags: ['health'], summary: 'The process is alive' } },
    () => ({
      status: 'ok',
    }),
  )
  app.get(
    '/readyz',
    { config: { access: 'public' }, schema: { tags: ['health'], summary: 'The app can do its work' } },
    async ({ principal }, reply) => {
      const failures = await failedChecks(options)
      if (options.draining()) failures['process'] = 'draining'
      const ready = Object.keys(failures).length === 0
      const answer = { status: ready ? 'ok' : 'unready' }
      void reply.code(ready ? 200 : 503)
      // Reasons name servers and their troubles: strangers learn none.
      if (!principal.scopes.has('system:read')) return reply.send(answer)
      const notes = readNotes(options.notes)
      return reply.send({ ...answer, ...(!ready && { failures }), ...(notes && { notes }) })
    },
  )
  app.get(
    '/metrics',
    { config: { access: 'metrics:scrape' }, schema: { tags: ['health'], summary: 'Prometheus metrics' } },
    async (_, reply) => reply.type(options.metrics.contentType).send(await options.metrics.metrics()),
  )
}

/** @returns undefined where there is nothing to tell */
function readNotes(notes: HealthOptions['notes'] = {}): Record<string, string> | undefined {
  const given = Object.entries(notes).flatMap(([name, read]) => {
    const note = read()
    return note === undefined ? [] : [[name, note] as const]
  })
  return given.length === 0 ? undefined : Object.fromEntries(given)
}

async function failedChecks({ checks, checkTimeoutMs }: HealthOptions): Promise<Record<string, string>> {
  const failures: Record<string, string> = {}
  await Promise.all(
    Object.entries(checks).map(async ([name, check]) => {
      try {
        await withTimeout(check, checkTimeoutMs)
      } catch (error) {
        failures[name] = (error as Error).message
      }
    }),
  )
  return failures
}

async function withTimeout(check: ReadinessCheck, timeoutMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs)
  })
  try {
    await Promise.race([check(), late])
  } finally {
    clearTimeout(timer)
  }
}
