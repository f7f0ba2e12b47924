import { describe, it } from '@jest/globals'
import { runOwn } from './run-scenario.ts'

describe('mailings', () => {
  it(
    'double nothing that was not unknown before, where the gateway does not recognise a repeat',
    () => runOwn('mailings', { seconds: 8, clients: 1000, deduplicates: false }),
    400_000,
  )
})
