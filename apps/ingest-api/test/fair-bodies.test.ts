import { expect, it } from '@jest/globals'
import { gzipSync } from 'node:zlib'
import { startIngest } from './ingest.ts'

it('sixty honest compressed bodies at the same time are all taken, those that wait for their rows too', async () => {
  await using ingest = await startIngest()
  // As a log shipper sends them: 6 KB that become 1 MB.
  const line = `${JSON.stringify({ message: 'GET /api/v1/things 200', service: 'shop', text: 'x'.repeat(800) })}\n`
  const body = gzipSync(line.repeat(1200))
  const headers = { 'content-encoding': 'gzip', 'content-type': 'application/x-ndjson' }
  const answers = await Promise.all(
    Array.from({ length: 60 }, () => ingest.post('/api/v1/logs?wait=stored', body, headers)),
  )
  expect(answers.map(({ statusCode }) => statusCode).filter((status) => status === 429)).toEqual([])
  expect(await ingest.metrics.metrics()).toMatch(/^runnel_bodies_bytes\{.*\} 0$/m)
})
