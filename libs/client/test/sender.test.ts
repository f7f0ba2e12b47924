import { describe, expect, it } from '@jest/globals'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createSender, SenderClosedError, SenderFullError, type UndeliveredEvent } from '../src/index.ts'
import type { Retry, SenderOptions } from '../src/index.ts'
import { DEFAULT_LIMITS } from '../src/sender/sender-limits.ts'
import { accept, acceptAll, createFakeServer, refuse, type Respond, type SentEvent } from './fake-server.ts'
import { createVirtualClock } from './virtual-clock.ts'

function start(respond: Respond, options: Partial<SenderOptions> = {}) {
  const clock = createVirtualClock()
  const server = createFakeServer(respond)
  const undelivered: UndeliveredEvent[] = []
  const retries: Retry[] = []
  let id = 0
  const sender = createSender({
    ...{
      url: 'http://runnel.test/',
      clock,
      fetch: server.fetch,
      random: () => 0.5,
      newId: () => `id-${++id}`,
    },
    onUndelivered: (event) => undelivered.push(event),
    onRetry: (retry) => retries.push(retry),
    ...options,
  })
  return { clock, sender, undelivered, retries, requests: server.requests }
}

const messages = (events: readonly SentEvent[]) => events.map(({ message }) => message)

describe('batches of a sender', () => {
  it('go as soon as they have enough events', async () => {
    const { clock, sender, requests } = start(acceptAll, { batchEvents: 2 })
    for (const message of ['a', 'b', 'c']) await sender.log({ message })
    await clock.advance(0)
    expect(requests.map(({ events }) => messages(events))).toEqual([['a', 'b']])
    expect(sender.counts()).toMatchObject({ delivered: 2, queuedEvents: 1 })
  })

  it('go before they have too many bytes', async () => {
    const { clock, sender, requests } = start(acceptAll, { batchBytes: 1000 })
    for (let n = 0; n < 4; n++) await sender.log({ message: 'x'.repeat(300) })
    await clock.runUntil(sender.flush())
    expect(requests.map(({ events }) => events.length)).toEqual([2, 2])
  })

  it('go once their first event is old enough', async () => {
    const { clock, sender, requests } = start(acceptAll, { batchAgeMs: 400 })
    await sender.log({ message: 'a' })
    await clock.advance(300)
    await sender.log({ message: 'b' })
    expect(requests).toHaveLength(0)
    await clock.advance(100)
    expect(messages(requests[0]!.events)).toEqual(['a', 'b'])
  })

  it('have the events of one kind, at the route of that kind', async () => {
    const { clock, sender, requests } = start(acceptAll, { wait: 'stored' })
    await sender.log({ message: 'a' })
    await sender.metric({ data: { name: 'm', value: 1 } })
    await sender.product({ id: 1, name: 'pen', price: 2 })
    await clock.runUntil(sender.flush())
    expect(requests.map(({ url }) => url).sort()).toEqual([
      'http://runnel.test/api/v1/logs?wait=stored',
      'http://runnel.test/api/v1/metrics?wait=stored',
      'http://runnel.test/api/v1/products?wait=stored',
    ])
  })

  it('have the key of the moment', async () => {
    let key = 'rnl_1'
    const keys: (string | null)[] = []
    const fetch = async (_url: string, { headers, body }: RequestInit) => {
      keys.push(new Headers(headers).get('authorization'))
      return accept({ url: '', events: (body as string).split('\n').map(() => ({ eventId: '' })) })
    }
    const { clock, sender } = start(acceptAll, { key: () => key, fetch })
    await sender.log({ message: 'a' })
    await clock.runUntil(sender.flush())
    key = 'rnl_2'
    await sender.log({ message: 'b' })
    await clock.runUntil(sender.flush())
    expect(keys).toEqual(['Bearer rnl_1', 'Bearer rnl_2'])
  })
})

