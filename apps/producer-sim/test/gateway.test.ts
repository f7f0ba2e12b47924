import { afterEach, describe, expect, it } from '@jest/globals'
import { eventually } from '@runnel/testing'
import type { Behaviour } from '@runnel/contracts/api/fake-gateway'
import { startGateway, type TestGateway } from './start-gateway.ts'

let test: TestGateway

const start = async (env: Readonly<Record<string, string>> = {}) => (test = await startGateway(env))

afterEach(async () => test[Symbol.asyncDispose]())

const OK = { status: 200, body: '{"code":0,"message":"OK"}' }

interface Stats {
  readonly calls: number
  readonly accepted: number
  readonly effects: number
  readonly messages: number
  readonly duplicates: number
  readonly byBehaviour: Record<Behaviour, number>
  readonly refused: object
}

const stats = () => test.control<Stats>('GET', '/stats')

describe('the fake gateway', () => {
  it('lets only calls to phones with a suffix meet its mode', async () => {
    await start({ GATEWAY_PHONE_SUFFIX: '7' })
    await test.control('PATCH', '', { mode: 'nonzero-code' })
    // The phone ends in 67.
    expect(await test.send(1)).toMatchObject({ body: expect.stringMatching(/^\{"code":17,/) })
    await test.control('PATCH', '', { phoneSuffix: '8' })
    expect(await test.send(2)).toMatchObject(OK)
    expect(await test.control('PATCH', '', { phoneSuffix: '' })).toMatchObject({ phoneSuffix: '' })
    expect(await test.send(3)).toMatchObject({ body: expect.stringMatching(/^\{"code":17,/) })
  })

  it('refuses calls to phones with another suffix, whatever the others meet', async () => {
    await start({ GATEWAY_REFUSED_SUFFIX: '7' })
    expect(await test.send(1)).toMatchObject({ body: expect.stringMatching(/^\{"code":17,/) })
    await test.control('PATCH', '', { mode: '500', refusedSuffix: '67' })
    expect(await test.send(2)).toMatchObject({ body: expect.stringMatching(/^\{"code":17,/) })
    expect(await test.control('PATCH', '', { refusedSuffix: '' })).toMatchObject({ refusedSuffix: '' })
    expect(await test.send(3)).toMatchObject({ status: 500 })
  })

  it.each<[Behaviour, object, boolean]>([
    ['ok', OK, true],
    ['slow', OK, true],
    ['garbage', { status: 200, body: expect.not.stringContaining('code') }, true],
    ['nonzero-code', { status: 200, body: expect.stringMatching(/^\{"code":17,/) }, false],
    ['400', { status: 400, body: expect.stringMatching(/^\{"code":400,/) }, false],
    ['401', { status: 401, body: expect.stringMatching(/^\{"code":401,/) }, false],
    ['429', { status: 429, headers: expect.objectContaining({ 'retry-after': '7' }) }, false],
    ['500', { status: 500, body: expect.stringMatching(/^\{"code":500,/) }, false],
    ['403', { status: 403, body: expect.stringMatching(/^\{"code":403,/) }, false],
    ['404', { status: 404, body: expect.stringMatching(/^\{"code":404,/) }, false],
    ['204', { status: 204, body: '' }, true],
  ])(
    'answers in the mode %s as it says, and keeps whether it took the message',
    async (mode, answer, accepted) => {
      await start({ GATEWAY_SLOW_MS: '50', GATEWAY_RETRY_AFTER_SECONDS: '7' })
      await test.control('PATCH', '', { mode })
      const sentMs = Date.now()
      expect(await test.send(2 ** 53 - 1)).toMatchObject(answer)
      if (mode === 'slow') expect(Date.now() - sentMs).toBeGreaterThanOrEqual(49)
      const { items } = await test.control<{ items: object[] }>('GET', '/calls')
      expect(items).toEqual([
        {
          msgId: 2 ** 53 - 1,
          phone: 79161234567,
          atMs: expect.any(Number),
          behaviour: mode,
          accepted,
          effect: accepted,
        },
      ])
      expect((await stats()).byBehaviour).toMatchObject({ [mode]: 1 })
    },
  )

  it.each<[Behaviour, string, number]>([
    ['hang', 'TIMEOUT', 0],
    ['reset-before', 'ECONNRESET', 0],
    ['reset-after-accept', 'ECONNRESET', 1],
  ])('answers nothing in the mode %s', async (mode, error, effects) => {
    await start({ GATEWAY_MODE: mode })
    await expect(test.send(1, 200)).rejects.toThrow(error)
    expect(await stats()).toMatchObject({ calls: 1, accepted: effects, effects })
  })

  it('is not there while it is down, cuts what is open, and comes back on the same port', async () => {
    await start({ GATEWAY_MODE: 'hang' })
    const { url } = test.gateway
    const hanging = expect(test.send(1)).rejects.toThrow('ECONNRESET')
    await eventually(async () => (await stats()).calls === 1)
    expect(await test.control('PATCH', '', { mode: 'down' })).toMatchObject({ mode: 'down', url })
    await hanging
    await expect(test.send(2)).rejects.toThrow('ECONNREFUSED')
    expect(await test.control('PATCH', '', { seed: 9 })).toMatchObject({ mode: 'down' })
    await expect(test.send(2)).rejects.toThrow('ECONNREFUSED')
    expect(await test.control('PATCH', '', { mode: 'ok' })).toMatchObject({ mode: 'ok', url })
    expect(await test.send(2)).toMatchObject(OK)
    expect(await stats()).toMatchObject({ calls: 2, effects: 1 })
  })

  it('may be down from the start', async () => {
    await start({ GATEWAY_MODE: 'down' })
    await expect(test.send(1)).rejects.toThrow('ECONNREFUSED')
    await test.control('PATCH', '', { mode: 'ok' })
    expect(await test.send(1)).toMatchObject(OK)
  })

  it('has a message as one effect, however often it takes it, where it de-duplicates', async () => {
    await start()
    await test.control('PATCH', '', { mode: 'reset-after-accept' })
    await expect(test.send(5)).rejects.toThrow('ECONNRESET')
    await test.control('PATCH', '', { mode: 'ok' })
    for (const msgId of [5, 5, 6]) expect(await test.send(msgId)).toMatchObject(OK)
    expect(await stats()).toMatchObject({ calls: 4, accepted: 4, effects: 2, messages: 2, duplicates: 0 })
    const { items } = await test.control<{ items: { effect: boolean }[] }>('GET', '/calls')
    expect(items.map(({ effect }) => effect)).toEqual([true, false, false, true])
  })

  it('counts every message that it takes twice where it does not', async () => {
    await start({ GATEWAY_DEDUPLICATES: 'false' })
    for (const msgId of [5, 5, 6, 5]) await test.send(msgId)
    expect(await stats()).toMatchObject({ accepted: 4, effects: 4, messages: 2, duplicates: 2 })
  })

  it('mixes behaviours as often as it is set to, and the same for the same seed', async () => {
    await start({ GATEWAY_MODE: '500=0.3,garbage=0.2', GATEWAY_SEED: '7' })
    const sequence = async () => {
      for (let msgId = 1; msgId <= 200; msgId++) await test.send(msgId)
      const { items } = await test.control<{ items: { behaviour: string }[] }>('GET', '/calls?limit=1000')
      const counts = (await stats()).byBehaviour
      await test.control('DELETE', '/calls')
      return { behaviours: items.map(({ behaviour }) => behaviour), counts }
    }
    const first = await sequence()
    expect(first.counts['500']).toBeGreaterThan(40)
    expect(first.counts['500']).toBeLessThan(80)
    expect(first.counts.garbage).toBeGreaterThan(22)
    expect(first.counts.garbage).toBeLessThan(58)
    expect((await sequence()).behaviours).toEqual(first.behaviours)
    await test.control('PATCH', '', { seed: 8 })
    expect((await sequence()).behaviours).not.toEqual(first.behaviours)
  })

  it('waits before every answer as long as it is set to', async () => {
    await start({ GATEWAY_LATENCY_MS: '60' })
    const sentMs = Date.now()
    await test.send(1)
    expect(Date.now() - sentMs).toBeGreaterThanOrEqual(59)
  })

  it('keeps so many calls and no more: what it could not keep it does not take', async () => {
    await start({ GATEWAY_MAX_CALLS: '2000' })
    await Promise.all(Array.from({ length: 2000 }, (_, i) => test.send(i + 1)))
    expect(await test.send(2001)).toMatchObject({
      status: 503,
      body: expect.stringContaining('/api/v1/gateway/calls'),
    })
    expect(await stats()).toMatchObject({ calls: 2000, effects: 2000, refused: { full: 1 } })
    await test.control('DELETE', '/calls')
    expect(await test.send(2001)).toMatchObject(OK)
  })
})
