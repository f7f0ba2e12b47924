import type { Metrics } from '@runnel/observability'
import type { FastifyInstance } from 'fastify'

/** One thing that an app cannot work without. Resolves when it answers, rejects with a reason when it does not. */
export type ReadinessCheck = () => Promise<void> | void

export interface HealthOptions {
  readonly metrics: Metrics
  /** By the name that is shown, e.g. `broker`. */
  readonly checks: Readonly<Record<string, ReadinessCheck>>
  /** Milliseconds one check may take before it counts as failed. */
  readonly checkTimeoutMs: number
  /** True once the process drains: it is alive, and takes no more traffic. */
  readonly draining: () => boolean
}

/** /healthz: the process lives. /readyz: it can work. /metrics: what Prometheus scrapes. */
export function addHealthRoutes(app: FastifyInstance, options: HealthOptions): void {
  app.get('/healthz', { schema: { tags: ['health'], summary: 'The process is alive' } }, () => ({
    status: 'ok',
  }))
  app.get(
    '/readyz',
    { schema: { tags: ['health'], summary: 'The app can do its work' } },
    async (_, reply) => {
      const failures = await failedChecks(options)
      if (options.draining()) failures['process'] = 'draining'
      const ready = Object.keys(failures).length === 0
      return reply.code(ready ? 200 : 503).send(ready ? { status: 'ok' } : { status: 'unready', failures })
    },
  )
  app.get('/metrics', { schema: { tags: ['health'], summary: 'Prometheus metrics' } }, async (_, reply) =>
    reply.type(options.metrics.contentType).send(await options.metrics.metrics()),
  )
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
