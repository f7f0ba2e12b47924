import { beforeEach, describe, expect, it } from '@jest/globals'
import { createEventIds } from '@runnel/contracts'
import { EventLedger, type SentEvent } from '../event-ledger.ts'
import type { RunEvents, StoredEvent } from '../read-run-events.ts'
import { PROTOCOL_MODES, type DeliveryMode } from '../delivery-modes.ts'
import { checkApps, MAX_RESIDENT_MB, type AppRecord } from './check-apps.ts'
import { sumEvents, checkEvents } from './check-events.ts'
import { checkClaims, countClaims } from './check-claims.ts'
import { checkProof } from './check-proof.ts'
import { checkVersions } from './check-versions.ts'
import { excuseLosses } from './excuse-losses.ts'

let ledger: EventLedger
beforeEach(() => {
  ledger = new EventLedger('run')
})

/** An event that was sent and acknowledged so many times. */
function event(
  mode: DeliveryMode,
  { attempts = 1, acknowledgements = 1, refusals = 0, kind = 'logs' as 'logs' | 'products' } = {},
): SentEvent {
  const opened = ledger.add(mode, kind)
  for (let i = 0; i < attempts; i++) ledger.recordAttempt([opened])
  for (let i = 0; i < acknowledgements; i++) ledger.recordAnswer(opened, '202', 'accepted')
  for (let i = 0; i < refusals; i++) ledger.recordAnswer(opened, '200', 'refused')
  return opened
}

const row: StoredEvent = { rows: 1, rowIds: [], altered: 0, reasons: [] }
const found = (
  entries: readonly [SentEvent | string, Partial<StoredEvent>][],
  more: Partial<RunEvents> = {},
) => ({
  events: new Map(
    entries.map(([one, what]) => [typeof one === 'string' ? one : one.id, { ...row, ...what }]),
  ),
  ...{ unrecognised: [], products: [] },
  ...more,
})
const whats = (all: readonly { readonly what: string }[]) => all.map(({ what }) => what)

describe('what answers said that waited for the row', () => {
  const nextId = createEventIds()
  const [mine, other] = [nextId(), nextId()]
  const product = (event: string) => [{ id: 7, version: 3, event }]
  const claiming = (status: 'stored' | 'superseded' | 'duplicate', eventId = mine) => {
    const one = event('stored', { kind: 'products' })
    one.claims.push({ status, eventId })
    return one
  }

  it('is right where it names a row of the event', () => {
    const [one, two, three] = [claiming('stored'), claiming('duplicate'), claiming('superseded')]
    const rows = { rows: 1, rowIds: [mine] }
    const store = found(
      [
        [one, rows],
        [two, rows],
        [three, rows],
      ],
      { products: product(one.id) },
    )
    expect(checkClaims(ledger, store)).toEqual([])
    expect(countClaims(ledger)).toEqual({ stored: 1, superseded: 1, duplicate: 1 })
  })

  it.each(['stored', 'superseded', 'duplicate'] as const)(
    'is wrong where %s names no row of it',
    (status) => {
      const one = claiming(status, other)
      const store = found([[one, { rowIds: [mine] }]])
      expect(whats(checkClaims(ledger, store))).toEqual([
        `said to be ${status}, under an id that is no row of it`,
      ])
    },
  )

  it('is wrong where what was superseded is what its product is', () => {
    const one = claiming('superseded')
    const store = found([[one, { rowIds: [mine] }]], { products: product(one.id) })
    expect(whats(checkClaims(ledger, store))).toEqual(['said to be superseded, and is what its product is'])
  })

  it('may name an id of a process whose clock was wrong', () => {
    const one = claiming('stored', createEventIds(() => Date.now() + 172_800_000)())
    expect(checkClaims(ledger, found([[one, { rowIds: [mine] }]]))).toEqual([])
  })
})

