import { StreamStateSchema, type StreamState } from '@runnel/contracts/api/event-stream'
import { ProblemSchema, type HttpServer } from '@runnel/http'
import type { EventStream } from '../stream/event-stream.ts'
import { StreamChangeSchema } from './stream-schemas.ts'

/** The stream over REST. Every route answers with its state. */
export function addStreamRoutes(app: HttpServer, stream: EventStream): void {
  const tags = ['stream']
  const response = { 200: StreamStateSchema, '4xx': ProblemSchema, '5xx': ProblemSchema }
  app.get(
    '/api/v1/stream',
    {
      config: { access: 'simulator:read' },
      schema: { tags, summary: 'What it does, and what it has sent', response },
    },
    () => present(stream),
  )
  app.patch(
    '/api/v1/stream',
    {
      config: { access: 'simulator:write' },
      schema: { tags, summary: 'Shape it: takes effect at once', body: StreamChangeSchema, response },
    },
    async ({ body }) => {
      await stream.change(body)
      return present(stream)
    },
  )
  app.post(
    '/api/v1/stream/start',
    {
      config: { access: 'simulator:write' },
      schema: { tags, summary: 'Start it; a running one goes on', response },
    },
    async () => {
      await stream.start()
      return present(stream)
    },
  )
  app.post(
    '/api/v1/stream/stop',
    {
      config: { access: 'simulator:write' },
      schema: { tags, summary: 'Stop it, and wait for what is under way', response },
    },
    async () => {
      await stream.stop()
      return present(stream)
    },
  )
}

function present(stream: EventStream): StreamState {
  const { running, since, run, settings, outstanding, counts } = stream.state()
  const { lastFailure } = counts
  return {
    state: running ? 'running' : 'stopped',
    since: since.toISOString(),
    run: run ?? null,
    settings,
    outstanding,
    counts: counts.byKind,
    answers: Object.fromEntries(counts.answers),
    lastFailure: lastFailure
      ? { at: new Date(lastFailure.atMs).toISOString(), reason: lastFailure.reason }
      : null,
  }
}
