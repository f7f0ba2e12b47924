import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { createSender, type UndeliveredEvent } from '../src/index.ts'
import { accept, createFakeServer, refuse, type Respond, type SentEvent } from './fake-server.ts'
import { createVirtualClock } from './virtual-clock.ts'

/** What a server may do with a request; beyond the script it accepts everything. */
const BEHAVIOURS = [
  ...['accept', 'lose the request', 'lose the answer', 'hang', 'store, then fail', 'ask for patience'],
  ...['accept a part', 'answer nonsense', 'take no more than two', 'refuse as a whole'],
] as const

interface Item {
  readonly wrong: boolean
  readonly text: string
}

type Behaviour = (typeof BEHAVIOURS)[number]

/** As Runnel does it: an id that was seen is not stored again; events that are wrong are refused by themselves. */
class Store {
  readonly stored = new Map<unknown, SentEvent>()

  respond(behaviour: Behaviour, request: { readonly url: string; readonly events: readonly SentEvent[] }) {
    const { events } = request
    if (behaviour === 'lose the request') throw new TypeError('fetch failed')
    if (behaviour === 'hang') return new Promise<Response>(() => {})
    if (behaviour === 'ask for patience') return refuse(429, 'too_busy', {}, { 'retry-after': '2' })
    if (behaviour === 'take no more than two' && events.length > 2) return refuse(413, 'too_many_items')
    if (behaviour === 'refuse as a whole' && events.some(isWrong)) return refuse(400, 'bad_json')
    if (behaviour === 'accept a part') {
      const accepted = events.flatMap((event, place) => (place % 2 === 0 && !isWrong(event) ? place : []))
      accepted.forEach((place) => this.#store(events[place]!))
      return refuse(503, 'partly_accepted', { accepted })
    }
    events.filter((event) => !isWrong(event)).forEach((event) => this.#store(event))
    if (behaviour === 'lose the answer') throw new TypeError('terminated')
    if (behaviour === 'store, then fail') return refuse(500, 'internal')
    if (behaviour === 'answer nonsense') return new Response('<html>')
    return answer(request)
  }

  #store(event: SentEvent): void {
    const text = JSON.stringify(event)
    const before = this.stored.get(event.eventId)
    // Another event under the same id would become a dead letter.
    if (before !== undefined) expect(JSON.stringify(before)).toBe(text)
    this.stored.set(event.eventId, before ?? event)
  }
}

const isWrong = ({ wrong }: SentEvent) => wrong === true

function answer(request: { readonly url: string; readonly events: readonly SentEvent[] }): Response {
  const rejected = request.events.flatMap((event, index) =>
    isWrong(event) ? [{ index, code: 'invalid_field', message: 'Wrong', field: '/wrong' }] : [],
  )
  if (rejected.length === request.events.length) return refuse(400, 'nothing_accepted', { rejected })
  return accept(request, rejected)
}

const IN_ORDER = BEHAVIOURS.filter((behaviour) => behaviour !== 'accept a part')
const script = fc.oneof(
  fc.array(fc.constantFrom(...BEHAVIOURS), { maxLength: 30 }),
  fc.array(fc.constantFrom(...IN_ORDER), { maxLength: 30 }),
)
const items = fc.array(
  fc.record({ wrong: fc.boolean(), text: fc.string({ maxLength: 100, unit: 'grapheme-ascii' }) }),
  {
    minLength: 1,
    maxLength: 40,
  },
)
const limits = fc.record({
  batchEvents: fc.integer({ min: 1, max: 9 }),
  batchBytes: fc.integer({ min: 1, max: 1000 }),
  queueEvents: fc.integer({ min: 1, max: 20 }),
  queueBytes: fc.integer({ min: 400, max: 2000 }),
  eventBytes: fc.constant(400),
  batchAgeMs: fc.integer({ min: 0, max: 1000 }),
})

test('each event is stored once, or reported once, whatever a server does; batches keep the order', async () => {
  const run = async (behaviours: Behaviour[], sent: Item[], given: object, seed: number) => {
    const store = new Store()
    const respond: Respond = (request, n) => store.respond(behaviours[n - 1] ?? 'accept', request)
    const server = createFakeServer(respond)
    const clock = createVirtualClock()
    const undelivered: UndeliveredEvent[] = []
    let random = seed
    const sender = createSender({
      ...{ url: 'http://runnel.test', clock, fetch: server.fetch, ...given },
      random: () => (random = (random * 16_807 + 1) % 2_147_483_647) / 2_147_483_647,
      onUndelivered: (event) => undelivered.push(event),
    })
    const calls = sent.map((item, place) => sender.log({ ...item, place }))
    await clock.runUntil(sender.close())
    await Promise.all(calls)
    const places = (events: Iterable<SentEvent>) => [...events].map(({ place }) => place)
    const expected = (wanted: boolean) => sent.flatMap(({ wrong }, place) => (wrong === wanted ? place : []))
    const sorted = (list: unknown[]) => list.sort((a, b) => Number(a) - Number(b))
    // Only an answer of a part can put events before others.
    const stored = places(store.stored.values())
    expect(behaviours.includes('accept a part') ? sorted(stored) : stored).toEqual(expected(false))
    const reported = undelivered.map(({ text }) => JSON.parse(text) as SentEvent)
    expect(sorted(places(reported))).toEqual(expected(true))
    for (const { events } of server.requests) expect(places(events)).toEqual(sorted(places(events)))
    expect(sender.counts()).toMatchObject({
      ...{ delivered: expected(false).length, undelivered: expected(true).length },
      ...{ queuedEvents: 0, queuedBytes: 0, waitingCalls: 0 },
    })
  }
  const seed = fc.integer({ min: 1, max: 1_000_000 })
  await fc.assert(fc.asyncProperty(script, items, limits, seed, run), { seed: 57, numRuns: 300 })
})
