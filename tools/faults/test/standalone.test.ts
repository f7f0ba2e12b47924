import { describe, it } from '@jest/globals'
import { runOwn } from './run-scenario.ts'

describe('the standalone mode', () => {
  it(
    'loses and doubles nothing while it is killed under load',
    () => runOwn('standalone', { seconds: 6 }),
    400_000,
  )
})