describe('an event', () => {
  it('gets an id and its time when it is handed over, and keeps those that it has', async () => {
    const { clock, sender, requests } = start(acceptAll)
    await sender.log({ message: 'a' })
    await sender.log({ message: 'b', eventId: 'own', ts: 17 })
    await clock.runUntil(sender.flush())
    expect(requests[0]!.events).toEqual([
      { message: 'a', eventId: 'id-1', timestamp: '2030-01-01T00:00:00.000Z' },
      { message: 'b', eventId: 'own', ts: 17 },
    ])
  })

  it('is what it was when it was handed over, and the same bytes in every try', async () => {
    const respond: Respond = (request, n) => (n === 1 ? refuse(500, 'internal') : accept(request))
    const { clock, sender, requests } = start(respond)
    const log = { message: 'before' }
    await sender.log(log)
    log.message = 'after'
    await clock.runUntil(sender.flush())
    expect(messages(requests[0]!.events)).toEqual(['before'])
    expect(requests[1]).toEqual(requests[0])
  })

  it('is reported without a request where it can be no event', async () => {
    const { sender, undelivered, requests } = start(acceptAll, { eventBytes: 100 })
    await sender.log({ message: 10n })
    await sender.log({ message: 'x', toJSON: () => undefined })
    await sender.log({ message: 'x'.repeat(100) })
    await sender.log({ message: 'x', eventId: 7 })
    await sender.log('x' as never)
    expect(undelivered.map(({ code, text }) => [code, text.length > 0])).toEqual([
      ['not_json', false],
      ['not_json', false],
      ['body_too_large', true],
      ['invalid_field', true],
      ['invalid_field', false],
    ])
    await sender.flush()
    expect(requests).toEqual([])
  })
})

describe('a refused event', () => {
  it('is reported alone, with code and field; the others are delivered', async () => {
    const refusal = { index: 1, code: 'invalid_field', message: 'No', field: '/data/value' }
    const { clock, sender, undelivered } = start((request) => accept(request, [refusal]))
    for (const value of [1, 2, 3]) await sender.metric({ data: { value } })
    await clock.runUntil(sender.flush())
    expect(undelivered).toEqual([
      {
        ...{ kind: 'metrics', eventId: 'id-2', code: 'invalid_field', message: 'No', field: '/data/value' },
        text: expect.stringContaining('"value":2'),
      },
    ])
    expect(sender.counts()).toMatchObject({ delivered: 2, undelivered: 1, queuedEvents: 0 })
  })

  it('is found where its request is refused as a whole', async () => {
    const respond: Respond = (request) =>
      messages(request.events).includes('bad') ? refuse(400, 'bad_json') : accept(request)
    const { clock, sender, undelivered, requests } = start(respond)
    for (const message of ['a', 'b', 'bad', 'c']) await sender.log({ message })
    await clock.runUntil(sender.flush())
    expect(undelivered.map(({ text, code }) => [JSON.parse(text).message, code])).toEqual([
      ['bad', 'bad_json'],
    ])
    expect(requests.length).toBeLessThan(7)
  })

  it('is every event of a request that may not be made, after one request', async () => {
    const { clock, sender, undelivered, requests } = start(() => refuse(403, 'forbidden'))
    for (const message of ['a', 'b']) await sender.log({ message })
    await clock.runUntil(sender.flush())
    expect(undelivered.map(({ code }) => code)).toEqual(['forbidden', 'forbidden'])
    expect(requests).toHaveLength(1)
  })
})

