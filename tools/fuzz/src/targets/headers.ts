import { createEventIds, createTopology, HEADERS, hashItemText, parseItemIdentity } from '@runnel/contracts'
import { readMessage, type ReadMessage } from '@runnel/consumer/parsers'
import { readIdempotencyKey } from '@runnel/ingest-api/parsers'
import { inSlices } from '@runnel/runtime'
import fc from 'fast-check'
import { ensure, ensureDocumented } from '../ensure.ts'
import { hostileText } from '../inputs/hostile-text.ts'
import { mutatedText } from '../inputs/mutate.ts'
import { defineTarget, type AnyTarget } from '../target.ts'
import { READ } from './read-options.ts'
import { toMessage } from './raw-message.ts'

const nextId = createEventIds()
const topology = createTopology('t')
const READ_IN_TOPOLOGY = { ...READ, isInbox: topology.isInbox }
const MAX_KEY_BYTES = 528
const HEADER_BYTES = 1_000_000

/** What each header holds when it is right. */
const WELL_FORMED: Readonly<Record<string, fc.Arbitrary<string>>> = {
  [HEADERS.envelope]: fc.constantFrom('1', '0', ''),
  [HEADERS.count]: fc.nat().map(String),
  [HEADERS.replyTo]: fc.constantFrom(
    topology.inbox('0b1c'),
    '$JS.API.STREAM.PURGE.logs',
    'a b c',
    't.runnel.inbox.*',
    't.runnel.changes',
  ),
  [HEADERS.eventId]: fc.constantFrom(nextId(), 'ffffffff-ffff-7fff-bfff-ffffffffffff'),
  [HEADERS.form]: fc.constantFrom('item', 'message', 'entry', 'envelope'),
  [HEADERS.receivedAt]: fc.constantFrom('0', '1767225600123', '999999999999999'),
  [HEADERS.sentAt]: fc.constantFrom('0', '1767225600123', '-1', '1e400'),
  [HEADERS.position]: fc.constantFrom('1767225600123.1.0', '9007199254740991.1.1'),
  [HEADERS.eventKey]: fc.constantFrom('', 'a%20b', '%D0%B7', '%', '%00', 'x'.repeat(2000)),
  [HEADERS.eventItem]: fc.constantFrom(hashItemText('{}'), `${hashItemText('{}')}.3`),
  [HEADERS.operation]: fc.constantFrom('delete', 'DELETE', 'Upsert', 'merge', ''),
  [HEADERS.messageId]: fc.constantFrom('', 'id', 'x'.repeat(2000)),
  [HEADERS.letterHash]: fc.constantFrom('', hashItemText('{}'), 'x'.repeat(2000)),
}

/** Each header by itself beside well-formed others: what is obeyed of it is ours or harmless. */
const headerTarget = (header: string): AnyTarget =>
  defineTarget<{ readonly headers: Readonly<Record<string, string>>; readonly payload: string }>({
    name: `header-${header.toLowerCase()}`,
    inputs: fc
      .record({
        others: fc.record(WELL_FORMED, { requiredKeys: [] }),
        own: mutatedText(fc.oneof(WELL_FORMED[header]!, hostileText())),
        payload: fc.constantFrom(
          '{}',
          '{"eventId":"mine"}',
          '{"id":1,"name":"x","price":1}',
          '{"events":[]}',
          '{',
        ),
      })
      .map(({ others, own, payload }) => ({
        headers: { ...(others as Record<string, string>), [header]: own },
        payload,
      })),
    worst: () => [
      {
        name: 'a megabyte',
        input: () => ({ headers: { [header]: '%'.repeat(HEADER_BYTES) }, payload: '{}' }),
      },
    ],
    parse: ({ headers, payload }) =>
      inSlices(readMessage(toMessage({ payload: Buffer.from(payload), headers }), READ_IN_TOPOLOGY)),
    check({ headers }, outcome) {
      ensure('value' in outcome, `it throws: ${String((outcome as { error: unknown }).error)}`)
      const { events, poison, replyTo } = outcome.value as ReadMessage
      ensure(replyTo === undefined || topology.isInbox(replyTo), `answers would go to ${replyTo}`)
      for (const { key, item, op, receivedMs } of events) {
        ensure(
          key === undefined || (key !== '' && Buffer.byteLength(key) <= MAX_KEY_BYTES),
          'a key has no bound',
        )
        ensure(item === undefined || parseItemIdentity(item) !== undefined, 'an item is not valid')
        ensure(receivedMs <= Date.now(), 'an event comes from the future')
        if (headers[HEADERS.envelope] === '1') continue
        const word = headers[HEADERS.operation]?.toLowerCase() ?? ''
        ensure((op === 'delete') === (word === 'delete'), `${word} became ${op}`)
      }
      for (const { reason } of poison) ensure(!reason.startsWith('unreadable'), `unexpected: ${reason}`)
    },
  })

export const headers: readonly AnyTarget[] = Object.values(HEADERS).map(headerTarget)

/** The header Idempotency-Key, as Node gives it: Latin-1. */
export const keys = defineTarget<string>({
  name: 'keys',
  inputs: mutatedText(hostileText()).map((text) => Buffer.from(text).toString('latin1')),
  worst: () => [{ name: 'a long one', input: () => 'ü'.repeat(16_384) }],
  parse: (header) => readIdempotencyKey(header),
  check(header, outcome) {
    ensureDocumented(outcome)
    if ('error' in outcome) return
    const key = outcome.value as string
    ensure(key !== '' && Buffer.byteLength(key) <= 512, 'a key has no bound')
    const bytes = Buffer.from(header, 'latin1')
    ensure(key === header || Buffer.from(key).equals(bytes), `${header} became ${key}`)
  },
})

/** Identities of items: what was written comes back, and nothing else passes. */
export const items = defineTarget<string>({
  name: 'items',
  inputs: mutatedText(
    fc.tuple(hostileText(), fc.nat({ max: 999_999 })).map(([text, n]) => `${hashItemText(text)}.${n}`),
  ),
  worst: () => [{ name: 'digits', input: () => `${hashItemText('{}')}.${'9'.repeat(HEADER_BYTES)}` }],
  parse: (text) => parseItemIdentity(text),
  check(text, outcome) {
    ensure('value' in outcome, 'it throws')
    const identity = outcome.value as ReturnType<typeof parseItemIdentity>
    if (identity) ensure(text.startsWith(identity.hash) && (identity.number ?? 0) < 1e6, 'it is no identity')
  },
})
