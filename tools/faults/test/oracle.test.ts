import { describe, it } from '@jest/globals'
import { runOwn } from './run-scenario.ts'

describe('the oracle', () => {
  it(
    'finds every event once, and every mailing right, after a storm of faults over all apps and stores',
    // This seed kills an ingest-api and deploys all apps anew, so that clients have to come again.
    () => runOwn('oracle', { seconds: 32, seed: 20 }),
    300_000,
  )
})