describe('a retry', () => {
  it.each([
    ['503', () => refuse(503, 'backlog_full', {}, { 'retry-after': '7' })],
    ['429', () => refuse(429, 'too_busy', {}, { 'retry-after': 'Tue, 01 Jan 2030 00:00:07 GMT' })],
  ])('comes when a %s asks for it, and not before', async (_status, answer) => {
    const { clock, sender, requests } = start((request, n) => (n === 1 ? answer() : accept(request)), {
      batchAgeMs: 0,
    })
    await sender.log({ message: 'a' })
    await clock.advance(6999)
    expect(requests).toHaveLength(1)
    await clock.advance(500)
    expect(requests).toHaveLength(2)
    expect(sender.counts()).toMatchObject({ delivered: 1, retries: 1 })
  })

  it('waits longer after every failure, up to a limit', async () => {
    const { clock, sender, retries } = start(
      (request, n) => {
        if (n < 6) throw new TypeError('fetch failed', { cause: new Error('connect ECONNREFUSED') })
        return accept(request)
      },
      { retryMinMs: 100, retryMaxMs: 800 },
    )
    await sender.log({ message: 'a' })
    await clock.runUntil(sender.flush())
    expect(retries.map(({ waitMs }) => waitMs)).toEqual([75, 150, 300, 600, 600])
    expect(retries[0]).toMatchObject({
      ...{ kind: 'logs', events: 1, failures: 1, code: 'network' },
      message: 'fetch failed: connect ECONNREFUSED',
    })
  })

  it('follows a request that is not answered in time', async () => {
    const never = new Promise<Response>(() => {})
    const { clock, sender, retries } = start((request, n) => (n === 1 ? never : accept(request)))
    await sender.log({ message: 'a' })
    await clock.runUntil(sender.flush())
    expect(retries.map(({ message }) => message)).toEqual(['No answer within 30000 ms'])
  })

  it('follows an answer that is not one of Runnel, speaks of other events, or is too large', async () => {
    const answers = [
      new Response('<html>Sign in</html>'),
      Response.json({ status: 'ok', accepted: 7, rejected: [] }),
      Response.json({
        status: 'ok',
        accepted: 0,
        rejected: [{ index: 7, code: 'invalid_field', message: 'No' }],
      }),
      new Response('x'.repeat(2000)),
    ]
    const respond: Respond = (request, n) => answers[n - 1] ?? accept(request)
    const { clock, sender, retries } = start(respond, { answerBytes: 1000 })
    await sender.log({ message: 'a' })
    await clock.runUntil(sender.flush())
    expect(retries.map(({ message }) => message)).toEqual([
      ...Array<string>(3).fill('The answer is not one of Runnel'),
      'The answer is larger than 1000 bytes',
    ])
    expect(sender.counts()).toMatchObject({ delivered: 1, undelivered: 0 })
  })

  it('has only the events that are not safe yet', async () => {
    const respond: Respond = (request, n) =>
      n === 1 ? refuse(503, 'partly_accepted', { accepted: [0, 2] }) : accept(request)
    const { clock, sender, requests } = start(respond)
    for (const message of ['a', 'b', 'c', 'd']) await sender.log({ message })
    await clock.runUntil(sender.flush())
    expect(requests.map(({ events }) => messages(events))).toEqual([
      ['a', 'b', 'c', 'd'],
      ['b', 'd'],
    ])
    expect(sender.counts()).toMatchObject({ delivered: 4, undelivered: 0 })
  })

  it('does not come for ever', async () => {
    const { clock, sender, undelivered } = start(() => refuse(503, 'broker_unavailable'), {
      giveUpMs: 60_000,
    })
    await sender.log({ message: 'a' })
    await clock.runUntil(sender.flush())
    expect(undelivered).toMatchObject([
      {
        code: 'gave_up',
        message: 'It was tried for too long; at last: broker_unavailable: It is broker_unavailable',
      },
    ])
  })

  it('of one kind holds up no other', async () => {
    const respond: Respond = (request) =>
      request.url.endsWith('logs')
        ? refuse(503, 'backlog_full', {}, { 'retry-after': '60' })
        : accept(request)
    const { clock, sender, requests } = start(respond, { batchAgeMs: 0 })
    await sender.log({ message: 'a' })
    await sender.metric({ data: { value: 1 } })
    await clock.advance(1000)
    await sender.metric({ data: { value: 2 } })
    await clock.advance(1000)
    expect(requests.filter(({ url }) => url.endsWith('metrics'))).toHaveLength(2)
  })
})

describe('a full queue', () => {
  const stuck: Respond = () => new Promise(() => {})
  const limits = { queueEvents: 3, batchEvents: 2, waitingCalls: 2 }

  it('lets calls wait, in their order, and no more than a limit', async () => {
    let release = () => {}
    const gate = new Promise<void>((resolve) => (release = resolve))
    const { clock, sender, requests } = start((request) => gate.then(() => accept(request)), limits)
    for (const message of ['a', 'b', 'c']) await sender.log({ message })
    const entered: string[] = []
    const waiting = ['d', 'e'].map((message) => sender.log({ message }).then(() => entered.push(message)))
    await clock.advance(0)
    await expect(sender.log({ message: 'f' })).rejects.toThrow(SenderFullError)
    expect(entered).toEqual([])
    expect(sender.counts()).toMatchObject({ queuedEvents: 3, waitingCalls: 2 })
    const flushed = sender.flush()
    release()
    await clock.runUntil(flushed)
    await Promise.all(waiting)
    expect(entered).toEqual(['d', 'e'])
    expect(requests.flatMap(({ events }) => messages(events))).toEqual(['a', 'b', 'c', 'd', 'e'])
  })

  it('is full by bytes as well', async () => {
    const { sender } = start(stuck, { queueBytes: 1100, eventBytes: 500, whenFull: 'reject' })
    await sender.log({ message: 'x'.repeat(400) })
    await sender.log({ message: 'x'.repeat(400) })
    await expect(sender.log({ message: 'x'.repeat(400) })).rejects.toThrow(SenderFullError)
    await sender.log({ message: 'y' })
  })

  it('rejects, where that is asked for', async () => {
    const { sender, undelivered } = start(stuck, { ...limits, whenFull: 'reject' })
    for (let n = 0; n < 3; n++) await sender.log({ message: 'x' })
    await expect(sender.log({ message: 'y' })).rejects.toThrow(SenderFullError)
    expect(undelivered).toEqual([])
  })

  it('drops, reports and counts, where that is asked for', async () => {
    const { sender, undelivered } = start(stuck, { ...limits, whenFull: 'drop' })
    for (const message of ['a', 'b', 'c', 'd']) await sender.log({ message })
    expect(undelivered).toMatchObject([{ code: 'queue_full', text: expect.stringContaining('"d"') }])
    expect(sender.counts()).toMatchObject({ dropped: 1, undelivered: 1, queuedEvents: 3 })
  })

  it('lets a call go whose signal aborts, and the next one in where it fits', async () => {
    const { sender, clock } = start(stuck, { queueBytes: 1000, eventBytes: 900, batchBytes: 10 })
    await sender.log({ message: 'x'.repeat(500) })
    const aborting = new AbortController()
    const large = sender.log({ message: 'x'.repeat(700) }, { signal: aborting.signal })
    const small = sender.log({ message: 'small' })
    const flushed = sender.flush()
    aborting.abort(new Error('enough'))
    await expect(large).rejects.toThrow('enough')
    await small
    expect(sender.counts()).toMatchObject({ queuedEvents: 2, waitingCalls: 0 })
    flushed.catch(() => {})
    await clock.advance(0)
  })
})

