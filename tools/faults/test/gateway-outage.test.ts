import { describe, it } from '@jest/globals'
import { runOwn } from './run-scenario.ts'

describe('mailings', () => {
  it(
    'wait for a gateway that is away at no cost, and go on at once',
    () => runOwn('gateway-outage', { seconds: 6, clients: 2000 }),
    180_000,
  )
})
