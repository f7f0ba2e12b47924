import { KINDS } from '@runnel/contracts'
import { describe, expect, it } from '@jest/globals'
import { gunzipSync } from 'node:zlib'
import { EventLedger } from './event-ledger.ts'
import { encode } from './load/post-events.ts'
import { GARBAGE } from './load/publish-poison.ts'
import { createPayload, idOf } from './create-payload.ts'
import { parseEventId, isProtocolMode, DELIVERY_MODES, type DeliveryMode } from './delivery-modes.ts'
import { PROTOCOL_CLIENTS } from './protocols/protocol-clients.ts'

describe('an id', () => {
  it.each(KINDS)('stands in its item of %s, which is always the same', (kind) => {
    const ledger = new EventLedger('run')
    for (const mode of Object.keys(DELIVERY_MODES) as DeliveryMode[]) {
      if (isProtocolMode(mode) && PROTOCOL_CLIENTS[mode].kind !== kind) continue
      const { id, name } = ledger.add(mode, kind)
      const item = createPayload(id, name)
      expect(idOf('run', kind, item)).toBe(id)
      expect(parseEventId('run', id)).toEqual(name)
      expect(createPayload(id, name)).toEqual(item)
      expect(idOf('other', kind, item)).toBeUndefined()
    }
  })

  it.each(['run.single.logs', 'run.none.logs.1', 'run.single.nothing.1', 'run.single.logs.x', 'single'])(
    'is nothing else, like %s',
    (text) => expect(parseEventId('run', text)).toBeUndefined(),
  )

  it('stands in all garbage', () => {
    for (const make of GARBAGE)
      expect(Buffer.from(make('run.poison.logs.1').body).includes('run.poison.logs.1')).toBe(true)
  })
})

describe('a request', () => {
  const events = (mode: DeliveryMode) => {
    const ledger = new EventLedger('run')
    return [ledger.add(mode, 'logs'), ledger.add(mode, 'logs')]
  }

  it('names its key in a header, and the items of a batch name theirs', () => {
    expect(encode('run', 'keyed', events('keyed')).headers['idempotency-key']).toBe('run.keyed.logs.0')
    expect(String(encode('run', 'ndjson', events('ndjson')).body)).toContain('"eventId":"run.ndjson.logs.1"')
  })

  it('has no key where none is meant', () => {
    const { body, headers } = encode('run', 'array', events('array'))
    expect(headers).not.toHaveProperty('idempotency-key')
    expect(JSON.parse(String(body))).toHaveLength(2)
    expect(String(body)).not.toContain('eventId')
  })

  it('is NDJSON, compressed or not', () => {
    const { body, headers } = encode('run', 'gzip', events('gzip'))
    expect(headers).toMatchObject({ 'content-encoding': 'gzip', 'content-type': 'application/x-ndjson' })
    const lines = gunzipSync(body as Uint8Array)
      .toString()
      .split('\n')
    expect(lines.map((line) => idOf('run', 'logs', JSON.parse(line)))).toEqual([
      'run.gzip.logs.0',
      'run.gzip.logs.1',
    ])
  })
})