describe('events', () => {
  it('are right where each is found as it was sent', () => {
    const [one, two, three] = [event('single'), event('keyed', { attempts: 3 }), event('poison')]
    const store = found([
      [one, {}],
      [two, {}],
      [three, { rows: 0, reasons: ['not JSON'] }],
    ])
    expect(checkEvents(ledger, store)).toEqual([])
  })

  it('may be stored or not without an acknowledgement', () => {
    event('keyed', { acknowledgements: 0 })
    expect(checkEvents(ledger, found([[event('raw', { acknowledgements: 0 }), {}]]))).toEqual([])
  })

  it('may be stored as often as they were sent, without a key', () => {
    expect(checkEvents(ledger, found([[event('single', { attempts: 2 }), { rows: 2 }]]))).toEqual([])
  })

  it.each<[string, DeliveryMode, Parameters<typeof event>[1], Partial<StoredEvent>]>([
    ['acknowledged, and lost', 'keyed', {}, { rows: 0 }],
    ['under a key, and stored more than once', 'keyed', { attempts: 2 }, { rows: 2 }],
    ['under a key, and stored more than once', 'keyed', { acknowledgements: 0 }, { rows: 2 }],
    ['under a key, and stored more than once', 'raw', {}, { rows: 2 }],
    ['stored more often than it was sent', 'single', {}, { rows: 2 }],
    ['stored, and not as it was sent', 'array', {}, { altered: 1 }],
    ['a good event, and among the dead letters', 'array', {}, { rows: 0, reasons: ['why'] }],
    ['garbage, confirmed, and not among the dead letters', 'poison', {}, { rows: 0 }],
    ['garbage, and stored', 'poison', {}, { reasons: ['why'] }],
    ['among the dead letters without a reason', 'poison', {}, { rows: 0, reasons: [''] }],
  ])('are wrong where one is %s (%s)', (what, mode, sent, place) => {
    const one = event(mode, sent)
    expect(checkEvents(ledger, found([[one, place]]))).toEqual([{ what, ids: [one.id], count: 1 }])
  })

  it('of a protocol are right where each is stored once, and what is malformed was refused', () => {
    const [one, two, three, malformed] = [
      event('bulk', { attempts: 3 }),
      event('bulk', { acknowledgements: 0 }),
      event('bulk', { attempts: 2, acknowledgements: 2 }),
      event('bulk', { acknowledgements: 0, refusals: 1 }),
    ]
    const store = found([
      [one, {}],
      [two, {}],
      [three, {}],
    ])
    expect(checkEvents(ledger, store)).toEqual([])
    expect(sumEvents(ledger, store, 'mode')['bulk']).toMatchObject({ sent: 4, stored: 3, refused: 1 })
    expect(malformed.refusals).toBe(1)
  })

  it('without a time may be stored as often as their request was sent', () => {
    const one = event('otlp-untimed', { attempts: 2 })
    expect(checkEvents(ledger, found([[one, { rows: 2 }]]))).toEqual([])
    expect(whats(checkEvents(ledger, found([[one, { rows: 3 }]])))).toEqual([
      'stored more often than it was sent',
    ])
  })

  describe.each(PROTOCOL_MODES)('of %s', (mode) => {
    /** The fourth one of each mode is malformed. */
    const malformed = (sent: Parameters<typeof event>[1]) => {
      for (let i = 0; i < 3; i++) event(mode, { acknowledgements: 0 })
      return event(mode, sent)
    }

    it('are wrong where an accepted one is lost', () => {
      event(mode)
      expect(whats(checkEvents(ledger, found([])))).toEqual(['acknowledged, and lost'])
    })

    it('are wrong where one was sent once and is stored twice', () => {
      expect(checkEvents(ledger, found([[event(mode), { rows: 2 }]]))).toHaveLength(1)
    })

    it('are wrong where one is stored otherwise than it was sent', () => {
      expect(whats(checkEvents(ledger, found([[event(mode), { altered: 1 }]])))).toEqual([
        'stored, and not as it was sent',
      ])
    })

    it.each<[string, Parameters<typeof event>[1], Partial<StoredEvent>]>([
      ['stored', { acknowledgements: 0 }, {}],
      ['acknowledged', { acknowledgements: 1 }, { rows: 0 }],
      ['among the dead letters', { acknowledgements: 0 }, { rows: 0, reasons: ['why'] }],
    ])('are wrong where a malformed one is %s', (what, sent, place) => {
      const one = malformed(sent)
      const violations = checkEvents(ledger, found([[one, place]]))
      expect(violations).toEqual([{ what: `malformed or refused, and ${what}`, ids: [one.id], count: 1 }])
    })

    it('are wrong where an answer refused one that is stored', () => {
      const one = event(mode, { acknowledgements: 0, refusals: 1 })
      expect(whats(checkEvents(ledger, found([[one, {}]])))).toEqual(['malformed or refused, and stored'])
    })
  })

  it('are wrong where an answer said that one is among the dead letters, and it is stored', () => {
    const one = event('stored', { acknowledgements: 0 })
    one.deadLettered = true
    expect(whats(checkEvents(ledger, found([[one, {}]])))).toEqual([
      'said to be among the dead letters, and is not',
    ])
  })

  it('are wrong where one is found that was never sent', () => {
    const store = found([['run.single.logs.99', {}]], { unrecognised: ['logs row 7'] })
    expect(whats(checkEvents(ledger, store))).toEqual([
      'found, and never sent',
      'found without an id of this run',
    ])
  })

  it('add up', () => {
    const [one, two] = [
      event('keyed', { attempts: 2, acknowledgements: 2 }),
      event('single', { acknowledgements: 0 }),
    ]
    const store = found([
      [one, {}],
      [two, {}],
    ])
    expect(sumEvents(ledger, store, 'kind')['logs']).toEqual({
      ...{ sent: 2, acknowledged: 1, acknowledgements: 2, stored: 2 },
      ...{ deadLettered: 0, refused: 0, duplicates: 1, unacknowledged: 1 },
    })
  })
})

