import { expect, it } from '@jest/globals'
import { ReplicaLag } from './replica-lag.ts'
import { parseWalPosition } from './wal-position.ts'

it('a position is read as PostgreSQL writes it', () => {
  expect(parseWalPosition('16/B374D848')).toBe(0x16_b374_d848n)
  expect(parseWalPosition('0/0')).toBe(0n)
  for (const text of ['', '1', '0/', '0/123456789', 'G/0', '0/1;', '0/1/2'])
    expect(parseWalPosition(text)).toBeUndefined()
})

it('a replica is as old as the last time at which the primary had written no more than it has replayed', () => {
  const lag = new ReplicaLag()
  lag.sample(1000, 10n)
  lag.sample(2000, 20n)
  lag.sample(3000, 20n)
  lag.sample(4000, 30n)
  expect(lag.completeUntilMs(9n)).toBeUndefined()
  expect(lag.completeUntilMs(10n)).toBe(1000)
  // The primary rested: what was there at 2000 is all that there was at 3000.
  expect(lag.completeUntilMs(25n)).toBe(3000)
  expect(lag.completeUntilMs(30n)).toBe(4000)
  lag.clear()
  expect(lag.completeUntilMs(30n)).toBeUndefined()
})
