import { describe, expect, it } from '@jest/globals'
import { readFile } from 'node:fs/promises'
import { runCommand } from './run-command.ts'
import { accepted, scriptedIngest, type ReceivedRequest, type ScriptedAnswer } from './scripted-ingest.ts'
import { temporaryFolder } from './temporary-folder.ts'

const lines = (count: number) => Array.from({ length: count }, (_, i) => `line ${i + 1}\n`).join('')
const messages = (requests: readonly ReceivedRequest[]) =>
  requests.flatMap(({ items }) => items.map(({ message }) => message))

const BUSY: ScriptedAnswer = { status: 503, headers: { 'retry-after': '0' }, body: { code: 'backlog_full' } }

describe('replay', () => {
  it('sends all lines once, in batches, with a key each, and remembers nothing afterwards', async () => {
    await using folder = await temporaryFolder()
    await using server = await scriptedIngest(accepted)
    const file = await folder.write('a.log', lines(25))
    const args = ['replay', file, '--url', server.url, '--batch', '10', '--concurrency', '1']
    const { code, out } = await runCommand([...args, '--state', folder.path('state')])
    expect(out).toMatch('a.log: 25 logs accepted, 0 rejected')
    expect(code).toBe(0)
    expect(server.received.map(({ items }) => items.length)).toEqual([10, 10, 5])
    expect(messages(server.received)).toEqual(lines(25).trim().split('\n'))
    expect(new Set(server.received.flatMap(({ items }) => items.map((item) => item['eventId']))).size).toBe(
      25,
    )
    await expect(readFile(folder.path('state'))).rejects.toThrow('ENOENT')
  })

  it('sends the same batch with the same keys until a busy server takes it, also after cut connections', async () => {
    await using folder = await temporaryFolder()
    const script: ScriptedAnswer[] = [
      BUSY,
      'cut',
      { status: 429, headers: { 'retry-after': '0' } },
      { status: 500 },
    ]
    await using server = await scriptedIngest((request, index) => script[index] ?? accepted(request))
    const file = await folder.write('a.log', lines(3))
    const { code } = await runCommand(['replay', file, '--url', server.url, '--state', folder.path('state')])
    expect(code).toBe(0)
    expect(server.received).toHaveLength(5)
    for (const request of server.received) expect(request).toEqual(server.received[0])
  })

  it('waits as long as Retry-After says', async () => {
    await using folder = await temporaryFolder()
    const times: number[] = []
    await using server = await scriptedIngest((request, index) => {
      times.push(performance.now())
      return index === 0 ? { status: 503, headers: { 'retry-after': '1' } } : accepted(request)
    })
    const file = await folder.write('a.log', lines(1))
    await runCommand(['replay', file, '--url', server.url, '--state', folder.path('state')])
    expect(times[1]! - times[0]!).toBeGreaterThanOrEqual(999)
  })

  it('gives up in time, says how to go on, and then continues after what was confirmed', async () => {
    await using folder = await temporaryFolder()
    let broken = true
    await using server = await scriptedIngest((request, index) =>
      broken && index >= 2 ? BUSY : accepted(request),
    )
    const file = await folder.write('a.log', lines(50))
    const args = ['replay', file, '--url', server.url, '--batch', '10', '--state', folder.path('state')]
    const first = await runCommand([...args, '--concurrency', '1', '--give-up-after', '0'])
    expect(first.code).toBe(1)
    expect(first.err).toBe(
      'error: a.log: gave up: 503 backlog_full\na.log: stopped early; run the same command again to continue\n',
    )
    broken = false
    server.received.length = 0
    const second = await runCommand(args)
    expect(second.out).toMatch('a.log: continuing after 20 confirmed entries')
    expect(second.code).toBe(0)
    expect(messages(server.received).sort()).toEqual(lines(50).trim().split('\n').slice(20).sort())
    server.received.length = 0
    await runCommand(args)
    expect(messages(server.received)).toHaveLength(50)
  })

  it('starts over with --from-scratch, and for another server', async () => {
    await using folder = await temporaryFolder()
    let broken = true
    const answer = (request: ReceivedRequest, index: number) =>
      broken && index > 0 ? BUSY : accepted(request)
    await using server = await scriptedIngest(answer)
    await using other = await scriptedIngest(accepted)
    const file = await folder.write('a.log', lines(20))
    const args = ['replay', file, '--batch', '10', '--state', folder.path('state')]
    await runCommand([...args, '--url', server.url, '--give-up-after', '0'])
    broken = false
    server.received.length = 0
    await runCommand([...args, '--url', other.url])
    expect(messages(other.received)).toHaveLength(20)
    await runCommand([...args, '--url', server.url, '--from-scratch'])
    expect(messages(server.received)).toHaveLength(20)
  })

  it('stops at Ctrl-C although the server never answers, and loses no position', async () => {
    await using folder = await temporaryFolder()
    const interrupt = new AbortController()
    await using server = await scriptedIngest((request, index) => {
      if (index === 0) return accepted(request)
      setTimeout(() => interrupt.abort(), 20)
      return 'hang'
    })
    const file = await folder.write('a.log', lines(30))
    const args = ['replay', file, '--url', server.url, '--batch', '10', '--concurrency', '1']
    const { code, err } = await runCommand([...args, '--state', folder.path('state')], {
      signal: interrupt.signal,
    })
    expect({ code, err }).toEqual({
      code: 130,
      err: 'a.log: stopped early; run the same command again to continue\n',
    })
    const state = JSON.parse(await readFile(folder.path('state'), 'utf8')) as { confirmed: object }
    expect(Object.values(state.confirmed)).toEqual([10])
  })

  it('names rejected entries by line: those it refuses itself and those the server refuses', async () => {
    await using folder = await temporaryFolder()
    await using server = await scriptedIngest(({ items }) => ({
      status: 202,
      body: {
        accepted: items.length - 1,
        rejected: [{ index: 1, code: 'text_too_long', message: 'too long' }],
      },
    }))
    const file = await folder.write(
      'a.log',
      Buffer.concat([Buffer.from([0xff, 0x0a]), Buffer.from('a\nb\nc\n')]),
    )
    const { code, out } = await runCommand([
      'replay',
      file,
      '--url',
      server.url,
      '--state',
      folder.path('state'),
    ])
    expect(code).toBe(1)
    expect(out).toMatch('2 logs accepted, 2 rejected')
    expect(out).toMatch(
      '  line 1: bad_encoding: the line is not valid UTF-8\n  line 3: text_too_long: too long\n',
    )
  })

  it('halves what the server finds too large', async () => {
    await using folder = await temporaryFolder()
    await using server = await scriptedIngest((request) =>
      request.items.length > 3 ? { status: 413 } : accepted(request),
    )
    const file = await folder.write('a.log', lines(10))
    const { code } = await runCommand(['replay', file, '--url', server.url, '--state', folder.path('state')])
    expect(code).toBe(0)
    const taken = server.received.filter(({ items }) => items.length <= 3)
    expect(messages(taken)).toEqual(lines(10).trim().split('\n'))
  })

  it('keeps to the rate', async () => {
    await using folder = await temporaryFolder()
    await using server = await scriptedIngest(accepted)
    const file = await folder.write('a.log', lines(50))
    const startedMs = performance.now()
    await runCommand([
      'replay',
      file,
      '--url',
      server.url,
      '--rate',
      '100',
      '--batch',
      '10',
      '--state',
      folder.path('s'),
    ])
    expect(performance.now() - startedMs).toBeGreaterThan(395)
  })

  it('takes a server that answers 404 for none of ours, at once', async () => {
    await using folder = await temporaryFolder()
    await using server = await scriptedIngest(() => ({ status: 404, body: { code: 'not_found' } }))
    const file = await folder.write('a.log', lines(1))
    const { code, err } = await runCommand(['replay', file, '--url', server.url, '--state', folder.path('s')])
    expect(code).toBe(1)
    expect(err).toMatch('this does not look like ingest-api: 404 not_found')
  })
})

describe('wrong usage', () => {
  it.each([
    [['replay'], "missing required argument 'file'"],
    [['replay', 'nowhere.log'], 'cannot read nowhere.log'],
    [['replay', 'a.xyz'], 'say what it holds with --kind'],
    [['replay', 'a.log', '--url', 'localhost'], 'http://'],
    [['replay', 'a.log', '--batch', '0'], 'expected a whole number from 1'],
    [['load', '--kinds', 'metric'], 'expected kinds'],
    [['load', '--rate', '0'], 'expected a number above 0'],
    [['verify'], 'name what to verify'],
    [['verify', '--ledger', 'nowhere'], 'cannot read the ledger nowhere'],
    [['dance'], "unknown command 'dance'"],
  ])('%j is reported in one line, with exit code 2', async (args, message) => {
    const { code, err } = await runCommand(args)
    expect(err).toMatch(message)
    expect(err.trim().split('\n')).toHaveLength(1)
    expect(code).toBe(2)
  })
})