describe('versions of a product', () => {
  const product = (version: number, event = `run.versions.products.${version}`) =>
    found([], { products: [{ id: 7000, version, event }] })

  beforeEach(() => {
    // Every twelfth is of the same product: 0 and 12 are acknowledged, 24 is not.
    for (let seq = 0; seq <= 24; seq++)
      event('versions', { kind: 'products', acknowledgements: seq % 12 || seq === 24 ? 0 : 1 })
  })

  it.each([12, 24])('are right where the highest one has won, acknowledged or not (%i)', (version) => {
    expect(checkVersions(ledger, product(version))).toEqual([])
  })

  it.each([
    ['an older version has won', product(0)],
    ['a version that was never sent', product(36)],
    ['a version with the payload of another', product(12, 'run.versions.products.0')],
    ['a product is not there', found([])],
  ])('are wrong where there is %s', (what, store) => {
    expect(checkVersions(ledger, store)).toEqual([{ what, ids: ['run.versions.products.12'], count: 1 }])
  })
})

describe('a run', () => {
  const OWN_MODES: readonly DeliveryMode[] = [
    ...(['single', 'array', 'ndjson', 'gzip', 'stored', 'raw', 'versions', 'fresh'] as const),
  ]
  const sendAll = (sent: (mode: DeliveryMode) => Parameters<typeof event>[1] = () => ({})) => {
    for (const mode of OWN_MODES) event(mode, sent(mode))
    for (const mode of PROTOCOL_MODES) {
      event(mode, sent(mode))
      event(mode, { acknowledgements: 0, refusals: 1, ...sent(mode) })
    }
  }

  it('proves something where something was delivered again, and a client has tried again', () => {
    sendAll()
    event('keyed', { attempts: 2 })
    expect(checkProof(ledger, 1)).toEqual([])
  })

  it('proves nothing where all went well', () => {
    sendAll()
    event('keyed')
    expect(whats(checkProof(ledger, 0))).toEqual([
      'nothing was ever delivered again, so that nothing is proved',
      'no keyed request was accepted at a later attempt, so that nothing is proved',
    ])
  })

  it('proves nothing of a mode of which nothing was acknowledged, unless that was not used', () => {
    sendAll((mode) => (mode === 'gzip' ? { acknowledgements: 0 } : {}))
    event('keyed', { attempts: 2 })
    expect(whats(checkProof(ledger, 1))).toEqual(['nothing was acknowledged of the delivery mode gzip'])
    expect(checkProof(ledger, 1, { gzip: 0 })).toEqual([])
  })

  it('proves nothing of a protocol by which nothing was refused', () => {
    sendAll((mode) => (mode === 'bulk' ? { refusals: 0 } : {}))
    event('keyed', { attempts: 2 })
    expect(whats(checkProof(ledger, 1))).toEqual(['nothing was refused of the delivery mode bulk'])
  })
})

describe('an app', () => {
  const app = (more: Partial<AppRecord>): AppRecord => ({
    ...{ id: 'consumer-1', peakMb: 100, unexpectedExits: [], errors: [] },
    ...more,
  })

  it('is right where it ended when asked to, within its memory, without wrongAnswers', () => {
    expect(checkApps([app({})])).toEqual([])
  })

  it.each([
    ['grew too large', app({ peakMb: MAX_RESIDENT_MB + 1 }), /took \d+ MB/],
    ['ended by itself', app({ unexpectedExits: [{ how: 'code 1', log: 'why' }] }), /ended with code 1:\nwhy/],
    ['complained', app({ errors: ['consumer: lost'] }), /logged: consumer: lost/],
  ])('is wrong where it %s', (_, record, what) => {
    expect(checkApps([record])).toEqual([expect.objectContaining({ what: expect.stringMatching(what) })])
  })
})

describe('an asynchronous standby', () => {
  it('excuses what was lost with a primary, and nothing that is there twice', () => {
    event('keyed')
    const twice = event('keyed')
    const { violations, losses } = excuseLosses(checkEvents(ledger, found([[twice, { rows: 2 }]])))
    expect(whats(violations)).toEqual(['under a key, and stored more than once'])
    expect(losses).toMatchObject([{ what: 'acknowledged, and lost', count: 1 }])
  })
})
