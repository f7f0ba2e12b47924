import { beforeEach, describe, expect, it, jest } from '@jest/globals'
import type { DeliveryMode } from '../delivery-modes.ts'
import { EventLedger } from '../event-ledger.ts'
import { deliver, repeatOpen, type Clients, type Send } from './deliver.ts'
import type { Outcome } from './judge-answer.ts'

let clients: Clients
beforeEach(() => {
  const ended = new AbortController().signal
  clients = { ledger: new EventLedger('run'), wrongAnswers: [], underWay: new Set(), ended }
})

const eventsOf = (mode: DeliveryMode) => [clients.ledger.add(mode, 'logs'), clients.ledger.add(mode, 'logs')]
type Sent = ReturnType<typeof eventsOf>[number]

const busy: Partial<Outcome> = { accepted: 'none' }

/** Gives one answer after the other, and notes how many events each request had. */
function answers(...outcomes: Partial<Outcome>[]) {
  const sizes: number[] = []
  const send: Send<Sent> = (attempt, events) => {
    sizes.push(events.length)
    return Promise.resolve({ what: '', accepted: 'none', deadLettered: false, ...outcomes[attempt] })
  }
  return { sizes, send }
}

describe("a client of Runnel's own routes", () => {
  it('sends again under a key until all is accepted', async () => {
    const { sizes, send } = answers(busy, { accepted: [0] }, { accepted: 'all' })
    const events = eventsOf('keyed')
    await deliver(clients, events, send)
    expect(sizes).toEqual([2, 2, 2])
    expect(events.map(({ acknowledgements }) => acknowledgements)).toEqual([2, 1])
    expect(clients.ledger.countRetried()).toEqual({ keyed: 2 })
    expect(clients.underWay.size).toBe(0)
  })

  it('sends once more without a key, where nothing was accepted', async () => {
    const [nothing, some] = [answers(busy, busy), answers({ accepted: [0] })]
    await deliver(clients, eventsOf('array'), nothing.send)
    await deliver(clients, eventsOf('array'), some.send)
    expect([nothing.sizes, some.sizes]).toEqual([[2, 2], [2]])
  })
})

describe('a client of a protocol', () => {
  it('sends the same events again while one of them is open, or what is open alone', async () => {
    const outcomes: Partial<Outcome>[] = [busy, { accepted: [1] }, { accepted: [0], refused: [1] }]
    const [same, alone] = [answers(...outcomes), answers(busy, { accepted: [1] }, { accepted: [0] })]
    await deliver(clients, eventsOf('otlp-json'), same.send, repeatOpen(false))
    await deliver(clients, eventsOf('bulk'), alone.send, repeatOpen(true))
    expect([same.sizes, alone.sizes]).toEqual([
      [2, 2, 2],
      [2, 2, 1],
    ])
  })

  it('notes what was refused, and does not send it again', async () => {
    const { sizes, send } = answers({ accepted: [1], refused: [0] })
    const events = eventsOf('bulk')
    await deliver(clients, events, send, repeatOpen(true))
    expect(sizes).toEqual([2])
    expect(events.map(({ refusals, acknowledgements }) => [refusals, acknowledgements])).toEqual([
      [1, 0],
      [0, 1],
    ])
  })

  it('waits as long as it was asked to', async () => {
    jest.useFakeTimers()
    try {
      const { sizes, send } = answers({ ...busy, retryAfterMs: 5000 }, { accepted: 'all' })
      const delivery = deliver(clients, eventsOf('otlp-json'), send, repeatOpen(false))
      await jest.advanceTimersByTimeAsync(4999)
      expect(sizes).toEqual([2])
      await jest.advanceTimersByTimeAsync(1)
      expect(sizes).toEqual([2, 2])
      await delivery
    } finally {
      jest.useRealTimers()
    }
  })

  it('drops what its protocol does not repeat', async () => {
    const { sizes, send } = answers({ ...busy, isDropped: true, wrongAnswer: '400' })
    await deliver(clients, eventsOf('otlp-json'), send, repeatOpen(false))
    expect(sizes).toEqual([2])
    expect(clients.wrongAnswers).toEqual(['run.otlp-json.logs.0: 400'])
  })
})
