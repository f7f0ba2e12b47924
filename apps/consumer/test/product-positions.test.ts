import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { isPositionAfter } from '@runnel/contracts'
import type { Message, Position } from '@runnel/messaging'
import { connectDatabase, type Database } from '@runnel/repositories-database'
import { createTestDatabase } from '@runnel/testing'
import { randomUUID } from 'node:crypto'
import { ProductPositions } from '../src/product-positions.ts'

const NOW_MS = Date.UTC(2026, 10, 29)
const DAY_MS = 86_400_000

describe('the position of an event', () => {
  let database: Database
  let drop: () => Promise<void>

  beforeEach(async () => {
    const made = await createTestDatabase()
    database = connectDatabase({
      url: made.url,
      applicationName: 'test',
      poolSize: 2,
      statementTimeoutMs: 10_000,
    })
    drop = async () => {
      await database.close()
      await made[Symbol.asyncDispose]()
    }
  })
  afterEach(() => drop())

  /** A stream that starts now, as each test needs one. */
  const aStream = () => {
    const stream = randomUUID()
    return (life: string, tie: number, timeMs: number) =>
      ({ stream, position: { timeMs, tie, life } }) as unknown as Message
  }
  const placeAll = async (positions: ProductPositions, messages: readonly Message[]) => {
    const positionOf = await positions.place(messages)
    return messages.map((message) => positionOf(message)!)
  }
  const expectRising = (places: readonly Position[]) => {
    places.slice(1).forEach((place, i) => {
      expect(isPositionAfter({ ...place, index: 0 }, { ...places[i]!, index: 0 })).toBe(true)
    })
  }

  it('is the time of the broker while that rises', async () => {
    const message = aStream()
    const positions = new ProductPositions(database)
    const [first] = await placeAll(positions, [message('a', 1, NOW_MS)])
    const later = await placeAll(positions, [
      message('a', 2, NOW_MS + 60_000),
      message('a', 3, NOW_MS + 60_001),
    ])
    expect([first!, ...later].map(({ timeMs }) => timeMs - NOW_MS)).toEqual([0, 60_000, 60_001])
  })

  it.each([
    ['seconds', 5000],
    ['minutes', 120_000],
    ['days', 2 * DAY_MS],
  ])('never falls where the clock of the broker is set back by %s', async (_what, backMs) => {
    const message = aStream()
    const positions = new ProductPositions(database)
    const messages = [1, 2, 3, 4, 5, 6].map((tie) =>
      message('a', tie, NOW_MS + 3 * DAY_MS + tie - (tie > 3 ? backMs : 0)),
    )
    const places: Position[] = []
    for (const one of messages) places.push(...(await placeAll(positions, [one])))
    expectRising(places)
    const after = new ProductPositions(database)
    expectRising([...places, ...(await placeAll(after, [message('a', 7, NOW_MS + 3 * DAY_MS - backMs)]))])
  })

  it('is that of the original where a message is delivered once more, before and behind a step of the clock', async () => {
    const message = aStream()
    const positions = new ProductPositions(database)
    const messages = [
      message('a', 1, NOW_MS + 2 * DAY_MS),
      message('a', 2, NOW_MS + 2 * DAY_MS + 5),
      message('a', 3, NOW_MS),
      message('a', 4, NOW_MS + 10),
    ]
    await placeAll(positions, messages)
    for (const other of [positions, new ProductPositions(database)]) {
      expectRising(await placeAll(other, messages))
    }
  })

  it('lies behind all before in a stream that was created again, whatever its clock says', async () => {
    const message = aStream()
    const old = new ProductPositions(database)
    const before = await placeAll(old, [message('a', 17, NOW_MS + 5 * DAY_MS)])
    const positions = new ProductPositions(database)
    const after = await placeAll(positions, [message('b', 1, NOW_MS), message('b', 2, NOW_MS + 1)])
    expectRising([...before, ...after])
    expectRising([...before, ...(await placeAll(new ProductPositions(database), [message('b', 3, NOW_MS)]))])
    const [late] = await placeAll(old, [message('a', 18, NOW_MS + 5 * DAY_MS + 1)])
    expectRising([late!, ...after])
  })

  it('is found by several processes alike when the clock was set back', async () => {
    const message = aStream()
    const [one, other] = [new ProductPositions(database), new ProductPositions(database)]
    const before = await placeAll(one, [message('a', 1, NOW_MS + 9 * DAY_MS)])
    await placeAll(other, [message('a', 2, NOW_MS + 9 * DAY_MS + 1)])
    const [third] = await placeAll(one, [message('a', 4, NOW_MS)])
    const [fourth] = await placeAll(other, [message('a', 3, NOW_MS)])
    expectRising([...before, fourth!, third!])
  })

  it('is left to the database where the broker gives none', async () => {
    const positions = new ProductPositions(database)
    const message = { stream: 's', position: undefined } as unknown as Message
    expect((await positions.place([message]))(message)).toBeUndefined()
  })
})