describe('the end of a sender', () => {
  it('by close sends what is queued and what waits, and takes nothing more', async () => {
    const { clock, sender, requests } = start(acceptAll, { batchEvents: 2, queueEvents: 2 })
    const calls = ['a', 'b', 'c'].map((message) => sender.log({ message }))
    const closed = sender.close()
    await expect(sender.log({ message: 'late' })).rejects.toThrow(SenderClosedError)
    await clock.runUntil(closed)
    await Promise.all(calls)
    expect(requests.flatMap(({ events }) => messages(events))).toEqual(['a', 'b', 'c'])
    await sender.close()
  })

  it.each([
    ['a request', () => new Promise<Response>(() => {})],
    ['the wait for a retry', () => refuse(503, 'too_busy', {}, { 'retry-after': '100' })],
  ])('by abort comes at once, also during %s: what is left is reported', async (_during, respond) => {
    const { clock, sender, undelivered } = start(respond, { batchEvents: 1, queueEvents: 2 })
    for (const message of ['a', 'b']) await sender.log({ message })
    const waiting = sender.log({ message: 'c' })
    waiting.catch(() => {})
    await clock.advance(0)
    const aborting = new AbortController()
    const closed = sender.close(aborting.signal)
    aborting.abort(new Error('no time left'))
    await expect(closed).rejects.toThrow('no time left')
    await expect(waiting).rejects.toThrow('no time left')
    expect(undelivered.map(({ eventId, code }) => [eventId, code])).toEqual([
      ['id-1', 'aborted'],
      ['id-2', 'aborted'],
    ])
    expect(sender.counts()).toMatchObject({ queuedEvents: 0, queuedBytes: 0, waitingCalls: 0 })
    await expect(sender.log({ message: 'late' })).rejects.toThrow(SenderClosedError)
  })

  it('comes at once by the signal that it was made with', async () => {
    const aborting = new AbortController()
    const { sender, undelivered } = start(acceptAll, { signal: aborting.signal })
    await sender.log({ message: 'a' })
    aborting.abort(new Error('no time left'))
    expect(undelivered).toMatchObject([{ code: 'aborted' }])
    await expect(sender.flush()).rejects.toThrow('no time left')
    await expect(sender.close()).rejects.toThrow('no time left')
  })

  it('leaves a flush that is aborted: the events are sent nevertheless', async () => {
    const respond: Respond = (request, n) => (n === 1 ? refuse(503, 'too_busy') : accept(request))
    const { clock, sender } = start(respond)
    await sender.log({ message: 'a' })
    const aborting = new AbortController()
    const flushed = sender.flush(aborting.signal)
    aborting.abort(new Error('enough'))
    await expect(flushed).rejects.toThrow('enough')
    await clock.runUntil(sender.close())
    expect(sender.counts()).toMatchObject({ delivered: 1, undelivered: 0 })
  })
})

describe('limits', () => {
  it.each([
    [{ batchEvents: 0 }, 'batchEvents is 0: expected an integer from 1'],
    [{ queueBytes: 10 }, 'eventBytes is 524288: expected at most queueBytes'],
    [{ giveUpMs: 172_800_000 }, 'giveUpMs is 172800000: expected at most 48 h'],
  ])('%p is refused', (limits, message) => {
    expect(() => createSender({ url: 'http://runnel.test', ...limits })).toThrow(message)
  })

  it('are named in the README, all of them', () => {
    const readme = readFileSync(join(import.meta.dirname, '../README.md'), 'utf8')
    expect(Object.keys(DEFAULT_LIMITS).filter((name) => !readme.includes(`\`${name}\``))).toEqual([])
  })

  it('are those of a URL, too', () => {
    expect(() => createSender({ url: 'nowhere' })).toThrow('Invalid URL')
  })
})
